// Loops over independent tasks take no more threads than they are given.
#include "khat/parallel.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>

namespace kubomag {
namespace {

/// Tasks that wait until as many as expected have been under way at once. With too few threads they
/// wait until ctest stops the test.
class Busy {
 public:
  explicit Busy(int expected) : expected_(expected) {}
  void work() {
    const int now = ++busy_;
    for (int most = most_; most < now && !most_.compare_exchange_weak(most, now);) {
    }
    do std::this_thread::sleep_for(std::chrono::milliseconds(1));
    while (most_ < expected_);
    --busy_;
  }
  int most() const { return most_; }

 private:
  int expected_;
  std::atomic<int> busy_{0}, most_{0};
};

TEST(InParallel, TakesTheThreadsOfOpenMP) {
  const int before = omp_get_max_threads();
  for (const int threads : {1, 2, 5}) {
    omp_set_num_threads(threads);
    Busy plain(threads), nested(threads);
    in_parallel(40, [&](std::size_t) { plain.work(); });
    in_parallel(3, [&](std::size_t) { in_parallel(20, [&](std::size_t) { nested.work(); }); });
    EXPECT_EQ(plain.most(), threads);
    EXPECT_EQ(nested.most(), threads);
    EXPECT_EQ(helping_threads, 0);
  }
  omp_set_num_threads(before);
}

TEST(InParallel, DoesEverythingOnceAndThrowsTheFirstError) {
  const int before = omp_get_max_threads();
  for (const int threads : {1, 4}) {
    omp_set_num_threads(threads);
    std::vector<int> done(100, 0);
    in_parallel(done.size(), [&](std::size_t k) { ++done[k]; });
    EXPECT_EQ(std::count(done.begin(), done.end(), 1), 100);
    try {
      in_parallel(100, [](std::size_t k) {
        if (k >= 7) throw std::runtime_error(std::to_string(k));
      });
      ADD_FAILURE();
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ(error.what(), "7");
    }
  }
  omp_set_num_threads(before);
}

}  // namespace
}  // namespace kubomag
