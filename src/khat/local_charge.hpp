#pragma once
// What ties the moved charge to m cell by cell (docs/physics-texture.md).
#include "khat/dirac_maps.hpp"
#include "khat/surface.hpp"
#include "kubomag/problem.hpp"

namespace kubomag {

/// Per cell, without film too (there the surface state goes on, without exchange):
///   e2_nu  = e^2 eps / (2 pi hbar^2 v^2)             Sokolewicz 2019, below (8): density of states
///   pumped = |e| Delta_sd^2 / (2 pi hbar^2 v^2)      0 where the diffusive torque is off
///   emf    = Delta_sd / (|e| v)                      0 where the damping is off
/// The last two are the reciprocals of the diffusive torque and of the tensor damping. Throws
/// InputError where a cell is outside the theory (validity.hpp).
LocalCharge local_charge(const DiracMaps& maps, const SurfaceParts& parts);

}  // namespace kubomag
