#pragma once
// The CUDA backend is a shared library of its own, loaded at run time, so that one build runs on
// machines with and without a GPU. These are the functions that it exports.
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "kubomag/engine.hpp"
#include "solver/film_gang.hpp"
#include "solver/macrospin_block.hpp"

namespace kubomag {

inline constexpr const char* cuda_plugin_file = "libkubomag_cuda.so";
inline constexpr int cuda_plugin_version = 4;

/// Filled by the plug-in; `reason` says why there is no device, if there is none.
struct CudaPluginDevices {
  std::vector<std::string> names;
  std::string reason;
};

extern "C" {
using KubomagCudaDevices = void (*)(int version, CudaPluginDevices* out);
/// Throws kubomag errors; the caller owns the engine.
using KubomagCudaEngine = Engine* (*)(const Problem* problem, int device, bool single_precision);
/// A gang of at most so many films; the caller owns it. Throws DeviceError.
using KubomagCudaGang = FilmGang* (*)(int device, int places);
/// The same as KubomagCudaEngine of single cells of one kind that drive themselves
/// (solver/macrospin_block.hpp), at most `most_at_once` of them on the device together (0: what its
/// memory holds).
using KubomagCudaMacrospins = MacrospinBlock* (*)(const std::vector<const Problem*>* cells,
                                                  int device, bool single_precision,
                                                  std::size_t most_at_once);
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
  KubomagCudaGang gang = nullptr;
  KubomagCudaMacrospins macrospins = nullptr;
  KubomagCudaMemory memory = nullptr;
  KubomagCudaCopy copy = nullptr;
  CudaPluginDevices found;
};

/// Loads it at the first call.
const CudaPlugin& cuda_plugin();

/// The CUDA device that `device` of a DeviceChoice names, -1 for the CPU. Throws InputError for
/// names that are not known and for devices that are not there.
int cuda_device(const std::string& device);

/// The engine of a film, or of a single cell that can be an ensemble of one.
std::unique_ptr<Engine> make_gpu_engine(const CudaPlugin& plugin, const Problem& problem,
                                        int device, bool single_precision);

/// Whether a DeviceChoice means single precision on a GPU.
inline bool single_on_gpu(const DeviceChoice& choice) {
  return choice.precision != Precision::double_precision;
}

}  // namespace kubomag
