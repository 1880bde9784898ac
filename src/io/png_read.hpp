#pragma once
// PNG pictures as input: masks and maps.
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace kubomag::io {

/// Grey values from 0 (black) to 1 (white), rows from the bottom to the top like the cells of a
/// film.
struct GreyImage {
  int width = 0, height = 0;
  std::vector<double> values;

  double at(int column, int row) const {
    return values[static_cast<std::size_t>(row) * static_cast<std::size_t>(width) +
                  static_cast<std::size_t>(column)];
  }
};

/// Reads a PNG of 8 or 16 bits; colours become their luminance, transparency is ignored. Throws
/// InputError with the file and the reason.
GreyImage read_grey_png(const std::filesystem::path& path);
/// The same from memory; `name` stands for the file in messages.
GreyImage parse_grey_png(std::string_view bytes, const std::string& name);

}  // namespace kubomag::io
