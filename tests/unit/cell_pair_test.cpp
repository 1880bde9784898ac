#include "setup/cell_pair.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "kubomag/constants.hpp"
#include "setup/newell.hpp"
#include "support/validation.hpp"

using namespace kubomag;
using kubomag::test::record;
using kubomag::test::Worst;

namespace {

// The lines of a data file as numbers; comments and the separators | are skipped.
std::vector<std::vector<double>> read_table(const std::string& name) {
  std::ifstream file(KUBOMAG_TEST_DATA "/demag/" + name);
  EXPECT_TRUE(file) << name;
  std::vector<std::vector<double>> rows;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    for (char& c : line)
      if (c == '|') c = ' ';
    std::istringstream words(line);
    rows.emplace_back();
    for (double value; words >> value;) rows.back().push_back(value);
  }
  return rows;
}

double relative_error(double value, double expected) {
  return expected == 0 ? std::abs(value) : std::abs(value / expected - 1);
}

double largest_difference(const PairTensor& a, const PairTensor& b) {
  return std::max({relative_error(a.xx, b.xx), relative_error(a.yy, b.yy),
                   relative_error(a.zz, b.zz), relative_error(a.xy, b.xy)});
}

}  // namespace

TEST(CellPair, AgreesWithTheSixtyDigitTableToAThousandCells) {
  Worst worst;
  const auto table = read_table("newell_60digit.txt");
  ASSERT_EQ(table.size(), 72u);
  for (const auto& row : table) {
    const CellPair pair(row[0] * 1e-9, row[1] * 1e-9, row[2] * 1e-9);
    const PairTensor N = pair(static_cast<int>(row[3]), static_cast<int>(row[4]));
    worst(largest_difference(N, {row[6], row[7], row[8], row[9]}));
  }
  record({"tensor of two cells, six shapes, up to (1000, 700) cells apart",
          "largest relative error of a component", 0, 1e-12, "Newell's formulas at 60 digits"},
         worst);
}

// One cell of the prism's size and a film of many cells, whose pair sums are the prism's factor.
TEST(CellPair, SumsToAharonisPrismFactors) {
  const auto table = read_table("aharoni_prisms.txt");
  ASSERT_EQ(table.size(), 11u);
  Worst worst;
  for (const auto& row : table)
    for (const int cells : {1, 7, 20}) {
      const int nx = cells, ny = cells == 1 ? 1 : cells + 4;
      const CellPair pair(row[0] / nx, row[1] / ny, row[2]);
      double xx = 0, yy = 0, zz = 0;
      for (int j = 1 - ny; j < ny; ++j)
        for (int i = 1 - nx; i < nx; ++i) {
          const double pairs = (nx - std::abs(i)) * (ny - std::abs(j)) / double(nx * ny);
          const PairTensor N = pair(i, j);
          xx += pairs * N.xx, yy += pairs * N.yy, zz += pairs * N.zz;
        }
      worst(relative_error(xx, row[3])), worst(relative_error(yy, row[4]));
      worst(relative_error(zz, row[5]));
    }
  record({"eleven prisms up to 2000 x 1000 x 20 as 1, 77 and 480 cells",
          "largest relative error of a factor", 0, 1e-12,
          "Aharoni, J. Appl. Phys. 83, 3432 (1998), at 60 digits"},
         worst);
}

TEST(CellPair, HasTraceOneInsideAndZeroOutside) {
  const CellPair pair(4, 3, 1);
  Worst worst;
  for (int j = -8; j <= 8; ++j)
    for (int i = -8; i <= 8; ++i) {
      const PairTensor N = pair(i, j);
      worst(N.xx + N.yy + N.zz - (i == 0 && j == 0 ? 1 : 0));
    }
  record({"tensor of two cells", "largest error of the trace, 1 inside and 0 outside", 0, 1e-15,
          "Poisson's equation"},
         worst);
}

TEST(CellPair, IsEvenInTheDiagonalAndOddInTheOffDiagonal) {
  const CellPair pair(2, 2, 0.5);
  for (const auto& [i, j] : {std::pair{2, 1}, {30, 17}}) {
    const PairTensor N = pair(i, j);
    for (const int sx : {-1, 1})
      for (const int sy : {-1, 1})
        EXPECT_EQ(largest_difference(pair(sx * i, sy * j), {N.xx, N.yy, N.zz, sx * sy * N.xy}), 0);
    EXPECT_LT(largest_difference(pair(j, i), {N.yy, N.xx, N.zz, N.xy}), 1e-14);  // x <-> y
  }
  EXPECT_EQ(pair(0, 30).xy, 0);
  EXPECT_EQ(pair(30, 0).xy, 0);
}

// The closed form and the quadrature meet at four edges: each is checked beyond the border.
TEST(CellPair, IsContinuousWhereTheMethodsMeet) {
  Worst worst;
  for (const auto& [dx, dy, dz] :
       {std::tuple{1., 1., 1.}, {1., 1., 0.01}, {1., 1., 50.}, {1., 7., 2.}, {3., 1., 0.2}}) {
    const int columns = static_cast<int>(6 * std::max(dx, dy) / dx);
    const int rows = static_cast<int>(6 * std::max(dx, dy) / dy);
    const auto block = newell_block(dx, dy, dz, columns, rows);
    const CellPair pair(dx, dy, dz);
    for (int j = 0; j < rows; ++j)
      for (int i = 0; i < columns; ++i) {
        const PairTensor N = pair(i, j), closed = block[static_cast<size_t>(i + columns * j)];
        const double scale = std::abs(closed.xx) + std::abs(closed.yy) + std::abs(closed.zz);
        worst((N.xx - closed.xx) / scale), worst((N.yy - closed.yy) / scale);
        worst((N.zz - closed.zz) / scale), worst((N.xy - closed.xy) / scale);
      }
  }
  record({"closed form and quadrature, up to six edges apart, dz/dx = 0.01 to 50",
          "largest difference, of the diagonal", 0, 1e-14, "each other"},
         worst);
}

// H = (3 n (n.p) - p) / (4 pi r^3) with p = M V: at 2000 edges the next order is below 1e-6.
TEST(CellPair, BecomesTheDipoleField) {
  const CellPair pair(2, 1, 0.5);
  const int i = 2000, j = 1500;
  const double x = 2.0 * i, y = j, r2 = x * x + y * y, r3 = r2 * std::sqrt(r2);
  const double dipole = 1 / (4 * constants::pi * r3);  // cell volume 1
  const PairTensor N = pair(i, j);
  record({"two cells 2500 edges apart", "largest relative difference of a component", 0, 1e-6,
          "dipole field; the next multipole is of this size"},
         largest_difference(N, {dipole * (1 - 3 * x * x / r2), dipole * (1 - 3 * y * y / r2),
                                dipole, -3 * dipole * x * y / r2}));
}
