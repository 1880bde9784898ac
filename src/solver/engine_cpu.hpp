#pragma once
// The CPU engines, one translation unit per precision.
#include <memory>

#include "kubomag/engine.hpp"

namespace kubomag {

std::unique_ptr<Engine> make_cpu_engine_double(const Problem& problem, int threads);
std::unique_ptr<Engine> make_cpu_engine_float(const Problem& problem, int threads);

}  // namespace kubomag
