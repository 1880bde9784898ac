#pragma once
// A quick look at a table: curves of some columns against the first.
#include <filesystem>
#include <string>
#include <vector>

#include "io/canvas.hpp"
#include "io/table.hpp"

namespace kubomag::io {

enum class PlotScale { linear, logarithmic };  // of both axes

/// Curves of `columns` (names; they must share one unit) against the table's first column, with
/// axes in SI prefixes and a legend. Values that are not finite leave gaps. Columns that are named
/// in `points` too are drawn as single points. A logarithmic scale leaves values <= 0 out. Throws
/// InputError for unknown names, mixed units and when there is no column to draw.
Canvas draw_plot(const Table& table, const std::vector<std::string>& columns,
                 const std::string& title = "", const std::vector<std::string>& points = {},
                 PlotScale scale = PlotScale::linear);

/// The same as a PNG file, written atomically (RunError when that fails).
void write_plot(const std::filesystem::path& path, const Table& table,
                const std::vector<std::string>& columns, const std::string& title = "",
                const std::vector<std::string>& points = {}, PlotScale scale = PlotScale::linear);

}  // namespace kubomag::io
