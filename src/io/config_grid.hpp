#pragma once
// [grid] of docs/config.md.
#include "io/config_reader.hpp"
#include "kubomag/grid.hpp"

namespace kubomag::io {

/// Reads [grid]. Throws InputError for sizes that are not positive and for a film whose run would
/// not fit into the memory of this machine.
Grid read_grid(const ConfigTable& root);

/// Memory that a run on `cells` cells needs at most [bytes]: double precision, open edges, a
/// diffusive field and the seven stages of the Dormand-Prince scheme.
double memory_estimate(double cells);

/// The physical memory of this machine [bytes].
double physical_memory();

}  // namespace kubomag::io
