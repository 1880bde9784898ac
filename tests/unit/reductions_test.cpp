// Quantities as numbers of the table: over all cells, over some, in vacuum.
#include "analysis/reductions.hpp"

#include <gtest/gtest.h>
#include <omp.h>

#include <cmath>

using namespace kubomag;

namespace {

using Take = Reduction::Take;

const Grid grid{3, 2, 1e-9, 1e-9, 1e-9, false, false};

/// Cell 4 is empty.
ScalarMap Msat() { return ScalarMap(std::vector<double>{1, 1, 1, 1, 0, 1}); }

/// Vectors (i, -2 i, 0.5) of cell i.
std::vector<double> vectors() {
  std::vector<double> values(18, 0.5);
  for (std::size_t i = 0; i < 6; ++i) {
    values[i] = static_cast<double>(i);
    values[6 + i] = -2 * static_cast<double>(i);
  }
  return values;
}

std::vector<std::string> names(const Reduction& reduction, const Quantity& quantity) {
  std::vector<std::string> all;
  for (const Observable& column : reduced_columns(reduction, quantity)) {
    EXPECT_EQ(column.unit, quantity.unit);
    all.push_back(column.name);
  }
  return all;
}

}  // namespace

TEST(Reductions, MeanOfTheMagneticCells) {
  // (0 + 1 + 2 + 3 + 5)/5
  EXPECT_EQ(reduced({Take::mean, "B", "", 1}, grid, Msat(), vectors()),
            (std::vector<double>{2.2, -4.4, 0.5}));
  EXPECT_EQ(reduced({Take::mean, "psi", "", 1}, grid, 1, {3, 5, 7, 1, 0, 2}),
            std::vector<double>{3});
}

TEST(Reductions, MeanOfEqualValuesIsTheValue) {
  const Grid large{97, 203, 1e-9, 1e-9, 1e-9, false, false};
  const std::vector<double> values(large.cells(), -0.06);
  EXPECT_EQ(reduced({Take::mean, "psi", "", 1}, large, 1, values), std::vector<double>{-0.06});
}

TEST(Reductions, OfSomeCells) {
  const ScalarMap right(std::vector<double>{0, 0, 1, 0, 1, 1});
  EXPECT_EQ(reduced({Take::mean, "B", "right", right}, grid, Msat(), vectors()),
            (std::vector<double>{3.5, -7, 0.5}));
  EXPECT_EQ(reduced({Take::max, "psi", "right", right}, grid, Msat(), {9, 9, -4, 9, 9, 3}),
            std::vector<double>{4});
  const ScalarMap empty(std::vector<double>{0, 0, 0, 0, 1, 0});
  EXPECT_TRUE(std::isnan(reduced({Take::mean, "psi", "e", empty}, grid, Msat(), vectors())[0]));
  EXPECT_TRUE(std::isnan(reduced({Take::max, "psi", "e", empty}, grid, Msat(), vectors())[0]));
}

TEST(Reductions, LargestLengthOfVectors) {
  EXPECT_DOUBLE_EQ(reduced({Take::max, "B", "", 1}, grid, Msat(), vectors())[0],
                   std::sqrt(25 + 100 + 0.25));
}

TEST(Reductions, NamesOfColumns) {
  using Names = std::vector<std::string>;
  const Quantity m{"m", "", 3, ""}, B{"B_ext", "T", 3, ""}, E{"E", "V/m", 2, ""},
      psi{"psi", "V", 1, ""};
  EXPECT_EQ(names({Take::mean, "B_ext", "", 1}, B), (Names{"B_ext_x", "B_ext_y", "B_ext_z"}));
  EXPECT_EQ(names({Take::mean, "m", "left", 1}, m), (Names{"mx_left", "my_left", "mz_left"}));
  EXPECT_EQ(names({Take::mean, "E", "", 1}, E), (Names{"E_x", "E_y"}));
  EXPECT_EQ(names({Take::mean, "psi", "left", 1}, psi), Names{"psi_left"});
  EXPECT_EQ(names({Take::max, "B_ext", "left", 1}, B), Names{"max_B_ext_left"});
}

TEST(Reductions, TheThreadsDoNotMatter) {
  const Grid large{97, 203, 1e-9, 1e-9, 1e-9, false, false};
  std::vector<double> values(large.cells());
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = std::sin(0.37 * static_cast<double>(i)) / 3;
  const int before = omp_get_max_threads();
  std::vector<double> means;
  for (const int threads : {1, 2, 3}) {
    omp_set_num_threads(threads);
    means.push_back(reduced({Take::mean, "psi", "", 1}, large, 1, values)[0]);
  }
  omp_set_num_threads(before);
  EXPECT_EQ(means[0], means[1]);
  EXPECT_EQ(means[0], means[2]);
}
