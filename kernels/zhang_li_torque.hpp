#pragma once
// Spin-transfer torque of an electric current density j in the film's plane on a texture of m, in
// Gilbert form:
//   T = -(u.grad) m + xi m x (u.grad) m,   u = -Pol mu_B j/(|e| Ms (1 + xi^2))
//   <=>  B_ZL = -[m x (u.grad) m + xi (u.grad) m]/gamma
// u is the velocity at which the electrons drag the texture: against j for Pol > 0.
// Zhang and Li, Phys. Rev. Lett. 93, 127204 (2004), (9)-(10); the factor 1/(1 + xi^2) and the sign
// of j as in mumax3. Central differences; at edges and beside vacuum dm/dn = 0.
#include <array>

#include "drive_sample.hpp"
#include "kubomag/problem.hpp"

namespace kubomag {

template <class Real>
struct ZhangLiTorque {
  static constexpr const char* name = "zhang_li_torque";
  static constexpr const char* symbol = "ZL";
  static constexpr const char* help =
      "Zhang-Li torque -(u.grad) m + xi m x (u.grad) m, u = -Pol mu_B j/(|e| Msat (1 + xi^2)), of "
      "the part of [[current]] in the film's plane";
  static constexpr const char* source = "Zhang and Li, Phys. Rev. Lett. 93, 127204 (2004)";
  static constexpr std::array inputs{
      Input{"Pol", "1", 0, "spin polarisation of the current"},
      Input{"xi", "1", 0, "non-adiabaticity of the Zhang-Li torque"}};

  Param<Real, true> B_per_slope;  // -u/(gamma j) [T m3/A]
  Param<Real, true> xi;
  Real per_2dx = 0, per_2dy = 0;  // [1/m]

  template <class Upload>
  ZhangLiTorque(const Problem& problem, Upload& upload) {
    const Parameters& film = problem.material;
    const double factor = constants::mu_B / (constants::e_abs * problem.GammaLL);
    B_per_slope = upload(ScalarMap::combine(
        [&](double Pol, double x, double Ms) {
          return Ms > 0 ? factor * Pol / (Ms * (1 + x * x)) : 0.0;
        },
        film["Pol"], film["xi"], film["Msat"]));
    xi = upload(film["xi"]);
    per_2dx = static_cast<Real>(0.5 / problem.grid.dx);
    per_2dy = static_cast<Real>(0.5 / problem.grid.dy);
  }

  static bool acts(const Problem& problem) {
    if (problem.current.empty() || !problem.material.contains("Pol")) return false;
    const ScalarMap& Pol = problem.material["Pol"];
    return Pol.min() != 0 || Pol.max() != 0;
  }

  /// B_ZL on the cell [T].
  template <class Drives>
  KUBOMAG_HD Vec3<Real> field(const Neighbourhood<Real>& c, const Drives& now) const {
    const Vec3<Real> j = now.current(c.at.i);
    const Real jx = per_2dx * j.x, jy = per_2dy * j.y;
    const Vec3<Real> slope =
        jx * (to(c.right, c.m) - to(c.left, c.m)) + jy * (to(c.up, c.m) - to(c.down, c.m));
    return B_per_slope(c.at.i) * (cross(c.m, slope) + xi(c.at.i) * slope);
  }

 private:
  /// From a cell to its neighbour; 0 beside vacuum, where m is 0.
  KUBOMAG_HD static Vec3<Real> to(Vec3<Real> neighbour, Vec3<Real> own) {
    const Real there = dot(neighbour, neighbour) > Real(0.25) ? Real(1) : Real(0);
    return there * (neighbour - own);
  }
};

}  // namespace kubomag
