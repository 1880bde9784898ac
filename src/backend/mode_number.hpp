#pragma once
#include <cmath>

#include "kubomag/host_device.hpp"

namespace kubomag {

/// A wave vector of the film's grid.
struct ModeNumber {
  double q = 0;   // |q| [1/m]
  double k2 = 0;  // what the five-point Laplacian makes of it, -> q^2 for long waves [1/m^2]
};

KUBOMAG_HD ModeNumber mode_number(double qx, double qy, double dx, double dy) {
  const double sx = 2 / dx * std::sin(0.5 * qx * dx), sy = 2 / dy * std::sin(0.5 * qy * dy);
  return {std::sqrt(qx * qx + qy * qy), sx * sx + sy * sy};
}

}  // namespace kubomag
