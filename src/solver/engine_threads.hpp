#pragma once
#include "kubomag/grid.hpp"

namespace kubomag {

/// Threads of the CPU engine of a film: `wanted`, or if that is 0 as many as the film is worth, of
/// those that OpenMP has (all processors, or OMP_NUM_THREADS).
int engine_threads(const Grid& grid, int wanted);

}  // namespace kubomag
