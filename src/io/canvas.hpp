#pragma once
// A picture in memory with anti-aliased lines and text. Pixels count from the upper left corner.
#include <cstddef>
#include <string_view>
#include <vector>

#include "io/colour.hpp"

namespace kubomag::io {

struct Point {
  double x = 0, y = 0;
};

enum class Align { left, centre, right };

class Canvas {
 public:
  Canvas(int width, int height, Rgb background = colours::white);

  int width() const { return width_; }
  int height() const { return height_; }
  const std::vector<Rgb>& pixels() const { return pixels_; }
  Rgb pixel(int x, int y) const { return pixels_[index(x, y)]; }
  void set(int x, int y, Rgb colour) { pixels_[index(x, y)] = colour; }

  void fill(int x, int y, int width, int height, Rgb colour);
  /// The outline just inside the rectangle.
  void frame(int x, int y, int width, int height, Rgb colour);
  /// Connected straight lines of `thickness` pixels with round ends; parts outside are cut off.
  void lines(const std::vector<Point>& points, double thickness, Rgb colour);
  /// One line of UTF-8 text; `y` is the baseline, `size` the height of a capital letter. Characters
  /// that the font lacks are drawn as a box.
  void text(double x, double y, std::string_view text, double size, Rgb colour = colours::ink,
            Align align = Align::left);
  static double text_width(std::string_view text, double size);

 private:
  std::size_t index(int x, int y) const {
    return static_cast<std::size_t>(x) +
           static_cast<std::size_t>(width_) * static_cast<std::size_t>(y);
  }
  void blend(int x, int y, Rgb colour, double opacity);

  int width_, height_;
  std::vector<Rgb> pixels_;
};

}  // namespace kubomag::io
