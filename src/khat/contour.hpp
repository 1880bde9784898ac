#pragma once
// The electrons at the Fermi energy, as sums over the Fermi contour need them: what every
// Hamiltonian hands to scattering.hpp.
#include <Eigen/Core>
#include <vector>

#include "kubomag/constants.hpp"

namespace kubomag {

/// A state at the Fermi energy and its share of the contour.
struct FermiState {
  Eigen::Vector3d spin;      // <sigma>, a unit vector
  Eigen::Vector2d velocity;  // dE/dk [J m]
  double weight = 0;         // (line element of k)/|velocity|/(2 pi)^2, of which the sum is the
                             // density of states [1/(J m^2)]
  Eigen::Vector2d k;         // [1/m]
  double B = 0;              // s |B(k)|: half the splitting, its sign s is the band [J]
};

struct FermiContour {
  std::vector<FermiState> states;
  Eigen::Vector4d Re_g0;  // Pauli components 0, x, y, z of Re int d^2k/(2 pi)^2 (eps - H)^-1
  Eigen::Vector4d Im_g0;  // the same of the imaginary part, retarded, negative [1/(J m^2)]
};

/// Im g0 = -pi sum weight (1 + spin.sigma)/2 of the states.
inline Eigen::Vector4d Im_g0_of(const std::vector<FermiState>& states) {
  Eigen::Vector4d sum = Eigen::Vector4d::Zero();
  for (const FermiState& s : states)
    sum += s.weight * Eigen::Vector4d(1, s.spin.x(), s.spin.y(), s.spin.z());
  return -0.5 * constants::pi * sum;
}

}  // namespace kubomag
