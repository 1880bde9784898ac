#pragma once
// [gate] of docs/config.md.
#include <vector>

#include "io/config_reader.hpp"
#include "setup/gate_spec.hpp"

namespace kubomag::io {

/// The gates of [gate] or [[gate]]; empty without the section. Throws InputError.
std::vector<GateSpec> read_gates(const ConfigTable& root);

}  // namespace kubomag::io
