// Plots of tables: where the curves run, gaps, refusals.
#include "io/plot.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "kubomag/error.hpp"

namespace kubomag::io {
namespace {

constexpr Rgb first_curve{0, 114, 178}, second_curve{213, 94, 0};

Table sample() {
  Table table;
  table.columns = {{"t", "s"}, {"mx", ""}, {"my", ""}, {"E_total", "J"}};
  table.data.resize(4);
  for (int i = 0; i <= 100; ++i) {
    table.data[0].push_back(i * 1e-11);
    table.data[1].push_back(0.01 * i);
    table.data[2].push_back(1 - 0.01 * i);
    table.data[3].push_back(1e-18);
  }
  return table;
}

struct Spot {
  double x = 0, y = 0;
  long pixels = 0;
};

/// The mean position of a colour in the columns [begin, end) below the legend.
Spot mean_of(const Canvas& canvas, Rgb colour, int begin, int end) {
  Spot spot;
  for (int y = 60; y < canvas.height(); ++y)
    for (int x = begin; x < end; ++x)
      if (canvas.pixel(x, y) == colour) ++spot.pixels, spot.x += x, spot.y += y;
  spot.x /= static_cast<double>(spot.pixels);
  spot.y /= static_cast<double>(spot.pixels);
  return spot;
}

TEST(Plot, RisingColumnsRise) {
  const Canvas canvas = draw_plot(sample(), {"mx", "my"}, "a title");
  const int w = canvas.width();
  const Spot early = mean_of(canvas, first_curve, w / 8, w / 4);
  const Spot late = mean_of(canvas, first_curve, 3 * w / 4, 7 * w / 8);
  EXPECT_GT(early.pixels, 50);
  EXPECT_GT(early.y, late.y + 200);
  EXPECT_LT(mean_of(canvas, second_curve, w / 8, w / 4).y, early.y);
}

/// A power law is a straight line on logarithmic axes; what has no logarithm is left out.
TEST(Plot, PowerLawsAreStraightOnLogarithmicAxes) {
  Table table;
  table.columns = {{"n", ""}, {"rate", "1/s"}};
  table.data = {{0, 1, 10, 100, 1000}, {5, 1, 100, -3, 1e6}};
  const Canvas canvas = draw_plot(table, {"rate"}, "", {}, PlotScale::logarithmic);
  const int left = 90, right = canvas.width() - 24;
  const auto height_at = [&](double part) {
    const int x = left + static_cast<int>(part * (right - left));
    return mean_of(canvas, first_curve, x - 3, x + 3).y;
  };
  // from n = 1 to 10 alone: the gap at 100 ends the line
  EXPECT_NEAR(height_at(1.0 / 6), 0.5 * (height_at(0.02) + height_at(0.3133)), 2);
  EXPECT_EQ(mean_of(canvas, first_curve, left + (right - left) / 2, right - 10).pixels, 0);
  EXPECT_EQ(mean_of(draw_plot(table, {"rate"}), second_curve, 0, 900).pixels, 0);
}

TEST(Plot, ConstantColumnsAndEmptyTablesAreDrawn) {
  const Canvas canvas = draw_plot(sample(), {"E_total"});
  const Spot curve = mean_of(canvas, first_curve, 0, canvas.width());
  EXPECT_NEAR(curve.y, 0.5 * (64 + 600 - 66), 2);  // the middle of the axis
  Table empty = sample();
  for (auto& column : empty.data) column.clear();
  EXPECT_EQ(mean_of(draw_plot(empty, {"mx"}), first_curve, 0, 960).pixels, 0);
}

TEST(Plot, NumbersThatAreNotFiniteLeaveAGap) {
  Table table = sample();
  for (std::size_t i = 40; i <= 60; ++i)
    table.data[1][i] = std::numeric_limits<double>::quiet_NaN();
  const Canvas canvas = draw_plot(table, {"mx"});
  EXPECT_EQ(mean_of(canvas, first_curve, 500, 560).pixels, 0);
  EXPECT_GT(mean_of(canvas, first_curve, 650, 700).pixels, 20);
}

TEST(Plot, PointsStandAlone) {
  Table table = sample();  // a point every 200 ps, nothing in between
  for (std::size_t i = 0; i <= 100; ++i)
    if (i % 20 != 0) table.data[1][i] = std::numeric_limits<double>::quiet_NaN();
  const Canvas canvas = draw_plot(table, {"mx"}, "", {"mx"});
  EXPECT_EQ(mean_of(canvas, first_curve, 440, 510).pixels, 0);
  const Spot point = mean_of(canvas, first_curve, 530, 610);  // x = 600 ps, mx = 0.6
  EXPECT_GT(point.pixels, 20);
  EXPECT_NEAR(point.x, 90 + 0.6 * 846, 1);
  const Canvas curve = draw_plot(sample(), {"mx"});
  EXPECT_NEAR(point.y, mean_of(curve, first_curve, 597, 599).y, 2);
}

TEST(Plot, RefusesWhatItCannotDraw) {
  EXPECT_THROW(draw_plot(sample(), {}), InputError);
  EXPECT_THROW(draw_plot(sample(), {"mz"}), InputError);
  EXPECT_THROW(draw_plot(sample(), {"mx", "E_total"}), InputError);
}

}  // namespace
}  // namespace kubomag::io
