#pragma once
// The CUDA engines, one translation unit per precision.
#include <memory>

#include "kubomag/engine.hpp"

namespace kubomag {

std::unique_ptr<Engine> make_cuda_engine_double(const Problem& problem, int device);
std::unique_ptr<Engine> make_cuda_engine_float(const Problem& problem, int device);

}  // namespace kubomag
