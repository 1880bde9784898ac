#pragma once
// Voltage control of magnetic anisotropy: an electric field E_z [V/m] across the dielectric on the
// film changes the surface anisotropy by dKs = xi E_z [J/m2], hence in a film of thickness d
//   Ku1 -> Ku1 + xi E_z/d,   energy density -(xi E_z/d) (m.u)^2,   B = (2 xi E_z/(Ms d)) (m.u) u
// with the axis u of the uniaxial anisotropy. xi > 0: a field along +z, out of the film, makes u
// easier. Linear effect: Nozaki et al., Micromachines 10, 327 (2019), section 2.
#include <array>

#include "drive_sample.hpp"
#include "kubomag/grid.hpp"
#include "kubomag/parameters.hpp"

namespace kubomag {

template <class Real>
struct Vcma {
  static constexpr const char* name = "vcma";
  static constexpr const char* symbol = "vcma";
  static constexpr const char* help =
      "voltage control of anisotropy, Ku1 + xi_VCMA E_z/thickness in the field [[E_z]]";
  static constexpr const char* source = "Nozaki et al., Micromachines 10, 327 (2019)";
  static constexpr std::array inputs{
      Input{"xi_VCMA", "J/(V m)", 0, "change of the surface anisotropy per E_z, > 0: easier axis"}};

  Param<Real, true> B_per_E;     // 2 xi/(Ms d) [T m/V], 0 in vacuum
  Param<Real, true> ux, uy, uz;  // unit vector

  template <class Upload>
  Vcma(const Parameters& film, const Grid& grid, Upload& upload) {
    const auto per_field = [&](double xi, double Ms) {
      return Ms > 0 ? 2 * xi / (Ms * grid.dz) : 0.0;
    };
    B_per_E = upload(ScalarMap::combine(per_field, film["xi_VCMA"], film["Msat"]));
    ux = upload(film["anisU_x"]);
    uy = upload(film["anisU_y"]);
    uz = upload(film["anisU_z"]);
  }

  /// Field on the cell i [T]; the z component of `E` is E_z.
  template <class Source>
  KUBOMAG_HD Vec3<Real> field(int i, Vec3<Real> m, const Source& E) const {
    const Vec3<Real> u{ux(i), uy(i), uz(i)};
    return (B_per_E(i) * E(i).z * dot(m, u)) * u;
  }

  /// Energy per magnetic moment of the cell [T]: a quadratic form, so -m.B/2.
  template <class Source>
  KUBOMAG_HD Real energy(int i, Vec3<Real> m, const Source& E) const {
    return Real(-0.5) * dot(m, field(i, m, E));
  }
};

}  // namespace kubomag
