#pragma once
// Spin-transfer torque of the current density j_z through the film from a fixed layer with the
// direction p above it (or, for the opposite sign of j_z, below it), in Gilbert form:
//   T = gamma beta [epsilon m x (p x m) + epsilon' p x m],   beta = hbar j_z/(|e| Ms d)
//   epsilon = Pol Lambda^2/[(Lambda^2 + 1) + (Lambda^2 - 1) m.p]
//   <=>  B_SL = beta (epsilon m x p + epsilon' p)
// j_z > 0 (electrons come down from the fixed layer) pulls m towards p for Pol > 0. d is the
// thickness of the free layer. Slonczewski, J. Magn. Magn. Mater. 247, 324 (2002); in this form
// Xiao, Zangwill and Stiles, Phys. Rev. B 70, 172405 (2004), and mumax3 (Vansteenkiste et al.,
// AIP Advances 4, 107133 (2014), section III.H).
#include <array>

#include "drive_sample.hpp"
#include "kubomag/problem.hpp"

namespace kubomag {

template <class Real>
struct SlonczewskiTorque {
  static constexpr const char* name = "slonczewski_torque";
  static constexpr const char* symbol = "SL";
  static constexpr const char* help =
      "Slonczewski torque gamma beta [epsilon m x (p x m) + EpsilonPrime p x m], beta = hbar "
      "j_z/(|e| Msat d), of the part of [[current]] through the film";
  static constexpr const char* source = "Slonczewski, J. Magn. Magn. Mater. 247, 324 (2002)";
  static constexpr std::array inputs{
      Input{"Pol", "1", 0, "spin polarisation of the current"},
      Input{"Lambda", "1", 1, "asymmetry of the Slonczewski torque, at least 1"},
      Input{"EpsilonPrime", "1", 0, "field-like part of the Slonczewski torque"},
      Input{"FixedLayer_x", "1", 0, "x component of the fixed layer's direction p"},
      Input{"FixedLayer_y", "1", 0, "y component of the fixed layer's direction"},
      Input{"FixedLayer_z", "1", 1, "z component of the fixed layer's direction"},
      Input{"FreeLayerThickness", "m", 0, "d of the Slonczewski torque; 0: the film's thickness"}};

  Param<Real, true> B_per_j;              // beta/j_z [T m2/A]
  Param<Real, true> Pol, Lambda2, prime;  // Lambda2: the square of Lambda
  Param<Real, true> px, py, pz;

  template <class Upload>
  SlonczewskiTorque(const Problem& problem, Upload& upload) {
    const Parameters& film = problem.material;
    const double dz = problem.grid.dz;
    B_per_j = upload(ScalarMap::combine(
        [&](double Ms, double d) {
          return Ms > 0 ? constants::hbar / (constants::e_abs * Ms * (d > 0 ? d : dz)) : 0.0;
        },
        film["Msat"], film["FreeLayerThickness"]));
    Pol = upload(film["Pol"]);
    Lambda2 = upload(ScalarMap::combine([](double L) { return L * L; }, film["Lambda"]));
    prime = upload(film["EpsilonPrime"]);
    px = upload(film["FixedLayer_x"]);
    py = upload(film["FixedLayer_y"]);
    pz = upload(film["FixedLayer_z"]);
  }

  static bool acts(const Problem& problem) {
    if (problem.current.empty() || !problem.material.contains("Pol")) return false;
    const ScalarMap &Pol = problem.material["Pol"], &prime = problem.material["EpsilonPrime"];
    return Pol.min() != 0 || Pol.max() != 0 || prime.min() != 0 || prime.max() != 0;
  }

  /// B_SL on the cell [T].
  template <class Drives>
  KUBOMAG_HD Vec3<Real> field(const Neighbourhood<Real>& c, const Drives& now) const {
    const int i = c.at.i;
    const Vec3<Real> p{px(i), py(i), pz(i)};
    const Real L2 = Lambda2(i);
    const Real epsilon = Pol(i) * L2 / ((L2 + 1) + (L2 - 1) * dot(c.m, p));
    return (B_per_j(i) * now.current(i).z) * (epsilon * cross(c.m, p) + prime(i) * p);
  }
};

}  // namespace kubomag
