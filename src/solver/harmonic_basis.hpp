#pragma once
// A drive made of constants, steps and sines is, once its transients have died out, a handful of
// fixed fields with sinusoidal weights: no transform is needed any more.
//   psi(t) = sum_j weight_j(t) psi_j,    E'(t) = sum_j weight_j(t) E'_j
#include <cmath>
#include <optional>
#include <vector>

#include "setup/drive_plan.hpp"

namespace kubomag {

/// One field with the weight cos(omega t) or sin(omega t), nx x ny values each.
struct BasisField {
  double omega = 0;  // [rad/s]; 0: the static part
  bool sine = false;
  std::vector<double> psi, Ex, Ey;  // psi [V], E' [V/m]

  double weight(double t) const { return sine ? std::sin(omega * t) : std::cos(omega * t); }
};

struct HarmonicBasis {
  /// From here on every transient is below 1e-17 of the largest mode [s]; -infinity if there is
  /// none.
  double valid_from = 0;
  std::vector<BasisField> fields;  // cos, then sin, of each frequency in increasing order
};

/// The basis of a drive, or nothing where a pulse, a table, a formula or a sampled field is in it.
std::optional<HarmonicBasis> make_harmonic_basis(const DrivePlan& plan, int threads);

}  // namespace kubomag
