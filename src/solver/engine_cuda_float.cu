#include "solver/engine_cuda.hpp"

#include "solver/make_cuda_engine.cuh"

namespace kubomag {

std::unique_ptr<Engine> make_cuda_engine_float(const Problem& problem, int device) {
  return in_one_arena<float>(problem, device);
}

}  // namespace kubomag
