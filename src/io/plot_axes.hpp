#pragma once
// Axes of plots: a rectangle of the canvas with ticks in SI prefixes.
#include <cmath>
#include <string>
#include <vector>

#include "io/canvas.hpp"
#include "io/number_text.hpp"

namespace kubomag::io {

/// The frame that curves or maps are drawn in [pixels], and the height of its letters.
struct PlotFrame {
  int width = 960, height = 600;  // of the whole picture
  int left = 90, right = 24, top = 64, bottom = 66;
  double text_size = 11;

  int inner_width() const { return width - left - right; }
  int inner_height() const { return height - top - bottom; }
};

struct PlotAxis {
  double low = 0, high = 1;
  SiPrefix prefix;
  std::string label;
  bool logarithmic = false;             // low > 0
  std::vector<std::string> names = {};  // of the places 0, 1, 2, ... instead of numbers, if any

  double part(double value) const {
    if (logarithmic) return std::log(value / low) / std::log(high / low);
    return (value - low) / (high - low);
  }
};

/// The axis from `low` to `high` of a quantity with its unit; of some length even where both are
/// the same.
PlotAxis make_plot_axis(double low, double high, const std::string& name, const std::string& unit);

/// The same with a logarithmic scale, 0 < low <= high.
PlotAxis make_log_axis(double low, double high, const std::string& name, const std::string& unit);

/// An axis of the places 0, 1, 2, ... of these names, half a place wider at both ends.
PlotAxis make_named_axis(const std::vector<std::string>& names, const std::string& label);

/// Pixels that the widest of these names takes at letters of `size`.
double widest(const std::vector<std::string>& names, double size);

/// Where a pair of values lies on the canvas.
Point place(const PlotFrame& frame, const PlotAxis& x, const PlotAxis& y, double x_value,
            double y_value);

/// Ticks, labels and the frame; `grid`: with lines at the ticks. Of names that have no room beside
/// each other only every second, third, ... is drawn.
void draw_plot_axes(Canvas& canvas, const PlotFrame& frame, const PlotAxis& x, const PlotAxis& y,
                    bool grid = true);

}  // namespace kubomag::io
