#pragma once
// A stroke font of our own: letters are lines, drawn by the canvas at any size.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kubomag::io {

struct Glyph {
  /// Lines in grid units: the baseline is y = 0, capitals reach y = 8, x begins at 0.
  std::vector<std::vector<std::pair<double, double>>> strokes;
  double width = 0;  // with the gap to the next letter
};

inline constexpr double capital_height = 8, letter_gap = 2.3;

/// The glyph of a Unicode character; a box for those the font lacks.
const Glyph& glyph(char32_t character);

/// The characters of UTF-8 text; broken bytes become U+FFFD.
std::u32string decode_utf8(std::string_view text);

}  // namespace kubomag::io
