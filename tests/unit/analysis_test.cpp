// Textures whose numbers are known: placed skyrmions, walls and helices.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <omp.h>

#include <bit>
#include <cmath>
#include <map>

#include "analysis/skyrmions.hpp"
#include "analysis/table_analysis.hpp"
#include "analysis/texture.hpp"
#include "kubomag/constants.hpp"
#include "setup/texture_state.hpp"

using namespace kubomag;

namespace {

constexpr double nm = 1e-9, pi = constants::pi;

Grid film_of(int nx, int ny, bool periodic, double cell = nm) {
  return {nx, ny, cell, cell, nm, periodic, periodic};
}

std::vector<double> placed(const Grid& grid, const std::vector<Skyrmion>& skyrmions) {
  std::vector<StateLayer> layers;
  for (const Skyrmion& s : skyrmions) layers.push_back(skyrmion_layer(grid, s));
  return make_initial_state(grid, 1, [&](std::size_t, double x, double y) {
    Vec3<double> m{0, 0, -1.0 * skyrmions.front().polarity};
    for (const StateLayer& layer : layers) m = layer(m, x, y);
    return m;
  });
}

Skyrmion skyrmion(double x, double y, int polarity = -1, int charge = -1, double helicity = 0) {
  return {{x * nm, y * nm}, 8 * nm, 3 * nm, helicity, polarity, charge};
}

}  // namespace

TEST(Charge, IsAnIntegerOnTheLattice) {
  const Grid grid = film_of(90, 80, true);
  for (const int polarity : {1, -1})
    for (const int charge : {1, -1, 2, -3}) {
      const auto m = placed(grid, {skyrmion(3.3, -1.8, polarity, charge, 0.7)});
      EXPECT_NEAR(charge_on_lattice({grid, m}), charge, 1e-12);
    }
  const auto three = placed(grid, {skyrmion(-20, 0), skyrmion(20, 5), skyrmion(0, 38)});
  EXPECT_NEAR(charge_on_lattice({grid, three}), -3, 1e-12);
}

// Central differences are of second order: a quarter of the error with half the cell.
TEST(Charge, ByDifferencesConvergesToIt) {
  double errors[2];
  for (int level = 0; level < 2; ++level) {
    const Grid grid = film_of(80 << level, 80 << level, false, nm / (1 << level));
    const auto m = placed(grid, {skyrmion(0.3, 0.2, 1, 1)});
    errors[level] = 1 - charge_by_differences({grid, m});
  }
  EXPECT_LT(errors[0], 0.03);
  EXPECT_NEAR(errors[0] / errors[1], 4, 0.2);
}

TEST(Charge, DensityIsThatOfARotationSymmetricSkyrmion) {
  // m = (sin T cos phi, sin T sin phi, cos T) with T(r): (1/4 pi) T' sin T / r
  const Grid grid = film_of(161, 161, false, 0.25 * nm);
  const double R = 6 * nm, width = 3 * nm;
  const auto T = [&](double r) { return 2 * std::atan(std::exp(-(r - R) / width)); };
  std::vector<double> m(3 * grid.cells());
  for (int iy = 0; iy < grid.ny; ++iy)
    for (int ix = 0; ix < grid.nx; ++ix) {
      const double x = grid.x(ix), y = grid.y(iy), t = T(std::hypot(x, y));
      const double phi = std::atan2(y, x);
      const std::size_t i = grid.index(ix, iy);
      m[i] = std::sin(t) * std::cos(phi);
      m[grid.cells() + i] = std::sin(t) * std::sin(phi);
      m[2 * grid.cells() + i] = std::cos(t);
    }
  const std::vector<double> q = charge_density({grid, m});
  double sum = 0;
  for (const double one : q) sum += one * grid.dx * grid.dy;
  EXPECT_NEAR(sum, charge_by_differences({grid, m}), 1e-13);
  for (const int ix : {40, 60, 96, 110}) {  // 4 to 10 nm from the centre
    const double r = std::abs(grid.x(ix)), sine = std::sin(T(r)), slope = -sine / width;
    const double expected = slope * sine / (4 * pi * r);
    EXPECT_NEAR(q[grid.index(ix, 80)], expected, 0.01 * std::abs(expected)) << r;
  }
}

// A quarter of a skyrmion centred on the corner of an open film: m covers a quarter of the sphere.
TEST(Charge, OfAPartIsThePartOfTheSphere) {
  const Grid grid = film_of(160, 160, false, 0.5 * nm);
  const auto m = placed(grid, {skyrmion(-40, -40, 1, 1)});
  EXPECT_NEAR(charge_on_lattice({grid, m}), 0.25, 0.02);  // the corner's cell is half a cell off
  EXPECT_NEAR(charge_by_differences({grid, m}), 0.25, 0.02);
}

