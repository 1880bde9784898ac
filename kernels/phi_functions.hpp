#pragma once
// The functions of the exponential integrator for y' = -lambda y + S with S linear over a step h
// (docs/drive.md, "Closed solutions", c):
//   y(h) = exp(-lambda h) y(0) + h [phi_1(-lambda h) S(0) + phi_2(-lambda h) (S(h) - S(0))]
//   phi_1(z) = (e^z - 1)/z,   phi_2(z) = (e^z - 1 - z)/z^2
#include <cmath>

#include "complex.hpp"

namespace kubomag {

/// phi_1(z), z <= 0; phi_1(0) = 1.
KUBOMAG_HD double phi_1(double z) { return z == 0 ? 1 : std::expm1(z) / z; }

/// phi_2(z), z <= 0; phi_2(0) = 1/2. The Taylor series replaces the quotient where it would cancel.
KUBOMAG_HD double phi_2(double z) {
  if (z < -0.3) return (std::expm1(z) - z) / (z * z);
  double sum = 0;
  for (int n = 14; n >= 2; --n) sum = (1 + z * sum) / n;
  return sum;
}

/// phi_1 for a small complex z, |z| <= 0.05, by its Taylor series.
KUBOMAG_HD Complex phi_1_near_zero(Complex z) {
  Complex sum{0, 0};
  for (int n = 11; n >= 1; --n) sum = (1.0 / n) * (Complex{1, 0} + z * sum);
  return sum;
}

}  // namespace kubomag
