#pragma once
// What `kubomag khat` prints of any microscopic model at one direction of m: scales of its
// electrons, conductivity, spin response at imposed field and imposed current, torque numbers a to
// d and the field on m.
#include <optional>

#include "khat/coefficient.hpp"
#include "khat/dirac.hpp"
#include "khat/electron_model.hpp"
#include "khat/tmatrix.hpp"

namespace kubomag {

/// What drives the electrons: a field E [V/m], or an imposed sheet current density j [A/m].
struct LocalDrive {
  bool current = false;
  Eigen::Vector2d value = {0, 0};
};

/// Everything at one direction m = (sin theta cos phi, sin theta sin phi, cos theta).
struct ModelPoint {
  double theta = 0, phi = 0;
  LocalResponse response;
  std::shared_ptr<const FermiSurface> surface;
  // T/gamma = [a m x (z x F) + b m x (m x (z x F)) + c m x (m x z)(m.F) + d (m x z)(m.F)], for
  // F = E [T m/V] and F = j [T m/A]; of the Rashba frame with Symmetry::swapped_rotation. Only
  // where they are defined: 0.01 <= theta <= pi/2 - 0.01 and a model that rotates with m.
  std::optional<TorqueNumbers> of_E, of_j;
  Eigen::Vector3d B_SOT = {0, 0, 0};  // field on m for the drive, without its part along m [T]
  std::vector<double> jumps;          // polar angles, only where asked for [rad]
};

/// Throws InputError where the model does, and for a film without moment or thickness. `jumps` is
/// left empty: the caller knows whether they are worth their time.
ModelPoint model_point(const ElectronModel& model, const Film& film, double theta, double phi,
                       const LocalDrive& drive);

/// The point as named numbers with their sources.
std::vector<Coefficient> model_coefficients(const ElectronModel& model, const ModelPoint& point);

}  // namespace kubomag
