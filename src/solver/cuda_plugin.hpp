#pragma once
// The CUDA backend is a shared library of its own, loaded at run time, so that one build runs on
// machines with and without a GPU. These are the two functions that it exports.
#include <string>
#include <vector>

#include "kubomag/engine.hpp"

namespace kubomag {

inline constexpr const char* cuda_plugin_file = "libkubomag_cuda.so";
inline constexpr int cuda_plugin_version = 1;

/// Filled by the plug-in; `reason` says why there is no device, if there is none.
struct CudaPluginDevices {
  std::vector<std::string> names;
  std::string reason;
};

extern "C" {
using KubomagCudaDevices = void (*)(int version, CudaPluginDevices* out);
/// Throws kubomag errors; the caller owns the engine.
using KubomagCudaEngine = Engine* (*)(const Problem* problem, int device, bool single_precision);
}

}  // namespace kubomag
