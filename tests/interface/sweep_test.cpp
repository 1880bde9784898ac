// Sweeps as their users meet them: tables, pictures, messages, exit status, resuming.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <fstream>
#include <thread>

#include "io/config_sweep.hpp"
#include "io/ovf.hpp"
#include "io/table.hpp"
#include "support/json.hpp"
#include "support/subprocess.hpp"
#include "support/temporary_folder.hpp"

namespace kubomag {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing_support::slurp;
using testing_support::Subprocess;

struct Result {
  int status;
  std::string out, err;
};

class Sweep : public testing::Test {
 protected:
  Result kubomag(std::vector<std::string> arguments) {
    Subprocess program(KUBOMAG_PROGRAM, std::move(arguments), folder_.path(), folder_.path());
    const int status = program.wait();
    return {status, program.out(), program.err()};
  }
  void write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
  }
  io::Table table(const std::string& folder) {
    return io::read_table(folder_ / folder / "table.txt");
  }
  test::TemporaryFolder folder_;
};

/// A film or a single cell whose m turns; `cells` is "[1, 1]" or more.
std::string turning(const std::string& cells) {
  return "[grid]\ncells = " + cells +
         "\ncell = [\"5 nm\", \"4 nm\"]\nthickness = \"3 nm\"\n"
         R"([material]
Msat = "800 kA/m"
Aex = "13 pJ/m"
alpha = 0.1
[[B_ext]]
B = ["0 T", "0 T", "100 mT"]
[initial]
m = [1, 0.1, 0.2]
[run]
time = "40 ps"
[output]
table = "5 ps"
)";
}

const std::string plan = R"([sweep]
observe = ["mx", "mz", "E_total"]
save_m = true
[[axis]]
key = "B_ext[0].B[2]"
from = "50 mT"
to = "150 mT"
count = 3
[[axis]]
key = "material.alpha"
values = [0.05, 0.5]
[[observe]]
name = "mean"
of = "2*mz"
take = "mean"
from = "20 ps"
[[observe]]
name = "least"
of = "mx"
take = "min"
[[observe]]
name = "turn"
of = "mx"
take = "crossing"
)";

class SweepOf : public Sweep, public testing::WithParamInterface<const char*> {};
INSTANTIATE_TEST_SUITE_P(CellsAndFilms, SweepOf, testing::Values("[1, 1]", "[6, 4]"),
                         [](const auto& which) {
                           return std::string(which.param) == "[1, 1]" ? "cells" : "films";
                         });

// Every point against `kubomag run` of its own configuration: the same bits.
TEST_P(SweepOf, EachPointIsTheRunOfItsOwnCase) {
  write("sweep.toml", turning(GetParam()) + plan);
  const Result result = kubomag({"sweep", "sweep.toml"});
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("done: 6 of 6 points"));
  const io::Table points = table("sweep.out");
  ASSERT_EQ(points.rows(), 6u);
  const io::SweepConfig sweep = io::read_sweep(folder_ / "sweep.toml");
  for (std::size_t point = 0; point < 6; ++point) {
    write("alone.toml", sweep.case_text(point));
    ASSERT_EQ(kubomag({"run", "alone.toml", "--force", "--quiet"}).status, 0);
    const io::Table alone = table("alone.out");
    const auto of = [&](const char* name) { return alone.data[alone.find(name)]; };
    const auto observed = [&](const char* name) { return points.data[points.find(name)][point]; };
    EXPECT_EQ(observed("B_ext[0].B[2]"), point < 2 ? 0.05 : point < 4 ? 0.1 : 0.15);
    EXPECT_EQ(observed("mx"), of("mx").back());
    EXPECT_EQ(observed("E_total"), of("E_total").back());
    const std::vector<double> mz = of("mz"), mx = of("mx"), t = of("t");
    EXPECT_DOUBLE_EQ(observed("mean"), 2 * (mz[4] + mz[5] + mz[6] + mz[7] + mz[8]) / 5);
    EXPECT_EQ(observed("least"), *std::min_element(mx.begin(), mx.end()));
    double turn = NAN;
    for (std::size_t i = mx.size() - 1; i > 0; --i)
      if (mx[i - 1] * mx[i] < 0)
        turn = t[i - 1] + (t[i] - t[i - 1]) * mx[i - 1] / (mx[i - 1] - mx[i]);
    EXPECT_EQ(std::isnan(observed("turn")), std::isnan(turn));
    if (!std::isnan(turn)) {
      EXPECT_DOUBLE_EQ(observed("turn"), turn);
    }
    const std::string m = "m00000" + std::to_string(point) + ".ovf";
    EXPECT_EQ(io::read_ovf(folder_ / "sweep.out" / m).values,
              io::read_ovf(folder_ / "alone.out" / "m.ovf").values);
  }
  for (const char* picture : {"mx.png", "mz.png", "turn.png"})
    EXPECT_TRUE(fs::exists(folder_ / "sweep.out" / picture)) << picture;
}

