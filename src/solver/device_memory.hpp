#pragma once
// The memory of the device that a run would have: how much there is, how fast it is, and whether a
// film fits.
#include <string>

#include "kubomag/engine.hpp"
#include "solver/memory_model.hpp"

namespace kubomag {

struct DeviceMemory {
  DeviceKind kind = DeviceKind::cpu;
  std::string name;                 // "the CPU", "cuda:0 (NVIDIA H200)"
  double total = 0, available = 0;  // [bytes]

  /// What a film may need: what is free on a GPU; on the CPU, where other programs' memory may be
  /// swapped out, all of it.
  double limit() const { return kind == DeviceKind::cuda ? available : total; }
};

/// Of the device that make_engine would take. Throws InputError as it does.
DeviceMemory device_memory(const DeviceChoice& choice);

/// The precision that make_engine would take.
Precision device_precision(const DeviceChoice& choice);

/// Throws InputError if the film does not fit on the device: what it needs, what there is, and the
/// largest square film of its kind that would fit.
void require_memory(const Problem& problem, const DeviceChoice& choice);
/// The same for a device whose memory is known.
void require_memory(const MemoryModel& model, const Grid& grid, const DeviceMemory& device);

/// Bytes per second that the device reads and writes together when it copies `bytes` within its
/// memory, by all of its threads or those of `choice`, for `seconds`.
double copy_bandwidth(const DeviceChoice& choice, std::size_t bytes, double seconds);

}  // namespace kubomag
