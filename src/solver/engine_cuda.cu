// The CUDA plug-in: which devices there are, and the same engine on the CUDA backend.
#include <cuda_runtime.h>

#include "backend/cuda_probe.cuh"
#include "solver/cuda_plugin.hpp"
#include "solver/engine_cuda.hpp"
#include "solver/macrospins_cuda.hpp"

using namespace kubomag;

extern "C" __attribute__((visibility("default"))) void kubomag_cuda_devices(
    int version, CudaPluginDevices* out) {
  if (version != cuda_plugin_version) {
    out->reason = "the CUDA plug-in is of another version of Kubomag";
    return;
  }
  int count = 0;
  const cudaError_t status = cudaGetDeviceCount(&count);
  if (status != cudaSuccess || count == 0) {
    out->reason = status == cudaSuccess ? "no CUDA device was found" : cudaGetErrorString(status);
    return;
  }
  for (int device = 0; device < count; ++device) {
    cudaDeviceProp properties{};
    if (cudaGetDeviceProperties(&properties, device) == cudaSuccess)
      out->names.push_back(properties.name);
  }
}

extern "C" __attribute__((visibility("default"))) Engine* kubomag_cuda_engine(
    const Problem* problem, int device, bool single_precision) {
  return (single_precision ? make_cuda_engine_float(*problem, device)
                           : make_cuda_engine_double(*problem, device))
      .release();
}

extern "C" __attribute__((visibility("default"))) MacrospinBlock* kubomag_cuda_macrospins(
    const std::vector<const Problem*>* cells, int device, bool single_precision,
    std::size_t most_at_once) {
  return (single_precision ? make_cuda_macrospins_float(*cells, device, most_at_once)
                           : make_cuda_macrospins_double(*cells, device, most_at_once))
      .release();
}

extern "C" __attribute__((visibility("default"))) void kubomag_cuda_memory(int device,
                                                                           std::size_t* total,
                                                                           std::size_t* free) {
  cuda::device_memory(device, total, free);
}

extern "C" __attribute__((visibility("default"))) double kubomag_cuda_copy(int device,
                                                                           std::size_t bytes,
                                                                           double seconds) {
  return cuda::copy_bandwidth(device, bytes, seconds);
}
