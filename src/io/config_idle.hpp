#pragma once
// Inputs of a film that act on nothing there: refused as keys are that nobody reads, for whoever
// gave them expects to see them.
#include <string>
#include <vector>

#include "io/config_reader.hpp"
#include "kubomag/problem.hpp"
#include "kubomag/simulation.hpp"

namespace kubomag::io {

/// Throws InputError for a torque's input without a current, xi_VCMA without a voltage and a
/// temperature without damping. Custom terms and [thiele] may use them without.
void refuse_idle_inputs(const ConfigTable& root, const Problem& problem);

/// A caution where the window has nothing to follow in the initial state: mz has one sign.
std::vector<std::string> window_cautions(const Window& window, const Problem& problem);

}  // namespace kubomag::io
