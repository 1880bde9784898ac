#pragma once
// [[custom_field]] and [[custom_torque]] of docs/config.md.
#include "io/config_reader.hpp"
#include "kubomag/custom_term.hpp"
#include "kubomag/problem.hpp"

namespace kubomag::io {

/// Appends the user's fields or torques to `problem.custom`. The formulas may use the parameters of
/// `problem.material`. Throws InputError for broken formulas, for values that are not finite
/// somewhere in the film, for names that are taken and for an energy whose derivative is not the
/// field.
void read_custom_terms(const ConfigTable& root, CustomTerm::Kind kind, Problem& problem);

}  // namespace kubomag::io
