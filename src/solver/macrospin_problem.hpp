#pragma once
// Several single cells as one row of cells: their parameters become maps, lane by lane; what they
// contain.
#include <vector>

#include "kubomag/problem.hpp"

namespace kubomag {

/// Material, surface and local tables of the cells, of the last one again up to `lanes`; grid,
/// gamma and everything else are those of the first. The cells must be of one kind
/// (solver/macrospin_block.hpp).
Problem row_of_cells(const std::vector<const Problem*>& cells, int lanes);

/// Whether a signal of the cell is a formula.
bool has_formulas(const Problem& macrospin);

}  // namespace kubomag
