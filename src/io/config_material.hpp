#pragma once
// [material] of docs/config.md and its overrides in [[region]].
#include <vector>

#include "io/config_maps.hpp"
#include "kubomag/parameters.hpp"

namespace kubomag::io {

/// The parameters that the physics terms declare. Three inputs name_x, name_y, name_z make one key
/// name = [x, y, z], a direction that is normalised. An input whose default is NaN is required.
/// Throws InputError for wrong values and if no cell is magnetic (Msat > 0).
Parameters read_material(const ConfigTable& root, const std::vector<Input>& inputs,
                         const std::vector<Region>& regions, const Grid& grid);

/// [material] GammaLL [rad/(T s)], positive.
double read_GammaLL(const ConfigTable& root);

}  // namespace kubomag::io
