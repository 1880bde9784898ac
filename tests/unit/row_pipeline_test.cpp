// Passes that follow each other row by row against the same passes one after the other: the same
// bits for every number of strips, with two buffers that take turns as a Runge-Kutta step has them.
#include "backend/row_pipeline.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace kubomag {
namespace {

/// Pass p writes rows of buffer p % 2 from three rows of the other, and a row of its own history.
struct Film {
  int rows;
  bool periodic;
  std::array<std::vector<double>, 2> buffer;
  std::vector<std::vector<double>> history;

  Film(int ny, bool wrapped, int passes)
      : rows(ny), periodic(wrapped), history(passes, std::vector<double>(ny)) {
    for (auto& values : buffer) values.assign(ny, 0);
    for (int i = 0; i < ny; ++i) buffer[1][i] = 1.0 / (3 + i);
  }

  int neighbour(int row) const {
    if (row >= 0 && row < rows) return row;
    return periodic ? (row + rows) % rows : std::clamp(row, 0, rows - 1);
  }

  void pass(int p, int row) {
    const std::vector<double>& in = buffer[1 - p % 2];
    const double value =
        0.3 * in[neighbour(row - 1)] + 0.5 * in[row] + 0.7 * in[neighbour(row + 1)] + p;
    buffer[p % 2][row] = value;
    history[p][row] = value;
  }
};

void expect_same_as_one_by_one(int rows, bool periodic, int passes, int threads) {
  Film one_by_one(rows, periodic, passes), together(rows, periodic, passes);
  for (int p = 0; p < passes; ++p)
    for (int row = 0; row < rows; ++row) one_by_one.pass(p, row);
  RowPipeline pipeline(rows, periodic, threads);
  for (int p = 0; p < passes; ++p) pipeline.add([&, p](int row) { together.pass(p, row); });
  pipeline.run();
  EXPECT_EQ(one_by_one.history, together.history)
      << rows << " rows, " << passes << " passes, " << threads << " threads, periodic " << periodic;
}

TEST(RowPipeline, EqualsPassesOneByOne) {
  for (const bool periodic : {false, true})
    for (const int passes : {1, 2, 3, 5, 7})
      for (const int rows : {2 * passes, 2 * passes + 1, 29, 64})
        for (const int threads : {1, 2, 3, 4})
          expect_same_as_one_by_one(std::max(rows, 2 * passes), periodic, passes, threads);
}

TEST(RowPipeline, NeedsNoWidthWithoutSeams) { expect_same_as_one_by_one(3, false, 7, 4); }

}  // namespace
}  // namespace kubomag
