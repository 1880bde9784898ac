#pragma once
// Exchange stiffness: energy density Aex |grad m|^2, field B = (2 Aex / Ms) laplace m.
// Five-point stencil, second order; free edges have dm/dn = 0 (a missing neighbour contributes
// nothing). Between cells of different Aex the harmonic mean couples them, as in OOMMF and mumax3,
// unless the film says otherwise (kubomag/bonds.hpp).
#include <array>

#include "field.hpp"
#include "kubomag/bonds.hpp"
#include "kubomag/grid.hpp"
#include "kubomag/parameters.hpp"

namespace kubomag {

template <class Real, bool Mapped>
struct Exchange {
  static constexpr const char* name = "exchange";
  static constexpr const char* symbol = "exch";
  static constexpr const char* help = "symmetric exchange, B = (2 Aex/Ms) laplace m";
  static constexpr const char* source = "Brown, Micromagnetics (1963)";
  static constexpr std::array inputs{
      Input{"Msat", "A/m", 0, "saturation magnetisation; 0 is vacuum"},
      Input{"Aex", "J/m", 0, "exchange stiffness"}};

  Param<Real, Mapped> Aex_x, Aex_y;         // of the bonds towards +x and +y [J/m]
  Param<Real, Mapped> inverse_Ms;           // [m/A], 0 in vacuum
  Real weight_x = 0, weight_y = 0;          // 2/dx^2, 2/dy^2 [1/m^2]
  Param<Real, false> uniform_x, uniform_y;  // 2 Aex/(Ms dx^2), 2 Aex/(Ms dy^2) [T]

  template <class Upload>
  Exchange(const Parameters& film, const Grid& grid, Upload& upload) {
    const auto inverse = [](double Ms) { return Ms > 0 ? 1 / Ms : 0.0; };
    const ScalarMap per_Ms = ScalarMap::combine(inverse, film["Msat"]);
    const ScalarMap A = ScalarMap::combine([](double a, double Ms) { return Ms > 0 ? a : 0.0; },
                                           film["Aex"], film["Msat"]);
    if constexpr (Mapped) {
      Aex_x = upload(exchange_bonds(film, grid, Axis::x));
      Aex_y = upload(exchange_bonds(film, grid, Axis::y));
    }
    inverse_Ms = upload(per_Ms);
    weight_x = static_cast<Real>(2 / (grid.dx * grid.dx));
    weight_y = static_cast<Real>(2 / (grid.dy * grid.dy));
    uniform_x.value = static_cast<Real>(2 * A(0) * per_Ms(0) / (grid.dx * grid.dx));
    uniform_y.value = static_cast<Real>(2 * A(0) * per_Ms(0) / (grid.dy * grid.dy));
  }

  /// Field on the cell [T].
  KUBOMAG_HD Vec3<Real> field(const Neighbourhood<Real>& c) const {
    if constexpr (Mapped) {
      const Vec3<Real> along_x =
          Aex_x(c.at.left) * (c.left - c.m) + Aex_x(c.at.i) * (c.right - c.m);
      const Vec3<Real> along_y = Aex_y(c.at.down) * (c.down - c.m) + Aex_y(c.at.i) * (c.up - c.m);
      return inverse_Ms(c.at.i) * (weight_x * along_x + weight_y * along_y);
    } else {
      return uniform_x.value * ((c.left - c.m) + (c.right - c.m)) +
             uniform_y.value * ((c.down - c.m) + (c.up - c.m));
    }
  }

  /// Energy per magnetic moment of the cell [T]: a quadratic form, so -m.B/2.
  KUBOMAG_HD Real energy(const Neighbourhood<Real>& c) const {
    return Real(-0.5) * dot(c.m, field(c));
  }
};

}  // namespace kubomag
