#pragma once
// What a CUDA device has and does by itself: its memory, and how fast it copies within it.
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <vector>

#include "backend/cuda_memory.cuh"

namespace kubomag::cuda {

inline void device_memory(int device, std::size_t* total, std::size_t* free) {
  KUBOMAG_CUDA(cudaSetDevice(device));
  KUBOMAG_CUDA(cudaMemGetInfo(free, total));
}

/// Bytes per second, read and written together, of copies of `bytes` from one buffer to another:
/// the median of rounds of some milliseconds each, for `seconds` in all.
inline double copy_bandwidth(int device, std::size_t bytes, double seconds) {
  using Clock = std::chrono::steady_clock;
  KUBOMAG_CUDA(cudaSetDevice(device));
  const CudaStream stream;
  const DeviceBuffer<std::byte> from(bytes);
  DeviceBuffer<std::byte> to(bytes);
  constexpr int copies = 8;  // a round must be long beside its launches
  const auto round = [&] {
    const auto begin = Clock::now();
    for (int i = 0; i < copies; ++i)
      KUBOMAG_CUDA(
          cudaMemcpyAsync(to.data(), from.data(), bytes, cudaMemcpyDeviceToDevice, stream.get()));
    KUBOMAG_CUDA(cudaStreamSynchronize(stream.get()));
    return std::chrono::duration<double>(Clock::now() - begin).count();
  };
  round();
  std::vector<double> times;
  for (double sum = 0; times.empty() || sum < seconds; sum += times.back())
    times.push_back(std::max(round(), 1e-9));
  std::nth_element(times.begin(), times.begin() + times.size() / 2, times.end());
  return 2.0 * copies * static_cast<double>(bytes) / times[times.size() / 2];
}

}  // namespace kubomag::cuda
