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

}  // namespace

PlotAxis make_plot_axis(double low, double high, const std::string& name, const std::string& unit) {
  const double least = std::max(1e-9 * std::max(std::abs(low), std::abs(high)),
                                100 * std::numeric_limits<double>::min());
  if (high - low < least) {
    const double around = low == 0 ? 1 : 0.1 * std::abs(low);
    low -= around;
    high += around;
  }
  PlotAxis axis{low, high, si_prefix(std::max(std::abs(low), std::abs(high)), unit), ""};
  axis.label = axis_label(name, axis.prefix, unit);
  return axis;
}

Point place(const PlotFrame& frame, const PlotAxis& x, const PlotAxis& y, double x_value,
            double y_value) {
  return {frame.left + x.part(x_value) * frame.inner_width(),
          frame.height - frame.bottom - y.part(y_value) * frame.inner_height()};
}

void draw_plot_axes(Canvas& canvas, const PlotFrame& f, const PlotAxis& x, const PlotAxis& y,
                    bool grid) {
  const auto x_ticks = axis_ticks(x.low, x.high, 10), y_ticks = axis_ticks(y.low, y.high, 8);
  const auto step = [](const std::vector<double>& t) { return t.size() > 1 ? t[1] - t[0] : 1.0; };
  for (const double tick : x_ticks) {
    const int column = static_cast<int>(std::lround(place(f, x, y, tick, y.low).x));
    if (grid)
      canvas.fill(column, f.top, 1, f.inner_height(), colours::faint);
    else
      canvas.fill(column, f.height - f.bottom, 1, 5, colours::ink);
    canvas.text(column, f.height - f.bottom + f.text_size + 9,
                tick_text(tick, step(x_ticks), x.prefix.factor), f.text_size, colours::ink,
                Align::centre);
  }
  for (const double tick : y_ticks) {
    const int row = static_cast<int>(std::lround(place(f, x, y, x.low, tick).y));
    if (grid)
      canvas.fill(f.left, row, f.inner_width(), 1, colours::faint);
    else
      canvas.fill(f.left - 5, row, 5, 1, colours::ink);
    canvas.text(f.left - 8, row + 0.5 * f.text_size,
                tick_text(tick, step(y_ticks), y.prefix.factor), f.text_size, colours::ink,
                Align::right);
  }
  canvas.frame(f.left, f.top, f.inner_width() + 1, f.inner_height() + 1, colours::ink);
  canvas.text(f.left + 0.5 * f.inner_width(), f.height - 16, x.label, f.text_size + 1, colours::ink,
              Align::centre);
  canvas.text(f.left - 8, f.top - 14, y.label, f.text_size + 1, colours::ink);
}

}  // namespace kubomag::io
