#include "cli/stability.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>

using namespace kubomag;
using namespace kubomag::cli;

// The imaginary axis: 2 sqrt(2) for every four-stage scheme of order four, sqrt(3) for every
// three-stage scheme of order three (Hairer and Wanner, Solving ODEs II, IV.2).
TEST(Stability, ImaginaryAxis) {
  EXPECT_NEAR(stability_limit(Scheme::rk4, 0), 2 * std::sqrt(2), 1.5e-3);
  EXPECT_NEAR(stability_limit(Scheme::bogacki_shampine, 0), std::sqrt(3), 1.5e-3);
}

// For strong damping z = w dt (i - alpha) runs along the negative axis, which ends at 2.7853 for
// order four and 2.5127 for order three (ibid.); here |z| = w dt sqrt(1 + alpha^2).
TEST(Stability, NegativeAxis) {
  const double alpha = 50;
  EXPECT_NEAR(alpha * stability_limit(Scheme::rk4, alpha), 2.7853, 0.06);
  EXPECT_NEAR(alpha * stability_limit(Scheme::bogacki_shampine, alpha), 2.5127, 0.06);
  EXPECT_NEAR(alpha * stability_limit(Scheme::heun, alpha), 2, 0.06);
}

// The right-hand side of dm/dt = w (i - alpha) m over one step with the Butcher tableau itself.
TEST(Stability, DormandPrinceAgainstItsTableau) {
  const double a[7][6] = {{},
                          {1.0 / 5},
                          {3.0 / 40, 9.0 / 40},
                          {44.0 / 45, -56.0 / 15, 32.0 / 9},
                          {19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729},
                          {9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656},
                          {35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84}};
  const auto growth = [&](double w_dt, double alpha) {
    const std::complex<double> z = w_dt * std::complex<double>(-alpha, 1);
    std::complex<double> k[7], y;
    for (int stage = 0; stage < 7; ++stage) {
      y = 1;
      for (int j = 0; j < stage; ++j) y += a[stage][j] * k[j];
      k[stage] = z * y;
    }
    return std::abs(y);
  };
  for (const double alpha : {0.01, 0.1, 0.5}) {
    const double limit = stability_limit(Scheme::dormand_prince, alpha);
    EXPECT_LE(growth(limit - 2e-3, alpha), 1);
    EXPECT_GT(growth(limit + 2e-3, alpha), 1);
  }
}

// A = 13 pJ/m, Ms = 800 kA/m, 4 nm cells: 1.7595e11 * 2 * 13e-12/8e5 * 8/16e-18 by hand.
TEST(Stability, FastestExchangeMode) {
  Problem problem;
  problem.grid = {8, 8, 4e-9, 4e-9, 1e-9};
  problem.material.set("Msat", ScalarMap(8e5));
  problem.material.set("Aex", ScalarMap(13e-12));
  EXPECT_NEAR(fastest_exchange_mode(problem), 2.8592e12, 1e8);
  problem.grid.ny = 1;
  EXPECT_NEAR(fastest_exchange_mode(problem), 1.4296e12, 1e8);
}