TEST_F(Sweep, InterruptedAndResumedGivesTheSameTable) {
  std::string text = turning("[24, 24]") + plan;
  text.replace(text.find("40 ps"), 5, "0.2 ns");
  text.replace(text.find("save_m = true"), 13, "");
  write("sweep.toml", text);
  ASSERT_EQ(kubomag({"sweep", "sweep.toml", "-o", "whole"}).status, 0);
  const auto interrupted = [&](std::chrono::milliseconds after) {
    fs::remove_all(folder_ / "parts");
    Subprocess sweep(KUBOMAG_PROGRAM, {"sweep", "sweep.toml", "-o", "parts"}, folder_.path(),
                     folder_.path());
    while (sweep.running() && !fs::exists(folder_ / "parts" / "sweep.json"))
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    std::this_thread::sleep_for(after);
    sweep.kill(SIGINT);
    return sweep.wait();
  };
  int status = 0;
  for (std::chrono::milliseconds after(50); status == 0; after /= 2)
    status = interrupted(after);  // sooner if the sweep was over before
  ASSERT_EQ(status, 130);
  EXPECT_EQ(kubomag({"sweep", "sweep.toml", "-o", "parts"}).status, 2);
  const Result second = kubomag({"sweep", "sweep.toml", "-o", "parts", "--resume"});
  ASSERT_EQ(second.status, 0) << second.err;
  EXPECT_EQ(slurp(folder_ / "parts" / "table.txt"), slurp(folder_ / "whole" / "table.txt"));
}

TEST_F(Sweep, ResumeComputesNoPointTwice) {
  write("sweep.toml", turning("[1, 1]") + plan);
  ASSERT_EQ(kubomag({"sweep", "sweep.toml"}).status, 0);
  io::Table points = table("sweep.out");
  points.data[points.find("mx")][2] = 7;  // a mark on a row that must stay
  for (auto& column : points.data) column.pop_back();
  io::write_table(folder_ / "sweep.out" / "table.txt", points);
  ASSERT_EQ(kubomag({"sweep", "sweep.toml", "--resume"}).status, 0);
  const io::Table again = table("sweep.out");
  ASSERT_EQ(again.rows(), 6u);
  EXPECT_EQ(again.data[again.find("mx")][2], 7);
  write("sweep.toml", turning("[1, 1]") + plan + "# changed\n");
  const Result changed = kubomag({"sweep", "sweep.toml", "--resume"});
  EXPECT_EQ(changed.status, 2);
  EXPECT_THAT(changed.err, HasSubstr("was changed since"));
}

TEST_F(Sweep, BadInputIsFoundBeforeAnythingIsWritten) {
  std::string text = turning("[1, 1]") + plan;
  text.replace(text.find("[0.05, 0.5]"), 11, "[0.05, \"5 T\"]");
  write("sweep.toml", text);
  for (const char* command : {"sweep", "check"}) {
    const Result result = kubomag({command, "sweep.toml"});
    EXPECT_EQ(result.status, 2);
    EXPECT_THAT(result.err, HasSubstr("kubomag: sweep.toml:8: material.alpha: '5 T'"));
    EXPECT_THAT(result.err, HasSubstr("at point 1 of the sweep sweep.toml"));
  }
  EXPECT_FALSE(fs::exists(folder_ / "sweep.out"));
  text = turning("[1, 1]") + plan;
  text.replace(text.find("2*mz"), 4, "2*nz");
  write("sweep.toml", text);
  EXPECT_THAT(kubomag({"sweep", "sweep.toml"}).err, HasSubstr("there is no column 'nz'"));
  text = turning("[1, 1]") + plan;
  text.erase(text.find("table = \"5 ps\"\n"), 15);
  write("sweep.toml", text);
  EXPECT_THAT(kubomag({"sweep", "sweep.toml"}).err, HasSubstr("is made of the rows of a table"));
  EXPECT_THAT(kubomag({"run", "sweep.toml"}).err, HasSubstr("kubomag sweep runs it"));
}

TEST_F(Sweep, APointThatFailsIsNamedAndTheOthersAreThere) {
  // each value alone is in order; both together leave no cell inside the shape
  write("sweep.toml", turning("[6, 4]") + R"([geometry]
shape = "x > 0*nm && y > -20*nm"
[sweep]
observe = ["mx"]
[[axis]]
keys = ["geometry.shape"]
rows = [["x > 0*nm"], ["x > 5*nm"]]
[[axis]]
key = "grid.cells"
values = [[6, 4], [2, 4]]
)");
  const Result result = kubomag({"sweep", "sweep.toml"});
  EXPECT_EQ(result.status, 3);
  EXPECT_THAT(result.err, HasSubstr("1 points failed"));
  EXPECT_THAT(result.out, HasSubstr("failed: 3 of 4 points are done, 1 failed, in "));
  EXPECT_THAT(result.err, HasSubstr("grid.cells = [2, 4]"));
  EXPECT_EQ(table("sweep.out").rows(), 3u);
  const auto record = test::json_of(slurp(folder_ / "sweep.out" / "sweep.json"));
  EXPECT_EQ(record["status"], "failed");
  EXPECT_EQ(record["failed"].size(), 1u);
}

