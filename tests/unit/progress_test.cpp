#include "cli/progress.hpp"

#include <gtest/gtest.h>

#include <cmath>

using namespace kubomag;
using namespace kubomag::cli;

TEST(Progress, OneLine) {
  const Progress progress{false, 1.2e-9, 2e-9, 180e-15, 2.1e-3, 950};
  EXPECT_EQ(progress_line(progress, 950, 12.4),
            "t = 1.2 ns of 2 ns (60 %), dt = 180 fs, 950 steps/s, torque 2.1 mT, 12 s left");
  EXPECT_EQ(progress_line(progress, 950, 3725),
            "t = 1.2 ns of 2 ns (60 %), dt = 180 fs, 950 steps/s, torque 2.1 mT, 1 h 02 min left");
  EXPECT_EQ(progress_line(progress, 950, INFINITY),
            "t = 1.2 ns of 2 ns (60 %), dt = 180 fs, 950 steps/s, torque 2.1 mT");
}

TEST(Progress, Relaxing) {
  const Progress progress{true, 0, 2e-9, 0, 4e-6, 30};
  EXPECT_EQ(progress_line(progress, 100, 0), "relaxing: 30 steps, 100 steps/s, torque 4 uT");
}

TEST(Progress, OfTorqueTables) {
  EXPECT_EQ(table_line({0, 1, 0.25}, 20), "torque table: 25 %, 1 min 00 s left");
  EXPECT_EQ(table_line({12, 40, 0.5}, 20), "torque tables: 12 of 40, 50 %, 20 s left");
}

TEST(Progress, OfPoints) {
  EXPECT_EQ(points_line(12, 81, 3), "12 of 81 points, 3 points/s, 23 s left");
}