TEST(Skyrmions, AreFoundBetweenCellsAndThroughEdges) {
  const Grid grid = film_of(100, 90, true);
  for (const double x : {3.0, 3.27, 49.6})
    for (const double y : {-1.5, 44.9})
      for (const double helicity : {0.0, pi / 2, -2.5}) {
        const auto m = placed(grid, {skyrmion(x, y, -1, -1, helicity)});
        const FilmView film{grid, m};
        const auto cores = find_skyrmions(film);
        ASSERT_EQ(cores.size(), 1u);
        const SkyrmionShape shape = measure_skyrmion(film, cores, 0);
        const auto off = [&](Vec2<double> centre) {
          const Vec2<double> r = film.shortest({centre.x - x * nm, centre.y - y * nm});
          return std::hypot(r.x, r.y);
        };
        EXPECT_LT(off(shape.centre), 1e-3 * nm);
        EXPECT_LT(off(cores[0].centre), 1e-2 * nm);
        EXPECT_NEAR(cores[0].radius, 8 * nm, 0.005 * 8 * nm);
        EXPECT_NEAR(shape.charge, -1, 1e-12);
        EXPECT_NEAR(std::remainder(shape.helicity - helicity, 2 * pi), 0, 1e-3);
        EXPECT_EQ(cores[0].polarity, -1);
      }
}

// A track whose edges are tilted outwards, as by DMI, and everywhere a little noise: both carry
// charge, some 4 % of that of the skyrmion here, which misplaced it by 2 nm.
TEST(Skyrmions, ArePlacedByTheirOwnChargeAlone) {
  const Grid grid = film_of(240, 80, false);
  auto m = placed(grid, {skyrmion(-63.3, 4.2)});
  double seed = 0.5;
  const auto noise = [&] { return 0.1 * ((seed = std::fmod(997 * seed + 0.1234567, 1)) - 0.5); };
  make_initial_state(grid, 1, [&](std::size_t i, double x, double y) {
    const double tilt_x = 0.4 * std::exp((std::abs(x) - 120 * nm) / (4 * nm)) * (x < 0 ? -1 : 1);
    const double tilt_y = 0.4 * std::exp((std::abs(y) - 40 * nm) / (4 * nm)) * (y < 0 ? -1 : 1);
    const std::size_t n = grid.cells();
    const Vec3<double> v{m[i] + tilt_x + noise(), m[n + i] + tilt_y + noise(), m[2 * n + i]};
    const double length = std::sqrt(dot(v, v));
    m[i] = v.x / length, m[n + i] = v.y / length, m[2 * n + i] = v.z / length;
    return v;
  });
  const FilmView film{grid, m};
  const auto cores = find_skyrmions(film);
  ASSERT_EQ(cores.size(), 1u);
  const SkyrmionShape shape = measure_skyrmion(film, cores, 0);
  EXPECT_LT(std::abs(shape.charge), 0.97);
  EXPECT_NEAR(shape.centre.x, -63.3 * nm, 0.1 * nm);
  EXPECT_NEAR(shape.centre.y, 4.2 * nm, 0.1 * nm);
}

TEST(Skyrmions, AreCountedOneByOne) {
  const Grid grid = film_of(120, 60, false);
  const auto m =
      placed(grid, {skyrmion(-30, 0, 1, 1), skyrmion(0, 5, 1, -1, 0.4), skyrmion(34, 0, 1, 1),
                    skyrmion(60, 30, 1, 1)});  // the last is cut by the corner
  const FilmView film{grid, m};
  const auto cores = find_skyrmions(film);
  ASSERT_EQ(cores.size(), 3u);
  double charges = 0;
  for (std::size_t k = 0; k < 3; ++k) {
    const SkyrmionShape shape = measure_skyrmion(film, cores, k);
    EXPECT_EQ(cores[k].polarity, 1);
    if (std::abs(shape.centre.x) < 5 * nm) {
      EXPECT_NEAR(shape.helicity, 0.4, 0.02);  // of the antiskyrmion, tails of the others overlap
      EXPECT_NEAR(shape.charge, -1, 0.05);
    }
    charges += shape.charge;
  }
  EXPECT_NEAR(charges, 1, 0.35);  // with what the cut one has left
}

