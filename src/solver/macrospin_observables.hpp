#pragma once
#include <vector>

#include "kubomag/engine.hpp"

namespace kubomag {

/// mu_0 N of a single cell: its own demagnetising field is -Ms mu_0 N m, component by component
/// [T m/A]; zero without Problem::demag.
Vec3<double> demag_of_cell(const Problem& cell);

/// The numbers that a film of this one cell shows, in its order, with the torque as it is given.
/// `demag` is that of demag_of_cell.
std::vector<Observable> observe_cell(const Problem& cell, Vec3<double> demag, Vec3<double> m,
                                     double t, double max_torque);

}  // namespace kubomag
