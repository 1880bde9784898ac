#pragma once
// The CUDA engine of a problem with its memory in one piece.
#include <memory>

#include "solver/convolution_cuda.cuh"
#include "solver/device_stepper_cuda.cuh"
#include "solver/drive_field_cuda.cuh"
#include "solver/field_map_cuda.cuh"
#include "solver/krylov_cuda.cuh"
#include "solver/make_film_engine.hpp"
#include "solver/memory_model.hpp"
#include "solver/spectral_filter_cuda.cuh"
#include "solver/step_passes_cuda.cuh"

namespace kubomag {

/// All device memory is taken here, as much as the model says: a run allocates none.
template <class Real>
std::unique_ptr<Engine> in_one_arena(const Problem& problem, int device,
                                     std::shared_ptr<GangSeat> seat) {
  constexpr Precision precision =
      sizeof(Real) == 4 ? Precision::single_precision : Precision::double_precision;
  const double expected = MemoryModel(problem, DeviceKind::cuda, precision).bytes();
  const ArenaScope scope(device, static_cast<std::size_t>(expected));
  auto engine = make_film_engine<Real>(problem, CudaBackend(device, std::move(seat)));
  scope.close();
  return engine;
}

}  // namespace kubomag
