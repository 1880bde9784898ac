#include "io/picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "io/number_text.hpp"
#include "io/png.hpp"
#include "kubomag/constants.hpp"

namespace kubomag::io {
namespace {

constexpr int margin = 20, title_height = 44, footer_height = 84;
constexpr double text_size = 11;

/// The value of a cell, missing components 0.
using Sample = std::array<double, 3>;

bool finite(const Sample& v) {
  return std::isfinite(v[0]) && std::isfinite(v[1]) && std::isfinite(v[2]);
}

Sample sample(const OvfField& field, std::size_t cell) {
  Sample v{};
  for (int c = 0; c < field.components; ++c) v[static_cast<std::size_t>(c)] = field.value(c, cell);
  return v;
}

double length(const Sample& v) { return std::hypot(v[0], v[1], v[2]); }

std::size_t layer_cells(const OvfField& field) {
  return static_cast<std::size_t>(field.nx) * static_cast<std::size_t>(field.ny);
}

/// Size of the film in pixels: whole pixels per cell for small films, means over cells for large.
struct FilmSize {
  int width, height;
};

FilmSize film_size(const OvfField& field) {
  constexpr double wish = 900, least_height = 24;
  const double aspect = field.ny * field.dy / (field.nx * field.dx);
  double width = wish / std::max(1.0, aspect);
  const double zoom = std::round(width / field.nx);
  if (zoom >= 1) width = zoom * field.nx;
  width = std::clamp(width, least_height, 1500.0);
  const double height = std::clamp(width * aspect, least_height, 1500.0);
  return {static_cast<int>(std::lround(width)), static_cast<int>(std::lround(height))};
}

class FieldPainter {
 public:
  FieldPainter(const OvfField& field, const ColourRange& range) : field_(field), range_(range) {}

  Rgb colour(const Sample& v) const {
    if (!finite(v)) return colours::not_a_number;
    if (field_.components == 1) return number_colour(v[0]);
    if (length(v) == 0) return colours::vacuum;
    const double scale = range_.high > 0 ? 1 / range_.high : 1;
    return vector_colour(v[0] * scale, v[1] * scale, v[2] * scale);
  }

  Rgb number_colour(double value) const {
    const double width = range_.high - range_.low;
    const double part = width > 0 ? (value - range_.low) / width : 0.5;
    return signed_range() ? diverging_colour(2 * part - 1) : sequential_colour(part);
  }

  bool signed_range() const { return range_.low < 0 && range_.high > 0; }

  void paint(Canvas& canvas, int left, int top, FilmSize size) const {
    for (int y = 0; y < size.height; ++y) {
      const auto [row, row_end] = covered(size.height - 1 - y, size.height, field_.ny);
      for (int x = 0; x < size.width; ++x) {
        const auto [column, column_end] = covered(x, size.width, field_.nx);
        canvas.set(left + x, top + y, colour(mean(column, column_end, row, row_end)));
      }
    }
  }

 private:
  /// The cells [first, second) under a pixel, at least one.
  static std::pair<int, int> covered(int pixel, int pixels, int cells) {
    const auto at = [&](int p) {
      return static_cast<int>(static_cast<long long>(p) * cells / pixels);
    };
    return {at(pixel), std::max(at(pixel) + 1, at(pixel + 1))};
  }

  Sample mean(int x0, int x1, int y0, int y1) const {
    Sample sum{};
    for (int y = y0; y < y1; ++y)
      for (int x = x0; x < x1; ++x) {
        const auto cell = static_cast<std::size_t>(x) +
                          static_cast<std::size_t>(field_.nx) * static_cast<std::size_t>(y);
        const Sample v = sample(field_, cell);
        for (std::size_t c = 0; c < 3; ++c) sum[c] += v[c];
      }
    const double count = static_cast<double>(x1 - x0) * (y1 - y0);
    for (double& component : sum) component /= count;
    return sum;
  }

