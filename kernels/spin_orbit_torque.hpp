#pragma once
// Phenomenological spin-orbit torque of a metal layer on the film, driven by the current density j
// [A/m2] in that layer, in Gilbert form:
//   T = gamma beta [m x (p x m) + r p x m],   beta = hbar |j| theta_SH/(2 |e| Ms t),   p = j x
//   z/|j|
//   <=>  B_SOT = beta (m x p + r p)
// z is the film normal, p the direction of the magnetic moments that the spin Hall effect brings to
// the interface from a metal BELOW the film, so that theta_SH > 0 is platinum below the film: it
// drives the left-handed Neel walls of Pt/Co along j (docs/physics-torques.md has the drawing).
// The same metal above the film has the opposite sign. r is the field-like part's share.
// The damping-like form: Ndiaye 2017, (1); beta: Emori et al., Nature Mater. 12, 611 (2013), who
// count j along the flow of the electrons.
#include <array>

#include "drive_sample.hpp"
#include "kubomag/problem.hpp"

namespace kubomag {

template <class Real>
struct SpinOrbitTorque {
  static constexpr const char* name = "spin_orbit_torque";
  static constexpr const char* symbol = "SOT";
  static constexpr const char* help =
      "spin-orbit torque gamma beta [m x (p x m) + r p x m], p = j x z/|j|, of [[current]]";
  static constexpr const char* source = "Emori et al., Nature Mater. 12, 611 (2013)";
  static constexpr std::array inputs{
      Input{"theta_SH", "1", 0, "spin Hall angle of the metal below the film; Pt: > 0"},
      Input{"field_like_ratio", "1", 0, "field-like over damping-like part; > 0: along p"}};

  Param<Real, true> B_per_j;  // beta/|j| [T m2/A]
  Param<Real, true> ratio;

  template <class Upload>
  SpinOrbitTorque(const Problem& problem, Upload& upload) {
    const double per_thickness = constants::hbar / (2 * constants::e_abs * problem.grid.dz);
    const Parameters& film = problem.material;
    B_per_j = upload(ScalarMap::combine(
        [&](double theta, double Ms) { return Ms > 0 ? per_thickness * theta / Ms : 0.0; },
        film["theta_SH"], film["Msat"]));
    ratio = upload(film["field_like_ratio"]);
  }

  static bool acts(const Problem& problem) {
    if (problem.current.empty() || !problem.material.contains("theta_SH")) return false;
    const ScalarMap& theta = problem.material["theta_SH"];
    return theta.min() != 0 || theta.max() != 0;
  }

  /// B_SOT on the cell [T].
  template <class Drives>
  KUBOMAG_HD Vec3<Real> field(const Neighbourhood<Real>& c, const Drives& now) const {
    const Vec3<Real> j = now.current(c.at.i);
    const Vec3<Real> beta_p = B_per_j(c.at.i) * Vec3<Real>{j.y, -j.x, Real(0)};
    return cross(c.m, beta_p) + ratio(c.at.i) * beta_p;
  }
};

}  // namespace kubomag
