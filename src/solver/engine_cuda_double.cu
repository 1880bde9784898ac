#include "solver/engine_cuda.hpp"

#include "solver/make_cuda_engine.cuh"

namespace kubomag {

std::unique_ptr<Engine> make_cuda_engine_double(const Problem& problem, int device,
                                                std::shared_ptr<GangSeat> seat) {
  return in_one_arena<double>(problem, device, std::move(seat));
}

}  // namespace kubomag
