#pragma once
// Engines of the CUDA plug-in's sources on the emulation of CUDA: a library beside the tests.
#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>

#include "solver/cuda_plugin.hpp"

namespace kubomag::test {

class EmulatedCuda {
 public:
  static const EmulatedCuda& instance() {
    static const EmulatedCuda emulation;
    return emulation;
  }

  /// A function that the library exports.
  template <class Function>
  Function find(const char* name) const {
    void* found = dlsym(library_, name);
    if (found == nullptr) throw std::runtime_error(std::string("CUDA emulation: no ") + name);
    return reinterpret_cast<Function>(found);
  }

 private:
  EmulatedCuda() {
    // a buffer's ends are then those of an allocation, which the emulation watches
    setenv("KUBOMAG_CUDA_MEMORY", "separate", 0);
    const auto path =
        std::filesystem::canonical("/proc/self/exe").parent_path() / "libkubomag_cuda_emulation.so";
    library_ = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library_ == nullptr) throw std::runtime_error(std::string("CUDA emulation: ") + dlerror());
  }
  void* library_ = nullptr;
};

/// The library as a plug-in.
inline CudaPlugin emulated_plugin() {
  const EmulatedCuda& library = EmulatedCuda::instance();
  CudaPlugin plugin;
  plugin.engine = library.find<KubomagCudaEngine>("kubomag_cuda_engine");
  plugin.gang = library.find<KubomagCudaGang>("kubomag_cuda_gang");
  plugin.macrospins = library.find<KubomagCudaMacrospins>("kubomag_cuda_macrospins");
  return plugin;
}

inline std::unique_ptr<Engine> make_emulated_engine(const Problem& problem, bool single) {
  return make_gpu_engine(emulated_plugin(), problem, 0, single);
}

}  // namespace kubomag::test
