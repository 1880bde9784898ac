#pragma once
// How fast, how fine and how strong the drives of a run are, for the theory's small parameters.
#include <vector>

#include "khat/validity.hpp"
#include "kubomag/problem.hpp"
#include "setup/gate_spec.hpp"

namespace kubomag::io {

/// Upper bounds: the highest frequency of any signal (1/width of a pulse), the finest gate, the
/// gates' potential (psi reaches it in the static limit) and given potentials, and precession in
/// the sum of the external, anisotropy and demagnetising fields. E given by formulas or files has
/// no known scale and does not count.
DriveScales drive_scales(const Problem& problem, const std::vector<GateSpec>& gates);

}  // namespace kubomag::io
