#include "solver/engine_cuda.hpp"

#include "solver/convolution_cuda.cuh"
#include "solver/device_stepper_cuda.cuh"
#include "solver/drive_field_cuda.cuh"
#include "solver/make_film_engine.hpp"
#include "solver/spectral_filter_cuda.cuh"

namespace kubomag {

std::unique_ptr<Engine> make_cuda_engine_float(const Problem& problem, int device) {
  return make_film_engine<float>(problem, CudaBackend(device));
}

}  // namespace kubomag
