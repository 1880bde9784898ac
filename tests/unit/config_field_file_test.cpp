// [[B_ext]] from a file of four columns.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/config.hpp"
#include "kubomag/cubic_of_time.hpp"
#include "kubomag/error.hpp"
#include "solver/signals.hpp"
#include "support/program_test.hpp"

namespace kubomag::io {
namespace {

using testing::HasSubstr;

class FieldFile : public test::FolderTest {
 protected:
  RunConfig read(const std::string& numbers, const std::string& more = "") {
    write("B.txt", numbers);
    write("run.toml", R"([grid]
cells = [2, 2]
cell = ["5 nm", "5 nm"]
thickness = "3 nm"
[material]
Msat = "800 kA/m"
Aex = "13 pJ/m"
[run]
time = "1 ns"
[[B_ext]]
file = "B.txt"
)" + more);
    return read_config(folder_ / "run.toml");
  }
  std::string message(const std::string& numbers, const std::string& more = "") {
    try {
      read(numbers, more);
    } catch (const InputError& error) {
      return error.what();
    }
    return "no error";
  }
  static Vec3<double> field_at(const RunConfig& config, double t) {
    Vec3<double> sum{};
    for (const FieldSource& source : config.problem.B_ext)
      sum += signal_value(source.signal, t, t) * source.value;
    return sum;
  }
};

TEST_F(FieldFile, IsLinearBetweenItsRows) {
  const RunConfig config = read(
      "# t (s)\tBx (T)\tBy (T)\tBz (T)\n0\t0.1\t0\t-0.2\n\n1e-9, 0.3, 0, -0.1\n  2e-9 -0.5 0 "
      "0\r\n");
  EXPECT_EQ(config.problem.B_ext.size(), 2u);  // y is never there
  const Vec3<double> middle = field_at(config, 0.25e-9), late = field_at(config, 1.5e-9);
  EXPECT_NEAR(middle.x, 0.15, 1e-15);
  EXPECT_EQ(middle.y, 0);
  EXPECT_NEAR(middle.z, -0.175, 1e-15);
  EXPECT_NEAR(late.x, -0.1, 1e-15);
  EXPECT_NEAR(late.z, -0.05, 1e-15);
  EXPECT_NEAR(field_at(config, 9e-9).x, -0.5, 1e-15);  // the ends are held
  EXPECT_NEAR(field_at(config, -1e-9).x, 0.1, 1e-15);
}

TEST_F(FieldFile, ACubicGoesThroughParabolasExactly) {
  const auto parabola = [](double t) { return 0.1 - 3 * t + 2 * t * t; };  // t in ns
  std::string rows;
  for (const double t : {0.0, 0.3, 0.5, 1.4, 2.0})
    rows += fmt::format("{}e-9 {:.17g} 0 0\n", t, parabola(t));
  const RunConfig config = read(rows, "interpolation = \"cubic\"\n");
  const SignalTerm& term = config.problem.B_ext.at(0).signal.terms.at(0);
  EXPECT_NE(term.formula.target<CubicOfTime>(), nullptr);  // a device evaluates it
  for (const double t : {0.0, 0.1, 0.3, 0.47, 0.9, 1.4, 1.9, 2.0})
    EXPECT_NEAR(field_at(config, t * 1e-9).x, parabola(t), 1e-14) << t;
  EXPECT_NEAR(field_at(config, 5e-9).x, parabola(2), 1e-14);
  EXPECT_NEAR(field_at(config, -1e-9).x, parabola(0), 1e-14);
  EXPECT_NEAR(field_at(read("0 1 0 0\n2e-9 3 0 0\n", "interpolation = \"cubic\"\n"), 0.5e-9).x, 1.5,
              1e-14);  // two rows: a line
}

TEST_F(FieldFile, SaysWhatIsWrong) {
  EXPECT_THAT(message("0 1 2 3\n1e-9 1 2\n"),
              HasSubstr("line 2 of the file is not \"t Bx By Bz\""));
  EXPECT_THAT(message("0 1 2 3\n1e-9 1 2 3 4\n"), HasSubstr("line 2 of the file"));
  EXPECT_THAT(message("0 1 2 x\n"), HasSubstr("line 1 of the file"));
  EXPECT_THAT(message("1e-9 1 2 3\n0 1 2 3\n"), HasSubstr("times must rise"));
  EXPECT_THAT(message("0 1 2 inf\n1 0 0 0\n"), HasSubstr("must be finite"));
  EXPECT_THAT(message("# nothing\n"), HasSubstr("0 times and 0 values"));
  EXPECT_THAT(message("0 1 2 3\n", "signal = {kind = \"step\"}\n"), HasSubstr("leave this out"));
  EXPECT_THAT(message("0 1 2 3\n", "B = [0, 0, 1]\n"), HasSubstr("leave this out"));
}

}  // namespace
}  // namespace kubomag::io
