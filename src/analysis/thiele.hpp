#pragma once
// How fast and in which direction a rigid skyrmion moves under torques (docs/skyrmions.md,
// "Thiele"; Ado 2017, section V).
#include <cmath>
#include <functional>
#include <vector>

#include "analysis/skyrmion_profile.hpp"
#include "kubomag/vec3.hpp"

namespace kubomag {

/// A skyrmion that winds once: m = (sin theta cos(phi + helicity), ..., cos theta), Q = polarity.
struct RigidSkyrmion {
  SkyrmionProfile profile;
  int polarity = -1;    // mz of the core
  double helicity = 0;  // [rad]
};

/// The helicity that the DMI Dind (mz div m - (m.grad) mz) + Dbulk m.curl m prefers: m outward (0)
/// for Dind > 0 and a core along -z, counter-clockwise (pi/2) for Dbulk > 0 there, and reversed for
/// a core along +z [rad].
double preferred_helicity(double Dind, double Dbulk, int polarity);

/// The directions of m in a skyrmion at which a torque has to be known for the force that it
/// exerts.
class TorqueSamples {
 public:
  /// Every `stride`-th distance of the profile at `azimuths` equidistant azimuths.
  explicit TorqueSamples(RigidSkyrmion skyrmion, std::size_t stride = 1, int azimuths = 12);

  const std::vector<Vec3<double>>& m() const { return m_; }

  /// F_i = -(1/4 pi) int T.(m x d_i m) d^2r [m/s] for the torques T [1/s] at m(), in Gilbert form.
  /// The last azimuths lie in the background: its torque is that of a uniform field, which exerts
  /// no force and is taken off everywhere.
  Vec2<double> force(const std::vector<Vec3<double>>& torque) const;

 private:
  RigidSkyrmion skyrmion_;
  int azimuths_;
  std::vector<Vec3<double>> m_;  // azimuth fastest
};

/// The force [m/s] of T = -(u.grad) m + xi m x (u.grad) m (kernels/zhang_li_torque.hpp).
Vec2<double> zhang_li_force(const RigidSkyrmion& skyrmion, Vec2<double> u, double xi);

struct ThieleMotion {
  double Q = 0, D = 0;  // topological charge; alpha/4 int (theta'^2 + sin^2 theta/rho^2) rho d rho
  Vec2<double> force;   // F of Ado 2017, eq. 26 [m/s]
  Vec2<double> velocity;  // [m/s]

  /// From the x axis to the velocity [rad].
  double angle() const { return std::atan2(velocity.y, velocity.x); }
};

/// The steady motion under a force with the Gilbert damping `alpha`.
ThieleMotion thiele_motion(const RigidSkyrmion& skyrmion, Vec2<double> force, double alpha);

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

  /// T [1/s] on m in the drive `E`.
  Vec3<double> operator()(Vec3<double> m, Vec2<double> E) const;
};

/// The steady motion under that torque.
ThieleMotion thiele_motion(const RigidSkyrmion& skyrmion, const ThieleTorque& torque,
                           Vec2<double> E, double alpha);

}  // namespace kubomag