  const OvfField& field_;
  ColourRange range_;
};

std::string title_of(const OvfField& field) {
  const std::string name = field.title.empty() ? "field" : field.title;
  const std::string unit = field.units.empty() ? "" : field.units.front();
  std::string title = unit.empty() ? name : fmt::format("{} ({})", name, unit);
  std::size_t bad = 0;
  for (std::size_t cell = 0; cell < layer_cells(field); ++cell)
    if (!finite(sample(field, cell))) ++bad;
  if (bad > 0) title += fmt::format("   not finite in {} cell{}", bad, bad == 1 ? "" : "s");
  return title;
}

void draw_title(Canvas& canvas, const OvfField& field) {
  const double baseline = margin + text_size + 2;
  std::string title = title_of(field);
  const auto time = ovf_time(field);
  const std::string clock = time ? "t = " + si_text(*time, "s") : "";
  const double room = canvas.width() - 2 * margin - Canvas::text_width(clock, text_size) - 20;
  if (Canvas::text_width(title, text_size + 1) > room) {
    while (!title.empty() && Canvas::text_width(title + "...", text_size + 1) > room)
      title.pop_back();
    title += "...";
  }
  canvas.text(margin, baseline, title, text_size + 1);
  canvas.text(canvas.width() - margin, baseline, clock, text_size, colours::ink, Align::right);
}

void draw_scale_bar(Canvas& canvas, int left, int top, double metres_per_pixel, int film_width) {
  const double bar = round_length(0.22 * film_width * metres_per_pixel);
  const int pixels = std::max(2, static_cast<int>(std::lround(bar / metres_per_pixel)));
  canvas.fill(left, top + 12, pixels, 4, colours::ink);
  canvas.text(left, top + 16 + 2 * text_size, si_text(bar, "m"), text_size);
}

/// The texts at both ends of a bar and, of a signed one, in its middle; without the unit, which the
/// title has, where they would not fit.
std::array<std::string, 3> bar_texts(const ColourRange& range, const std::string& unit,
                                     bool with_zero, double room) {
  const std::string zero = with_zero ? "0" : "";
  std::array<std::string, 3> texts{si_text(range.low, unit), zero, si_text(range.high, unit)};
  // the middle text stands in the middle: each side must hold its half
  double widest = 0;
  for (const std::string& end : {texts[0], texts[2]})
    widest = std::max(widest, Canvas::text_width(end, text_size));
  if (2 * widest + Canvas::text_width(zero, text_size) + 24 > room)
    texts = {fmt::format("{:.3g}", range.low), zero, fmt::format("{:.3g}", range.high)};
  return texts;
}

void draw_colour_bar(Canvas& canvas, int right, int top, const FieldPainter& painter,
                     const ColourRange& range, const std::string& unit) {
  constexpr int width = 220, height = 14;
  const int left = right - width;
  for (int x = 0; x < width; ++x) {
    const double part = (x + 0.5) / width;
    canvas.fill(left + x, top + 8, 1, height,
                painter.number_colour(range.low + part * (range.high - range.low)));
  }
  canvas.frame(left, top + 8, width, height, colours::ink);
  const double baseline = top + 8 + height + text_size + 8;
  const auto [low, zero, high] = bar_texts(range, unit, painter.signed_range(), width);
  canvas.text(left, baseline, low, text_size);
  canvas.text(left + 0.5 * width, baseline, zero, text_size, colours::ink, Align::centre);
  canvas.text(right, baseline, high, text_size, colours::ink, Align::right);
}

/// The unit disc of the plane or, with z, the upper hemisphere seen from above.
void draw_wheel(Canvas& canvas, int right, int top, const ColourRange& range,
                const std::string& unit, bool has_z) {
  constexpr int radius = 30;
  const double cx = right - radius - 14, cy = top + radius + 4;
  for (int y = -radius - 1; y <= radius + 1; ++y)
    for (int x = -radius - 1; x <= radius + 1; ++x) {
      const double px = x + 0.5, py = y + 0.5, r = std::hypot(px, py) / radius;
      if (r > 1) continue;
      const double z = has_z ? std::sqrt(1 - r * r) : 0;
      canvas.set(static_cast<int>(cx) + x, static_cast<int>(cy) + y,
                 vector_colour(px / radius, -py / radius, z));
    }
  canvas.text(cx + radius + 5, cy + 4, "x", text_size);
  canvas.text(cx, cy - radius - 5, "y", text_size, colours::ink, Align::centre);
  if (has_z) canvas.text(cx, cy + 4, "z", text_size, colours::ink, Align::centre);
  if (std::abs(range.high - 1) > 1e-3 || !unit.empty())
    canvas.text(cx - radius - 14, cy + 4, "max " + si_text(range.high, unit), text_size,
                colours::ink, Align::right);
}

ColourRange vector_range(const OvfField& field) {
  double largest = 0;
  for (std::size_t cell = 0; cell < layer_cells(field); ++cell) {
    const Sample v = sample(field, cell);
    if (finite(v)) largest = std::max(largest, length(v));
  }
  return {0, largest > 0 ? largest : 1};
}

}  // namespace

ColourRange colour_range(const OvfField& field) {
  if (field.components > 1) return vector_range(field);
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (std::size_t cell = 0; cell < layer_cells(field); ++cell) {
    const double value = field.value(0, cell);
    if (!std::isfinite(value)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  if (low > high) return {0, 1};
  return joined({low, high}, {low, high});
}

ColourRange joined(const ColourRange& a, const ColourRange& b) {
  const ColourRange both{std::min(a.low, b.low), std::max(a.high, b.high)};
  if (both.low >= 0 || both.high <= 0) return both;
  const double size = std::max(-both.low, both.high);
  return {-size, size};
}

Canvas draw_field(const OvfField& field, const std::optional<ColourRange>& range) {
  const ColourRange shown = range ? *range : colour_range(field);
  const FilmSize film = film_size(field);
  const int width = std::max(480, film.width + 2 * margin);
  const int left = (width - film.width) / 2, bottom = title_height + film.height;
  Canvas canvas(width, bottom + footer_height);
  const FieldPainter painter(field, shown);
  const std::string unit = field.units.empty() ? "" : field.units.front();

  draw_title(canvas, field);
  canvas.frame(left - 1, title_height - 1, film.width + 2, film.height + 2, colours::outline);
  painter.paint(canvas, left, title_height, film);
  draw_scale_bar(canvas, left, bottom, field.nx * field.dx / film.width, film.width);
  if (field.components == 1) {
    draw_colour_bar(canvas, width - margin, bottom, painter, shown, unit);
  } else {
    draw_wheel(canvas, width - margin, bottom + 14, shown, unit, field.components == 3);
  }
  return canvas;
}

void write_picture(const std::filesystem::path& path, const OvfField& field,
                   const std::optional<ColourRange>& range) {
  write_png(path, draw_field(field, range));
}

}  // namespace kubomag::io
