#pragma once
// [relax], [minimise], [run], [output] and [device] of docs/config.md.
#include <optional>

#include "io/config_maps.hpp"
#include "kubomag/problem.hpp"
#include "kubomag/simulation.hpp"

namespace kubomag::io {

/// [relax] or [minimise]; both are an error.
std::optional<Relax> read_relax(const ConfigTable& root);

/// [run] scheme and step control.
Integrator read_integrator(const ConfigTable& root);
/// [run] time [s]; 0 without the section, which then needs [relax], [minimise] or [hysteresis].
double read_time(const ConfigTable& root);

/// Of a run over `time` [s]. A loop ([hysteresis]) has no intervals: it writes at every point; so
/// does a minimum without a run, at t = 0, a row of the table in any case.
OutputPlan read_output(const ConfigTable& root, const Grid& grid, double time);
/// [output] ovf, binary4 if it is not given.
OvfFormat read_ovf_format(const ConfigTable& root);

DeviceChoice read_device(const ConfigTable& root);

}  // namespace kubomag::io
