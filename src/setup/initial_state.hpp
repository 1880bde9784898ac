#pragma once
// Initial states of the magnetisation.
#include <cstdint>
#include <functional>
#include <vector>

#include "kubomag/grid.hpp"
#include "kubomag/scalar_map.hpp"
#include "kubomag/vec3.hpp"

namespace kubomag {

/// A direction for every cell, of any length: cell index and centre x, y from the film's middle
/// [m].
using StateFunction = std::function<Vec3<double>(std::size_t cell, double x, double y)>;

/// The unit vectors of `state`, component after component (mx of all cells, then my, then mz); zero
/// where Msat is 0 (vacuum). Throws InputError, with the place, where the direction is zero or not
/// finite.
std::vector<double> make_initial_state(const Grid& grid, const ScalarMap& Msat,
                                       const StateFunction& state);

/// The same direction everywhere.
StateFunction uniform_state(Vec3<double> direction);

/// Independent and isotropic: Marsaglia, Ann. Math. Stat. 43, 645 (1972), on the Philox4x32-10
/// generator (Salmon et al., SC11) with the cell as counter and the seed as key, so that it depends
/// neither on the platform nor on the number of threads.
StateFunction random_state(std::uint64_t seed);

/// The vortex of mumax3 about the middle of the film: circulation +1 (counter-clockwise) or -1,
/// core along polarity +1 or -1, m proportional to (-c y/r, c x/r, 1.5 p exp(-r^2 / (2 dx^2))) for
/// the cell size dx. Throws InputError for other values.
StateFunction vortex_state(const Grid& grid, int circulation, int polarity);

/// Two domains and a Gaussian wall across x = 0, like mumax3: with g = exp(-(x / (2 dx))^2) the
/// direction is (1 - g) left + g wall for x < 0 and (1 - g) right + g wall for x >= 0.
StateFunction two_domain_state(const Grid& grid, Vec3<double> left, Vec3<double> wall,
                               Vec3<double> right);

/// One function of x, y [m] for each component.
using PlaneFunction = std::function<double(double x, double y)>;
StateFunction formula_state(PlaneFunction mx, PlaneFunction my, PlaneFunction mz);

}  // namespace kubomag
