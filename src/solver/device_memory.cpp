#include "solver/device_memory.hpp"

#include <fmt/format.h>
#include <omp.h>
#include <unistd.h>

#include <fstream>

#include "backend/cpu_copy.hpp"
#include "solver/cuda_plugin.hpp"

namespace kubomag {
namespace {

/// What /proc/meminfo says can be had without swapping [bytes]; 0 if it says nothing.
double available_memory() {
  std::ifstream file("/proc/meminfo");
  for (std::string key, rest; file >> key && std::getline(file, rest);)
    if (key == "MemAvailable:") return 1024 * std::stod(rest);
  return 0;
}

std::string gibibytes(double bytes) {
  constexpr double GiB = 1024.0 * 1024 * 1024;
  return fmt::format("{:.3g} GiB", bytes / GiB);
}

}  // namespace

DeviceMemory device_memory(const DeviceChoice& choice) {
  const int device = cuda_device(choice.device);
  if (device < 0) {
    const double total =
        static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
    const double available = available_memory();
    return {DeviceKind::cpu, "the CPU", total, available > 0 ? available : total};
  }
  std::size_t total = 0, free = 0;
  cuda_plugin().memory(device, &total, &free);
  return {DeviceKind::cuda,
          fmt::format("cuda:{} ({})", device,
                      cuda_plugin().found.names[static_cast<std::size_t>(device)]),
          static_cast<double>(total), static_cast<double>(free)};
}

Precision device_precision(const DeviceChoice& choice) {
  if (choice.precision) return *choice.precision;
  return cuda_device(choice.device) < 0 ? Precision::double_precision : Precision::single_precision;
}

void require_memory(const MemoryModel& model, const Grid& grid, const DeviceMemory& device) {
  const double needed = model.bytes(grid);
  if (needed <= device.limit()) return;
  const int largest = model.largest_square(device.limit());
  throw InputError(fmt::format(
      "a film of {} x {} cells needs {} on {}, which has {}{}: the largest square film of its kind "
      "that fits has {} x {} cells{}",
      grid.nx, grid.ny, gibibytes(needed), device.name, gibibytes(device.limit()),
      device.kind == DeviceKind::cuda ? " free" : "", largest, largest,
      device.kind == DeviceKind::cuda ? "; single precision needs half, --device cpu takes the "
                                        "memory of this machine"
                                      : ""));
}

void require_memory(const Problem& problem, const DeviceChoice& choice) {
  const DeviceMemory device = device_memory(choice);
  const MemoryModel model(problem, device.kind, device_precision(choice), choice.threads);
  require_memory(model, problem.grid, device);
}

double copy_bandwidth(const DeviceChoice& choice, std::size_t bytes, double seconds) {
  const int device = cuda_device(choice.device);
  if (device >= 0) return cuda_plugin().copy(device, bytes, seconds);
  return cpu_copy_bandwidth(bytes, seconds,
                            choice.threads > 0 ? choice.threads : omp_get_max_threads());
}

}  // namespace kubomag
