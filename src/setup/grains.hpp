#pragma once
// Voronoi grains (docs/skyrmions.md, "Grains").
#include <cstdint>
#include <string>
#include <vector>

#include "kubomag/grid.hpp"

namespace kubomag {

struct Grains {
  double size = 0;  // sqrt of the mean grain area [m]
  std::uint64_t seed = 1;
};

/// Names one grain for ever: the tile of the plane that holds its centre, and its number in it.
struct GrainName {
  std::uint32_t tile_x = 0, tile_y = 0, number = 0;
  bool operator==(const GrainName&) const = default;
};

/// The grain of every cell: that of the nearest centre, the centres being a Poisson process of one
/// per size^2. Centres depend on the seed and on their place in the plane alone, not on the cells;
/// periodic axes wrap. Throws InputError unless size is above 0 and finite.
std::vector<GrainName> grain_of_cells(const Grid& grid, const Grains& grains);

/// A factor of mean 1 and standard deviation close to `spread` for the parameter `name` in that
/// grain: 1 + spread g with a normal deviate g cut off at +-3 (which lowers its deviation by 1.3
/// %). Independent for different names.
double grain_factor(const GrainName& grain, const Grains& grains, const std::string& name,
                    double spread);

}  // namespace kubomag
