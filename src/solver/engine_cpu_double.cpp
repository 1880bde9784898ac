#include "solver/engine_cpu.hpp"

#include "solver/convolution_cpu.hpp"
#include "solver/drive_field_cpu.hpp"
#include "solver/field_map_cpu.hpp"
#include "solver/make_film_engine.hpp"
#include "solver/spectral_filter_cpu.hpp"
#include "solver/step_sweep_cpu.hpp"

namespace kubomag {

std::unique_ptr<Engine> make_cpu_engine_double(const Problem& problem, int threads) {
  return make_film_engine<double>(problem, CpuBackend(threads));
}

}  // namespace kubomag
