#include "io/plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "io/plot_axes.hpp"
#include "io/png.hpp"
#include "kubomag/error.hpp"

namespace kubomag::io {
namespace {

constexpr PlotFrame frame;

// Okabe and Ito's colours, distinct also to the colour-blind.
constexpr std::array<Rgb, 7> curve_colours = {{{0, 114, 178},
                                               {213, 94, 0},
                                               {0, 158, 115},
                                               {204, 121, 167},
                                               {230, 159, 0},
                                               {86, 180, 233},
                                               {60, 60, 60}}};

/// The axis that shows all finite numbers of these columns, widened by `margin` of its length.
PlotAxis make_axis(const Table& table, const std::vector<std::size_t>& columns, double margin,
                   const std::string& name, PlotScale scale) {
  const bool logarithmic = scale == PlotScale::logarithmic;
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const std::size_t column : columns)
    for (const double value : table.data[column])
      if (std::isfinite(value) && (value > 0 || !logarithmic)) {
        low = std::min(low, value);
        high = std::max(high, value);
      }
  const std::string& unit = table.columns[columns.front()].unit;
  if (logarithmic) {
    if (low > high) low = high = 1;
    const double factor = std::pow(high / low, margin);
    return make_log_axis(low / factor, high * factor, name, unit);
  }
  if (low > high) low = 0, high = 1;
  PlotAxis axis = make_plot_axis(low, high, name, unit);
  const double room = margin * (axis.high - axis.low);
  axis.low -= room;
  axis.high += room;
  return axis;
}

bool can_be_placed(const PlotAxis& axis, double value) {
  return std::isfinite(value) && (value > 0 || !axis.logarithmic);
}

void draw_curve(Canvas& canvas, const Table& table, std::size_t column, const PlotAxis& x,
                const PlotAxis& y, Rgb colour) {
  std::vector<Point> run;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const double time = table.data[0][row], value = table.data[column][row];
    if (can_be_placed(x, time) && can_be_placed(y, value)) {
      const Point next = place(frame, x, y, time, value);
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

bool is_one_of(const std::string& name, const std::vector<std::string>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void draw_points(Canvas& canvas, const Table& table, std::size_t column, const PlotAxis& x,
                 const PlotAxis& y, Rgb colour) {
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const double time = table.data[0][row], value = table.data[column][row];
    if (can_be_placed(x, time) && can_be_placed(y, value))
      canvas.lines({place(frame, x, y, time, value)}, 7, colour);
  }
}

/// Entries from the right edge, above the axes; those of `points` with a point.
void draw_legend(Canvas& canvas, const std::vector<std::string>& names,
                 const std::vector<std::string>& points) {
  double x = frame.width - frame.right;
  for (std::size_t i = names.size(); i-- > 0;) {
    x -= Canvas::text_width(names[i], frame.text_size);
    canvas.text(x, frame.top - 14, names[i], frame.text_size);
    const double y = frame.top - 14 - 0.5 * frame.text_size;
    const Rgb colour = curve_colours[i % curve_colours.size()];
    if (is_one_of(names[i], points))
      canvas.lines({{x - 14, y}}, 7, colour);
    else
      canvas.lines({{x - 30, y}, {x - 8, y}}, 3, colour);
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

Canvas draw_plot(const Table& table, const std::vector<std::string>& columns,
                 const std::string& title, const std::vector<std::string>& points,
                 PlotScale scale) {
  const auto places = find_columns(table, columns);
  const PlotAxis x = make_axis(table, {0}, 0, table.columns[0].name, scale);
  const PlotAxis y = make_axis(table, places, 0.05, columns.size() == 1 ? columns[0] : "", scale);
  Canvas canvas(frame.width, frame.height);
  draw_plot_axes(canvas, frame, x, y);
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto draw = is_one_of(columns[i], points) ? draw_points : draw_curve;
    draw(canvas, table, places[i], x, y, curve_colours[i % curve_colours.size()]);
  }
  if (columns.size() > 1) draw_legend(canvas, columns, points);
  canvas.text(frame.left - 8, 28, title, frame.text_size + 1);
  return canvas;
}

void write_plot(const std::filesystem::path& path, const Table& table,
                const std::vector<std::string>& columns, const std::string& title,
                const std::vector<std::string>& points, PlotScale scale) {
  write_png(path, draw_plot(table, columns, title, points, scale));
}

}  // namespace kubomag::io