TEST(Skyrmions, AreNotBubblesWithoutCharge) {
  const Grid grid = film_of(60, 60, true);
  const auto m = make_initial_state(grid, 1, [](std::size_t, double x, double y) -> Vec3<double> {
    return {1, 0, std::hypot(x, y) < 10 * nm ? -5.0 : 5.0};
  });
  EXPECT_TRUE(find_skyrmions({grid, m}).empty());
}

TEST(LargestAngle, IsThatOfAHelix) {
  const Grid grid = film_of(64, 8, true, 2 * nm);
  auto m = make_initial_state(grid, 1, helix_state({32 * nm, 0, pi / 2, 0.1}));
  EXPECT_NEAR(largest_angle({grid, m}), 2 * pi / 16, 1e-12);
  m[grid.index(5, 5)] = m[grid.cells() + grid.index(5, 5)] =
      m[2 * grid.cells() + grid.index(5, 5)] = 0;
  EXPECT_NEAR(largest_angle({grid, m}), 2 * pi / 16, 1e-12);  // vacuum has no angle
}

TEST(WallPosition, IsFoundBetweenCells) {
  const Grid grid = film_of(200, 4, false);
  for (const int polarity : {1, -1})
    for (const double x : {-20.0, 7.3}) {
      const auto m = make_initial_state(grid, 1, wall_state({{x * nm}, 5 * nm, 0, 1.2, polarity}));
      const Wall wall = find_wall({grid, m});
      EXPECT_NEAR(wall.x, x * nm, 1e-6 * nm);
      EXPECT_NEAR(wall.angle, 1.2, 1e-9);
    }
}

// In a field across the easy axis the domains are at mz = +-cos a, and the wall is as far as
// before.
TEST(WallPosition, IsThatOfTiltedDomains) {
  const Grid grid = film_of(200, 4, false);
  for (const double tilt : {0.3, 0.9}) {
    auto m = make_initial_state(grid, 1, wall_state({{-17.3 * nm}, 5 * nm, 0, 0, 1}));
    const std::size_t n = grid.cells();
    for (std::size_t i = 0; i < n; ++i) {
      const double mz = std::cos(tilt) * m[2 * n + i];
      m[i] = std::sqrt(1 - mz * mz), m[n + i] = 0, m[2 * n + i] = mz;
    }
    EXPECT_NEAR(find_wall({grid, m}).x, -17.3 * nm, 1e-6 * nm);
  }
}

TEST(WallPosition, IsNoNumberWhereThereIsNoWall) {
  const Grid grid = film_of(50, 4, false);
  for (const Vec3<double> m : {Vec3<double>{0, 0, 1}, {0.6, 0, -0.8}, {1, 0, 0}}) {
    const auto uniform =
        make_initial_state(grid, 1, [&](std::size_t, double, double) { return m; });
    EXPECT_TRUE(std::isnan(find_wall({grid, uniform}).x));
  }
}

namespace {

std::map<std::string, double> by_name(const std::vector<Observable>& row) {
  std::map<std::string, double> values;
  for (const Observable& number : row) values[number.name] = number.value;
  return values;
}

}  // namespace

// 6 nm per 0.1 ns along x and -2 nm along y, three times around the film.
TEST(TableAnalysis, FollowsThroughPeriodicEdges) {
  const Grid grid = film_of(50, 50, true);
  TableAnalysis analysis(grid, {Analysis::skyrmion, Analysis::charge, Analysis::skyrmions});
  for (int k = 0; k < 26; ++k) {
    const auto m = placed(grid, {skyrmion(6.0 * k, -2.0 * k)});
    const auto row = by_name(analysis.row(k * 1e-10, m));
    EXPECT_NEAR(row.at("skyrmion_x"), 6 * k * nm, 1e-2 * nm);
    EXPECT_NEAR(row.at("skyrmion_mz_y"), -2 * k * nm, 1e-2 * nm);
    EXPECT_EQ(row.at("skyrmion_count"), 1);
    EXPECT_NEAR(row.at("Q"), -1, 1e-12);
    if (k == 0) {
      EXPECT_TRUE(std::isnan(row.at("skyrmion_vx")));
      continue;
    }
    EXPECT_NEAR(row.at("skyrmion_vx"), 60, 0.2);
    EXPECT_NEAR(row.at("skyrmion_vy"), -20, 0.2);
    EXPECT_NEAR(row.at("skyrmion_v_angle"), std::atan2(-20, 60), 3e-3);
  }
}

