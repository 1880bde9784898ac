#pragma once
// How the GPU computes the demagnetising convolution.
#include <cstdlib>
#include <string>

#include "kubomag/error.hpp"

namespace kubomag {

enum class ConvolutionMethod {
  batched,       // cuFFT, all components in one call
  by_component,  // cuFFT, one after the other: what one call writes the next finds in the cache
  fused          // kernels of our own where a block can hold an axis, else cuFFT
};

/// What the environment asks for in KUBOMAG_CUDA_CONVOLUTION, by these names; batched where it is
/// not set. Throws InputError for anything else.
inline ConvolutionMethod convolution_method() {
  const char* set = std::getenv("KUBOMAG_CUDA_CONVOLUTION");
  const std::string name = set != nullptr ? set : "batched";
  if (name == "batched") return ConvolutionMethod::batched;
  if (name == "by_component") return ConvolutionMethod::by_component;
  if (name == "fused") return ConvolutionMethod::fused;
  throw InputError("the environment has KUBOMAG_CUDA_CONVOLUTION=" + name +
                   ": it must be batched, by_component or fused, or not be set");
}

}  // namespace kubomag
