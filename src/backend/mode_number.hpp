#pragma once
#include <cmath>

#include "kubomag/host_device.hpp"

namespace kubomag {

/// A wave vector of the film's grid.
struct ModeNumber {
  double q = 0;   // |q| [1/m]
  double k2 = 0;  // what the five-point Laplacian makes of it, -> q^2 for long waves [1/m^2]
};

/// A wave along one axis with cells of size d [m].
KUBOMAG_HD ModeNumber axis_mode(double q, double d) {
  const double k = 2 / d * std::sin(0.5 * q * d);
  return {q, k * k};
}

KUBOMAG_HD ModeNumber combined(const ModeNumber& x, const ModeNumber& y) {
  return {std::sqrt(x.q * x.q + y.q * y.q), x.k2 + y.k2};
}

}  // namespace kubomag
