#pragma once
// The demagnetising convolution on the GPU.
#include "backend/cuda_backend.cuh"
#include "backend/cuda_convolution.cuh"
#include "kernels/field.hpp"
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
  void operator()(VectorView<const Real> m, Param<Real, Mapped> Ms, VectorView<Real> B) {
    convolution_({m.x, m.y, m.z}, Ms.map, Ms.value, {B.x, B.y, B.z});
  }

  std::size_t bytes() const { return convolution_.bytes(); }

 private:
  CudaConvolution<Real> convolution_;
};

}  // namespace kubomag
