#include "setup/initial_state.hpp"

#include <Random123/philox.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "kubomag/error.hpp"

using namespace kubomag;

namespace {

constexpr double nm = 1e-9;

Vec3<double> at(const std::vector<double>& m, std::size_t cell) {
  const std::size_t cells = m.size() / 3;
  return {m[cell], m[cells + cell], m[2 * cells + cell]};
}

void expect_near(Vec3<double> a, Vec3<double> b, double tolerance) {
  EXPECT_NEAR(a.x, b.x, tolerance);
  EXPECT_NEAR(a.y, b.y, tolerance);
  EXPECT_NEAR(a.z, b.z, tolerance);
}

}  // namespace

TEST(InitialState, UniformIsNormalised) {
  const Grid grid{3, 2, nm, nm, nm, false, false};
  const auto m = make_initial_state(grid, 8e5, uniform_state({3, 0, -4}));
  ASSERT_EQ(m.size(), 18u);
  for (std::size_t i = 0; i < 6; ++i) expect_near(at(m, i), {0.6, 0, -0.8}, 1e-15);
}

TEST(InitialState, VacuumHasNone) {
  const Grid grid{2, 1, nm, nm, nm, false, false};
  const auto m =
      make_initial_state(grid, ScalarMap(std::vector<double>{0, 8e5}), uniform_state({0, 2, 0}));
  EXPECT_THAT(m, testing::ElementsAre(0, 0, 0, 1, 0, 0));
}

TEST(InitialState, DirectionsThatDoNotExistAreRejected) {
  const Grid grid{2, 1, nm, nm, nm, false, false};
  for (const Vec3<double> direction : {Vec3<double>{0, 0, 0}, {1, NAN, 0}, {INFINITY, 0, 0}}) try {
      make_initial_state(grid, 8e5, uniform_state(direction));
      ADD_FAILURE() << "accepted";
    } catch (const InputError& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr("must have a direction"));
    }
  // In vacuum nobody asks.
  EXPECT_NO_THROW(make_initial_state(grid, 0, uniform_state({0, 0, 0})));
}

// Known answer for Philox4x32-10 with counter and key 0 from Random123's test vectors
// (kat_vectors).
TEST(RandomState, StandsOnTheDocumentedGenerator) {
  const auto words = r123::Philox4x32()({{0, 0, 0, 0}}, {{0, 0}});
  EXPECT_THAT(words, testing::ElementsAre(0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u));
  // By hand: u = 2 0x6627e8d5e169c.8/2^52 - 1, v likewise from the last two; s = u^2 + v^2 < 1.
  const double u = 2 * (0x6627e8d5e169c / 4503599627370496.0) - 1;
  const double v = 2 * (0xbc57ac4c9b00d / 4503599627370496.0) - 1;
  const double s = u * u + v * v, in_plane = 2 * std::sqrt(1 - s);
  ASSERT_LT(s, 1);
  const auto m = make_initial_state({1, 1, nm, nm, nm, false, false}, 8e5, random_state(0));
  expect_near(at(m, 0), {in_plane * u, in_plane * v, 1 - 2 * s}, 1e-14);
}

TEST(RandomState, IsIsotropicAndFollowsTheSeed) {
  const Grid grid{200, 100, nm, nm, nm, false, false};
  const auto m = make_initial_state(grid, 8e5, random_state(1));
  const double n = static_cast<double>(grid.cells());
  double sums[9] = {};  // of x y z, xx yy zz, xy xz yz
  for (std::size_t i = 0; i < grid.cells(); ++i) {
    const auto [x, y, z] = at(m, i);
    ASSERT_NEAR(x * x + y * y + z * z, 1, 1e-15);
    const double terms[9] = {x, y, z, x * x, y * y, z * z, x * y, x * z, y * z};
    for (int c = 0; c < 9; ++c) sums[c] += terms[c] / n;
  }
  // Variances on the sphere: <x^2> = 1/3, <x^4> - 1/9 = 4/45, <x^2 y^2> = 1/15; five sigma.
  for (int c = 0; c < 3; ++c) EXPECT_NEAR(sums[c], 0, 5 * std::sqrt(1 / (3 * n)));
  for (int c = 3; c < 6; ++c) EXPECT_NEAR(sums[c], 1.0 / 3, 5 * std::sqrt(4 / (45 * n)));
  for (int c = 6; c < 9; ++c) EXPECT_NEAR(sums[c], 0, 5 * std::sqrt(1 / (15 * n)));
  EXPECT_EQ(m, make_initial_state(grid, 8e5, random_state(1)));
  EXPECT_NE(m, make_initial_state(grid, 8e5, random_state(2)));
  EXPECT_NE(m, make_initial_state(grid, 8e5, random_state(1ull << 32 | 1)));
}

TEST(VortexState, CirculatesAboutItsCore) {
  const Grid grid{41, 41, 2 * nm, 2 * nm, nm, false, false};
  for (const int c : {1, -1})
    for (const int p : {1, -1}) {
      const auto m = make_initial_state(grid, 8e5, vortex_state(grid, c, p));
      expect_near(at(m, grid.index(20, 20)), {0, 0, double(p)}, 1e-15);
      expect_near(at(m, grid.index(40, 20)), {0, double(c), 0}, 1e-15);   // +x: along +y for c = 1
      expect_near(at(m, grid.index(20, 40)), {-double(c), 0, 0}, 1e-15);  // +y: along -x
      // One cell off the centre: mz/my = 1.5 exp(-1/2).
      const Vec3<double> next = at(m, grid.index(21, 20));
      EXPECT_NEAR(next.z / next.y, p * c * 1.5 * std::exp(-0.5), 1e-14);
    }
  EXPECT_THROW(vortex_state(grid, 0, 1), InputError);
  EXPECT_THROW(vortex_state(grid, 1, 2), InputError);
}

TEST(TwoDomainState, HasAWallInTheMiddle) {
  const Grid grid{81, 1, 2 * nm, 2 * nm, nm, false, false};
  const auto m =
      make_initial_state(grid, 8e5, two_domain_state(grid, {0, 0, 1}, {0, 1, 0}, {0, 0, -1}));
  expect_near(at(m, 0), {0, 0, 1}, 1e-15);
  expect_near(at(m, 40), {0, 1, 0}, 1e-15);
  expect_near(at(m, 80), {0, 0, -1}, 1e-15);
  const double g = std::exp(-0.25);  // one cell off: (x / 2 dx)^2 = 1/4
  EXPECT_NEAR(at(m, 39).z / at(m, 39).y, (1 - g) / g, 1e-14);
  EXPECT_NEAR(at(m, 41).z / at(m, 41).y, -(1 - g) / g, 1e-14);
}

TEST(FormulaState, SeesMetresFromTheMiddle) {
  const Grid grid{4, 3, 2 * nm, 5 * nm, nm, false, false};
  const auto m = make_initial_state(
      grid, 8e5,
      formula_state([](double x, double) { return x / nm; },
                    [](double, double y) { return y / nm; }, [](double, double) { return 2.0; }));
  expect_near(at(m, grid.index(0, 2)),
              {-3 / std::sqrt(38.0), 5 / std::sqrt(38.0), 2 / std::sqrt(38.0)}, 1e-15);
}
