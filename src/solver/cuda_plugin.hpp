#pragma once
// The CUDA backend is a shared library of its own, loaded at run time, so that one build runs on
// machines with and without a GPU. These are the functions that it exports.
#include <cstddef>
#include <string>
#include <vector>

#include "kubomag/engine.hpp"

namespace kubomag {

inline constexpr const char* cuda_plugin_file = "libkubomag_cuda.so";
inline constexpr int cuda_plugin_version = 2;

/// Filled by the plug-in; `reason` says why there is no device, if there is none.
struct CudaPluginDevices {
  std::vector<std::string> names;
  std::string reason;
};

extern "C" {
using KubomagCudaDevices = void (*)(int version, CudaPluginDevices* out);
/// Throws kubomag errors; the caller owns the engine.
using KubomagCudaEngine = Engine* (*)(const Problem* problem, int device, bool single_precision);
/// Bytes of the device's memory, and how many of them are free. Throws DeviceError.
using KubomagCudaMemory = void (*)(int device, std::size_t* total, std::size_t* free);
/// Bytes per second, read and written together, of copies of `bytes` within the device's memory,
/// repeated for `seconds`. Throws DeviceError.
using KubomagCudaCopy = double (*)(int device, std::size_t bytes, double seconds);
}

/// The plug-in as it was found beside the program; functions are null where there is none.
struct CudaPlugin {
  KubomagCudaDevices devices = nullptr;
  KubomagCudaEngine engine = nullptr;
  KubomagCudaMemory memory = nullptr;
  KubomagCudaCopy copy = nullptr;
  CudaPluginDevices found;
};

/// Loads it at the first call.
const CudaPlugin& cuda_plugin();

/// The CUDA device that `device` of a DeviceChoice names, -1 for the CPU. Throws InputError for
/// names that are not known and for devices that are not there.
int cuda_device(const std::string& device);

}  // namespace kubomag
