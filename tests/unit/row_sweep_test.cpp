// Passes that follow each other row by row against the same passes one after the other: the same
// bits for every division into strips, with two rows of buffers that take turns as a Runge-Kutta
// step has them, in a ring of no more rows than RowSweep::window says.
#include "backend/row_sweep.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace kubomag {
namespace {

/// What pass p makes of a row and its neighbours, the result of the pass before.
double made(int p, double below, double here, double above) {
  return 0.3 * below + 0.5 * here + 0.7 * above + p;
}
double given(int row) { return 1.0 / (3 + row); }

int neighbour(int row, int rows, bool periodic) {
  if (row >= 0 && row < rows) return row;
  return periodic ? (row + rows) % rows : std::clamp(row, 0, rows - 1);
}

std::vector<double> one_by_one(const RowSweep& sweep) {
  std::vector<double> in(sweep.rows), out(sweep.rows);
  for (int i = 0; i < sweep.rows; ++i) out[i] = given(i);
  for (int p = 0; p < sweep.passes; ++p) {
    std::swap(in, out);
    for (int row = 0; row < sweep.rows; ++row)
      out[row] = made(p, in[neighbour(row - 1, sweep.rows, sweep.periodic)], in[row],
                      in[neighbour(row + 1, sweep.rows, sweep.periodic)]);
  }
  return out;
}

/// The same by strips, each in a ring of its own.
std::vector<double> together(const RowSweep& sweep, int strips) {
  std::vector<double> result(sweep.rows, -1);
  const int window = sweep.window();
  for (int s = 0; s < strips; ++s) {
    const int first = sweep.rows * s / strips, last = sweep.rows * (s + 1) / strips;
    std::vector<std::array<double, 2>> ring(window, {-1e9, -1e9});
    const auto at = [&](int row) -> auto& { return ring[(row + 10 * window) % window]; };
    sweep(first, last, [&](int p, int row) {
      const auto in = [&](int j) {
        const int wanted = sweep.periodic ? j : std::clamp(j, 0, sweep.rows - 1);
        return p == 0 ? given(neighbour(wanted, sweep.rows, true)) : at(wanted)[1 - p % 2];
      };
      const double value = made(p, in(row - 1), in(row), in(row + 1));
      at(row)[p % 2] = value;
      if (p == sweep.passes - 1) {
        EXPECT_TRUE(row >= first && row < last) << row;
        result[row] = value;
      }
    });
  }
  return result;
}

TEST(RowSweep, EqualsPassesOneByOne) {
  for (const bool periodic : {false, true})
    for (const int passes : {1, 2, 3, 5, 7})
      for (const int rows : {2 * passes, 2 * passes + 1, 29, 64})
        for (const int strips : {1, 2, 3, 4}) {
          const RowSweep sweep{rows, periodic, passes};
          EXPECT_EQ(one_by_one(sweep), together(sweep, strips))
              << rows << " rows, " << passes << " passes, " << strips << " strips, periodic "
              << periodic;
        }
}

TEST(RowSweep, TakesFilmsOfFewerRowsThanPasses) {
  for (const int rows : {1, 2, 3}) {
    const RowSweep sweep{rows, false, 7};
    EXPECT_EQ(one_by_one(sweep), together(sweep, 1)) << rows;
  }
}

}  // namespace
}  // namespace kubomag
