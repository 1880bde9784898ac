#pragma once
// The curves of m on which a band edge is at the Fermi energy, followed by edge_equations.hpp.
#include <vector>

#include "khat/band_grid.hpp"
#include "khat/jump_curve.hpp"

namespace kubomag {

/// All of them, where the edges are within the cutoff; their points are exact to rounding, but for
/// those where m is an extremum or a saddle of an edge. `grid` belongs to `model`, which the curves
/// refer to. Throws InputError where one cannot be followed.
std::vector<JumpCurve> edge_curves(const BandModel& model, const BandGrid& grid);

}  // namespace kubomag
