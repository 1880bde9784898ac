#pragma once
// [grid] of docs/config.md.
#include "io/config_reader.hpp"
#include "kubomag/grid.hpp"

namespace kubomag::io {

/// Reads [grid]. Throws InputError for sizes that are not positive and for a film that this machine
/// has not the memory to set up, whatever device it is for.
Grid read_grid(const ConfigTable& root);

/// Memory that setting up a run takes on the host at least [bytes], with a demagnetising field and
/// open edges. What its engine holds is solver/memory_model.hpp's to say.
double setup_memory(double cells);

/// The physical memory of this machine [bytes].
double physical_memory();

}  // namespace kubomag::io
