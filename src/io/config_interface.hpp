#pragma once
// [[interface]] of docs/config.md and what [grains] says about grain boundaries: the coupling of
// neighbouring cells of different regions or grains.
#include <vector>

#include "io/config_maps.hpp"
#include "kubomag/parameters.hpp"
#include "setup/grains.hpp"

namespace kubomag::io {

/// The name of the cells that lie in no [[region]].
inline constexpr const char* outside_regions = "film";

/// Sets Aex_x, Aex_y, DMI_x, DMI_y of `material` (kubomag/bonds.hpp) if the file has interfaces or
/// grain boundaries that couple differently; else leaves `material` alone. `grains`: the grain of
/// every cell, empty without [grains]; `part`: the magnetic part of every cell, by which an Aex
/// that is given for an interface is lessened as that of the regions is. A cell belongs to the
/// last region that holds it. Throws InputError for names that are not those of regions, values
/// without meaning and interfaces where no two cells meet.
void read_bonds(const ConfigTable& root, const Grid& grid, const std::vector<Region>& regions,
                const std::vector<GrainName>& grains, const ScalarMap& part, Parameters& material);

}  // namespace kubomag::io
