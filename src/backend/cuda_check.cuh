#pragma once
// Every CUDA and cuFFT call is checked; a failure becomes a DeviceError with the call and place.
#include <cuda_runtime.h>
#include <cufft.h>

#include <string>

#include "kubomag/error.hpp"

namespace kubomag {

inline std::string place(const char* call, const char* file, int line) {
  return std::string(call) + " at " + file + ":" + std::to_string(line);
}

inline void check_cuda(cudaError_t status, const char* call, const char* file, int line) {
  if (status == cudaSuccess) return;
  const std::string advice =
      status == cudaErrorMemoryAllocation
          ? "; the film does not fit on this device: use fewer cells, single "
            "precision or --device cpu"
          : "";
  throw DeviceError(std::string("CUDA: ") + cudaGetErrorString(status) + " in " +
                    place(call, file, line) + advice);
}

inline void check_cufft(cufftResult status, const char* call, const char* file, int line) {
  if (status == CUFFT_SUCCESS) return;
  throw DeviceError("cuFFT: error " + std::to_string(static_cast<int>(status)) + " in " +
                    place(call, file, line));
}

}  // namespace kubomag

#define KUBOMAG_CUDA(call) ::kubomag::check_cuda((call), #call, __FILE__, __LINE__)
#define KUBOMAG_CUFFT(call) ::kubomag::check_cufft((call), #call, __FILE__, __LINE__)
