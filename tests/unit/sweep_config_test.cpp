// Sweep files: values are put into the text of the case where they stand, errors name file, line
// and key.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "io/column_formula.hpp"
#include "io/config_sweep.hpp"
#include "kubomag/error.hpp"
#include "support/temporary_folder.hpp"

namespace kubomag::io {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::string film = R"([grid]
cells = [4, 2]
cell = ["4 nm", "4 nm"]
thickness = "3 nm"
[material]
Msat = "800 kA/m"   # of permalloy
Aex = "13 pJ/m"
[[B_ext]]
B = ["1 mT", "0 T", 0]
[initial]
m = [1, 0, 0.2]
[run]
time = "1 ps"
)";

class SweepConfigTest : public testing::Test {
 protected:
  SweepConfig read(const std::string& text) {
    const auto path = folder_.path() / "sweep.toml";
    std::ofstream(path) << text;
    return read_sweep(path);
  }
  std::string error_of(const std::string& text) {
    try {
      read(text).read_case(0);
    } catch (const InputError& error) {
      return error.what();
    }
    return "no error";
  }
  test::TemporaryFolder folder_;
};

TEST(CaseTextTest, ReplacesValuesWhereTheyStand) {
  CaseText text("case.toml",
                "a = 1\n# \u00e9\nb = [\"\u00e9\", {c = 2.5, d = true}]\n[s]\ne = 'x' # y\n");
  text.mark("s.e");
  text.mark("b[1].c");
  text.mark("b[0]");
  EXPECT_EQ(text.with({"\"5 T\"", "-1e3", "7"}),
            "a = 1\n# \u00e9\nb = [7, {c = -1e3, d = true}]\n[s]\ne = \"5 T\" # y\n");
}

TEST(CaseTextTest, RefusesKeysThatAreNoValues) {
  CaseText text("case.toml", "a = [1, 2]\n[s]\ne = 1\n[[t]]\nf = 1\n");
  for (const char* key : {"b", "s", "s.f", "t", "t[0]", "t[1].f", "a[2]", "", "a.x"})
    EXPECT_THROW(text.mark(key), InputError) << key;
  text.mark("a[1]");
  EXPECT_THROW(text.mark("a[1]"), InputError);
  EXPECT_THROW(text.mark("a"), InputError);  // overlaps
  text.mark("t[0].f");
}

TEST(SplitSweepTest, LeavesTheLinesWhereTheyAre) {
  const SweepParts parts = split_sweep("f",
                                       "title = \"x\"\n[sweep]\nzip = true\n[a.b]\nc = "
                                       "1\n[[axis]]\nvalues = [\n[1],\n[2]]\n[d]\ne = 1\n");
  EXPECT_EQ(parts.run, "title = \"x\"\n\n\n[a.b]\nc = 1\n\n\n\n\n[d]\ne = 1\n");
  EXPECT_EQ(parts.plan, "\n[sweep]\nzip = true\n\n\n[[axis]]\nvalues = [\n[1],\n[2]]\n\n\n");
  EXPECT_TRUE(parts.sweep);
  EXPECT_FALSE(split_sweep("f", film).sweep);
}

TEST_F(SweepConfigTest, CrossesAxesTheLastFastest) {
  const SweepConfig sweep = read(film + R"([sweep]
observe = ["mz"]
[[axis]]
key = "B_ext[0].B[2]"
from = "-10 mT"
to = "10 mT"
count = 3
[[axis]]
key = "material.Aex"
from = 1e-12
to = 1e-10
count = 3
scale = "log"
)");
  ASSERT_EQ(sweep.points(), 9u);
  EXPECT_THAT(sweep.values(5), ElementsAre(0, testing::DoubleEq(1e-10)));
  EXPECT_THAT(sweep.values(7), ElementsAre(0.01, testing::DoubleNear(1e-11, 1e-24)));
  EXPECT_EQ(sweep.axes[0].keys[0].unit, "T");
  const RunConfig point = sweep.read_case(7);
  EXPECT_EQ(point.problem.B_ext[0].value.z, 0.01);
  EXPECT_EQ(point.problem.B_ext[0].value.x, 0.001);
  EXPECT_NEAR(point.problem.material["Aex"](0), 1e-11, 1e-24);
  // the same line numbers as the file, so that the text can be run by itself
  EXPECT_THAT(sweep.case_text(7), HasSubstr("Msat = \"800 kA/m\"   # of permalloy\nAex = 1e-11"));
}

