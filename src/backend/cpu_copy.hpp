#pragma once
// How fast this machine copies memory: what no pass over large films can beat.
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <vector>

#include "backend/host_buffer.hpp"

namespace kubomag {

/// Bytes per second, read and written together, of copies of `bytes` by `threads` threads from one
/// array to another: the median of copies for `seconds` in all. What a store brings into the cache
/// first is not counted.
inline double cpu_copy_bandwidth(std::size_t bytes, double seconds, int threads) {
  using Clock = std::chrono::steady_clock;
  const auto count = static_cast<std::ptrdiff_t>(std::max<std::size_t>(bytes / sizeof(double), 1));
  HostBuffer<double> from(static_cast<std::size_t>(count), threads);
  HostBuffer<double> to(static_cast<std::size_t>(count), threads);
  const double* in = from.data();
  double* out = to.data();
  const auto copy = [&] {
    const auto begin = Clock::now();
#pragma omp parallel for simd schedule(static) num_threads(threads)
    for (std::ptrdiff_t i = 0; i < count; ++i) out[i] = in[i];
    return std::chrono::duration<double>(Clock::now() - begin).count();
  };
  copy();
  std::vector<double> times;
  for (double sum = 0; times.empty() || sum < seconds; sum += times.back())
    times.push_back(std::max(copy(), 1e-9));
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::nth_element(times.begin(), middle, times.end());
  return 2.0 * static_cast<double>(count) * sizeof(double) / *middle;
}

}  // namespace kubomag
