#include "khat/local_charge.hpp"

#include <utility>
#include <vector>

#include "khat/validity.hpp"
#include "kubomag/constants.hpp"

namespace kubomag {

LocalCharge local_charge(const DiracMaps& maps, const SurfaceParts& parts) {
  using constants::e_abs, constants::hbar, constants::pi;
  check_maps(maps);
  const std::size_t count = maps.distinct_cells();
  std::vector<double> e2_nu(count), pumped(count), emf(count);
  for (std::size_t i = 0; i < count; ++i) {
    const DiracElectrons cell = maps(i);
    const double hv = hbar * cell.velocity;
    const double k = e_abs / hv, Delta = cell.Delta_sd / hv;
    e2_nu[i] = k * k * cell.fermi_energy / (2 * pi);
    if (parts.diffusive) pumped[i] = e_abs * Delta * Delta / (2 * pi);
    if (parts.damping) emf[i] = cell.Delta_sd / (e_abs * cell.velocity);
  }
  return {ScalarMap(std::move(e2_nu)), ScalarMap(std::move(pumped)), ScalarMap(std::move(emf))};
}

}  // namespace kubomag
