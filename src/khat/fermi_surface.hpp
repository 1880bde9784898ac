#pragma once
// The electrons of a model at the Fermi energy and what scatters them: what the derived scales
// (electron_scales.hpp) are made from, the same for every Hamiltonian.
#include <optional>

#include "khat/band_grid.hpp"
#include "khat/dirac.hpp"
#include "khat/scattering.hpp"
#include "khat/tmatrix.hpp"

namespace kubomag {

/// Extrema of the two bands over all k; those at the cutoff or beyond are no extrema.
struct BandLimits {
  std::optional<double> upper_min;             // E* [J]
  std::optional<double> lower_min, lower_max;  // [J]
};

struct FermiSurface {
  double fermi_energy = 0;  // [J]
  FermiContour contour;     // at one direction of m, in the laboratory; Re g0 = 0 in first Born
  Impurities impurities;
  double density = 0;        // of impurities [1/m^2]
  bool white_noise = false;  // only density u^2 is known: neither alone has a meaning
  BandLimits limits;
};

/// Two bands of any shape. `grid` belongs to `bands`; the cutoff of `bands` is used. Throws
/// InputError like band_response.
FermiSurface traced_surface(const BandModel& bands, const BandGrid& grid,
                            const Impurities& impurities, double density, const Eigen::Vector3d& m);

/// Parabolic bands, by the quartic of parabolic.hpp or, where that cannot, by tracing. Throws
/// InputError like tmatrix_response.
FermiSurface parabolic_surface(SpinOrbit kind, const ParabolicElectrons& electrons,
                               const Impurities& impurities, double density,
                               const Eigen::Vector3d& m);

/// The Dirac cone: a circle about k = -(Delta_sd/(hbar v)) z x m, white noise of density u^2 =
/// 2 pi alpha (hbar v)^2 (Sokolewicz 2019, below (1)).
FermiSurface dirac_surface_states(const DiracElectrons& electrons, const Eigen::Vector3d& m);

}  // namespace kubomag
