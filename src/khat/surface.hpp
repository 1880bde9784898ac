#pragma once
// From the electrons of every cell to the coefficients that the torque and damping terms read.
#include "khat/dirac_maps.hpp"
#include "kubomag/problem.hpp"

namespace kubomag {

/// Parts of the surface's physics that can be switched off.
struct SurfaceParts {
  HallParts hall = HallParts::full;
  bool field_like = true, diffusive = true, damping = true;
};

/// Coefficients per cell (formulas: DiracSurface in problem.hpp, Sokolewicz 2019 (3), (4), (9),
/// (16) with the corrections of docs/physics.md). A part that is off and a cell without film (Msat
/// = 0) get zero fields and zero damping. thickness [m], GammaLL [rad/(T s)]. Throws InputError
/// where a cell is outside the theory (validity.hpp).
DiracSurface dirac_surface(const DiracMaps& maps, double thickness, double GammaLL,
                           const SurfaceParts& parts);

/// The electrons with the mean of every map over the cells with film (over all, if none has any).
/// Throws InputError where a cell is outside the theory.
DiracElectrons mean_electrons(const DiracMaps& maps);

/// The uniform numbers of the diffusive field.
struct DiffusionNumbers {
  double D = 0;             // hbar v^2 sigma_0(mz_reference) / eps [m^2/s]
  double mz_reference = 0;  // the mz that D was taken at
  double e2_nu = 0;         // quantum capacitance for Screening [F/m^2]
};

/// The numbers of one set of electrons (mean_electrons of the maps, for a film that varies).
/// Throws InputError where the theory does not hold and for |mz_reference| > 1.
DiffusionNumbers diffusion_numbers(const DiracElectrons& electrons, double mz_reference);

}  // namespace kubomag
