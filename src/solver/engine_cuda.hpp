#pragma once
// The CUDA engines, one translation unit per precision.
#include <memory>

#include "kubomag/engine.hpp"

namespace kubomag {

class GangSeat;

/// `seat`: in a gang, null for a film alone.
std::unique_ptr<Engine> make_cuda_engine_double(const Problem& problem, int device,
                                                std::shared_ptr<GangSeat> seat);
std::unique_ptr<Engine> make_cuda_engine_float(const Problem& problem, int device,
                                               std::shared_ptr<GangSeat> seat);

}  // namespace kubomag
