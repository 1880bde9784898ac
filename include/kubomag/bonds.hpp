#pragma once
// Bonds between neighbouring cells, kept at the cell on their lower side: one map for the bonds
// towards +x, one for those towards +y. What follows from the two cells is put together here, on
// the host. A film may bring maps of its own beside its parameters, for what does not follow from
// the cells (interfaces and grain boundaries, src/io/config_interface.cpp):
//   Aex_x, Aex_y   exchange stiffness of the bonds [J/m], in place of the harmonic mean
//   DMI_x, DMI_y   factor of the Dzyaloshinskii-Moriya bonds, at least 0
// Both cells of a bond read the same number, so that the torques on them are opposite.
#include <string>
#include <vector>

#include "kubomag/grid.hpp"
#include "kubomag/parameters.hpp"

namespace kubomag {

enum class Axis { x, y };

/// f(i, j) for each cell i and its neighbour j along the axis. Where the film ends j is i: that
/// number multiplies a difference that vanishes.
template <class F>
std::vector<double> over_bonds(const Grid& grid, Axis axis, F f) {
  std::vector<double> values;
  values.reserve(grid.cells());
  for (int iy = 0; iy < grid.ny; ++iy)
    for (int ix = 0; ix < grid.nx; ++ix) {
      int jx = ix + (axis == Axis::x ? 1 : 0), jy = iy + (axis == Axis::y ? 1 : 0);
      if (jx == grid.nx) jx = grid.periodic_x ? 0 : ix;
      if (jy == grid.ny) jy = grid.periodic_y ? 0 : iy;
      values.push_back(f(grid.index(ix, iy), grid.index(jx, jy)));
    }
  return values;
}

inline std::string bond_key(const char* name, Axis axis) {
  return std::string(name) + (axis == Axis::x ? "_x" : "_y");
}

inline double harmonic_mean(double a, double b) { return a + b > 0 ? 2 * a * b / (a + b) : 0; }

/// Exchange stiffness of the bonds [J/m]; 0 beside vacuum.
inline ScalarMap exchange_bonds(const Parameters& film, const Grid& grid, Axis axis) {
  const ScalarMap &Aex = film["Aex"], &Ms = film["Msat"];
  const std::string key = bond_key("Aex", axis);
  const ScalarMap* given = film.contains(key) ? &film[key] : nullptr;
  return ScalarMap(over_bonds(grid, axis, [&](std::size_t i, std::size_t j) {
    if (!(Ms(i) > 0 && Ms(j) > 0)) return 0.0;
    return given ? (*given)(i) : harmonic_mean(Aex(i), Aex(j));
  }));
}

/// Half the factor of the Dzyaloshinskii-Moriya bonds, so that it makes a mean of a sum; -1 where
/// there is no bond: beside vacuum, and where both exchange and this interaction are cut.
inline ScalarMap dmi_bonds(const Parameters& film, const Grid& grid, Axis axis) {
  const ScalarMap& Ms = film["Msat"];
  const ScalarMap factor = film.contains(bond_key("DMI", axis)) ? film[bond_key("DMI", axis)] : 1;
  const ScalarMap exchange =
      film.contains(bond_key("Aex", axis)) ? film[bond_key("Aex", axis)] : ScalarMap(1);
  return ScalarMap(over_bonds(grid, axis, [&](std::size_t i, std::size_t j) {
    const bool cut = factor(i) == 0 && exchange(i) == 0;
    return Ms(i) > 0 && Ms(j) > 0 && !cut ? 0.5 * factor(i) : -1.0;
  }));
}

}  // namespace kubomag
