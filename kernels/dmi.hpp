#pragma once
// Dzyaloshinskii-Moriya interaction, interfacial and bulk: energy density
//   Dind [mz div m - (m.grad) mz] + Dbulk m.curl m,
// signs as in mumax3 (Vansteenkiste et al., AIP Advances 4, 107133 (2014), (10) and section III.E).
// Between neighbours along the unit vector r, a distance h apart, this is the energy density
//   d.(m_i x m_j)/h  with  d = Dind z x r - Dbulk r,  hence the field  B_i = d x m_j/(Ms h).
// D is the arithmetic mean of both cells, times a factor where the film has one
// (kubomag/bonds.hpp). An edge (the film's end, vacuum beside the cell, or a cut bond) adds
//   B = w/(2 Aex Ms) [|d|^2 m - d (d.m)]:  w = 0 open; 1/2 natural, dm/dn = -d x m/(2 Aex) at the
// face; 1 the same with the cell's own m on the face, as mumax3 has it. docs/physics-terms.md.
#include <array>

#include "field.hpp"
#include "kubomag/bonds.hpp"
#include "kubomag/grid.hpp"
#include "kubomag/parameters.hpp"

namespace kubomag {

template <class Real, bool Mapped>
struct Dmi {
  static constexpr const char* name = "dmi";
  static constexpr const char* symbol = "dmi";
  static constexpr const char* help =
      "Dzyaloshinskii-Moriya, energy density Dind [mz div m - (m.grad) mz] + Dbulk m.curl m";
  static constexpr const char* source = "Vansteenkiste et al., AIP Adv. 4, 107133 (2014)";
  static constexpr std::array inputs{
      Input{"Dind", "J/m2", 0, "interfacial Dzyaloshinskii-Moriya strength"},
      Input{"Dbulk", "J/m2", 0, "bulk Dzyaloshinskii-Moriya strength"},
      Input{"dmi_boundary", "1", 0, "what edges do to the Dzyaloshinskii-Moriya interaction",
            "natural open mumax3"}};

  Param<Real, Mapped> Dind, Dbulk;     // [J/m2], 0 in vacuum
  Param<Real, Mapped> half_x, half_y;  // half the factor of the bonds towards +x, +y; < 0: no bond
  Param<Real, Mapped> inverse_Ms;      // [m/A], 0 in vacuum
  Param<Real, Mapped> edge;            // w/(2 Aex Ms) [m2/(J A)], 0 in vacuum and without Aex
  Real per_dx = 0, per_dy = 0;         // [1/m]
  Real edges_x = 0, edges_y = 0;       // 1, or 0 along an axis of one cell: no edges there

  template <class Upload>
  Dmi(const Parameters& film, const Grid& grid, Upload& upload) {
    const ScalarMap& Ms = film["Msat"];
    const auto where_magnetic = [](double D, double M) { return M > 0 ? D : 0.0; };
    Dind = upload(ScalarMap::combine(where_magnetic, film["Dind"], Ms));
    Dbulk = upload(ScalarMap::combine(where_magnetic, film["Dbulk"], Ms));
    if constexpr (Mapped) {
      half_x = upload(dmi_bonds(film, grid, Axis::x));
      half_y = upload(dmi_bonds(film, grid, Axis::y));
    }
    inverse_Ms =
        upload(ScalarMap::combine([](double M) { return M > 0 ? 1 / M : 0.0; }, film["Msat"]));
    constexpr double weights[] = {0.5, 0, 1};  // in the order of the input's words
    const double w = weights[static_cast<int>(film["dmi_boundary"](0))];
    const auto per_stiffness = [w](double A, double M) {
      return A > 0 && M > 0 ? w / (2 * A * M) : 0.0;
    };
    edge = upload(ScalarMap::combine(per_stiffness, film["Aex"], Ms));
    per_dx = static_cast<Real>(1 / grid.dx);
    per_dy = static_cast<Real>(1 / grid.dy);
    edges_x = grid.nx > 1 ? 1 : 0;
    edges_y = grid.ny > 1 ? 1 : 0;
  }

  /// Field on the cell [T].
  KUBOMAG_HD Vec3<Real> field(const Neighbourhood<Real>& c) const {
    const Strength own{Dind(c.at.i), Dbulk(c.at.i), Real(1)};
    const int i = c.at.i;
    const Strength left = bond(own, i, c.at.left, half_x(c.at.left));
    const Strength right = bond(own, i, c.at.right, half_x(i));
    const Strength down = bond(own, i, c.at.down, half_y(c.at.down));
    const Strength up = bond(own, i, c.at.up, half_y(i));
    const Vec3<Real> along_x = cross(d_x(right), c.right) - cross(d_x(left), c.left);
    const Vec3<Real> along_y = cross(d_y(up), c.up) - cross(d_y(down), c.down);
    const Real missing_x = edges_x * (2 - left.present - right.present);
    const Real missing_y = edges_y * (2 - down.present - up.present);
    return inverse_Ms(c.at.i) * (per_dx * along_x + per_dy * along_y) +
           edge(c.at.i) * (missing_x * at_edge(d_x(own), c.m) + missing_y * at_edge(d_y(own), c.m));
  }

  /// Energy per magnetic moment of the cell [T]: a quadratic form, so -m.B/2.
  KUBOMAG_HD Real energy(const Neighbourhood<Real>& c) const {
    return Real(-0.5) * dot(c.m, field(c));
  }

 private:
  struct Strength {
    Real interfacial, bulk;  // [J/m2]
    Real present;            // 1, or 0 where there is no neighbour
  };

  /// To the neighbour `j`; `half` is of this bond and counts in a film of maps only.
  KUBOMAG_HD Strength bond(Strength own, int i, int j, Real half) const {
    Real present = j != i ? Real(1) : Real(0);
    if constexpr (!Mapped) return {present * own.interfacial, present * own.bulk, present};
    present = half >= 0 ? present : Real(0);
    half *= present;
    return {half * (own.interfacial + Dind(j)), half * (own.bulk + Dbulk(j)), present};
  }

  /// The vector d of a bond towards +x and +y; it changes sign with the direction.
  KUBOMAG_HD static Vec3<Real> d_x(Strength D) { return {-D.bulk, D.interfacial, Real(0)}; }
  KUBOMAG_HD static Vec3<Real> d_y(Strength D) { return {-D.interfacial, -D.bulk, Real(0)}; }

  /// |d|^2 m - d (d.m)
  KUBOMAG_HD static Vec3<Real> at_edge(Vec3<Real> d, Vec3<Real> m) {
    return dot(d, d) * m - dot(d, m) * d;
  }
};

}  // namespace kubomag
