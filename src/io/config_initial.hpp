#pragma once
// [initial] or [[initial]] of docs/config.md.
#include <vector>

#include "io/config_maps.hpp"

namespace kubomag::io {

/// m of every cell at the start: mx of all cells, then my, then mz; 0 where Msat = 0. The tables
/// of a list are taken in order, each on top of what was there. Without the section: +z everywhere.
/// Throws InputError.
std::vector<double> read_initial(const ConfigTable& root, const Grid& grid, const ScalarMap& Msat,
                                 Shapes& shapes);

}  // namespace kubomag::io
