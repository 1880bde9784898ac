// Loops that threads share: every turn once, parts one after the other, and no thread begins the
// next loop before all have done the one before.
#include "backend/team.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

namespace kubomag {
namespace {

TEST(Team, TakesEveryTurnOnce) {
  for (const int threads : {1, 2, 3, 5})
    for (const int count : {0, 1, 2, 7, 64}) {
      std::vector<std::atomic<int>> taken(static_cast<std::size_t>(count));
      in_shares(threads, count, [&](int i) { ++taken[static_cast<std::size_t>(i)]; });
      for (const auto& times : taken) EXPECT_EQ(times, 1) << threads << " threads";
    }
}

TEST(Team, ThreadsHaveNumbersOfTheirOwnAndWaitForEachOther) {
  constexpr int threads = 4, count = 41;
  std::vector<int> by(count, -1);
  std::atomic<int> done = 0;
  std::atomic<bool> early = false;
  in_team(threads, [&](const Team& team) {
    team.share(count, [&](int i) {
      if (team.number() == 1) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      by[static_cast<std::size_t>(i)] = team.number();
      ++done;
    });
    if (done < count) early = true;
  });
  EXPECT_FALSE(early);
  EXPECT_EQ(by.front(), 0);
  EXPECT_EQ(by.back(), threads - 1);
  EXPECT_TRUE(std::is_sorted(by.begin(), by.end()));
}

/// A film of a batch is run by one thread of several: its loops are that thread's alone, and its
/// number is 0 whatever the thread's own is.
TEST(Team, OneThreadWithinATeamIsNumberZero) {
  std::atomic<int> wrong = 0, turns = 0;
  in_team(3, [&](const Team&) {
    const auto here = std::this_thread::get_id();
    in_team(1, [&](const Team& alone) {
      if (alone.number() != 0) ++wrong;
      alone.share(10, [&](int) {
        ++turns;
        if (std::this_thread::get_id() != here) ++wrong;
      });
    });
  });
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(turns, 30);
}

}  // namespace
}  // namespace kubomag
