#include "khat/surface.hpp"

#include <array>
#include <vector>

#include "khat/validity.hpp"

namespace kubomag {
namespace {

// What changes from cell to cell: a few tens of multiplications, cheaper than any look-up of equal
// cells.
struct CellCoefficients {
  double b = 0, sigma_s = 0, c0 = 0, B_FL_per_E = 0, B_diff_per_psi = 0;
};

CellCoefficients coefficients(const DiracElectrons& electrons, const Film& film,
                              const SurfaceParts& parts) {
  CellCoefficients out;
  out.sigma_s = sigma_0_from_disorder(electrons.disorder);
  if (film.Ms == 0) return out;
  const DiracScales scales = dirac_scales(electrons, film, 0, parts.hall);
  out.b = electrons.Delta_sd / electrons.fermi_energy;
  if (parts.damping) out.c0 = scales.c0;
  if (parts.field_like) out.B_FL_per_E = scales.B_FL_per_E;
  if (parts.diffusive) out.B_diff_per_psi = scales.B_diff_per_psi;
  return out;
}

double mean_over_film(const ScalarMap& map, const ScalarMap& Msat, std::size_t cells) {
  double sum = 0;
  std::size_t count = 0;
  const bool any_film = Msat.max() > 0;
  for (std::size_t i = 0; i < cells; ++i) {
    if (any_film && Msat(i) == 0) continue;
    sum += map(i);
    ++count;
  }
  return sum / static_cast<double>(count);
}

}  // namespace

DiracSurface dirac_surface(const DiracMaps& maps, double thickness, double GammaLL,
                           const SurfaceParts& parts) {
  check_maps(maps);
  const std::size_t count = maps.distinct_cells();
  std::array<std::vector<double>, 5> columns;
  for (auto& column : columns) column.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    const CellCoefficients cell = coefficients(maps(i), {maps.Msat(i), thickness, GammaLL}, parts);
    columns[0][i] = cell.b;
    columns[1][i] = cell.sigma_s;
    columns[2][i] = cell.c0;
    columns[3][i] = cell.B_FL_per_E;
    columns[4][i] = cell.B_diff_per_psi;
  }
  const HallNumbers hall = hall_numbers(parts.hall);
  DiracSurface surface;
  surface.b = ScalarMap(std::move(columns[0]));
  surface.sigma_s = ScalarMap(std::move(columns[1]));
  surface.hall_1 = ScalarMap(hall.hall_1);
  surface.hall_3 = ScalarMap(hall.hall_3);
  surface.c0 = ScalarMap(std::move(columns[2]));
  surface.B_FL_per_E = ScalarMap(std::move(columns[3]));
  surface.B_diff_per_psi = ScalarMap(std::move(columns[4]));
  const auto per_ev = [](double v) { return 1 / (constants::e_abs * v); };
  surface.inverse_ev = ScalarMap::combine(per_ev, maps.velocity);
  surface.E_per_rate = ScalarMap::combine(
      [&](double Delta, double v, double Ms) { return Ms > 0 ? Delta * per_ev(v) : 0.0; },
      maps.Delta_sd, maps.velocity, maps.Msat);
  return surface;
}

DiracElectrons mean_electrons(const DiracMaps& maps) {
  check_maps(maps);
  const std::size_t cells = maps.distinct_cells();
  const auto mean = [&](const ScalarMap& map) { return mean_over_film(map, maps.Msat, cells); };
  return {mean(maps.fermi_energy), mean(maps.velocity), mean(maps.Delta_sd), mean(maps.disorder)};
}

DiffusionNumbers diffusion_numbers(const DiracElectrons& electrons, double mz_reference) {
  const DiracScales scales = dirac_scales(electrons, {1, 1}, mz_reference, HallParts::none);
  return {scales.D, mz_reference, scales.e2_nu};
}

}  // namespace kubomag
