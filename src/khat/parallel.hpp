#pragma once
// A loop over independent tasks on all processors.
#include <algorithm>
#include <atomic>
#include <exception>
#include <thread>
#include <vector>

namespace kubomag {

/// Calls f(k) for 0 <= k < count on all processors; throws what the first of them that threw did,
/// and begins no others then.
template <class F>
void in_parallel(std::size_t count, const F& f) {
  std::vector<std::exception_ptr> errors(count);
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t k = next++; k < count; k = next++) try {
        f(k);
      } catch (...) {
        errors[k] = std::current_exception();
        next = count;  // what comes before k has begun
      }
  };
  std::vector<std::thread> threads;
  const std::size_t most = std::max(1u, std::thread::hardware_concurrency());
  for (std::size_t i = 1; i < std::min(most, count); ++i) threads.emplace_back(work);
  work();
  for (std::thread& thread : threads) thread.join();
  for (const std::exception_ptr& error : errors)
    if (error) std::rethrow_exception(error);
}

}  // namespace kubomag
