#pragma once
// Where to begin following the curves of band edges at the Fermi energy.
#include <vector>

#include "khat/band_grid.hpp"
#include "khat/edge_equations.hpp"

namespace kubomag {

/// Points of all curves, many of each: h0 + h.n is stationary in some places for every spin n;
/// followed from one n of a grid to the next, |h - mu n| passes |Delta_sd| there. A curve between
/// four n of the grid is seen where |h - mu n| has its extremum, if it is wider than 1e-5.
std::vector<EdgePoint> edge_seeds(const EdgeEquations& equations, const BandModel& model,
                                  const BandGrid& grid);

}  // namespace kubomag
