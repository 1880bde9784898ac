#pragma once
// What a wave of charge meets, as factors of the spectral filter.
#include <cmath>

#include "backend/mode_number.hpp"

namespace kubomag {

/// The inverse capacitance of the gate, 1/C(q) = (1 - exp(-2 q d)) / (2 epsilon q) [m^2/F]: what
/// the potential of a charge wave is (docs/drive.md, "Screening"). The mean charge has none.
struct InverseCapacitance {
  double permittivity = 1, distance = 0;
  KUBOMAG_HD double operator()(const ModeNumber& mode) const {
    if (mode.q == 0) return 0;
    return -std::expm1(-2 * mode.q * distance) / (2 * permittivity * mode.q);
  }
};

/// The inverse of charge - c (div J - rate_c charge) for conductivities that do not vary.
struct UniformInverse {
  double c, rate_c, D, sigma;  // [s], [1/s], [m^2/s], [S]
  bool screened;
  InverseCapacitance capacitance;
  KUBOMAG_HD double operator()(const ModeNumber& mode) const {
    const double stiffness = screened ? D + sigma * capacitance(mode) : D;
    return 1 / (1 + c * (rate_c + mode.k2 * stiffness));
  }
};

}  // namespace kubomag
