#pragma once
// [window] of docs/config.md.
#include <optional>

#include "io/config_reader.hpp"
#include "kubomag/problem.hpp"
#include "kubomag/simulation.hpp"

namespace kubomag::io {

/// The moving window, if there is one. Throws InputError unless it moves along open axes.
std::optional<Window> read_window(const ConfigTable& root, const Grid& grid);

/// Throws InputError unless the film is the same everywhere: no maps of any kind, and fields that
/// do not depend on the place.
void require_uniform(const ConfigTable& root, const Problem& problem);

}  // namespace kubomag::io