TEST(TableAnalysis, FollowsTheSameOneOfSeveral) {
  const Grid grid = film_of(120, 60, false);
  TableAnalysis analysis(grid, {Analysis::skyrmion});
  Skyrmion large = skyrmion(-30, 0);
  large.radius = 10 * nm;
  for (int k = 0; k < 5; ++k) {
    large.position.x = (-30 + 3 * k) * nm;
    large.radius = (10 - k) * nm;  // from the second row on it is the smaller one
    const auto row = by_name(analysis.row(k, placed(grid, {skyrmion(30, 0), large})));
    EXPECT_NEAR(row.at("skyrmion_x"), large.position.x, 0.2 * nm);
  }
}

TEST(TableAnalysis, GoesOnAfterAResume) {
  const Grid grid = film_of(60, 60, true);
  const auto m = [&](int k) { return placed(grid, {skyrmion(8.0 * k, 1.0 * k)}); };
  TableAnalysis whole(grid, {Analysis::skyrmion});
  std::vector<std::map<std::string, double>> rows;
  for (int k = 0; k < 6; ++k) {
    rows.push_back(by_name(whole.row(k * 1e-10, m(k))));
    rows.back()["t"] = k * 1e-10;
  }
  TableAnalysis resumed(grid, {Analysis::skyrmion});
  resumed.resume([&](const std::string& name) { return rows[3].at(name); });
  for (int k = 4; k < 6; ++k)
    for (const auto& [name, value] : by_name(resumed.row(k * 1e-10, m(k))))
      EXPECT_EQ(value, rows[static_cast<std::size_t>(k)].at(name)) << name;
}

TEST(TableAnalysis, CountsThoseThatComeAndGo) {
  const Grid grid = film_of(120, 60, false);
  const std::vector<int> counts{1, 3, 3, 2, 0, 1}, created{0, 2, 2, 2, 2, 3},
      gone{0, 0, 0, 1, 3, 3};
  const auto m = [&](std::size_t k) {
    std::vector<Skyrmion> all;
    for (int i = 0; i < counts[k]; ++i) all.push_back(skyrmion(-40 + 40 * i, 0));
    return all.empty() ? make_initial_state(grid, 1, uniform_state({0, 0, 1})) : placed(grid, all);
  };
  TableAnalysis analysis(grid, {Analysis::skyrmions});
  std::vector<std::map<std::string, double>> rows;
  for (std::size_t k = 0; k < counts.size(); ++k) {
    rows.push_back(by_name(analysis.row(static_cast<double>(k), m(k))));
    EXPECT_EQ(rows[k].at("skyrmion_count"), counts[k]) << k;
    EXPECT_EQ(rows[k].at("skyrmion_created"), created[k]) << k;
    EXPECT_EQ(rows[k].at("skyrmion_annihilated"), gone[k]) << k;
  }
  TableAnalysis resumed(grid, {Analysis::skyrmions});
  resumed.resume([&](const std::string& name) { return rows[3].at(name); });
  for (std::size_t k = 4; k < counts.size(); ++k)
    EXPECT_EQ(by_name(resumed.row(static_cast<double>(k), m(k))), rows[k]) << k;
}

TEST(TableAnalysis, SaysNothingAboutNothing) {
  const Grid grid = film_of(20, 20, false);
  const auto m = make_initial_state(grid, 1, uniform_state({0, 0, 1}));
  TableAnalysis analysis(grid, {Analysis::skyrmion, Analysis::skyrmions});
  const auto row = by_name(analysis.row(0, m));
  EXPECT_TRUE(std::isnan(row.at("skyrmion_x")));
  EXPECT_TRUE(std::isnan(row.at("skyrmion_radius")));
  EXPECT_EQ(row.at("skyrmion_count"), 0);
}

TEST(TableAnalysis, HasTheSameBitsForAnyThreads) {
  const Grid grid = film_of(97, 83, true);
  const auto m = placed(grid, {skyrmion(10.1, 3.2), skyrmion(-25, 20)});
  std::vector<std::vector<Observable>> rows;
  for (const int threads : {1, 2, 5}) {
    omp_set_num_threads(threads);
    TableAnalysis analysis(grid, {Analysis::charge, Analysis::skyrmion, Analysis::max_angle});
    rows.push_back(analysis.row(0, m));
  }
  for (std::size_t k = 0; k < rows[0].size(); ++k)
    for (const auto& row : rows)
      EXPECT_EQ(std::bit_cast<std::uint64_t>(row[k].value),
                std::bit_cast<std::uint64_t>(rows[0][k].value))
          << row[k].name;
}
