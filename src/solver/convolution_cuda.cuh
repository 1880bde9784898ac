#pragma once
// The demagnetising convolution on the GPU.
#include "backend/cuda_backend.cuh"
#include "backend/cuda_convolution.cuh"
#include "kernels/rhs.hpp"
#include "setup/demag_tensor.hpp"
#include "solver/convolution.hpp"

namespace kubomag {

template <class Real>
class Convolution<CudaBackend, Real> {
 public:
  Convolution(const CudaBackend& backend, const Grid& grid, const DemagKernel& kernel)
      : convolution_(grid.nx, grid.ny, kernel.px, kernel.py,
                     {kernel.xx.data(), kernel.yy.data(), kernel.zz.data(), kernel.xy.data()},
                     convolution_method(grid.cells()), BlockLimits::of_device(), backend.stream()) {
  }

  /// B = -N * (Ms m) [T].
  template <bool Mapped>
  void operator()(const StageState<Real>& state, Param<Real, Mapped> Ms, VectorView<Real> B) {
    const auto& [m, more] = state;
    convolution_({{m.x, m.y, m.z}, {more.k.x, more.k.y, more.k.z}, more.h.value, more.h.at}, Ms.map,
                 Ms.value, {B.x, B.y, B.z});
  }

  template <bool Mapped>
  bool makes_states(Param<Real, Mapped> Ms) const {
    return convolution_.makes_states(Ms.map);
  }

  std::size_t bytes() const { return convolution_.bytes(); }

 private:
  CudaConvolution<Real> convolution_;
};

}  // namespace kubomag
