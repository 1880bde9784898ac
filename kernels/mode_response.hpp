#pragma once
// Response of one Fourier mode to a signal in time: the solution of
//   dy/dt = -lambda y + s(t),  y = 0 before the signal,
// in closed form for every analytic piece of a signal (docs/drive.md, "Closed solutions", a, b, d:
// the time factors of Sokolewicz 2018, (14), with the switch-on transient). Everything in double,
// SI: t [s], lambda [1/s], s as the signal's amplitude, y in [s] times that.
//
// Discontinuities: a function of (t, t_inside) takes the piece as on or off by t_inside, the
// midpoint of the step being integrated, so that a step which ends or begins exactly at a switch
// sees one branch only. Outside a step pass t_inside = t.
#include <cmath>

#include "complex.hpp"
#include "decay_moments.hpp"
#include "erfcx.hpp"
#include "kubomag/constants.hpp"
#include "kubomag/unroll.hpp"

namespace kubomag {

/// One analytic piece of a signal as plain data.
///   harmonic: amplitude cos(omega t + phase) from `start` on (-infinity: for ever);
///             omega = 0 is a constant or a step
///   pulse:    amplitude exp(-(t - centre)^2 / (2 width^2)), width > 0
struct SignalPiece {
  enum class Kind { harmonic, pulse };
  Kind kind = Kind::harmonic;
  double amplitude = 1;
  double start = -HUGE_VAL;      // [s]
  double omega = 0, phase = 0;   // [rad/s], [rad]
  double centre = 0, width = 0;  // [s]
};

/// A piece at one instant: everything that all modes share, so that each needs one exp only.
struct SignalAt {
  SignalPiece::Kind kind = SignalPiece::Kind::harmonic;
  bool on = false, for_ever = false;
  double value = 0;              // s(t)
  double tau = 0;                // t - start or t - centre [s]
  double omega = 0, width = 0;   // [rad/s], [s]
  Complex phasor, phasor_start;  // amplitude exp(i (omega t + phase)) now and at the start
};

/// y and dy/dt of one mode; the rate is computed by itself because s - lambda y cancels where the
/// mode is fast.
struct ModeResponse {
  double y = 0;       // [s]
  double y_rate = 0;  // [1]
};

KUBOMAG_HD Complex polar(double amplitude, double angle) {
  return {amplitude * std::cos(angle), amplitude * std::sin(angle)};
}

KUBOMAG_HD SignalAt signal_at(const SignalPiece& piece, double t, double t_inside) {
  SignalAt at;
  at.kind = piece.kind;
  if (piece.kind == SignalPiece::Kind::pulse) {
    at.on = true;
    at.tau = t - piece.centre;
    at.width = piece.width;
    at.value = piece.amplitude * std::exp(-at.tau * at.tau / (2 * piece.width * piece.width));
    at.phasor = {piece.amplitude, 0};
    return at;
  }
  at.on = t_inside >= piece.start;
  if (!at.on) return at;
  at.for_ever = piece.start == -HUGE_VAL;
  at.tau = t - piece.start;
  at.omega = piece.omega;
  at.phasor = polar(piece.amplitude, piece.omega * t + piece.phase);
  if (!at.for_ever)
    at.phasor_start = polar(piece.amplitude, piece.omega * piece.start + piece.phase);
  at.value = at.phasor.re;
  return at;
}

/// Steady response c exp(i omega t)/(lambda + i omega) to the phasor c, and its rate: complex
/// amplitudes. lambda = omega = 0 has no steady response: returned as 0, no source drives it.
struct HarmonicResponse {
  Complex y, y_rate;
};

KUBOMAG_HD HarmonicResponse harmonic_response(Complex c, double omega, double lambda) {
  if (lambda == 0 && omega == 0) return {};
  const Complex y = c * inverse(Complex{lambda, omega});
  return {y, Complex{0, omega} * y};
}

/// (e^z - 1)/z for a small complex z, |z| <= 0.05, by its Taylor series.
KUBOMAG_HD Complex phi_1_near_zero(Complex z) {
  Complex sum{0, 0};
  for (int n = 11; n >= 1; --n) sum = (1.0 / n) * (Complex{1, 0} + z * sum);
  return sum;
}

/// A harmonic that was switched on tau ago:
///   y = Re{ c_start (e^{i omega tau} - e^{-lambda tau})/(lambda + i omega) }.
KUBOMAG_HD ModeResponse switched_response(const SignalAt& s, double lambda) {
  const double decay = std::exp(-lambda * s.tau);
  const Complex z{lambda * s.tau, s.omega * s.tau};
  if (norm2(z) < 0.05 * 0.05) {
    const double y = s.tau * decay * (s.phasor_start * phi_1_near_zero(z)).re;
    return {y, s.value - lambda * y};
  }
  const Complex over = inverse(Complex{lambda, s.omega});
  const Complex transient = decay * s.phasor_start;
  return {((s.phasor - transient) * over).re,
          ((Complex{0, s.omega} * s.phasor + lambda * transient) * over).re};
}

/// 1 - sqrt(pi) x erfcx(x) for x > 20 by the asymptotic series; relative truncation below 1e-15.
KUBOMAG_HD double erfcx_remainder(double x) {
  const double u = 1 / (2 * x * x);
  double sum = 1;
  for (int n = 9; n >= 2; --n) sum = 1 - (2 * n - 1) * u * sum;
  return u * sum;
}

/// A Gaussian pulse of standard deviation w: with x = (lambda w^2 - tau)/(sqrt2 w),
///   y = s(t) w sqrt(pi/2) erfcx(x).
KUBOMAG_HD ModeResponse pulse_response(const SignalAt& s, double lambda) {
  const double sqrt_2 = 1.41421356237309504880, sqrt_half_pi = 1.25331413731550025121;
  const double x = (lambda * s.width * s.width - s.tau) / (sqrt_2 * s.width);
  if (x < -5) {  // erfcx would overflow where the pulse itself underflows
    const double exponent = lambda * (0.5 * lambda * s.width * s.width - s.tau);
    const double y = s.phasor.re * s.width * sqrt_half_pi * std::exp(exponent) * std::erfc(x);
    return {y, s.value - lambda * y};
  }
  const double y_over_s = s.width * sqrt_half_pi * ::erfcx(x);
  if (x <= 20) return {s.value * y_over_s, s.value * (1 - lambda * y_over_s)};
  // lambda = (sqrt2 x + tau/w)/w, so that 1 - lambda y/s splits into two parts free of cancellation
  const double rate = erfcx_remainder(x) - s.tau / (s.width * s.width) * y_over_s;
  return {s.value * y_over_s, s.value * rate};
}

/// Response of the mode with rate lambda >= 0 [1/s] to one piece.
KUBOMAG_HD ModeResponse mode_response(const SignalAt& s, double lambda) {
  if (!s.on) return {};
  if (s.kind == SignalPiece::Kind::pulse) return pulse_response(s, lambda);
  if (!s.for_ever) return switched_response(s, lambda);
  const HarmonicResponse steady = harmonic_response(s.phasor, s.omega, lambda);
  return {steady.y.re, steady.y_rate.re};
}

/// y and dy/dt of a mode, real or complex, that is driven by a polynomial in time.
template <class Value>
struct PolynomialResponse {
  Value y, y_rate;
};

/// A time tau after y_0, with the drive S_0 + S_1 u + ... + S_{n-1} u^(n-1), u = tau/h: 5c of
/// docs/drive.md, and its derivative, which obeys the same equation with the derivative of S.
template <int n, class Value>
KUBOMAG_HD PolynomialResponse<Value> polynomial_response(const Value& y_0, const Value (&S)[n],
                                                         double u, double lambda, double tau) {
  const DecayMoments<n> f = decay_moments<n>(-lambda * tau);
  Value y = f.moment[0] * S[0], y_rate = f.exp * (S[0] - lambda * y_0);
  double power = 1;
  KUBOMAG_UNROLL
  for (int k = 1; k < n; ++k) {
    power *= u;
    y_rate = y_rate + (k * power * f.moment[k - 1]) * S[k];
    y = y + (power * f.moment[k]) * S[k];
  }
  return {f.exp * y_0 + tau * y, y_rate};
}

}  // namespace kubomag
