#pragma once
// [surface] of docs/config.md: the Dirac surface state under the film.
#include <optional>
#include <vector>

#include "io/config_maps.hpp"
#include "khat/surface.hpp"
#include "kubomag/problem.hpp"

namespace kubomag::io {

struct SurfaceConfig {
  DiracMaps maps;
  SurfaceParts parts;
  double mz_reference = 0;
  double tau_c = 0;  // [s], infinity: no leak
  Edge edge_x = Edge::no_flux, edge_y = Edge::no_flux;
  bool default_edges = true;      // nobody gave them
  bool local = false;             // D follows the local mz, m acts back on psi
  std::optional<double> padding;  // [m]; empty: from the diffusion length
  bool hall_alone = false;        // of the torque of E: that of the Hall current, no other part
  bool external = false;          // E is the field of the gate, screened by the moved charge
  double permittivity = 0;        // [F/m]
  double gate_distance = 0;       // [m]
};

/// Reads [surface] with model = "dirac" and its overrides in [[region]]; nothing without the
/// section. `Msat` tells where there is film. `gate_height` [m] is the default of gate_distance.
/// Throws InputError also where a cell lies outside the theory.
std::optional<SurfaceConfig> read_surface(const ConfigTable& root, const ScalarMap& Msat,
                                          const std::vector<Region>& regions, const Grid& grid,
                                          std::optional<double> gate_height);

/// The coefficients of the torques per cell, and the diffusive field's numbers (padding as given).
/// Nothing is diffusive where the diffusive torque is off.
DiracSurface make_surface(const SurfaceConfig& config, double thickness, double GammaLL);
Diffusion make_diffusion(const SurfaceConfig& config);

}  // namespace kubomag::io