TEST_F(Sweep, CheckSaysPointsAndCost) {
  write("sweep.toml", turning("[6, 4]") + plan);
  const Result result = kubomag({"check", "sweep.toml"});
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("a sweep of 6 points"));
  EXPECT_THAT(result.out, HasSubstr("50 mT"));
  EXPECT_THAT(result.out, HasSubstr("time of the sweep"));
  EXPECT_FALSE(fs::exists(folder_ / "sweep.out"));
}

TEST_F(Sweep, LoopsAreObservedPointByPoint) {
  write("sweep.toml", R"([grid]
cells = [1, 1]
cell = ["5 nm", "5 nm"]
thickness = "5 nm"
[material]
Msat = "1 MA/m"
Ku1 = "500 kJ/m3"
[demag]
enabled = false
[initial]
m = [0, 0, 1]
[hysteresis]
direction = [1e-3, 0, 1]
B = ["2 T", "-2 T"]
steps = 100
[sweep]
observe = ["mz"]
[[axis]]
key = "material.Ku1"
values = ["250 kJ/m3", "500 kJ/m3"]
[[observe]]
name = "coercivity"
of = "m_B"
take = "crossing"
along = "-B"
)");
  const Result result = kubomag({"sweep", "sweep.toml"});
  ASSERT_EQ(result.status, 0) << result.err;
  const io::Table points = table("sweep.out");
  // Stoner and Wohlfarth along the axis: the anisotropy field 2 Ku1/Msat, less 3/2 (1e-3)^(2/3)
  // of it; half a step of the field is 20 mT
  EXPECT_NEAR(points.data[points.find("coercivity")][0], 0.5 * 0.985, 0.025);
  EXPECT_NEAR(points.data[points.find("coercivity")][1], 1.0 * 0.985, 0.025);
}

/// The smallest |h| of each protocol and field at which mz is below 0 at the end; steps of `unit`.
class Switching : public Sweep {
 protected:
  void run(const std::string& example, double unit) {
    const fs::path file = fs::absolute(fs::path(KUBOMAG_SOURCE_DIR) / "examples" / example);
    const Result result = kubomag({"sweep", file, "-o", "out"});
    ASSERT_EQ(result.status, 0) << result.err;
    points_ = table("out");
    unit_ = unit;
  }
  /// NaN: none.
  double threshold(double protocol, double field) const {
    double least = NAN;
    for (std::size_t row = 0; row < points_.rows(); ++row) {
      const bool here = points_.data[1][row] == protocol &&
                        std::abs(points_.data[2][row] - field) < 1e-6 && points_.data[4][row] < 0;
      const double h = unit_ * std::abs(points_.data[3][row]);
      if (here && !(h >= least)) least = h;
    }
    return least;
  }
  io::Table points_;
  double unit_ = 1;
};

TEST_F(Switching, SpinHallExampleHasTheExactBorder) {
  run("switching_spin_hall.toml", 0.0329106e-12);
  const double step = 0.5 * 0.0329106;
  for (const double hx : {-0.8, -0.6, -0.4, -0.2}) {
    const double s = (hx - std::sqrt(hx * hx + 8)) / 4;
    const double exact = std::sqrt(1 - s * s) * (hx - s);
    EXPECT_GT(threshold(0, hx), 0.99 * exact) << hx;
    EXPECT_LT(threshold(0, hx), 1.01 * exact + step) << hx;
    EXPECT_LE(threshold(1, hx), threshold(0, hx)) << hx;
  }
}

TEST_F(Switching, DiracExampleSwitchesWhenSuddenOnlySlow) {
  run("switching_dirac.toml", 1.5497e-7);
  const double step = 0.2e6 * 1.5497e-7;
  // sudden: tests/data/reference-local.json, dirac_al0.1_sudden_up; 3 %: the mz-dependence of
  // sigma_H at Delta_sd/E_F = 0.05 takes 1 %
  for (const auto& [hx, sudden] : {std::pair{-0.8, 0.3508300781},
                                   {-0.6, 0.5061035156},
                                   {-0.4, 0.6657714844},
                                   {-0.2, 0.8596191406},
                                   {-0.1, 0.9919433594}}) {
    EXPECT_TRUE(std::isnan(threshold(0, 0.1 * hx))) << hx;
    EXPECT_GT(threshold(1, 0.1 * hx), 0.97 * sudden) << hx;
    EXPECT_LT(threshold(1, 0.1 * hx), 1.03 * sudden + step) << hx;
  }
}

TEST_F(Switching, TheHallCurrentAloneExcludesDampingAndDiffusion) {
  const std::string text = slurp(fs::path(KUBOMAG_SOURCE_DIR) / "examples/switching_dirac.toml");
  for (const std::string key : {"damping = false", "diffusive = false"}) {
    std::string other = text;
    other.replace(other.find(key), key.size(), "");
    write("sweep.toml", other);
    const Result result = kubomag({"check", "sweep.toml"});
    EXPECT_EQ(result.status, 2);
    EXPECT_THAT(result.err, HasSubstr("surface.field_like: the Hall current alone"));
  }
}

}  // namespace
}  // namespace kubomag
