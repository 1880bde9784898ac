#pragma once

namespace kubomag {

/// The demagnetising convolution B = -N * (Ms m) on a backend; specialised for each in
/// convolution_cpu.hpp and convolution_cuda.cuh; makes_states(Ms) is whether it can make m on the
/// way (kernels/rhs.hpp, StageState).
template <class Backend, class Real>
class Convolution;

}  // namespace kubomag
