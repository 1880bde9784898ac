#include "io/plot_axes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace kubomag::io {
namespace {

std::string axis_label(const std::string& name, const SiPrefix& prefix, const std::string& unit) {
  const std::string symbol = prefix.symbol + (unit == "1" ? "" : unit);
  return symbol.empty() ? name : fmt::format("{} ({})", name, symbol);
}

/// Tick labels with as many digits as tell neighbours apart.
std::string tick_text(double value, double step, double factor) {
  const int decimals = static_cast<int>(std::ceil(-std::log10(step / factor) - 1e-6));
  const double shown = value / factor;
  if (std::abs(shown) >= 1e5 || decimals > 5) return fmt::format("{:.6g}", shown);
  return fmt::format("{:.{}f}", shown, std::max(0, decimals));
}

/// 1, 2 and 5 times powers of ten within [low, high]; of more than three decades the powers alone.
std::vector<double> log_ticks(double low, double high) {
  std::vector<double> ticks;
  const bool many = high > 1e3 * low;
  double decade = std::pow(10, std::floor(std::log10(low)));
  while (decade <= high) {
    for (const double digit : {1.0, 2.0, 5.0}) {
      const double tick = digit * decade;
      if ((digit == 1 || !many) && tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9))
        ticks.push_back(tick);
    }
    decade *= 10;
  }
  return ticks;
}

struct Ticks {
  std::vector<double> values;
  std::vector<std::string> texts;
};

/// Every name that has `room` pixels per place for `size` pixels of its own, or every second, ...
Ticks named_ticks(const std::vector<std::string>& names, double room, double size) {
  const auto stride = static_cast<std::size_t>(std::max(1.0, std::ceil(size / room)));
  Ticks ticks;
  for (std::size_t i = 0; i < names.size(); i += stride) {
    ticks.values.push_back(static_cast<double>(i));
    ticks.texts.push_back(names[i]);
  }
  return ticks;
}

Ticks ticks_of(const PlotAxis& axis, int count) {
  Ticks ticks;
  ticks.values =
      axis.logarithmic ? log_ticks(axis.low, axis.high) : axis_ticks(axis.low, axis.high, count);
  const double step = ticks.values.size() > 1 ? ticks.values[1] - ticks.values[0] : 1.0;
  for (const double tick : ticks.values)
    ticks.texts.push_back(axis.logarithmic ? fmt::format("{:.6g}", tick / axis.prefix.factor)
                                           : tick_text(tick, step, axis.prefix.factor));
  return ticks;
}

}  // namespace

PlotAxis make_log_axis(double low, double high, const std::string& name, const std::string& unit) {
  if (!(high > low * (1 + 1e-9))) low *= 0.5, high *= 2;
  PlotAxis axis{low, high, si_prefix(high, unit), "", true};
  axis.label = axis_label(name, axis.prefix, unit);
  return axis;
}

PlotAxis make_plot_axis(double low, double high, const std::string& name, const std::string& unit) {
  const double least = std::max(1e-9 * std::max(std::abs(low), std::abs(high)),
                                100 * std::numeric_limits<double>::min());
  if (high - low < least) {
    const double around = low == 0 ? 1 : 0.1 * std::abs(low);
    low -= around;
    high += around;
  }
  PlotAxis axis{low, high, si_prefix(std::max(std::abs(low), std::abs(high)), unit), "", false};
  axis.label = axis_label(name, axis.prefix, unit);
  return axis;
}

PlotAxis make_named_axis(const std::vector<std::string>& names, const std::string& label) {
  PlotAxis axis{-0.5, static_cast<double>(names.size()) - 0.5, {}, label};
  axis.names = names;
  return axis;
}

double widest(const std::vector<std::string>& names, double size) {
  double width = 0;
  for (const std::string& name : names) width = std::max(width, Canvas::text_width(name, size));
  return width;
}

Point place(const PlotFrame& frame, const PlotAxis& x, const PlotAxis& y, double x_value,
            double y_value) {
  return {frame.left + x.part(x_value) * frame.inner_width(),
          frame.height - frame.bottom - y.part(y_value) * frame.inner_height()};
}

void draw_plot_axes(Canvas& canvas, const PlotFrame& f, const PlotAxis& x, const PlotAxis& y,
                    bool grid) {
  const Ticks x_ticks = x.names.empty() ? ticks_of(x, 10)
                                        : named_ticks(x.names, f.inner_width() / (x.high - x.low),
                                                      widest(x.names, f.text_size) + f.text_size);
  const Ticks y_ticks = y.names.empty() ? ticks_of(y, 8)
                                        : named_ticks(y.names, f.inner_height() / (y.high - y.low),
                                                      1.5 * f.text_size);
  for (std::size_t i = 0; i < x_ticks.values.size(); ++i) {
    const int column = static_cast<int>(std::lround(place(f, x, y, x_ticks.values[i], y.low).x));
    if (grid)
      canvas.fill(column, f.top, 1, f.inner_height(), colours::faint);
    else
      canvas.fill(column, f.height - f.bottom, 1, 5, colours::ink);
    canvas.text(column, f.height - f.bottom + f.text_size + 9, x_ticks.texts[i], f.text_size,
                colours::ink, Align::centre);
  }
  for (std::size_t i = 0; i < y_ticks.values.size(); ++i) {
    const int row = static_cast<int>(std::lround(place(f, x, y, x.low, y_ticks.values[i]).y));
    if (grid)
      canvas.fill(f.left, row, f.inner_width(), 1, colours::faint);
    else
      canvas.fill(f.left - 5, row, 5, 1, colours::ink);
    canvas.text(f.left - 8, row + 0.5 * f.text_size, y_ticks.texts[i], f.text_size, colours::ink,
                Align::right);
  }
  canvas.frame(f.left, f.top, f.inner_width() + 1, f.inner_height() + 1, colours::ink);
  canvas.text(f.left + 0.5 * f.inner_width(), f.height - 16, x.label, f.text_size + 1, colours::ink,
              Align::centre);
  canvas.text(f.left - 8, f.top - 14, y.label, f.text_size + 1, colours::ink);
}

}  // namespace kubomag::io
