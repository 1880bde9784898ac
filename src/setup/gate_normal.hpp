#pragma once
// The field across the dielectric between a gate and a metallic film: what changes the film's
// anisotropy (kernels/vcma.hpp). The film is grounded and the gate plane, at the distance d above
// it, has the potential V(s): Laplace's equation between the two gives for each harmonic
//   E_z = -V_k k/sinh(k d) cos(k s) -> -V/d for structures much wider than d
// and for an edge of V at s = 0 the step -(V/d)/(1 + exp(-pi s/d)) (docs/physics-terms.md).
#include <vector>

#include "kubomag/problem.hpp"
#include "setup/gate_spec.hpp"

namespace kubomag {

/// E_z at the film's cells: one source, or the two quadratures of a travelling wave. `spec` must be
/// a valid gate (setup/gate.hpp). Throws InputError where there is no `dielectric`, for linear
/// profiles, and for waves without a voltage.
std::vector<FieldSource> gate_normal_field(const GateSpec& spec, const Grid& grid);

}  // namespace kubomag
