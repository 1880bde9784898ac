// Drives that are known at knots of time only, sampled fields and tables, against closed solutions
// and against each other.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "support/film_drive.hpp"

using namespace kubomag;
using namespace kubomag::testing;
using constants::pi;

namespace {

/// A travelling wave given by a formula.
SampledDrive sampled_wave(const Grid& grid, double q, double omega, double E0, double interval) {
  const double x0 = grid.x(0);
  return {"wave",
          [=](double x, double, double time) {
            return Vec2<double>{E0 * std::cos(omega * time - q * (x - x0)), 0};
          },
          interval};
}

}  // namespace

// A wave that is sampled often enough is a polynomial of the eighth degree over eight intervals of
// time h: wrong by (omega h)^9/9! times the product of the distances from the nodes, 4931 at most.
TEST(SampledWaves, SampledFieldConvergesWithTheNinthPowerOfTheInterval) {
  const double q = 2 * pi / 1e-6, omega = 6e10, E0 = 1e5;
  const Grid grid = periodic_film(16, 1, 1e-6, 1e-7);
  Diffusion diffusion;
  diffusion.D = 0.008;
  Drive exact;
  exact.separable = {wave(grid, q, 0, E0, 0, cosine, sine_signal(omega, 0, 0)),
                     wave(grid, q, 0, E0, 0, sine, sine_signal(omega, -pi / 2, 0))};
  double errors[2];
  for (int i = 0; i < 2; ++i) {
    const double interval = 8e-12 / (1 << i), t = 7.4 * interval;
    const FilmFields expected = evaluate(grid, diffusion, exact, t);
    Drive sampled;
    sampled.sampled = {sampled_wave(grid, q, omega, E0, interval)};
    const FilmFields f = evaluate(grid, diffusion, sampled, t);
    errors[i] = 0;
    for (int ix = 0; ix < grid.nx; ++ix)
      errors[i] = std::max(errors[i], std::abs(f.psi[ix] - expected.psi[ix]));
    EXPECT_LT(errors[i], 4931.0 / 362880 * std::pow(omega * interval, 9) * E0 / q);
  }
  EXPECT_GT(errors[0] / errors[1], 200) << errors[0] * q / E0;
}

// Sampled too rarely for that, it is linear in between: off by (omega interval)^2/8 at most.
TEST(SampledWaves, RarelySampledFieldIsLinearInBetween) {
  const double q = 2 * pi / 1e-6, omega = 6e10, E0 = 1e5, interval = 14e-12;
  const Grid grid = periodic_film(16, 1, 1e-6, 1e-7);
  Diffusion diffusion;
  diffusion.D = 0.008;
  Drive sampled, tabulated;
  sampled.sampled = {sampled_wave(grid, q, omega, E0, interval)};
  Signal in_phase = table_signal({}, {}), out_of_phase = table_signal({}, {});
  for (int n = 0; n <= 8; ++n) {
    for (Signal* signal : {&in_phase, &out_of_phase})
      signal->terms[0].times.push_back(n * interval);
    in_phase.terms[0].values.push_back(std::cos(omega * n * interval));
    out_of_phase.terms[0].values.push_back(std::sin(omega * n * interval));
  }
  // before t = 0 a sampled field is not there
  for (Signal* signal : {&in_phase, &out_of_phase}) {
    signal->terms[0].times.insert(signal->terms[0].times.begin(), -1e-30);
    signal->terms[0].values.insert(signal->terms[0].values.begin(), 0.0);
  }
  tabulated.separable = {wave(grid, q, 0, E0, 0, cosine, in_phase),
                         wave(grid, q, 0, E0, 0, sine, out_of_phase)};
  for (double t : {3e-12, 30e-12, 100e-12}) {
    const FilmFields a = evaluate(grid, diffusion, sampled, t);
    const FilmFields b = evaluate(grid, diffusion, tabulated, t);
    for (int ix = 0; ix < grid.nx; ++ix) EXPECT_NEAR(a.psi[ix], b.psi[ix], 1e-11 * E0 / q) << t;
  }
}

// A polynomial through a jump would ring before and after it.
TEST(SampledWaves, NothingIsSeenOfASampledJumpBeforeIt) {
  const Grid grid = periodic_film(16, 1, 1e-6, 1e-7);
  Diffusion diffusion;
  diffusion.D = 0.008;
  Drive drive;
  drive.sampled = {{"jump",
                    [](double x, double, double t) {
                      return Vec2<double>{t > 4.5e-12 ? 1e5 * std::sin(2 * pi * x / 1e-6) : 0, 0};
                    },
                    1e-12}};
  for (double t : {0.5e-12, 2.5e-12, 4e-12})
    for (double psi : evaluate(grid, diffusion, drive, t).psi) EXPECT_EQ(psi, 0);
  // from 5 ps on it has its full size: what is left of the way there is a transient
  const double q = 2 * pi / 1e-6, t = 4.5e-12 + 12 / (0.008 * q * q);
  const FilmFields f = evaluate(grid, diffusion, drive, t);
  EXPECT_NEAR(f.psi[4], 1e5 / q * std::cos(q * grid.x(4)), 1e-4 * 1e5 / q);
}

// Knots of tables cut spans of samples, which changes nothing but the origin of the polynomial.
TEST(SampledWaves, SpansAreCutByKnotsOfTables) {
  const double q = 2 * pi / 1e-6;
  const Grid grid = periodic_film(8, 6, 1e-6, 1e-6);
  Diffusion diffusion;
  diffusion.D = 0.008;
  Drive whole, cut;
  whole.sampled = {sampled_wave(grid, q, 4e11, 1e5, 0.7e-12)};
  cut = whole;
  cut.separable = {
      wave(grid, q, 0, 1e5, 0, sine, table_signal({1e-12, 2.9e-12, 8e-12}, {0, 0, 0}))};
  for (double t : {0.8e-12, 2e-12, 4e-12, 20e-12}) {
    const FilmFields a = evaluate(grid, diffusion, whole, t), b = evaluate(grid, diffusion, cut, t);
    for (std::size_t i = 0; i < grid.cells(); ++i) {
      EXPECT_NEAR(a.psi[i], b.psi[i], 1e-12 * 1e5 / q);
      EXPECT_NEAR(a.Ex[i], b.Ex[i], 1e-12 * 1e5);
    }
  }
}

TEST(SampledWaves, KnottedDriveDoesNotDependOnTheWay) {
  const Grid grid = periodic_film(8, 6, 1e-6, 1e-6);
  Diffusion diffusion;
  diffusion.D = 0.008;
  Drive drive;
  drive.separable = {wave(grid, 2 * pi / 1e-6, 0, 1e5, 0, sine,
                          table_signal({-1e-12, 0.4e-12, 2.1e-12}, {1, 0, 3}))};
  drive.sampled = {
      {"sampled",
       [](double x, double y, double t) {
         return Vec2<double>{1e5 * std::sin(7e6 * x + 3e11 * t), 2e4 * std::cos(6e6 * y)};
       },
       0.7e-12}};
  DriveEvaluator there(make_drive_plan(grid, diffusion, drive, 1), 1);
  DriveEvaluator and_back(make_drive_plan(grid, diffusion, drive, 1), 3);
  for (double t : {0.3e-12, 1.0e-12, 5e-12}) evaluate(there, t);
  evaluate(and_back, 9e-12);
  const FilmFields a = evaluate(there, 3e-12), b = evaluate(and_back, 3e-12);
  EXPECT_EQ(a.psi, b.psi);
  EXPECT_EQ(a.Ex, b.Ex);
  EXPECT_EQ(a.Ey, b.Ey);
}
