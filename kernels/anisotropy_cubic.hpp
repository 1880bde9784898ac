#pragma once
// Cubic anisotropy: with a = m.c1, b = m.c2, c = m.c3 and orthonormal axes, c3 = c1 x c2, the
// energy density is Kc1 (a^2 b^2 + b^2 c^2 + c^2 a^2) + Kc2 a^2 b^2 c^2 + Kc3 (a^4 b^4 + b^4 c^4 +
// c^4 a^4). Kc1 > 0: the axes are easy. Signs as in mumax3 (Vansteenkiste et al., AIP Advances 4,
// 107133 (2014), (16)-(17)).
#include <array>

#include "field.hpp"
#include "kubomag/grid.hpp"
#include "kubomag/parameters.hpp"

namespace kubomag {

template <class Real, bool Mapped>
struct AnisotropyCubic {
  static constexpr const char* name = "anisotropy_cubic";
  static constexpr const char* symbol = "cubic";
  static constexpr const char* help =
      "cubic anisotropy with a = m.c1, ...: Kc1 (a^2 b^2 + b^2 c^2 + c^2 a^2) + Kc2 a^2 b^2 c^2 + "
      "Kc3 (a^4 b^4 + b^4 c^4 + c^4 a^4)";
  static constexpr const char* source = "Vansteenkiste et al., AIP Adv. 4, 107133 (2014)";
  static constexpr std::array inputs{
      Input{"Kc1", "J/m3", 0, "first-order cubic anisotropy, > 0: easy axes c1, c2, c3"},
      Input{"Kc2", "J/m3", 0, "second-order cubic anisotropy"},
      Input{"Kc3", "J/m3", 0, "third-order cubic anisotropy"},
      Input{"anisC1_x", "1", 1, "x component of the axis c1"},
      Input{"anisC1_y", "1", 0, "y component of the axis c1"},
      Input{"anisC1_z", "1", 0, "z component of the axis c1"},
      Input{"anisC2_x", "1", 0, "x component of the axis c2, perpendicular to c1"},
      Input{"anisC2_y", "1", 1, "y component of the axis c2"},
      Input{"anisC2_z", "1", 0, "z component of the axis c2"}};

  Param<Real, Mapped> B1, B2, B3;    // Kc/Ms [T]
  Param<Real, Mapped> c1[3], c2[3];  // unit vectors

  template <class Upload>
  AnisotropyCubic(const Parameters& film, const Grid&, Upload& upload) {
    const auto per_Ms = [&](const char* key) {
      return upload(ScalarMap::combine([](double K, double Ms) { return Ms > 0 ? K / Ms : 0.0; },
                                       film[key], film["Msat"]));
    };
    B1 = per_Ms("Kc1"), B2 = per_Ms("Kc2"), B3 = per_Ms("Kc3");
    c1[0] = upload(film["anisC1_x"]), c2[0] = upload(film["anisC2_x"]);
    c1[1] = upload(film["anisC1_y"]), c2[1] = upload(film["anisC2_y"]);
    c1[2] = upload(film["anisC1_z"]), c2[2] = upload(film["anisC2_z"]);
  }

  /// Field on the cell [T].
  KUBOMAG_HD Vec3<Real> field(const Neighbourhood<Real>& c) const {
    const int i = c.at.i;
    const Vec3<Real> u{c1[0](i), c1[1](i), c1[2](i)}, v{c2[0](i), c2[1](i), c2[2](i)};
    const Vec3<Real> w = cross(u, v);
    const Vec3<Real> k{dot(c.m, u), dot(c.m, v), dot(c.m, w)};
    const Vec3<Real> s{k.x * k.x, k.y * k.y, k.z * k.z};  // squares
    return along(i, k.x, s.x, s.y, s.z) * u + along(i, k.y, s.y, s.z, s.x) * v +
           along(i, k.z, s.z, s.x, s.y) * w;
  }

  /// Energy per magnetic moment of the cell [T].
  KUBOMAG_HD Real energy(const Neighbourhood<Real>& c) const {
    const int i = c.at.i;
    const Vec3<Real> u{c1[0](i), c1[1](i), c1[2](i)}, v{c2[0](i), c2[1](i), c2[2](i)};
    const Real a = dot(c.m, u), b = dot(c.m, v), d = dot(c.m, cross(u, v));
    const Real ab = a * a * b * b, bd = b * b * d * d, da = d * d * a * a;
    return B1(i) * (ab + bd + da) + B2(i) * ab * d * d + B3(i) * (ab * ab + bd * bd + da * da);
  }

 private:
  /// -d/da of the energy per moment [T]; aa, bb, cc are the squares of a, b, c.
  KUBOMAG_HD Real along(int i, Real a, Real aa, Real bb, Real cc) const {
    return -2 * a * (B1(i) * (bb + cc) + B2(i) * bb * cc) -
           4 * a * aa * B3(i) * (bb * bb + cc * cc);
  }
};

}  // namespace kubomag
