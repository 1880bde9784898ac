#pragma once
// How fast, how fine and how strong the drives of a run are, for the theory's small parameters.
#include <string>
#include <vector>

#include "khat/validity.hpp"
#include "kubomag/problem.hpp"
#include "setup/gate_spec.hpp"

namespace kubomag::io {

struct DriveVerdict {
  DriveScales scales;
  std::vector<std::string> cautions;  // that no small parameter tells
};

/// The drives' scales: of gates from what they are (the highest frequency of their signals, 1/width
/// of a pulse, the period), of the fields [[E]] (`fields`, which problem.drive holds beside the
/// gates') as field_scale and signal_scale estimate them between 0 and `time`, of [[psi]] its
/// size and its signal, for it need not come from a field; psi is
/// the sum of what each reaches in the static limit, screened where the gate screens; precession
/// is that in the sum of the external, anisotropy and demagnetising fields.
/// Cautions: a uniform field towards edges without flux, if `default_edges` tells that nobody asked
/// for them.
DriveVerdict drive_verdict(const Problem& problem, const Drive& fields,
                           const std::vector<GateSpec>& gates, double time, bool default_edges);

/// Cautions of the material: a thermal field that knows less damping than there is.
std::vector<std::string> thermal_cautions(const Problem& problem);

}  // namespace kubomag::io
