#pragma once
// The CUDA engines, films and single cells, one translation unit per precision.
#include <memory>
#include <vector>

#include "kubomag/engine.hpp"
#include "solver/macrospin_block.hpp"

namespace kubomag {

std::unique_ptr<Engine> make_cuda_engine_double(const Problem& problem, int device);
std::unique_ptr<Engine> make_cuda_engine_float(const Problem& problem, int device);

/// Cells of one kind that drive themselves, at most `most_at_once` of them on the device together
/// (0: what its memory holds).
std::unique_ptr<MacrospinBlock> make_cuda_macrospins_double(
    const std::vector<const Problem*>& cells, int device, std::size_t most_at_once);
std::unique_ptr<MacrospinBlock> make_cuda_macrospins_float(const std::vector<const Problem*>& cells,
                                                           int device, std::size_t most_at_once);

}  // namespace kubomag
