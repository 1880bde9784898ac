#pragma once
// The electrons of every cell. Where Msat = 0 there is no film: the surface state goes on without
// the exchange coupling.
#include <algorithm>
#include <cstddef>

#include "khat/dirac.hpp"
#include "kubomag/scalar_map.hpp"

namespace kubomag {

struct DiracMaps {
  ScalarMap fermi_energy;  // [J]
  ScalarMap velocity;      // [m/s]
  ScalarMap Delta_sd;      // [J]
  ScalarMap disorder;      // [1]
  ScalarMap Msat;          // [A/m]

  /// Cells that have to be looked at: one where all maps are uniform.
  std::size_t distinct_cells() const {
    return std::max({std::size_t{1}, fermi_energy.cells().size(), velocity.cells().size(),
                     Delta_sd.cells().size(), disorder.cells().size(), Msat.cells().size()});
  }
  DiracElectrons operator()(std::size_t cell) const {
    return {fermi_energy(cell), velocity(cell), Msat(cell) == 0 ? 0 : Delta_sd(cell),
            disorder(cell)};
  }
};

}  // namespace kubomag
