// The CPU's demagnetising convolution row by row: against the sum over all pairs of cells, and
// rows asked for in any order, of several films, against the whole field.
#include "backend/cpu_convolution.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "kubomag/constants.hpp"
#include "support/direct_demag.hpp"

using namespace kubomag;

namespace {

/// A film whose m depends on `phase`, and its field.
struct Film {
  Film(int nx, int ny, double phase)
      : grid{nx, ny, 4e-9, 3e-9, 2e-9, false, false},
        kernel(make_demag_kernel(grid)),
        convolution(nx, ny,
                    {kernel.px, kernel.py, kernel.xx.data(), kernel.yy.data(), kernel.zz.data(),
                     kernel.xy.data()},
                    1) {
    turn(phase);
  }

  void turn(double phase) {
    m.assign(3 * grid.cells(), 0);
    for (std::size_t i = 0; i < m.size(); ++i) m[i] = std::sin(phase + double(i * i));
    const double* const from[3] = {m.data(), m.data() + grid.cells(), m.data() + 2 * grid.cells()};
    convolution.transform(from, nullptr, Ms);
  }

  std::vector<double> whole() {
    std::vector<double> B(m.size());
    double* const to[3] = {B.data(), B.data() + grid.cells(), B.data() + 2 * grid.cells()};
    convolution.inverse(to);
    return B;
  }

  /// The largest difference of a row from `B`, relative to the largest field.
  double row_differs(int iy, const std::vector<double>& B) const {
    const auto row = convolution.row_of_B(iy);
    double most = 0, size = 0;
    for (const double value : B) size = std::max(size, std::abs(value));
    for (std::size_t c = 0; c < 3; ++c)
      for (int ix = 0; ix < grid.nx; ++ix)
        most = std::max(most, std::abs(row[c][ix] - B[c * grid.cells() + grid.index(ix, iy)]));
    return most / size;
  }

  static constexpr double Ms = 8e5;
  Grid grid;
  DemagKernel kernel;
  CpuConvolution<double> convolution;
  std::vector<double> m;
};

TEST(CpuConvolution, RowsAreTheSumOverAllPairs) {
  const Film film(19, 37, 0.4);  // more than two groups of rows, the last one not full
  std::vector<double> M = film.m;
  for (double& value : M) value *= Film::Ms;
  const DemagTensor tensor = make_demag_tensor(film.grid);
  std::vector<double> B = test::direct_field(
      film.grid, [&](int i, int j) { return test::at(tensor, i, j); }, M);
  for (double& value : B) value *= constants::mu_0;
  for (int iy = 0; iy < film.grid.ny; ++iy) EXPECT_LT(film.row_differs(iy, B), 1e-12) << iy;
}

TEST(CpuConvolution, RowsInAnyOrderOfAnyFilmAreThoseOfTheWholeField) {
  Film one(19, 37, 0.4), other(40, 70, 1.3);
  const std::vector<double> B_one = one.whole(), B_other = other.whole();
  for (const int iy : {36, 0, 17, 16, 5, 35}) {
    EXPECT_EQ(one.row_differs(iy, B_one), 0) << iy;
    EXPECT_EQ(other.row_differs(69 - iy, B_other), 0) << iy;
  }
  one.turn(2.2);  // the row asked for last is not the old one's
  EXPECT_GT(one.row_differs(35, B_one), 0.01);
  EXPECT_EQ(one.row_differs(35, one.whole()), 0);
}

}  // namespace
