#pragma once
// [relax], [minimise], [run] and [device] of docs/config.md.
#include <optional>

#include "io/config_maps.hpp"
#include "kubomag/problem.hpp"
#include "kubomag/simulation.hpp"

namespace kubomag::io {

/// A finite time above 0 [s], or none: 0.
double read_interval(const ConfigTable& table, const std::string& key);

/// [relax] or [minimise]; both are an error.
std::optional<Relax> read_relax(const ConfigTable& root);

/// [run] scheme and step control.
Integrator read_integrator(const ConfigTable& root);
/// [run] time [s]; 0 without the section, which then needs [relax], [minimise] or [hysteresis].
double read_time(const ConfigTable& root);

/// [run] stop_when, which needs the rows of a table.
std::optional<Placed> read_stop(const ConfigTable& root);

DeviceChoice read_device(const ConfigTable& root);

}  // namespace kubomag::io
