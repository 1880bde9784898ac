#pragma once
// [output] of docs/config.md.
#include "io/config.hpp"
#include "io/config_shape.hpp"

namespace kubomag::io {

/// Fills `output`, `quantities` and `ovf` of a run whose grid and time are known. A loop
/// ([hysteresis]) has no intervals: it writes at every point; so does a minimum without a run, at
/// t = 0, a row of the table in any case.
void read_output(const ConfigTable& root, Shapes& shapes, RunConfig& config);

}  // namespace kubomag::io
