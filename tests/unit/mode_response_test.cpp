// Responses of a mode against quadrature of exp(-lambda (t - t')) s(t') and, where that is too
// coarse, against the closed forms in 50 digits.
#include "kernels/mode_response.hpp"

#include <gtest/gtest.h>

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <cmath>

#include "support/json.hpp"
#include "support/reference_entry.hpp"

using namespace kubomag;
using Wide = boost::multiprecision::cpp_bin_float_50;

namespace {

double relative(double value, const Wide& expected) {
  return static_cast<double>(abs((value - expected) / expected));
}

SignalPiece sine(double omega, double phase, double start) {
  SignalPiece piece;
  piece.amplitude = 1.7, piece.omega = omega, piece.phase = phase, piece.start = start;
  return piece;
}

SignalPiece pulse(double centre, double width) {
  SignalPiece piece;
  piece.kind = SignalPiece::Kind::pulse;
  piece.amplitude = 0.6, piece.centre = centre, piece.width = width;
  return piece;
}

/// int_from^t exp(-lambda (t - t')) s(t') dt' in pieces short against every time scale.
double by_quadrature(const SignalPiece& piece, double lambda, double from, double t) {
  const int pieces = 400;
  double sum = 0;
  for (int i = 0; i < pieces; ++i) {
    const double a = from + (t - from) * i / pieces, b = from + (t - from) * (i + 1) / pieces;
    sum += boost::math::quadrature::gauss_kronrod<double, 15>::integrate(
        [&](double u) { return std::exp(-lambda * (t - u)) * signal_at(piece, u, u).value; }, a, b,
        0);
  }
  return sum;
}

}  // namespace

/// f_k(z) = k! phi_{k+1}(z) = sum_m z^m k!/(k + m + 1)!, in 50 digits; for |z| > 40 by partial
/// integration from f_0 on.
Wide moment(int k, double z) {
  if (z > -40) {
    Wide term = Wide(1) / (k + 1), sum = term;
    for (int m = 1; m < 300; ++m) term *= Wide(z) / (k + 1 + m), sum += term;
    return sum;
  }
  Wide f = (exp(Wide(z)) - 1) / z;
  for (int j = 1; j <= k; ++j) f = (j * f - 1) / z;
  return f;
}

template <int n>
void expect_moments(double z) {
  const DecayMoments<n> f = decay_moments<n>(z);
  if (z > -700) {
    EXPECT_LT(relative(f.exp, exp(Wide(z))), 1e-15) << z;
  }
  for (int k = 0; k < n; ++k)
    EXPECT_LT(relative(f.moment[k], moment(k, z)), 4e-15) << n << ' ' << k << ' ' << z;
}

TEST(DecayMoments, AreAccurateForEveryArgument) {
  for (double z = -1e-12; z > -900; z *= 1.19) expect_moments<2>(z), expect_moments<9>(z);
  for (double z : {0.0, -1e-300}) {
    EXPECT_EQ(decay_moments<2>(z).exp, 1);
    EXPECT_EQ(decay_moments<2>(z).moment[0], 1);
    EXPECT_EQ(decay_moments<2>(z).moment[1], 0.5);
    EXPECT_NEAR(decay_moments<9>(z).moment[8], 1.0 / 9, 1e-17);
  }
  EXPECT_EQ(decay(-1e5), 0);
}

TEST(LinearResponse, MatchesTheReferenceSteps) {
  const nlohmann::json data = test::data_file("diffusive_field.json");
  ASSERT_EQ(data["etd"].size(), 5u);
  test::ReferenceEntry entry("reference-ti.json", "etd");
  for (const auto& step : data["etd"]) {
    const double rate = step["rate"], h = step["h"], S0 = step["S0"], S1 = step["S1"];
    const double y0 = step["y0"], y1 = step["y1"];
    const Complex S[2] = {{S0, -S0}, {S1 - S0, S0 - S1}};
    const auto r = polynomial_response<2>(Complex{y0, -y0}, S, 1.0, rate, h);
    // the reference has 1e-15 of the largest term, which the first step's y0 is
    entry.within(std::abs(r.y.re - y1) / std::max(std::abs(y0), std::abs(y1)), 1e-14);
    EXPECT_EQ(r.y.im, -r.y.re);
    EXPECT_NEAR(r.y_rate.re, S1 - rate * y1, 1e-13 * (std::abs(S1) + rate * std::abs(y0)));
  }
}

TEST(PolynomialResponse, IsItsQuadrature) {
  const double h = 8e-12, y_0 = 3e-13, S[9] = {1, -0.7, 2, 0.3, -1.1, 0.6, 0.9, -0.4, 0.2};
  const auto source = [&](double t) {
    double sum = 0;
    for (int k = 8; k >= 0; --k) sum = sum * t / h + S[k];
    return sum;
  };
  for (double lambda : {0.0, 1e10, 2e11, 8e11, 2e13})
    for (double tau : {1e-14, 3e-12, 8e-12}) {
      double expected = std::exp(-lambda * tau) * y_0;
      const int pieces = 200;
      for (int i = 0; i < pieces; ++i)
        expected += boost::math::quadrature::gauss_kronrod<double, 15>::integrate(
            [&](double t) { return std::exp(-lambda * (tau - t)) * source(t); }, tau * i / pieces,
            tau * (i + 1) / pieces, 0);
      const auto r = polynomial_response<9>(y_0, S, tau / h, lambda, tau);
      EXPECT_NEAR(r.y, expected, 1e-13 * std::abs(expected)) << lambda << ' ' << tau;
      EXPECT_NEAR(r.y_rate, source(tau) - lambda * expected, 1e-13 * (10 + lambda * y_0));
    }
}

