#pragma once
// Uniaxial anisotropy along the unit vector u: energy density -Ku1 (m.u)^2 - Ku2 (m.u)^4,
// field B = (2 Ku1/Ms) (m.u) u + (4 Ku2/Ms) (m.u)^3 u. Ku1 > 0: u is an easy axis.
// Sign of Ku2 as in mumax3 (Vansteenkiste et al., AIP Advances 4, 107133 (2014)).
#include <array>

#include "field.hpp"
#include "kubomag/grid.hpp"
#include "kubomag/parameters.hpp"

namespace kubomag {

template <class Real, bool Mapped>
struct AnisotropyUniaxial {
  static constexpr const char* name = "anisotropy_uniaxial";
  static constexpr const char* symbol = "anis";
  static constexpr const char* help =
      "uniaxial anisotropy, energy density -Ku1 (m.u)^2 - Ku2 (m.u)^4";
  static constexpr const char* source = "Vansteenkiste et al., AIP Adv. 4, 107133 (2014)";
  static constexpr std::array inputs{
      Input{"Ku1", "J/m3", 0, "first-order anisotropy, > 0: easy axis"},
      Input{"Ku2", "J/m3", 0, "second-order anisotropy"},
      Input{"anisU_x", "1", 0, "x component of the axis u"},
      Input{"anisU_y", "1", 0, "y component of the axis u"},
      Input{"anisU_z", "1", 1, "z component of the axis u"}};

  Param<Real, Mapped> B1, B2;      // 2 Ku1/Ms, 4 Ku2/Ms [T]
  Param<Real, Mapped> ux, uy, uz;  // unit vector

  template <class Upload>
  AnisotropyUniaxial(const Parameters& film, const Grid&, Upload& upload) {
    const auto per_Ms = [](double factor) {
      return [factor](double K, double Ms) { return Ms > 0 ? factor * K / Ms : 0.0; };
    };
    B1 = upload(ScalarMap::combine(per_Ms(2), film["Ku1"], film["Msat"]));
    B2 = upload(ScalarMap::combine(per_Ms(4), film["Ku2"], film["Msat"]));
    ux = upload(film["anisU_x"]);
    uy = upload(film["anisU_y"]);
    uz = upload(film["anisU_z"]);
  }

  KUBOMAG_HD Vec3<Real> axis(int i) const { return {ux(i), uy(i), uz(i)}; }

  /// Field on the cell [T].
  KUBOMAG_HD Vec3<Real> field(const Neighbourhood<Real>& c) const {
    const Vec3<Real> u = axis(c.at.i);
    const Real mu = dot(c.m, u);
    return (mu * (B1(c.at.i) + B2(c.at.i) * mu * mu)) * u;
  }

  /// Energy per magnetic moment of the cell [T].
  KUBOMAG_HD Real energy(const Neighbourhood<Real>& c) const {
    const Real mu = dot(c.m, axis(c.at.i));
    return -mu * mu * (Real(0.5) * B1(c.at.i) + Real(0.25) * B2(c.at.i) * mu * mu);
  }
};

}  // namespace kubomag
