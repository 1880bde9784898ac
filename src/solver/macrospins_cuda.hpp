#pragma once
// Single cells on a GPU, one translation unit per precision.
#include <cstddef>
#include <memory>
#include <vector>

#include "solver/macrospin_block.hpp"

namespace kubomag {

/// Cells of one kind that drive themselves, at most `most_at_once` of them on the device together
/// (0: what its memory holds).
std::unique_ptr<MacrospinBlock> make_cuda_macrospins_double(
    const std::vector<const Problem*>& cells, int device, std::size_t most_at_once);
std::unique_ptr<MacrospinBlock> make_cuda_macrospins_float(const std::vector<const Problem*>& cells,
                                                           int device, std::size_t most_at_once);

}  // namespace kubomag
