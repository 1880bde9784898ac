#include "io/heat_map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "io/plot_axes.hpp"
#include "io/png.hpp"
#include "kubomag/error.hpp"

namespace kubomag::io {
namespace {

/// Wider at the left where rows have long names.
PlotFrame frame_for(const HeatMap& map) {
  PlotFrame frame{960, 640, 90, 130, 64, 66, 11};
  frame.left = std::max(frame.left, static_cast<int>(widest(map.y_names, frame.text_size)) + 20);
  return frame;
}

/// The axis whose ends are the outer edges of the first and the last of `count` cells.
PlotAxis axis_of_cells(double low, double high, int count, const std::string& name,
                       const std::string& unit) {
  if (high < low) std::swap(low, high);
  const double half = 0.5 * (high - low) / (count - 1);
  return make_plot_axis(low - half, high + half, name, unit);
}

/// The largest value of the cells under pixel `at` of `pixels`: no line is lost between pixels.
double largest(const PlotFrame& frame, const HeatMap& map, int x, int y) {
  const auto cells = [](int at, int pixels, int count) {
    const auto begin = static_cast<int>(static_cast<long long>(at) * count / pixels);
    const auto end = static_cast<int>((static_cast<long long>(at) + 1) * count / pixels);
    return std::pair{begin, std::max(begin + 1, end)};
  };
  const auto [x0, x1] = cells(x, frame.inner_width(), map.columns);
  const auto [y0, y1] = cells(frame.inner_height() - 1 - y, frame.inner_height(), map.rows);
  double value = 0;
  for (int row = y0; row < y1; ++row)
    for (int column = x0; column < x1; ++column)
      value = std::max(
          value, map.values[static_cast<std::size_t>(row) * static_cast<std::size_t>(map.columns) +
                            static_cast<std::size_t>(column)]);
  return value;
}

void draw_key(Canvas& canvas, const PlotFrame& frame, double decades) {
  const int left = frame.width - frame.right + 26, width = 18;
  for (int y = 0; y < frame.inner_height(); ++y)
    canvas.fill(left, frame.top + y, width, 1,
                sequential_colour(1 - (y + 0.5) / frame.inner_height()));
  canvas.frame(left, frame.top, width, frame.inner_height() + 1, colours::ink);
  for (int tenth = 0; tenth <= static_cast<int>(decades); ++tenth)
    canvas.text(left + width + 6,
                frame.top + tenth / decades * frame.inner_height() + 0.5 * frame.text_size,
                fmt::format("{} dB", -10 * tenth), frame.text_size);
}

struct ValueRange {
  double low = 0, high = 1;
  bool both_signs() const { return low < 0; }
  Rgb colour(double value) const {
    if (std::isnan(value)) return colours::vacuum;
    const double part = (value - low) / (high - low);
    return both_signs() ? diverging_colour(2 * part - 1) : sequential_colour(part);
  }
};

/// From the smallest to the largest finite value; symmetric where both signs occur.
ValueRange range_of(const std::vector<double>& values) {
  double low = INFINITY, high = -INFINITY;
  for (const double value : values)
    if (std::isfinite(value)) low = std::min(low, value), high = std::max(high, value);
  if (low > high) return {};
  if (low < 0) {
    const double size = std::max(std::abs(low), std::abs(high));
    return {-size, size};
  }
  return high > low ? ValueRange{low, high} : ValueRange{low, low + std::max(1e-300, low)};
}

/// The number in each cell, where there are few cells.
void write_values(Canvas& canvas, const PlotFrame& frame, const HeatMap& map, bool right_to_left,
                  bool top_down) {
  constexpr int most_rows = 12, most_columns = 10;
  if (map.rows > most_rows || map.columns > most_columns) return;
  for (int row = 0; row < map.rows; ++row)
    for (int column = 0; column < map.columns; ++column) {
      const double value =
          map.values[static_cast<std::size_t>(row) * static_cast<std::size_t>(map.columns) +
                     static_cast<std::size_t>(column)];
      if (!std::isfinite(value)) continue;
      const double x = (right_to_left ? map.columns - 1 - column : column) + 0.5;
      const double y = (top_down ? map.rows - 1 - row : row) + 0.5;
      const double left = frame.left + x / map.columns * frame.inner_width();
      const double base = frame.height - frame.bottom - y / map.rows * frame.inner_height();
      const Rgb below = canvas.pixel(static_cast<int>(left), static_cast<int>(base));
      const bool dark = 0.3 * below.r + 0.6 * below.g + 0.1 * below.b < 110;
      canvas.text(left, base + 0.5 * frame.text_size, si_text(value, map.value_unit),
                  frame.text_size, dark ? colours::white : colours::ink, Align::centre);
    }
}

void draw_linear(Canvas& canvas, const PlotFrame& frame, const HeatMap& map) {
  const ValueRange range = range_of(map.values);
  std::vector<Rgb> cells;
  for (const double value : map.values) cells.push_back(range.colour(value));
  const bool right_to_left = map.x_names.empty() && map.x_high < map.x_low;
  const bool top_down = map.y_names.empty() && map.y_high < map.y_low;
  for (int y = 0; y < frame.inner_height(); ++y)
    for (int x = 0; x < frame.inner_width(); ++x) {
      int column = x * map.columns / frame.inner_width();
      int row = (frame.inner_height() - 1 - y) * map.rows / frame.inner_height();
      if (right_to_left) column = map.columns - 1 - column;
      if (top_down) row = map.rows - 1 - row;
      canvas.set(frame.left + x, frame.top + y,
                 cells[static_cast<std::size_t>(row) * static_cast<std::size_t>(map.columns) +
                       static_cast<std::size_t>(column)]);
    }
  write_values(canvas, frame, map, right_to_left, top_down);
  const int left = frame.width - frame.right + 26, width = 18;
  for (int y = 0; y < frame.inner_height(); ++y) {
    const double part = 1 - (y + 0.5) / frame.inner_height();
    canvas.fill(left, frame.top + y, width, 1,
                range.colour(range.low + part * (range.high - range.low)));
  }
  canvas.frame(left, frame.top, width, frame.inner_height() + 1, colours::ink);
  for (int quarter = 0; quarter <= 4; ++quarter)
    canvas.text(left + width + 6,
                frame.top + (1 - 0.25 * quarter) * frame.inner_height() + 0.5 * frame.text_size,
                si_text(range.low + 0.25 * quarter * (range.high - range.low), map.value_unit),
                frame.text_size);
  canvas.text(left, frame.top - 14, map.value_name, frame.text_size + 1);
}

void draw_decibel(Canvas& canvas, const PlotFrame& frame, const HeatMap& map) {
  const double top = *std::max_element(map.values.begin(), map.values.end());
  for (int row = 0; row < frame.inner_height(); ++row)
    for (int column = 0; column < frame.inner_width(); ++column) {
      const double value = largest(frame, map, column, row);
      const double part = value > 0 && top > 0 ? 1 + std::log10(value / top) / map.decades : 0;
      canvas.set(frame.left + column, frame.top + row, sequential_colour(std::max(0.0, part)));
    }
  draw_key(canvas, frame, map.decades);
}

void require_names(const std::vector<std::string>& names, int cells) {
  if (!names.empty() && names.size() != static_cast<std::size_t>(cells))
    throw InputError(fmt::format("{} names for {} cells of a map's axis; give one for each or none",
                                 names.size(), cells));
}

}  // namespace

Canvas draw_heat_map(const HeatMap& map) {
  const auto cells = static_cast<std::size_t>(map.columns) * static_cast<std::size_t>(map.rows);
  if (map.columns < 2 || map.rows < 2 || map.values.size() != cells)
    throw InputError(
        fmt::format("a map of {} x {} cells with {} values cannot be drawn (at least "
                    "2 x 2 and one value for each are needed)",
                    map.columns, map.rows, map.values.size()));
  require_names(map.x_names, map.columns);
  require_names(map.y_names, map.rows);
  const PlotFrame frame = frame_for(map);
  const PlotAxis x = map.x_names.empty()
                         ? axis_of_cells(map.x_low, map.x_high, map.columns, map.x_name, map.x_unit)
                         : make_named_axis(map.x_names, map.x_name);
  const PlotAxis y = map.y_names.empty()
                         ? axis_of_cells(map.y_low, map.y_high, map.rows, map.y_name, map.y_unit)
                         : make_named_axis(map.y_names, map.y_name);
  Canvas canvas(frame.width, frame.height);
  map.scale == HeatMap::Scale::linear ? draw_linear(canvas, frame, map)
                                      : draw_decibel(canvas, frame, map);
  draw_plot_axes(canvas, frame, x, y, false);
  canvas.text(frame.left - 8, 28, map.title, frame.text_size + 1);
  return canvas;
}

void write_heat_map(const std::filesystem::path& path, const HeatMap& map) {
  write_png(path, draw_heat_map(map));
}

}  // namespace kubomag::io
