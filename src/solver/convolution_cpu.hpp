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
      : nx_(grid.nx),
        convolution_(grid.nx, grid.ny,
                     ConvolutionKernel{kernel.px, kernel.py, kernel.xx.data(), kernel.yy.data(),
                                       kernel.zz.data(), kernel.xy.data()},
                     backend.threads()) {}

  /// B = -N * (Ms m) [T].
  template <bool Mapped>
  void operator()(const StageState<Real>& state, Param<Real, Mapped> Ms, VectorView<Real> B) {
    begin(state, Ms);
    Real* const to[3] = {B.x, B.y, B.z};
    convolution_.inverse(to);
  }

  /// The same, to be asked for row by row with of_row() until the next one begins.
  template <bool Mapped>
  void begin(const StageState<Real>& state, Param<Real, Mapped> Ms) {
    const Real* const from[3] = {state.m.x, state.m.y, state.m.z};
    convolution_.transform(from, Ms.map, Ms.value);
  }
  /// On the row of a cell, at the film's numbers of its cells; holds until this thread asks for
  /// another row.
  VectorView<const Real> of_row(int cell) const {
    const int iy = cell / nx_;
    const auto B = convolution_.row_of_B(iy);
    return shifted(VectorView<const Real>{B[0], B[1], B[2]}, -static_cast<long>(iy) * nx_);
  }

  template <bool Mapped>
  bool makes_states(Param<Real, Mapped>) const {
    return false;
  }

  std::size_t bytes() const { return convolution_.bytes(); }

 private:
  int nx_;
  CpuConvolution<Real> convolution_;
};

}  // namespace kubomag
