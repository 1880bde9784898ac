#pragma once
// [hysteresis] of docs/config.md.
#include <optional>
#include <vector>

#include "io/config_reader.hpp"
#include "kubomag/problem.hpp"
#include "kubomag/simulation.hpp"

namespace kubomag::io {

/// The loop of [hysteresis], or nothing without the section. Its points are found by `descent`
/// ([relax] or [minimise]), by minimisation if that is missing. Throws InputError for keys that do
/// not fit together and for sections that a loop cannot have: [run], drives, fields in time.
std::optional<Hysteresis> read_hysteresis(const ConfigTable& root,
                                          const std::optional<Relax>& descent,
                                          const Problem& problem);

/// Adds the loop's field to `sources` as tables over the number of the point.
void add_loop_field(const Hysteresis& loop, std::vector<FieldSource>& sources);

}  // namespace kubomag::io
