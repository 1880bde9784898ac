#include "io/plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "io/number_text.hpp"
#include "io/png.hpp"
#include "kubomag/error.hpp"

namespace kubomag::io {
namespace {

constexpr int width = 960, height = 600;
constexpr int left = 90, right = 24, top = 64, bottom = 66;
constexpr double text_size = 11;

// Okabe and Ito's colours, distinct also to the colour-blind.
constexpr std::array<Rgb, 7> curve_colours = {{{0, 114, 178},
                                               {213, 94, 0},
                                               {0, 158, 115},
                                               {204, 121, 167},
                                               {230, 159, 0},
                                               {86, 180, 233},
                                               {60, 60, 60}}};

struct Axis {
  double low = 0, high = 1;
  SiPrefix prefix;
  std::string label;

  double part(double value) const { return (value - low) / (high - low); }
};

std::string axis_label(const std::string& name, const SiPrefix& prefix, const std::string& unit) {
  const std::string symbol = prefix.symbol + (unit == "1" ? "" : unit);
  return symbol.empty() ? name : fmt::format("{} ({})", name, symbol);
}

/// The axis that shows all finite numbers of these columns, widened by `margin` of its length.
Axis make_axis(const Table& table, const std::vector<std::size_t>& columns, double margin,
               const std::string& name) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const std::size_t column : columns)
    for (const double value : table.data[column])
      if (std::isfinite(value)) {
        low = std::min(low, value);
        high = std::max(high, value);
      }
  if (low > high) low = 0, high = 1;
  // A constant curve still needs an axis of some length.
  const double least = std::max(1e-9 * std::max(std::abs(low), std::abs(high)),
                                100 * std::numeric_limits<double>::min());
  if (high - low < least) {
    const double around = low == 0 ? 1 : 0.1 * std::abs(low);
    low -= around;
    high += around;
  }
  Axis axis{low - margin * (high - low), high + margin * (high - low), {}, ""};
  const std::string& unit = table.columns[columns.front()].unit;
  axis.prefix = si_prefix(std::max(std::abs(low), std::abs(high)), unit);
  axis.label = axis_label(name, axis.prefix, unit);
  return axis;
}

Point place(const Axis& x, const Axis& y, double x_value, double y_value) {
  return {left + x.part(x_value) * (width - left - right),
          height - bottom - y.part(y_value) * (height - top - bottom)};
}

/// Tick labels with as many digits as tell neighbours apart.
std::string tick_text(double value, double step, double factor) {
  const int decimals = static_cast<int>(std::ceil(-std::log10(step / factor) - 1e-6));
  const double shown = value / factor;
  if (std::abs(shown) >= 1e5 || decimals > 5) return fmt::format("{:.6g}", shown);
  return fmt::format("{:.{}f}", shown, std::max(0, decimals));
}

void draw_axes(Canvas& canvas, const Axis& x, const Axis& y) {
  const auto x_ticks = axis_ticks(x.low, x.high, 10), y_ticks = axis_ticks(y.low, y.high, 8);
  const auto step = [](const std::vector<double>& t) { return t.size() > 1 ? t[1] - t[0] : 1.0; };
  for (const double tick : x_ticks) {
    const int column = static_cast<int>(std::lround(place(x, y, tick, y.low).x));
    canvas.fill(column, top, 1, height - top - bottom, colours::faint);
    canvas.text(column, height - bottom + text_size + 9,
                tick_text(tick, step(x_ticks), x.prefix.factor), text_size, colours::ink,
                Align::centre);
  }
  for (const double tick : y_ticks) {
    const int row = static_cast<int>(std::lround(place(x, y, x.low, tick).y));
    canvas.fill(left, row, width - left - right, 1, colours::faint);
    canvas.text(left - 8, row + 0.5 * text_size, tick_text(tick, step(y_ticks), y.prefix.factor),
                text_size, colours::ink, Align::right);
  }
  canvas.frame(left, top, width - left - right + 1, height - top - bottom + 1, colours::ink);
  canvas.text(left + 0.5 * (width - left - right), height - 16, x.label, text_size + 1,
              colours::ink, Align::centre);
  canvas.text(left - 8, top - 14, y.label, text_size + 1, colours::ink);
}

void draw_curve(Canvas& canvas, const Table& table, std::size_t column, const Axis& x,
                const Axis& y, Rgb colour) {
  std::vector<Point> run;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const double time = table.data[0][row], value = table.data[column][row];
    if (std::isfinite(time) && std::isfinite(value)) {
      const Point next = place(x, y, time, value);
      // Steps far below a pixel cannot be seen; a million rows should not take seconds.
      if (run.empty() || std::hypot(next.x - run.back().x, next.y - run.back().y) > 0.3)
        run.push_back(next);
    } else {
      canvas.lines(run, 2, colour);
      run.clear();
    }
  }
  canvas.lines(run, 2, colour);
}

/// Entries from the right edge, above the axes.
void draw_legend(Canvas& canvas, const std::vector<std::string>& names) {
  double x = width - right;
  for (std::size_t i = names.size(); i-- > 0;) {
    x -= Canvas::text_width(names[i], text_size);
    canvas.text(x, top - 14, names[i], text_size);
    const double y = top - 14 - 0.5 * text_size;
    canvas.lines({{x - 30, y}, {x - 8, y}}, 3, curve_colours[i % curve_colours.size()]);
    x -= 48;
  }
}

std::vector<std::size_t> find_columns(const Table& table, const std::vector<std::string>& names) {
  if (names.empty()) throw InputError("a plot without columns (at least one is needed)");
  std::vector<std::size_t> columns;
  for (const std::string& name : names) {
    columns.push_back(table.find(name));
    const Column& column = table.columns[columns.back()];
    const Column& first = table.columns[columns.front()];
    if (column.unit != first.unit)
      throw InputError(
          fmt::format("{} ({}) and {} ({}) cannot share an axis (one plot shows columns "
                      "of one unit)",
                      first.name, first.unit, column.name, column.unit));
  }
  return columns;
}

}  // namespace

Canvas draw_plot(const Table& table, const std::vector<std::string>& names,
                 const std::string& title) {
  const auto columns = find_columns(table, names);
  const Axis x = make_axis(table, {0}, 0, table.columns[0].name);
  const Axis y = make_axis(table, columns, 0.05, names.size() == 1 ? names[0] : "");
  Canvas canvas(width, height);
  draw_axes(canvas, x, y);
  for (std::size_t i = 0; i < columns.size(); ++i)
    draw_curve(canvas, table, columns[i], x, y, curve_colours[i % curve_colours.size()]);
  if (names.size() > 1) draw_legend(canvas, names);
  canvas.text(left - 8, 28, title, text_size + 1);
  return canvas;
}

void write_plot(const std::filesystem::path& path, const Table& table,
                const std::vector<std::string>& columns, const std::string& title) {
  write_png(path, draw_plot(table, columns, title));
}

}  // namespace kubomag::io
