#pragma once
// A loop over independent tasks on as many threads as OpenMP would take (OMP_NUM_THREADS).
#include <omp.h>

#include <atomic>
#include <exception>
#include <thread>
#include <vector>

namespace kubomag {

/// Threads that loops have begun besides those that called them; a loop within a loop takes what
/// others leave.
inline std::atomic<int> helping_threads{0};

/// Calls f(k) for 0 <= k < count; throws what the first of them that threw did, and begins no
/// others then.
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
  const int most = omp_get_max_threads();
  const auto help = [&] {
    omp_set_num_threads(most);  // for loops within this one
    work();
    --helping_threads;
  };
  std::vector<std::thread> threads;
  while (threads.size() + 1 < count) {
    if (++helping_threads >= most) {
      --helping_threads;
      break;
    }
    threads.emplace_back(help);
  }
  work();
  for (std::thread& thread : threads) thread.join();
  for (const std::exception_ptr& error : errors)
    if (error) std::rethrow_exception(error);
}

}  // namespace kubomag
