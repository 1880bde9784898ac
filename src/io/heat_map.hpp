#pragma once
// Pictures of a quantity over two axes: power over wave number and frequency, phase diagrams.
#include <filesystem>
#include <string>
#include <vector>

#include "io/canvas.hpp"

namespace kubomag::io {

struct HeatMap {
  std::string title;
  std::string x_name, x_unit, y_name, y_unit;
  double x_low = 0, x_high = 1, y_low = 0, y_high = 1;  // centres of the first and last cells
  // Instead of numbers, names of the columns and of the rows; x_low ... y_high then do not count.
  std::vector<std::string> x_names = {}, y_names = {};
  int columns = 0, rows = 0;
  std::vector<double> values;  // [row][column], rows from y_low on
  double decades = 6;          // shown below the largest value
  enum class Scale { decibel, linear };
  Scale scale = Scale::decibel;
  std::string value_name = {}, value_unit = {};  // of a linear scale
};

/// Colours of Scale::decibel are linear in the logarithm, from the largest value down by `decades`;
/// what is below has the darkest. Those of Scale::linear go from the smallest to the largest value,
/// or where both signs occur from blue over white at 0 to red; NaN is grey. Values lie in
/// rectangles around their place. Axes may descend. Throws InputError for a map without two cells
/// along each axis or of the wrong size, or with another number of names.
Canvas draw_heat_map(const HeatMap& map);

/// The same as a PNG file, written atomically (RunError when that fails).
void write_heat_map(const std::filesystem::path& path, const HeatMap& map);

}  // namespace kubomag::io
