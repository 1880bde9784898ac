// Polynomials through samples against the polynomials that were sampled.
#include "solver/time_polynomial.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

using namespace kubomag;

namespace {

/// The polynomial through nine values at u.
template <class F>
double interpolated(double begin, double length, double u, const F& value) {
  std::array<double, 9> d;
  for (int j = 0; j < 9; ++j) d[j] = value(j);
  take_differences(d);
  const auto coefficients = newton_coefficients<9>(begin, length);
  double sum = 0;
  for (int k = 0; k < 9; ++k)
    for (int n = 0; n < 9; ++n) sum += std::pow(u, k) * coefficients[k][n] * d[n];
  return sum;
}

}  // namespace

TEST(TimePolynomial, ThroughSamplesOfAPolynomialIsThatPolynomial) {
  for (int power = 0; power <= 8; ++power) {
    const auto value = [power](double position) { return std::pow(position / 8, power); };
    for (double u : {0.0, 0.3, 1.0}) {
      EXPECT_NEAR(interpolated(0, 8, u, value), value(8 * u), 1e-13) << power << ' ' << u;
      EXPECT_NEAR(interpolated(2.5, 3, u, value), value(2.5 + 3 * u), 1e-13) << power << ' ' << u;
    }
  }
}

TEST(TimePolynomial, GoesThroughTheSamples) {
  const auto value = [](double position) { return std::sin(0.4 * position * position); };
  for (int j = 0; j < 9; ++j) EXPECT_NEAR(interpolated(0, 8, j / 8.0, value), value(j), 1e-10);
}

TEST(TimePolynomial, ConstantsStayExact) {
  std::array<double, 9> d;
  d.fill(0.1);
  take_differences(d);
  EXPECT_THAT(d, testing::ElementsAre(0.1, 0, 0, 0, 0, 0, 0, 0, 0));
}

TEST(TimePolynomial, DifferencesAreThoseOfTheBinomials) {
  std::array<double, 4> d{7, 3, 4, -2};
  take_differences(d);
  EXPECT_THAT(d, testing::ElementsAre(7, 3 - 7, 4 - 2 * 3 + 7, -2 - 3 * 4 + 3 * 3 - 7));
}
