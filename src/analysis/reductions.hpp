#pragma once
// Quantities over the film as numbers for the table (docs/config.md, "Means and largest values").
#include <vector>

#include "kubomag/engine.hpp"
#include "kubomag/grid.hpp"
#include "kubomag/simulation.hpp"

namespace kubomag {

/// Names and units of the columns that `reduction` makes of `quantity`: "B_ext_x", "mx_left",
/// "max_B_ext".
std::vector<Observable> reduced_columns(const Reduction& reduction, const Quantity& quantity);

/// Their values, from those of the cells, component after component: over the cells in `where` with
/// Msat > 0. NaN if there is none. The same to the bit for any number of threads.
std::vector<double> reduced(const Reduction& reduction, const Grid& grid, const ScalarMap& Msat,
                            const std::vector<double>& values);

}  // namespace kubomag
