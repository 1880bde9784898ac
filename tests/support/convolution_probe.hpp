#pragma once
// One demagnetising convolution of the CUDA plug-in's sources on the emulation of CUDA.
#include <cstddef>
#include <vector>

#include "backend/convolution_method.hpp"
#include "kubomag/grid.hpp"
#include "support/emulated_cuda.hpp"

namespace kubomag::test {

struct ConvolutionProbe {
  Grid grid;
  std::vector<double> m, Ms;  // three components in a row; one number or one per cell [A/m]
  ConvolutionMethod method = ConvolutionMethod::batched;
  bool single = false;
  std::size_t shared_memory = 227 * 1024;  // of a block
  int multiprocessors = 1;
  bool reversed = false;    // order of blocks and threads
  std::vector<double> k{};  // if not empty, of m + h k, which is made on the way
  double h = 0;
  bool h_on_device = false, makes_states = false;  // (found: whether that is possible)
  std::vector<double> B{};                         // [T]
  std::size_t bytes = 0, work = 0;  // of the device; kernels and the like of an evaluation
};

inline void run(ConvolutionProbe& probe) {
  using Run = void (*)(ConvolutionProbe*);
  EmulatedCuda::instance().find<Run>("kubomag_convolution_probe")(&probe);
}

}  // namespace kubomag::test