TEST(ModeResponse, OfASwitchedSineIsItsQuadrature) {
  for (double lambda : {0.0, 1e8, 3e11, 5e12})
    for (double omega : {0.0, 6e10, 4e11})
      for (double tau : {1e-15, 2e-13, 4e-12, 3e-11}) {
        const SignalPiece piece = sine(omega, 0.4, 2e-12);
        const double t = piece.start + tau;
        const ModeResponse r = mode_response(signal_at(piece, t, t), lambda);
        const double expected = by_quadrature(piece, lambda, piece.start, t);
        const double scale = piece.amplitude * std::min({tau, 1 / (lambda + 1e-30)});
        EXPECT_NEAR(r.y, expected, 2e-13 * scale) << lambda << " " << omega << " " << tau;
        EXPECT_NEAR(r.y_rate, signal_at(piece, t, t).value - lambda * expected, 1e-12 * 1.7);
      }
}

TEST(ModeResponse, OfASineForEverIsTheSteadyState) {
  const double lambda = 3e11, omega = 6e10, t = 7e-12, phase = -0.3;
  const SignalPiece piece = sine(omega, phase, -HUGE_VAL);
  const ModeResponse r = mode_response(signal_at(piece, t, t), lambda);
  const double a = omega * t + phase, d = lambda * lambda + omega * omega;
  EXPECT_NEAR(r.y, 1.7 * (lambda * std::cos(a) + omega * std::sin(a)) / d, 1e-14 / lambda);
  EXPECT_NEAR(r.y_rate, 1.7 * omega * (omega * std::cos(a) - lambda * std::sin(a)) / d, 1e-14);
}

TEST(ModeResponse, OfAConstantForEverIsStatic) {
  const SignalAt s = signal_at(sine(0, 0, -HUGE_VAL), 1e-9, 1e-9);
  EXPECT_DOUBLE_EQ(mode_response(s, 4e11).y, 1.7 / 4e11);
  EXPECT_EQ(mode_response(s, 4e11).y_rate, 0);
  EXPECT_EQ(mode_response(s, 0).y, 0);
}

// The rate of a fast mode is 1e-9 of the signal; s - lambda y would keep seven digits of it.
TEST(ModeResponse, RateOfAFastModeDoesNotCancel) {
  const double lambda = 5e15, omega = 1e7, t = 3e-8;
  const ModeResponse r = mode_response(signal_at(sine(omega, 0, 0), t, t), lambda);
  const Wide a = Wide(omega) * t, d = Wide(lambda) * lambda + Wide(omega) * omega;
  const Wide expected = Wide(1.7) * omega * (omega * cos(a) - lambda * sin(a)) / d;
  EXPECT_LT(relative(r.y_rate, expected), 1e-14);
}

TEST(ModeResponse, OfAPulseIsItsQuadrature) {
  const SignalPiece piece = pulse(10e-12, 2e-12);
  for (double lambda : {0.0, 1e10, 3e11, 4e12})
    for (double t : {2e-12, 9e-12, 12e-12, 40e-12}) {
      const ModeResponse r = mode_response(signal_at(piece, t, t), lambda);
      const double expected = by_quadrature(piece, lambda, -12e-12, t);
      EXPECT_NEAR(r.y, expected, 1e-12 * std::abs(expected)) << lambda << " " << t;
    }
}

// Across the three branches (x = -5 and x = 20): value and rate in 50 digits.
TEST(ModeResponse, OfAPulseIsAccurateInAllBranches) {
  const double w = 1e-11;
  const SignalPiece piece = pulse(0, w);
  for (double lambda : {0.0, 1e10, 1e11, 2.9e12, 1e13, 1e15, 1e17})
    for (double t : {-5e-11, -1e-11, 0.0, 3e-12, 5e-11, 8e-11, 2e-10}) {
      const ModeResponse r = mode_response(signal_at(piece, t, t), lambda);
      const Wide L(lambda), W(w), T(t), x = (L * W * W - T) / (sqrt(Wide(2)) * W);
      if (x > 5000) continue;  // erfc underflows even here
      const Wide s = Wide(0.6) * exp(-T * T / (2 * W * W));
      const Wide y =
          s * W * sqrt(boost::math::constants::half_pi<Wide>()) * exp(x * x) * boost::math::erfc(x);
      EXPECT_LT(relative(r.y, y), 2e-13) << lambda << " " << t;
      const Wide rate = s - L * y;
      EXPECT_NEAR(r.y_rate, static_cast<double>(rate),
                  static_cast<double>(1e-12 * abs(rate) + 4e-14 * L * y / (1 + x * x / 800)))
          << lambda << " " << t;
    }
}

TEST(SignalAt, TakesASwitchFromInsideTheStep) {
  const SignalPiece piece = sine(0, 0, 1e-9);
  EXPECT_EQ(signal_at(piece, 1e-9, 0.9e-9).value, 0);
  EXPECT_EQ(signal_at(piece, 1e-9, 1e-9).value, 1.7);
  EXPECT_EQ(signal_at(piece, 1e-9, 1.1e-9).value, 1.7);
  EXPECT_EQ(mode_response(signal_at(piece, 1e-9, 0.9e-9), 1e11).y, 0);
}
