#include "setup/gate_profile.hpp"

#include <algorithm>
#include <cmath>
#include <complex>

#include "kubomag/constants.hpp"

namespace kubomag {
namespace {

using constants::pi;

/// sum_{n>0} r^n sin(n a)/n, 0 <= r <= 1.
double sine_sum(double r, double a) {
  const double y = r * std::sin(a), x = 1 - r * std::cos(a);
  return y == 0 && x == 0 ? 0 : std::atan2(y, x);
}

/// sum_{n>0} r^n cos(n a), 0 <= r < 1.
double cosine_sum(double r, double a) {
  const double c = r * std::cos(a);
  return (c - r * r) / (1 - 2 * c + r * r);
}

GateProfile rectangular(double V, double duty, double k, double r) {
  const double half = pi * duty;  // half a finger as an angle
  return {[=](double s) {
            return V * duty + V / pi * (sine_sum(r, k * s + half) - sine_sum(r, k * s - half));
          },
          [=](double s) {
            return -V * k / pi * (cosine_sum(r, k * s + half) - cosine_sum(r, k * s - half));
          }};
}

/// V_n = 2 V [cos(n pi duty) - (-1)^n] / (pi^2 n^2 (1 - duty)).
double linear_potential(double V, double duty, double k, double r, double s) {
  const double decay = -std::log(r);
  const int harmonics = static_cast<int>(std::min(decay > 0 ? 37 / decay + 1 : 1e6, 1e6));
  const std::complex<double> step = std::polar(r, k * s), edge = std::polar(1.0, pi * duty);
  std::complex<double> wave = 1, corner = 1;
  double sum = 0, sign = 1;
  for (int n = 1; n <= harmonics; ++n) {
    wave *= step, corner *= edge, sign = -sign;
    sum += (corner.real() - sign) / (static_cast<double>(n) * n) * wave.real();
  }
  return V * (1 + duty) / 2 + 2 * V / (pi * pi * (1 - duty)) * sum;
}

GateProfile linear(double V, double duty, double k, double r) {
  const double half = pi * duty, slope = 2 * V * k / (pi * pi * (1 - duty));
  return {[=](double s) { return linear_potential(V, duty, k, r, s); },
          [=](double s) {
            return slope * (0.5 * sine_sum(r, k * s + half) + 0.5 * sine_sum(r, k * s - half) -
                            sine_sum(r, k * s + pi));
          }};
}

GateProfile sine(double V, double k, double r) {
  return {[=](double s) { return V * r * std::cos(k * s); },
          [=](double s) { return V * r * k * std::sin(k * s); }};
}

}  // namespace

GateProfile grating_profile(const GateSpec& spec) {
  const double k = 2 * pi / spec.period;
  const double r = std::exp(-k * spec.height);
  if (spec.profile == GateSpec::Profile::rectangular)
    return rectangular(spec.voltage, spec.duty, k, r);
  if (spec.profile == GateSpec::Profile::linear) return linear(spec.voltage, spec.duty, k, r);
  return sine(spec.voltage, k, r);
}

GateProfile strip_profile(const GateSpec& spec) {
  const double V = spec.voltage, half = spec.width / 2, d = spec.height;
  return {
      [=](double s) { return V / pi * (std::atan((s + half) / d) - std::atan((s - half) / d)); },
      [=](double s) {
        const double right = s + half, left = s - half;
        return V * d / pi * (1 / (d * d + left * left) - 1 / (d * d + right * right));
      }};
}

}  // namespace kubomag
