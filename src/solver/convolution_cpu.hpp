#pragma once
// The demagnetising convolution on the CPU.
#include "backend/cpu_backend.hpp"
#include "backend/cpu_convolution.hpp"
#include "kernels/rhs.hpp"
#include "setup/demag_tensor.hpp"
#include "solver/convolution.hpp"

namespace kubomag {

template <class Real>
class Convolution<CpuBackend, Real> {
 public:
  Convolution(const CpuBackend& backend, const Grid& grid, const DemagKernel& kernel)
      : convolution_(grid.nx, grid.ny,
                     ConvolutionKernel{kernel.px, kernel.py, kernel.xx.data(), kernel.yy.data(),
                                       kernel.zz.data(), kernel.xy.data()},
                     backend.threads()) {}

  /// B = -N * (Ms m) [T].
  template <bool Mapped>
  void operator()(const StageState<Real>& state, Param<Real, Mapped> Ms, VectorView<Real> B) {
    const Real* const from[3] = {state.m.x, state.m.y, state.m.z};
    Real* const to[3] = {B.x, B.y, B.z};
    convolution_(from, Ms.map, Ms.value, to);
  }

  template <bool Mapped>
  bool makes_states(Param<Real, Mapped>) const {
    return false;
  }

  std::size_t bytes() const { return convolution_.bytes(); }

 private:
  CpuConvolution<Real> convolution_;
};

}  // namespace kubomag
