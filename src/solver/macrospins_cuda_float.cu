#include "solver/macrospins_cuda.hpp"

#include "solver/macrospins_cuda.cuh"

namespace kubomag {

std::unique_ptr<MacrospinBlock> make_cuda_macrospins_float(const std::vector<const Problem*>& cells,
                                                           int device, std::size_t most_at_once) {
  return make_cuda_macrospins<float>(cells, device, most_at_once);
}

}  // namespace kubomag
