#include "io/canvas.hpp"

#include <algorithm>
#include <cmath>

#include "io/font.hpp"
#include "kubomag/error.hpp"

namespace kubomag::io {
namespace {

/// Distance of p from the segment a-b.
double distance(Point p, Point a, Point b) {
  const double dx = b.x - a.x, dy = b.y - a.y;
  const double square = dx * dx + dy * dy;
  double s = square > 0 ? ((p.x - a.x) * dx + (p.y - a.y) * dy) / square : 0;
  s = std::clamp(s, 0.0, 1.0);
  return std::hypot(p.x - a.x - s * dx, p.y - a.y - s * dy);
}

/// Part of [low, high] in pixels that lies on a picture of `size` pixels.
std::pair<int, int> clipped(double low, double high, int size) {
  return {static_cast<int>(std::clamp(std::floor(low), 0.0, static_cast<double>(size))),
          static_cast<int>(std::clamp(std::ceil(high), 0.0, static_cast<double>(size)))};
}

/// How much of each pixel a set of lines covers, so that joints are not painted twice.
class Coverage {
 public:
  Coverage(std::pair<int, int> columns, std::pair<int, int> rows)
      : x0_(columns.first),
        x1_(columns.second),
        y0_(rows.first),
        y1_(rows.second),
        values_(static_cast<std::size_t>(std::max(0, x1_ - x0_)) *
                static_cast<std::size_t>(std::max(0, y1_ - y0_))) {}

  void add(Point a, Point b, double radius) {
    const double reach = radius + 1;
    const int left = std::max(x0_, static_cast<int>(std::floor(std::min(a.x, b.x) - reach)));
    const int right = std::min(x1_, static_cast<int>(std::ceil(std::max(a.x, b.x) + reach)));
    const int top = std::max(y0_, static_cast<int>(std::floor(std::min(a.y, b.y) - reach)));
    const int bottom = std::min(y1_, static_cast<int>(std::ceil(std::max(a.y, b.y) + reach)));
    for (int y = top; y < bottom; ++y)
      for (int x = left; x < right; ++x) {
        const double covered = radius + 0.5 - distance({x + 0.5, y + 0.5}, a, b);
        float& value = values_[index(x, y)];
        value = std::max(value, static_cast<float>(std::clamp(covered, 0.0, 1.0)));
      }
  }

  template <class F>
  void for_each(F f) const {
    for (int y = y0_; y < y1_; ++y)
      for (int x = x0_; x < x1_; ++x)
        if (values_[index(x, y)] > 0) f(x, y, values_[index(x, y)]);
  }

 private:
  std::size_t index(int x, int y) const {
    return static_cast<std::size_t>(x - x0_) +
           static_cast<std::size_t>(x1_ - x0_) * static_cast<std::size_t>(y - y0_);
  }

  int x0_, x1_, y0_, y1_;
  std::vector<float> values_;
};

}  // namespace

Canvas::Canvas(int width, int height, Rgb background) : width_(width), height_(height) {
  if (width < 1 || height < 1) throw Error("a picture needs at least one pixel");
  pixels_.assign(static_cast<std::size_t>(width) * static_cast<std::size_t>(height), background);
}

void Canvas::blend(int x, int y, Rgb colour, double opacity) {
  Rgb& pixel = pixels_[index(x, y)];
  const auto mix = [opacity](std::uint8_t below, std::uint8_t above) {
    return static_cast<std::uint8_t>(std::lround(below + opacity * (above - below)));
  };
  pixel = {mix(pixel.r, colour.r), mix(pixel.g, colour.g), mix(pixel.b, colour.b)};
}

void Canvas::fill(int x, int y, int width, int height, Rgb colour) {
  for (int row = std::max(0, y); row < std::min(height_, y + height); ++row)
    for (int column = std::max(0, x); column < std::min(width_, x + width); ++column)
      set(column, row, colour);
}

void Canvas::frame(int x, int y, int width, int height, Rgb colour) {
  fill(x, y, width, 1, colour);
  fill(x, y + height - 1, width, 1, colour);
  fill(x, y, 1, height, colour);
  fill(x + width - 1, y, 1, height, colour);
}

void Canvas::lines(const std::vector<Point>& points, double thickness, Rgb colour) {
  if (points.empty()) return;
  const auto x =
      std::minmax_element(points.begin(), points.end(), [](Point a, Point b) { return a.x < b.x; });
  const auto y =
      std::minmax_element(points.begin(), points.end(), [](Point a, Point b) { return a.y < b.y; });
  Coverage coverage(clipped(x.first->x - thickness, x.second->x + thickness, width_),
                    clipped(y.first->y - thickness, y.second->y + thickness, height_));
  for (std::size_t i = 0; i < points.size(); ++i)
    coverage.add(points[i == 0 ? 0 : i - 1], points[i], 0.5 * thickness);
  coverage.for_each([&](int px, int py, double part) { blend(px, py, colour, part); });
}

void Canvas::text(double x, double y, std::string_view text, double size, Rgb colour, Align align) {
  if (align == Align::centre) x -= 0.5 * text_width(text, size);
  if (align == Align::right) x -= text_width(text, size);
  // Baselines on pixel centres keep the horizontal strokes sharp.
  const double baseline = std::floor(y) + 0.5;
  const double unit = size / capital_height;
  const double thickness = std::max(1.2, 0.13 * size);
  for (const char32_t character : decode_utf8(text)) {
    const Glyph& drawn = glyph(character);
    Coverage coverage(clipped(x - 3, x + drawn.width * unit + 3, width_),
                      clipped(baseline - 1.5 * size, baseline + 0.5 * size, height_));
    const auto place = [&](const std::pair<double, double>& p) {
      return Point{x + p.first * unit, baseline - p.second * unit};
    };
    for (const auto& stroke : drawn.strokes)
      for (std::size_t i = 1; i < stroke.size(); ++i)
        coverage.add(place(stroke[i - 1]), place(stroke[i]), 0.5 * thickness);
    coverage.for_each([&](int px, int py, double part) { blend(px, py, colour, part); });
    x += drawn.width * unit;
  }
}

double Canvas::text_width(std::string_view text, double size) {
  double width = 0;
  for (const char32_t character : decode_utf8(text)) width += glyph(character).width;
  // The gap behind the last letter does not count.
  return std::max(0.0, width - letter_gap) * size / capital_height;
}

}  // namespace kubomag::io
