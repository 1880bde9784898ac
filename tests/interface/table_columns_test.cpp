// Columns of the table that a user asks for, and a run that ends by one of them.
#include <cmath>

#include "io/ovf.hpp"
#include "io/table.hpp"
#include "support/json.hpp"
#include "support/program_test.hpp"

using namespace kubomag;
using kubomag::test::Result;
using kubomag::testing_support::slurp;
using testing::HasSubstr;

namespace {

/// m falls towards B along z, and passes mz = 0.5 before 40 ps.
const std::string film = R"([grid]
cells = [8, 4]
cell = ["4 nm", "4 nm"]
thickness = "3 nm"
[material]
Msat = "(x < -12e-9) ? 0 : 8e5"
Aex = "13 pJ/m"
alpha = 0.5
[demag]
enabled = false
[[B_ext]]
B = ["0 T", "0 T", "1 T"]
[[B_ext]]
B = ["x*1e6", "0 T", "0 T"]
[initial]
m = [1, 0, 0]
[device]
device = "cpu"
)";

const std::string stopping = film + R"([run]
time = "1 ns"
stop_when = "mz > 0.5"
[output]
table = "1 ps"
)";

class Columns : public test::ProgramTest {
 protected:
  Columns() : ProgramTest(KUBOMAG_PROGRAM) {}

  io::Table table(const std::string& folder = "film.out") const {
    return io::read_table(folder_ / folder / "table.txt");
  }
  double last(const io::Table& table, const std::string& name) const {
    return table.data[table.find(name)].back();
  }
};

}  // namespace

TEST_F(Columns, MeansLargestValuesAndFields) {
  write("film.toml", film + R"([run]
time = "1 ps"
[output]
table = "1 ps"
averages = ["B_ext", "Edens_Zeeman", "charge_density", {of = "B_ext", where = "x > 0", name = "right"}]
maxima = ["B_ext", {of = "Msat", where = "x < 0", name = "left"}]
fields = ["Edens_Zeeman", "charge_density"]
field_interval = "1 ps"
)");
  ASSERT_EQ(kubomag({"check", "film.toml"}).status, 0);
  const Result result = kubomag({"run", "film.toml"});
  ASSERT_EQ(result.status, 0) << result.err;
  const io::Table rows = table();
  // x = -10, -6, ..., 14 nm where the film is: 2 nm in the mean, and 8 nm to the right of 0
  EXPECT_NEAR(last(rows, "B_ext_x"), 2e-3, 1e-15);
  EXPECT_NEAR(last(rows, "B_ext_z"), 1, 1e-15);
  EXPECT_NEAR(last(rows, "B_ext_x_right"), 8e-3, 1e-15);
  EXPECT_NEAR(last(rows, "max_B_ext"), std::hypot(1, 14e-3), 1e-14);
  EXPECT_EQ(last(rows, "max_Msat_left"), 8e5);
  EXPECT_EQ(last(rows, "charge_density"), 0);  // m turns together but for the ends
  // 28 cells of 48 nm3 hold E_Zeeman
  EXPECT_NEAR(last(rows, "Edens_Zeeman") * 28 * 48e-27, last(rows, "E_Zeeman"),
              1e-12 * std::abs(last(rows, "E_Zeeman")));
  EXPECT_EQ(rows.columns[rows.find("max_B_ext")].unit, "T");
  const io::OvfField density = io::read_ovf(folder_ / "film.out/Edens_Zeeman000001.ovf");
  EXPECT_EQ(density.values[0], 0);  // vacuum
  EXPECT_LT(density.values[1], 0);
}

TEST_F(Columns, AConditionEndsTheRun) {
  write("film.toml", stopping);
  const Result result = kubomag({"run", "film.toml"});
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_THAT(result.out + result.err, HasSubstr("where run.stop_when is true"));
  const io::Table rows = table();
  const std::vector<double>& mz = rows.data[rows.find("mz")];
  ASSERT_GT(rows.rows(), 3u);
  EXPECT_GT(mz.back(), 0.5);
  EXPECT_LE(mz[mz.size() - 2], 0.5);
  const auto record = test::json_of(slurp(folder_ / "film.out/run.json"));
  EXPECT_EQ(record.value("status", ""), "done");
  EXPECT_EQ(record.value("stop_when", ""), "mz > 0.5");
  EXPECT_EQ(record.value("time_s", 0.0), rows.data[0].back());
  const std::string before = slurp(folder_ / "film.out/table.txt");
  ASSERT_EQ(kubomag({"run", "film.toml", "--resume"}).status, 0);
  EXPECT_EQ(slurp(folder_ / "film.out/table.txt"), before);
}

TEST_F(Columns, PointsOfASweepEndByThemselves) {
  write("film.toml", stopping);
  write("sweep.toml", R"([sweep]
base = "film.toml"
observe = ["t", "mz"]
[[axis]]
key = "material.alpha"
values = [0.25, 0.5]
)");
  const Result result = kubomag({"sweep", "sweep.toml"});
  ASSERT_EQ(result.status, 0) << result.err;
  const io::Table points = table("sweep.out");
  const std::vector<double>&t = points.data[points.find("t")], mz = points.data[points.find("mz")];
  ASSERT_EQ(t.size(), 2u);
  EXPECT_LT(t[1], t[0]);  // the larger damping is there earlier
  EXPECT_LT(t[0], 1e-10);
  for (const double one : mz) EXPECT_GT(one, 0.5);
}

TEST_F(Columns, WrongOnesAreOneLine) {
  const std::string run = "[run]\ntime = 1e-12\n";
  const auto refuse = [&](const std::string& text, const std::string& why) {
    write("film.toml", film + text);
    for (const char* command : {"run", "check"}) {
      const Result result = kubomag({command, "film.toml"});
      EXPECT_EQ(result.status, 2) << why;
      EXPECT_THAT(result.err, HasSubstr(why));
      EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    }
    EXPECT_FALSE(there("film.out"));
  };
  refuse(run + "stop_when = \"my_speed > 1\"\n[output]\ntable = 1e-12\n",
         "film.toml:21: run.stop_when: formula \"my_speed > 1\": there is no column 'my_speed'; "
         "allowed are the columns t, mx");
  refuse(run + "stop_when = \"mz = 0\"\n[output]\ntable = 1e-12\n",
         "film.toml:21: run.stop_when: formula \"mz = 0\": a comparison is written ==");
  refuse(run +
             "[output]\ntable = 1e-12\naverages = [{of = \"m\", where = \"x < -12e-9\", "
             "name = \"hole\"}]\n",
         "film.toml:23: output.averages.where: no centre of a magnetic cell lies inside");
  refuse(run + "[output]\ntable = 1e-12\naverages = [\"Bext\"]\n",
         "film.toml:23: output.averages: there is no quantity 'Bext' in this run");
  refuse(
      run + "[output]\ntable = 1e-12\naverages = [\"B_ext\", \"B_ext\"]\n",
      "film.toml: [output]: the table would have two columns 'B_ext_x'; give these cells another "
      "name, or leave one of them out");
}
