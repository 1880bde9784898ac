#include "setup/grains.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <tuple>

#include "kubomag/error.hpp"

using namespace kubomag;

namespace {

constexpr double nm = 1e-9;

bool operator<(const GrainName& a, const GrainName& b) {
  return std::tie(a.tile_x, a.tile_y, a.number) < std::tie(b.tile_x, b.tile_y, b.number);
}

struct Less {
  bool operator()(const GrainName& a, const GrainName& b) const { return a < b; }
};

std::map<GrainName, std::size_t, Less> sizes(const std::vector<GrainName>& names) {
  std::map<GrainName, std::size_t, Less> count;
  for (const GrainName& name : names) ++count[name];
  return count;
}

}  // namespace

// A Poisson process of N = 1600 grains expected: its number deviates by sqrt(N), five sigma; the
// areas of Poisson-Voronoi cells have the variance 0.280 of their mean squared (Gilbert, Ann. Math.
// Stat. 33, 958 (1962)).
TEST(Grains, AreAsManyAndAsUnequalAsPoissonsAre) {
  const Grid grid{400, 400, 2 * nm, 2 * nm, nm, true, true};
  const auto count = sizes(grain_of_cells(grid, {20 * nm, 1}));
  const double n = static_cast<double>(count.size());
  EXPECT_NEAR(n, 1600, 5 * 40);
  const double mean = 160000 / n;
  double variance = 0;
  for (const auto& [name, cells] : count) variance += std::pow(cells / mean - 1, 2) / n;
  EXPECT_NEAR(variance, 0.280, 0.05);
}

TEST(Grains, DependOnThePlaceAndTheSeedOnly) {
  const Grid coarse{20, 20, 6 * nm, 6 * nm, nm, false, false};
  const Grid fine{60, 60, 2 * nm, 2 * nm, nm, false, false};
  const auto a = grain_of_cells(coarse, {15 * nm, 7}), b = grain_of_cells(fine, {15 * nm, 7});
  for (int iy = 0; iy < 20; ++iy)
    for (int ix = 0; ix < 20; ++ix)  // the middle one of nine fine cells has the same centre
      EXPECT_EQ(a[coarse.index(ix, iy)], b[fine.index(3 * ix + 1, 3 * iy + 1)]);
  EXPECT_NE(b, grain_of_cells(fine, {15 * nm, 8}));
  EXPECT_NE(b, grain_of_cells(fine, {15 * nm, 7 + (1ull << 40)}));
}

// On periodic axes the grain across the edge is the same: fewer than one in two of the edge cells
// may lie at a grain boundary when grains are 10 cells wide.
TEST(Grains, GoThroughPeriodicEdges) {
  for (const bool periodic : {true, false}) {
    const Grid grid{100, 300, 2 * nm, 2 * nm, nm, periodic, false};
    const auto names = grain_of_cells(grid, {20 * nm, 1});
    int same = 0;
    for (int iy = 0; iy < 300; ++iy) same += names[grid.index(0, iy)] == names[grid.index(99, iy)];
    EXPECT_EQ(same > 150, periodic) << same;
  }
}

TEST(Grains, FactorsHaveMeanAndSpread) {
  const Grains grains{20 * nm, 5};
  double sum = 0, squares = 0, product = 0;
  const int n = 20000;
  for (std::uint32_t k = 0; k < n; ++k) {
    const GrainName grain{k % 100, k / 100, 3};
    const double g = (grain_factor(grain, grains, "Ku1", 0.1) - 1) / 0.1;
    const double h = (grain_factor(grain, grains, "Msat", 0.1) - 1) / 0.1;
    EXPECT_LE(std::abs(g), 3);
    sum += g / n, squares += g * g / n, product += g * h / n;
  }
  EXPECT_NEAR(sum, 0, 5 / std::sqrt(n));
  EXPECT_NEAR(squares, 0.9733, 5 * std::sqrt(2.0 / n));  // 1 - 6 phi(3)/(2 Phi(3) - 1)
  EXPECT_NEAR(product, 0, 5 / std::sqrt(n));
}

TEST(Grains, NeedASize) {
  const Grid grid{2, 2, nm, nm, nm, false, false};
  EXPECT_THROW(grain_of_cells(grid, {0, 1}), InputError);
  EXPECT_THROW(grain_of_cells(grid, {INFINITY, 1}), InputError);
}
