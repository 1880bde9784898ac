#pragma once
// Threads that share loops. One thread alone runs a plain loop: a parallel region costs libgomp a
// system call even then, which is as long as a pass over a small film (docs/performance.md).
#include <omp.h>

#include <cstddef>

namespace kubomag {

/// One of several threads that work together.
class Team {
 public:
  Team(int number, int size) : number_(number), size_(size) {}

  /// Of this thread: 0 ... threads - 1.
  int number() const { return number_; }

  /// body(i) for this thread's part of 0 ... count - 1; goes on when all threads have done theirs.
  template <class Body>
  void share(std::ptrdiff_t count, const Body& body) const {
    const std::ptrdiff_t end = count * (number_ + 1) / size_;
    for (std::ptrdiff_t i = count * number_ / size_; i < end; ++i) body(i);
    if (size_ == 1) return;
#pragma omp barrier
  }

 private:
  int number_, size_;
};

/// work(team) by each of `threads` threads.
template <class Work>
void in_team(int threads, const Work& work) {
  if (threads == 1) return work(Team(0, 1));
#pragma omp parallel num_threads(threads)
  work(Team(omp_get_thread_num(), omp_get_num_threads()));
}

/// body(i) for i = 0 ... count - 1 by `threads` threads.
template <class Body>
void in_shares(int threads, std::ptrdiff_t count, const Body& body) {
  in_team(threads, [&](const Team& team) { team.share(count, body); });
}

}  // namespace kubomag
