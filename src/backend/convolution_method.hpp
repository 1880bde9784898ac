#pragma once
// How the GPU computes the demagnetising convolution.
#include <cstddef>
#include <cstdlib>
#include <string>

#include "kubomag/error.hpp"

namespace kubomag {

enum class ConvolutionMethod {
  batched,       // cuFFT, all components in one call
  by_component,  // cuFFT, one after the other: what one call writes the next finds in the cache
  fused          // kernels of our own where a block can hold an axis, else cuFFT
};

/// What the environment asks for in KUBOMAG_CUDA_CONVOLUTION, by these names. Where it is not set:
/// fused for films of up to 2^20 cells, batched for larger ones, which is what was measured
/// (docs/performance-gpu.md); small films then have the same bits alone and in a gang, which shares
/// kernels and no transforms of cuFFT. Throws InputError for another name.
inline ConvolutionMethod convolution_method(std::size_t cells) {
  constexpr std::size_t most_fused = std::size_t{1} << 20;
  const char* set = std::getenv("KUBOMAG_CUDA_CONVOLUTION");
  const std::string name = set != nullptr ? set : cells <= most_fused ? "fused" : "batched";
  if (name == "batched") return ConvolutionMethod::batched;
  if (name == "by_component") return ConvolutionMethod::by_component;
  if (name == "fused") return ConvolutionMethod::fused;
  throw InputError("the environment has KUBOMAG_CUDA_CONVOLUTION=" + name +
                   ": it must be batched, by_component or fused, or not be set");
}

}  // namespace kubomag
