// Which devices there are, and the engine for the one that was asked for.
#include <omp.h>

#include <algorithm>
#include <mutex>

#include "backend/cpu_backend.hpp"
#include "backend/fftw.hpp"
#include "solver/cpu_code.hpp"
#include "solver/cuda_plugin.hpp"
#include "solver/device_memory.hpp"
#include "solver/engine_threads.hpp"
#include "solver/plugin.hpp"

namespace kubomag {
namespace {

CudaPlugin load_cuda_plugin() {
  CudaPlugin plugin;
  const auto path = plugin_path(cuda_plugin_file);
  if (path.empty()) {
    plugin.found.reason = "this build has no CUDA plug-in (" + std::string(cuda_plugin_file) + ")";
    return plugin;
  }
  const Plugin library = load_plugin(path);
  if (!library.problem.empty()) {
    plugin.found.reason = "the CUDA plug-in could not be loaded: " + library.problem;
    return plugin;
  }
  plugin.devices = library.function<KubomagCudaDevices>("kubomag_cuda_devices");
  plugin.engine = library.function<KubomagCudaEngine>("kubomag_cuda_engine");
  plugin.gang = library.function<KubomagCudaGang>("kubomag_cuda_gang");
  plugin.macrospins = library.function<KubomagCudaMacrospins>("kubomag_cuda_macrospins");
  plugin.memory = library.function<KubomagCudaMemory>("kubomag_cuda_memory");
  plugin.copy = library.function<KubomagCudaCopy>("kubomag_cuda_copy");
  if (plugin.devices == nullptr || plugin.engine == nullptr || plugin.gang == nullptr ||
      plugin.macrospins == nullptr || plugin.memory == nullptr || plugin.copy == nullptr)
    plugin.found.reason = "the CUDA plug-in is of another version of Kubomag";
  else
    plugin.devices(cuda_plugin_version, &plugin.found);
  return plugin;
}

std::unique_ptr<Engine> make_cpu_engine(const Problem& problem, const DeviceChoice& choice) {
  const int threads = engine_threads(problem.grid, choice.threads);
  const bool single = choice.precision == Precision::single_precision;
  const CpuEngines& engines = cpu_code().engines;
  if (!single && is_macrospin(problem))
    return make_macrospin_engine(problem, engines.cells({&problem}), 0);
  return engines.film(problem, threads, single);
}

int device_number(const std::string& name) {
  if (name == "cuda") return 0;
  const std::string digits = name.substr(5);
  if (digits.empty() || digits.size() > 3 || digits.find_first_not_of("0123456789") != digits.npos)
    throw InputError("device '" + name + "' is not known; allowed: auto, cpu, cuda, cuda:N");
  return std::stoi(digits);
}

}  // namespace

const CudaPlugin& cuda_plugin() {
  static const CudaPlugin plugin = load_cuda_plugin();
  return plugin;
}

int cuda_device(const std::string& name) {
  const bool wants_cuda = name == "cuda" || name.rfind("cuda:", 0) == 0;
  if (name != "auto" && name != "cpu" && !wants_cuda)
    throw InputError("device '" + name + "' is not known; allowed: auto, cpu, cuda, cuda:N");
  if (name == "cpu") return -1;
  const CudaPlugin& plugin = cuda_plugin();
  const auto count = static_cast<int>(plugin.found.names.size());
  const int device = wants_cuda ? device_number(name) : 0;
  if (device < count) return device;
  if (!wants_cuda) return -1;
  throw InputError("device '" + name + "' is not there: " +
                   (count > 0 ? "this machine has " + std::to_string(count) + " CUDA device(s)"
                              : plugin.found.reason) +
                   "; use --device cpu");
}

/// Small films do not gain from more threads (docs/performance.md).
int engine_threads(const Grid& grid, int wanted) {
  if (wanted > 0) return wanted;
  const auto rows = static_cast<int>(std::max<std::size_t>(1, grid.cells() / 8192));
  return std::min({omp_get_max_threads(), rows, grid.ny});
}

DeviceReport find_devices() {
  const CudaPlugin& plugin = cuda_plugin();
  DeviceReport report;
  report.cuda_devices = plugin.found.names;
  report.cuda_available = !plugin.found.names.empty();
  report.cuda_reason = plugin.found.reason;
  report.cpu = CpuBackend(omp_get_max_threads()).name() + ", code for " + cpu_code().level + " (" +
               cpu_code().reason + ")";
  return report;
}

std::unique_ptr<Engine> make_gpu_engine(const CudaPlugin& plugin, const Problem& problem,
                                        int device, bool single_precision) {
  if (!is_macrospin(problem) || !drives_itself(problem))
    return std::unique_ptr<Engine>(plugin.engine(&problem, device, single_precision));
  const std::vector<const Problem*> cells{&problem};
  std::shared_ptr<MacrospinBlock> block(plugin.macrospins(&cells, device, single_precision, 0));
  return make_macrospin_engine(problem, std::move(block), 0);
}

std::unique_ptr<Engine> make_engine(const Problem& problem, const DeviceChoice& choice) {
  static std::once_flag shared;  // engines of a batch are made by several threads
  std::call_once(shared, share_fftw_planner);
  require_memory(problem, choice);
  const int device = cuda_device(choice.device);
  if (device < 0) return make_cpu_engine(problem, choice);
  return make_gpu_engine(cuda_plugin(), problem, device, single_on_gpu(choice));
}

}  // namespace kubomag