TEST_F(SweepConfigTest, ZipsAxesAndTakesRowsTextsAndArrays) {
  const SweepConfig sweep = read(film + R"([sweep]
zip = true
observe = ["mz"]
[[axis]]
keys = ["material.Msat", "initial.m"]
rows = [["1 MA/m", [0, 0, 1]], ["0.5 MA/m", [0, 1, 0]]]
[[axis]]
key = "run.time"
values = ["1 ps", "3 ps"]
)");
  ASSERT_EQ(sweep.points(), 2u);
  EXPECT_THAT(sweep.values(1), ElementsAre(5e5, 1, 3e-12));
  const RunConfig point = sweep.read_case(1);
  EXPECT_EQ(point.problem.m[8], 1);  // my of the first cell
  EXPECT_EQ(point.time, 3e-12);
}

TEST_F(SweepConfigTest, ErrorsNameFileLineAndKey) {
  const std::string head = film + "[sweep]\nobserve = [\"mz\"]\n[[axis]]\n";
  EXPECT_THAT(error_of(head + "key = \"material.Aexx\"\nvalues = [1]\n"),
              HasSubstr("sweep.toml:17: axis.key: 'material.Aexx' is not a value of"));
  EXPECT_THAT(error_of(head + "key = \"material.Aex\"\nfrom = 1\nto = 2\ncout = 3\n"),
              HasSubstr("did you mean 'count'"));
  EXPECT_THAT(
      error_of(head + "key = \"material.Aex\"\nfrom = -1\nto = 2\ncount = 3\nscale=\"log\"\n"),
      HasSubstr("sweep.toml:18: axis.from: with scale = \"log\""));
  EXPECT_THAT(
      error_of(head + "key = \"material.Aex\"\nfrom = \"1 pJ/m\"\nto = \"2 J/m\"\ncount = 3\n"),
      HasSubstr("sweep.toml:19: axis.to: its unit is 'J/m'"));
  EXPECT_THAT(error_of(film + "[sweep]\nobserve = [\"mz\"]\n"), HasSubstr("there is no [[axis]]"));
  EXPECT_THAT(error_of(film + "[[axis]]\nkey = \"material.Aex\"\nvalues = [1]\n"),
              HasSubstr("nothing is observed"));
  // of the case: the line of the case, and the point
  const std::string bad = error_of(head + "key = \"material.Aex\"\nvalues = [\"5 T\"]\n");
  EXPECT_THAT(bad, HasSubstr("sweep.toml:7: material.Aex: '5 T'"));
  EXPECT_THAT(bad, HasSubstr("at point 0 of the sweep"));
  EXPECT_THAT(bad, HasSubstr("material.Aex = \"5 T\""));
}

TEST_F(SweepConfigTest, TheCaseMayBeAFileOfItsOwn) {
  std::ofstream(folder_.path() / "case.toml") << film;
  const std::string plan =
      "[sweep]\nbase = \"case.toml\"\nobserve = [\"mz\"]\n[[axis]]\nkey = \"run.time\"\nvalues = "
      "[\"2 ps\"]\n";
  EXPECT_EQ(read(plan).read_case(0).time, 2e-12);
  EXPECT_THAT(error_of(plan + "[grid]\ncells = [1, 1]\n"),
              HasSubstr("sweep.toml:2: sweep.base: the file holds sections of a case itself"));
}

TEST(ColumnFormulaTest, IsOfTheColumnsOfARow) {
  const std::vector<Column> columns{{"t", "s"}, {"mx", ""}, {"E_total", "J"}};
  const std::vector<double> row{2, 0.25, -8};
  EXPECT_DOUBLE_EQ(ColumnFormula("mx*t + sqrt(-E_total/2)", columns)(row), 2.5);
  EXPECT_EQ(ColumnFormula("E_total", columns).unit(), "J");
  EXPECT_EQ(ColumnFormula("2*E_total", columns).unit(), "");
  try {
    ColumnFormula("my + 1", columns);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("there is no column 'my'"));
    EXPECT_THAT(error.what(), HasSubstr("t, mx, E_total"));
  }
}

}  // namespace
}  // namespace kubomag::io
