#pragma once
// Electrostatics of a gate above the surface: GateSpec -> fields (pattern in space) x (signal in
// time). The potential obeys Laplace's equation between the surface and the gate plane at `height`,
// in a homogeneous dielectric: the harmonic n of the plane arrives as V_n exp(-n k height)
// (docs/drive.md, "Gates"). Along the direction s = x cos(direction) + y sin(direction) - offset.
#include <functional>
#include <vector>

#include "kubomag/problem.hpp"
#include "setup/gate_spec.hpp"

namespace kubomag {

/// A drive with the potential that it is the gradient of: E = -grad potential.
struct GateField {
  SeparableDrive drive;
  std::function<double(double x, double y)> potential;  // [V], times the drive's signal
};

/// The drives of a gate: one, or the two quadratures of a travelling wave. Throws InputError for
/// values without meaning: no period or width, a duty outside (0, 1), fingers with sharp edges at
/// height 0 (their field diverges), a negative height, numbers that are not finite.
std::vector<GateField> make_gate(const GateSpec& spec);

}  // namespace kubomag
