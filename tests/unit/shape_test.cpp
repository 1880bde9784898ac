#include "setup/shape.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"

using namespace kubomag;

namespace {

constexpr double pi = constants::pi;

/// The area of a shape within a square of 8 m, by counting.
double area(const Shape& shape) {
  const Grid grid{64, 64, 0.125, 0.125, 1, false, false};
  const ScalarMap part = covered(grid, shape, 8);
  double sum = 0;
  for (std::size_t i = 0; i < grid.cells(); ++i) sum += part(i);
  return sum / 64;
}

}  // namespace

// Areas of textbook formulas; the error of counting 512 x 512 points is below 0.2 % here.
TEST(Shape, HasItsArea) {
  EXPECT_NEAR(area(ellipse(4, 2)), pi * 2, 0.01);
  EXPECT_NEAR(area(rectangle(3, 2)), 6, 0.05);
  EXPECT_NEAR(area(polygon({{-2, -1}, {2, -1}, {0, 3}})), 8, 0.02);
  EXPECT_NEAR(area(polygon({{-2, -2}, {2, -2}, {2, 2}, {0, 0}, {-2, 2}})), 12, 0.03);  // not convex
  EXPECT_NEAR(area(rotated(rectangle(3, 2), 0.3)), 6, 0.05);
  EXPECT_NEAR(area(rectangle(INFINITY, 2)), 16, 0.1);
}

TEST(Shape, TurnsCounterClockwiseAndMoves) {
  const Shape bar = rotated(rectangle(4, 0.2), pi / 6);
  EXPECT_TRUE(bar(1.9 * std::cos(pi / 6), 1.9 * std::sin(pi / 6)));
  EXPECT_FALSE(bar(1.9 * std::cos(pi / 6), -1.9 * std::sin(pi / 6)));
  const Shape moved = shifted(ellipse(2, 2), {5, -3});
  EXPECT_TRUE(moved(5.9, -3));
  EXPECT_FALSE(moved(-5, 3));
}

TEST(Shape, CombinesLikeSets) {
  const Shape a = shifted(ellipse(2, 2), {-0.5, 0}), b = shifted(ellipse(2, 2), {0.5, 0});
  // The lens of two unit circles one radius apart: 2 pi/3 - sqrt(3)/2.
  const double lens = 2 * pi / 3 - std::sqrt(0.75);
  EXPECT_NEAR(area(intersect({a, b})), lens, 0.01);
  EXPECT_NEAR(area(unite({a, b})), 2 * pi - lens, 0.02);
  EXPECT_NEAR(area(subtract({a, b})), pi - lens, 0.02);
  EXPECT_TRUE(subtract({a, b})(-1, 0));
  EXPECT_FALSE(subtract({a, b})(1, 0));
}

TEST(Shape, RepeatsOnLattices) {
  const Shape disc = ellipse(1, 1);
  const Shape square = repeated(disc, {2, 0}, {0, 1.6});
  EXPECT_TRUE(square(-4.4, 3.1));
  EXPECT_FALSE(square(-5, 3));
  EXPECT_NEAR(area(square) / 64, pi / 4 / 3.2, 0.002);
  const Shape hexagonal = repeated(disc, {2, 0}, {1, std::sqrt(3.0)});
  for (int i = -2; i <= 2; ++i)
    for (int j = -2; j <= 2; ++j)
      for (int k = 0; k < 12; ++k) {
        const double x = 2.0 * i + j, y = std::sqrt(3.0) * j, angle = k * pi / 6;
        EXPECT_TRUE(hexagonal(x + 0.49 * std::cos(angle), y + 0.49 * std::sin(angle)));
        EXPECT_FALSE(hexagonal(x + 0.51 * std::cos(angle), y + 0.51 * std::sin(angle)));
      }
  EXPECT_THROW(repeated(disc, {1, 1}, {2, 2}), InputError);
  const Shape aside = repeated(shifted(disc, {1.4, 0}), {2, 0}, {0, 2});  // centres at -0.6 + 2 i
  EXPECT_TRUE(aside(-1.05, 0));
  EXPECT_TRUE(aside(-0.15, 0));
  EXPECT_FALSE(aside(0.4, 0));
  const Shape overlapping = repeated(ellipse(1.5, 1.5), {1, 0}, {0, 4});  // a band with dents
  for (const double x : {-0.5, 0.2, 0.5}) {
    EXPECT_TRUE(overlapping(x, 0.55));  // sqrt(0.75^2 - 0.5^2) = 0.559
    EXPECT_EQ(overlapping(x, 0.6), std::abs(x) < 0.45);
  }
}

TEST(Shape, CentresDecideWithoutSmoothing) {
  const Grid grid{4, 1, 1, 1, 1, false, false};
  const ScalarMap hard = covered(grid, rectangle(2.4, 2), 1);
  const ScalarMap soft = covered(grid, rectangle(2.4, 2), 10);
  EXPECT_EQ(hard(0), 0);
  EXPECT_EQ(hard(1), 1);
  EXPECT_NEAR(soft(0), 0.2, 1e-12);  // from x = -1.2 to -1
  EXPECT_EQ(soft(1), 1);
}

TEST(Shape, RefusesEmptyOnes) {
  EXPECT_THROW(ellipse(0, 1), InputError);
  EXPECT_THROW(rectangle(1, -1), InputError);
  EXPECT_THROW(polygon({{0, 0}, {1, 1}}), InputError);
  EXPECT_THROW(subtract({}), InputError);
}
