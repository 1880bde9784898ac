#include "setup/ewald.hpp"

#include <algorithm>
#include <cmath>

#include "kubomag/constants.hpp"

namespace kubomag {
namespace {

using constants::pi;

constexpr double cutoff = 6.1;       // exp(-cutoff^2) = 7e-17
constexpr double widest_cell = 0.4;  // alpha times the longest edge
constexpr int mode_nodes = 12;       // enough for q dz <= 2 cutoff widest_cell

// Nodes for the average over an edge of a function that varies on the length 1/alpha.
int smooth_nodes(double alpha_edge) {
  int count = 1;
  double error = 1;
  while (error > 1e-14) {
    ++count;
    error = std::pow(alpha_edge / 2, 2 * count) / std::tgamma(count + 1);
  }
  return count;
}

// F_m(x) = int_0^1 t^2m exp(-x t^2) dt for m = 1, 2 (Boys functions).
struct Boys {
  double F1, F2;
};

Boys boys(double x) {
  const double decay = std::exp(-x);
  if (x > 2) {
    const double F0 = 0.5 * std::sqrt(pi / x) * std::erf(std::sqrt(x));
    const double F1 = (F0 - decay) / (2 * x);
    return {F1, (3 * F1 - decay) / (2 * x)};
  }
  double term = 1.0 / 5, sum = term;  // the upward recursion would cancel: series for F_2
  for (int n = 7; term > 1e-17 * sum; n += 2) sum += term *= 2 * x / n;
  const double F2 = decay * sum;
  return {(2 * x * F2 + decay) / 3, F2};
}

// g(x) = (1 - exp(-x)) / x and -dg/dx.
struct Charge {
  double g, slope;
};

Charge line_charge(double x) {
  if (x > 0.5) {
    const double g = -std::expm1(-x) / x;
    return {g, (g - std::exp(-x)) / x};
  }
  double term = 1, g = 1, slope = 0;
  for (int n = 1; n < 20; ++n) {
    slope += term / (n + 1);
    term *= -x / n;
    g += term / (n + 1);
  }
  return {g, slope};
}

double sinc_squared(double x) { return x == 0 ? 1 : std::pow(std::sin(x) / x, 2); }

}  // namespace

EwaldSplit::EwaldSplit(double dx, double dy, double dz, double alpha)
    : dx_(dx),
      dy_(dy),
      dz_(dz),
      alpha_(alpha),
      rule_x_(triangle_rule(smooth_nodes(alpha * dx))),
      rule_y_(triangle_rule(smooth_nodes(alpha * dy))),
      rule_z_(triangle_rule(smooth_nodes(alpha * dz))),
      rule_mode_(triangle_rule(mode_nodes)) {}

double EwaldSplit::largest_alpha(double dx, double dy, double dz) {
  return widest_cell / std::max({dx, dy, dz});
}

double EwaldSplit::alpha_for_period(double period) { return pi / (cutoff * period); }

double EwaldSplit::reach() const { return cutoff / alpha_; }

// -d^2/da db erf(alpha R)/R = delta_ab B - a b C, B = 4 alpha^3 F_1/sqrt(pi), C = 8 alpha^5
// F_2/sqrt(pi).
PairTensor EwaldSplit::smooth(double x0, double y0) const {
  PairTensor sum;
  for (size_t c = 0; c < rule_z_.nodes.size(); ++c) {
    const double z = dz_ * rule_z_.nodes[c];
    if (z < 0) continue;  // even in z: the positive nodes count twice
    const double weight_z = rule_z_.weights[c] * (z > 0 ? 2 : 1);
    for (size_t b = 0; b < rule_y_.nodes.size(); ++b)
      for (size_t a = 0; a < rule_x_.nodes.size(); ++a) {
        const double x = x0 + dx_ * rule_x_.nodes[a], y = y0 + dy_ * rule_y_.nodes[b];
        const Boys F = boys(alpha_ * alpha_ * (x * x + y * y + z * z));
        const double weight = weight_z * rule_x_.weights[a] * rule_y_.weights[b];
        const double B = weight * F.F1, C = 2 * alpha_ * alpha_ * weight * F.F2;
        sum.xx += B - x * x * C, sum.yy += B - y * y * C, sum.zz += B - z * z * C;
        sum.xy -= x * y * C;
      }
  }
  const double scale = dx_ * dy_ * dz_ * alpha_ * alpha_ * alpha_ / (pi * std::sqrt(pi));
  return scale * sum;
}

// A Gaussian line charge has the radial field (1 - exp(-alpha^2 s)) / (2 pi s) (y, z), s = y^2 +
// z^2.
PairTensor EwaldSplit::smooth_row(double y0, double period) const {
  const double alpha2 = alpha_ * alpha_;
  PairTensor sum;
  for (size_t c = 0; c < rule_z_.nodes.size(); ++c)
    for (size_t b = 0; b < rule_y_.nodes.size(); ++b) {
      const double z = dz_ * rule_z_.nodes[c], y = y0 + dy_ * rule_y_.nodes[b];
      const Charge charge = line_charge(alpha2 * (y * y + z * z));
      const double weight = rule_y_.weights[b] * rule_z_.weights[c];
      sum.yy += weight * (charge.g - 2 * alpha2 * y * y * charge.slope);
      sum.zz += weight * (charge.g - 2 * alpha2 * z * z * charge.slope);
    }
  const double scale = dx_ * dy_ * dz_ * alpha2 / (2 * pi * period);
  return {0, scale * sum.yy, scale * sum.zz, 0};
}

PairTensor EwaldSplit::smooth_mode(double kx, double ky) const {
  const double q_max = 2 * cutoff * alpha_, Gx = 2 * pi / dx_, Gy = 2 * pi / dy_;
  const int shells_x = static_cast<int>(std::lround(q_max / Gx)),
            shells_y = static_cast<int>(std::lround(q_max / Gy));
  PairTensor sum;
  for (int b = -shells_y; b <= shells_y; ++b)
    for (int a = -shells_x; a <= shells_x; ++a) {
      const double qx = kx + a * Gx, qy = ky + b * Gy;
      if (std::hypot(qx, qy) > q_max) continue;
      sum += mode_term(qx, qy);
    }
  return sum;
}

// The potential of a Gaussian charge at height z is
//   phi = [e^(q z) erfc(q/(2 alpha) + alpha z) + e^(-q z) erfc(q/(2 alpha) - alpha z)] / (4 q),
// xx, yy and xy are q_a q_b phi, and the trace is the charge density.
PairTensor EwaldSplit::mode_term(double qx, double qy) const {
  const double q = std::hypot(qx, qy), u = q / (2 * alpha_);
  double potential = 0, density = 0;
  for (size_t c = 0; c < rule_mode_.nodes.size(); ++c) {
    const double z = dz_ * rule_mode_.nodes[c], v = alpha_ * z, weight = rule_mode_.weights[c];
    density += weight * std::exp(-v * v - u * u) * alpha_ / std::sqrt(pi);
    if (q > 0) potential += weight * std::exp(q * z) * std::erfc(u + v) / (2 * q);  // z and -z
  }
  const double scale = dz_ * sinc_squared(qx * dx_ / 2) * sinc_squared(qy * dy_ / 2);
  return {scale * qx * qx * potential, scale * qy * qy * potential,
          scale * (density - q * q * potential), scale * qx * qy * potential};
}

}  // namespace kubomag
