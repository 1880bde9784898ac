#pragma once
// How fast and in which direction a rigid skyrmion moves under local torques (docs/skyrmions.md,
// "Thiele"; Ado 2017, eq. 21 to 28).
#include <functional>

#include "analysis/skyrmion_profile.hpp"
#include "kubomag/vec3.hpp"

namespace kubomag {

/// Rashba:      T = a m x (z x E) + b m x (m x (z x E)) + c m x (m x z) (m.E) + d (m x z) (m.E)
/// Dresselhaus: T = a m x E_D + b m x (m x E_D) + c m x (m x z) ((z x m).E_D)
///                  + d (m x z) ((z x m).E_D),   E_D = (Ex, -Ey)
/// (Ado 2017, eq. 11 and 20). In the signs of the paper a Dresselhaus gas has minus the
/// a, b, c, d of the Rashba gas (eq. 19 is wrong in print); with those of src/khat, alpha_R =
/// alpha_D, it has the same.
enum class TorqueSymmetry { rashba, dresselhaus };

/// a, b, c, d as functions of mz, for a unit of the drive E (or j): [1/s] per unit. Empty: 0.
struct ThieleTorque {
  std::function<double(double mz)> a, b, c, d;
  TorqueSymmetry symmetry = TorqueSymmetry::rashba;
};

/// A skyrmion that winds once: m = (sin theta cos(phi + helicity), ..., cos theta), Q = polarity.
struct RigidSkyrmion {
  SkyrmionProfile profile;
  int polarity = -1;    // mz of the core
  double helicity = 0;  // [rad]
};

struct ThieleMotion {
  double Q = 0, D = 0;  // topological charge; alpha/4 int (theta'^2 + sin^2 theta/rho^2) rho d rho
  Vec2<double> force;   // F of eq. 26 [m/s]
  Vec2<double> velocity;  // [m/s]

  /// From the x axis to the velocity [rad].
  double angle() const { return std::atan2(velocity.y, velocity.x); }
};

/// The steady motion under the drive `E` with the Gilbert damping `alpha`.
ThieleMotion thiele_motion(const RigidSkyrmion& skyrmion, const ThieleTorque& torque,
                           Vec2<double> E, double alpha);

/// The helicity that interfacial DMI w = D (mz div m - (m.grad) mz) prefers: m outward (0) for D >
/// 0 and a core along -z, reversed for each other sign [rad].
double interfacial_helicity(double D, int polarity);

}  // namespace kubomag
