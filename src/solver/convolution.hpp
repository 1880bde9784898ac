#pragma once

namespace kubomag {

/// The demagnetising convolution B = -N * (Ms m) on a backend; specialised for each in
/// convolution_cpu.hpp and convolution_cuda.cuh.
template <class Backend, class Real>
class Convolution;

}  // namespace kubomag
