// The CUDA plug-in: the same engine on the CUDA backend.
#include <algorithm>
#include <array>

#include "solver/convolution_cuda.cuh"
#include "solver/cuda_plugin.hpp"
#include "solver/drive_field_cuda.cuh"
#include "solver/make_film_engine.hpp"
#include "solver/spectral_filter_cuda.cuh"

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
  CudaBackend backend(device);
  return (single_precision ? make_film_engine<float>(*problem, std::move(backend))
                           : make_film_engine<double>(*problem, std::move(backend)))
      .release();
}
