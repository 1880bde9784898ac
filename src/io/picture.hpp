#pragma once
// Pictures of fields: the film to scale, y upwards, with title, time, scale bar and colour key.
#include <filesystem>
#include <optional>

#include "io/canvas.hpp"
#include "io/ovf.hpp"

namespace kubomag::io {

/// The values that the ends of the colours stand for. Vectors: low = 0, high = the length drawn
/// with full saturation. Signed numbers: low = -high.
struct ColourRange {
  double low = 0, high = 1;
};

/// The range that shows all of `field`; cells that are not finite do not count.
ColourRange colour_range(const OvfField& field);
/// The range that shows both, in the form of the first.
ColourRange joined(const ColourRange& a, const ColourRange& b);

/// Draws the first layer. Vectors (2 or 3 components): hue is the angle in the plane, lightness the
/// z component, and cells with a vector of exactly 0 (vacuum) are light grey. Numbers: a diverging
/// map, symmetric about 0, where they have both signs, otherwise a sequential map. Cells that are
/// not finite are magenta and counted in the title. `range` makes pictures of a series comparable.
Canvas draw_field(const OvfField& field, const std::optional<ColourRange>& range = std::nullopt);

/// The same as a PNG file, written atomically (RunError when that fails).
void write_picture(const std::filesystem::path& path, const OvfField& field,
                   const std::optional<ColourRange>& range = std::nullopt);

}  // namespace kubomag::io
