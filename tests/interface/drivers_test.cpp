// Loops and spectra as their users meet them: files, messages, exit status.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "io/ovf.hpp"
#include "io/table.hpp"
#include "kubomag/vec3.hpp"
#include "support/json.hpp"
#include "support/program_test.hpp"

using namespace kubomag;
using kubomag::test::Result;
using kubomag::testing_support::slurp;
using testing::HasSubstr;

namespace fs = std::filesystem;

namespace {

const std::string film = R"([grid]
cells = [8, 4]
cell = ["5 nm", "5 nm"]
thickness = "3 nm"
[material]
Msat = "800 kA/m"
Aex = "13 pJ/m"
[initial]
m = [1, 0.1, 0]
)";

const std::string loop = R"([hysteresis]
direction = [1, 0.1, 0]
B = ["50 mT", "-50 mT"]
steps = 5
[output]
fields = ["m"]
pictures = ["m"]
)";

class Drivers : public test::ProgramTest {
 protected:
  Drivers() : ProgramTest(KUBOMAG_PROGRAM) {}

  void expect_refused(const std::string& text, const std::string& why) const {
    write("bad.toml", text);
    const Result result = kubomag({"run", "bad.toml"});
    EXPECT_EQ(result.status, 2);
    EXPECT_THAT(result.err, HasSubstr(why));
    EXPECT_FALSE(there("bad.out"));
  }
};

TEST_F(Drivers, MinimisationSaysHowItWent) {
  write("film.toml", film + "[minimise]\nstop_torque = \"1 uT\"\n");
  const Result result = kubomag({"run", "film.toml"});
  ASSERT_EQ(result.status, 0) << result.err;
  const auto record = test::json_of(slurp(folder_ / "film.out/run.json"));
  EXPECT_TRUE(record["relax"]["converged"]);
  EXPECT_FALSE(record["relax"]["fell_back"]);
  EXPECT_EQ(record["relax"]["evaluations"].get<long>(), record["relax"]["steps"].get<long>() + 1);
  EXPECT_THAT(slurp(folder_ / "film.out/log.txt"), HasSubstr("minimised in "));
  // its energies are a row of the table, without an [output]: at rest along the film of no charges
  const io::Table table = io::read_table(folder_ / "film.out/table.txt");
  ASSERT_EQ(table.rows(), 1u);
  EXPECT_NEAR(table.data[table.find("E_total")][0],
              table.data[table.find("E_exch")][0] + table.data[table.find("E_demag")][0], 1e-25);
  EXPECT_GT(table.data[table.find("E_demag")][0], 1e-20);
  write("short.toml", film + "[minimise]\nmax_steps = 2\nstop_torque = \"1 nT\"\n");
  EXPECT_THAT(kubomag({"run", "short.toml"}).out,
              HasSubstr("the minimisation stopped after 2 steps at "));
}

TEST_F(Drivers, AMinimumIsWrittenWithoutIntervals) {
  write("film.toml", film + R"([minimise]
[output]
fields = ["m"]
pictures = ["m"]
analysis = ["max_angle"]
)");
  const Result result = kubomag({"run", "film.toml"});
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_TRUE(there("film.out/m000000.png"));
  EXPECT_FALSE(there("film.out/m000001.ovf"));
  EXPECT_NEAR(io::read_ovf(folder_ / "film.out/m000000.ovf").values[0],
              io::read_ovf(folder_ / "film.out/m.ovf").values[0], 1e-6);
  EXPECT_EQ(io::read_table(folder_ / "film.out/table.txt").rows(), 1u);
}

TEST_F(Drivers, ALoopWritesARowAndFilesPerPoint) {
  write("film.toml", film + loop);
  const Result result = kubomag({"run", "film.toml"});
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("done at point 6 of 6"));
  const io::Table table = io::read_table(folder_ / "film.out/table.txt");
  ASSERT_EQ(table.rows(), 6u);
  const double length = std::sqrt(1.01);
  for (std::size_t i = 0; i < 6; ++i) {
    const auto value = [&](const char* name) { return table.data[table.find(name)][i]; };
    EXPECT_EQ(value("point"), static_cast<double>(i));
    EXPECT_NEAR(value("B"), 0.05 - 0.02 * static_cast<double>(i), 1e-15);
    EXPECT_NEAR(value("B_x"), value("B") / length, 1e-15);
    EXPECT_NEAR(value("B_y"), 0.1 * value("B") / length, 1e-15);
    EXPECT_NEAR(value("m_B"), (value("mx") + 0.1 * value("my")) / length, 1e-15);
    EXPECT_EQ(value("converged"), 1);
    const std::string number = "film.out/m00000" + std::to_string(i);
    const io::OvfField m = io::read_ovf(folder_ / (number + ".ovf"));
    EXPECT_THAT(m.desc.front(), HasSubstr("Point " + std::to_string(i) + " of the loop"));
    EXPECT_TRUE(there(number + ".png"));
  }
  EXPECT_TRUE(there("film.out/hysteresis.png"));
  EXPECT_THAT(kubomag({"check", "film.toml"}).out, HasSubstr("6 points"));
}

TEST_F(Drivers, LoopsThatMakeNoSenseAreRefused) {
  expect_refused(film + loop + "field_interval = \"1 ps\"\n", "a loop has no time");
  expect_refused(film + loop + "[run]\ntime = \"1 ns\"\n", "without time and drives");
  expect_refused(film + "[hysteresis]\ndirection = [1, 0, 0]\n", "one of B (with direction)");
  expect_refused(film + "[hysteresis]\nB = [1]\ndirection = [0, 0, 0]\n", "not zero");
  expect_refused(film + "[hysteresis]\nB = [1]\n", "direction is missing");
  expect_refused(film + "[hysteresis]\nB = [1, 0]\ndirection = [1, 0, 0]\nsteps = 0\n",
                 "whole number from 1");
  expect_refused(film + "[hysteresis]\nfield = [\"1/t\", \"0\", \"0\"]\npoints = 3\n",
                 "not a finite number at t = 0");
  expect_refused(film + loop + "[minimise]\nB_ext = [0, 0, 0]\n", "would replace the loop's field");
  expect_refused(film + loop + "[[B_ext]]\nB = [0, 0, 1]\nsignal = {kind = \"step\"}\n",
                 "varies in time");
  expect_refused(film + "[relax]\n[minimise]\n", "one of the two ways to a minimum");
}

TEST_F(Drivers, ARotatingFieldIsAPath) {
  write("film.toml", film +
                         "[hysteresis]\npoints = 5\nfield = [\"0.4*cos(2*pi*t)\", "
                         "\"400*mT*sin(2*pi*t)\", \"0\"]\n");
  ASSERT_EQ(kubomag({"run", "film.toml"}).status, 0);
  const io::Table table = io::read_table(folder_ / "film.out/table.txt");
  ASSERT_EQ(table.rows(), 5u);
  const auto& mx = table.data[table.find("mx")];
  const auto& my = table.data[table.find("my")];
  EXPECT_GT(mx[0], 0.9);
  EXPECT_GT(my[1], 0.9);
  EXPECT_LT(mx[2], -0.9);
  EXPECT_LT(my[3], -0.9);
  EXPECT_NEAR(table.data[table.find("B")][3], 0.4, 1e-15);
  EXPECT_FALSE(there("film.out/hysteresis.png"));
}

TEST_F(Drivers, SpectrumOfATable) {
  std::string text = "# t (s)\tmx ()\tE (J)\n";
  for (int n = 0; n < 400; ++n) {
    const double t = 1e-11 * n;
    text += std::to_string(n) + "e-11\t" +
            std::to_string(0.5 + 0.1 * std::cos(2e10 * 3.14159265 * t)) + "\t" +
            std::to_string(std::sin(4e10 * 3.14159265 * t)) + "\n";
  }
  write("table.txt", text);
  const Result result =
      kubomag({"spectrum", "table.txt", "--columns", "mx,E", "--f-max", "30 GHz"});
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("mx: peaks\n  10 GHz  amplitude 0.1\n"));
  EXPECT_THAT(result.out, HasSubstr("E: peaks\n  20 GHz  amplitude 1 J\n"));
  const io::Table spectrum = io::read_table(folder_ / "spectrum.txt");
  EXPECT_EQ(spectrum.columns.at(4).unit, "J^2/Hz");
  EXPECT_LE(spectrum.data[0].back(), 30e9);
  EXPECT_TRUE(there("spectrum.png"));
}

TEST_F(Drivers, SpectrumSaysWhatDoesNotFit) {
  write("table.txt", "# t (s)\tmx ()\n0\t1\n1e-12\t1\n2e-12\t1\n3e-12\t1\n3.2e-12\t1\n");
  const Result result = kubomag({"spectrum", "table.txt", "--columns", "mx"});
  EXPECT_EQ(result.status, 2);
  EXPECT_THAT(result.err, HasSubstr("a spectrum needs equal intervals"));
  EXPECT_EQ(kubomag({"spectrum", "table.txt", "--columns", "mx", "--to", "3 ps"}).status, 0);
  EXPECT_THAT(kubomag({"spectrum", "table.txt", "--columns", "my", "--to", "3 ps"}).err,
              HasSubstr("has no column my"));
  EXPECT_THAT(kubomag({"spectrum", "table.txt", "--columns", "mx", "--dispersion", "x"}).err,
              HasSubstr("needs field files"));
  EXPECT_EQ(kubomag({"spectrum", "table.txt", "--columns", "mx", "--to", "3 apples"}).status, 2);
}

std::string file_name(int n) { return std::to_string(1000 + n) + ".ovf"; }

/// Field files of a wave with 3 periods along x at 25 GHz, every 5 ps.
void write_wave(const test::TemporaryFolder& folder, int frames) {
  const Grid grid{32, 2, 5e-9, 5e-9, 3e-9, true, false};
  for (int n = 0; n < frames; ++n) {
    std::vector<double> m(3 * grid.cells(), 0.0);
    for (int ix = 0; ix < grid.nx; ++ix)
      for (int iy = 0; iy < grid.ny; ++iy) {
        const double phase = 2 * 3.14159265358979 * (3.0 * ix / grid.nx - 0.125 * n);
        m[grid.index(ix, iy)] = 0.1 * std::cos(phase);
        m[2 * grid.cells() + grid.index(ix, iy)] = 1;
      }
    io::write_ovf(folder / file_name(n),
                  io::make_ovf_field(grid, "m", "", 3, std::move(m), 5e-12 * n),
                  io::OvfFormat::binary8);
  }
}

TEST_F(Drivers, DispersionOfFieldFiles) {
  write_wave(folder_, 200);
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(folder_.path()))  // in any order
    if (entry.path().extension() == ".ovf") files.push_back(entry.path().string());
  std::vector<std::string> arguments{"spectrum", "--components", "x", "--dispersion", "x"};
  arguments.insert(arguments.end(), files.begin(), files.end());
  const Result result = kubomag(arguments);
  ASSERT_EQ(result.status, 0) << result.err;
  const io::Table map = io::read_table(folder_ / "dispersion.txt");
  const auto& power = map.data[2];
  const auto top =
      static_cast<std::size_t>(std::max_element(power.begin(), power.end()) - power.begin());
  EXPECT_NEAR(map.data[0][top], 2 * 3.14159265 * 3 / 160e-9, 1e3);
  EXPECT_NEAR(map.data[1][top], 25e9, 1e3);
  EXPECT_NEAR(power[top], 0.01, 1e-6);
  const io::Table modes = io::read_table(folder_ / "dispersion_modes.txt");
  EXPECT_NEAR(modes.data[1][16 + 3], 25e9, 1e6);
  EXPECT_TRUE(there("dispersion.png"));
}

TEST_F(Drivers, SpectrumOfFieldFiles) {
  write_wave(folder_, 200);
  std::vector<std::string> arguments{"spectrum", "--components", "x"};
  for (int n = 0; n < 200; ++n)
    if (n != 17) arguments.push_back(file_name(n));
  EXPECT_THAT(kubomag(arguments).err, HasSubstr("1018.ovf is 1e-11 s after the one before"));
  arguments.push_back(file_name(17));
  fs::copy_file(folder_ / file_name(199), folder_ / "m.ovf");  // as a run leaves its last state
  arguments.push_back("m.ovf");
  const Result result = kubomag(arguments);
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("mx_local: peaks\n  25 GHz  amplitude 0.1\n"));
}

const std::string skyrmion_film = R"([grid]
cells = [48, 48]
cell = ["1 nm", "1 nm"]
thickness = "1 nm"
periodic = [true, true]
[material]
Msat = "580 kA/m"
Aex = "15 pJ/m"
Ku1 = "800 kJ/m3"
Dind = "3.5 mJ/m2"
alpha = 0.3
theta_SH = 0.1
field_like_ratio = 0.5
[demag]
enabled = false
[initial]
kind = "skyrmion"
radius = "6.3 nm"
width = "4.3 nm"
)";

/// "velocity   (vx, vy) m/s", the `which`-th of them.
Vec2<double> printed_velocity(const std::string& out, int which = 0) {
  std::size_t at = 0;
  for (int k = 0; k <= which; ++k) at = out.find("velocity  ", at) + 8;
  const std::size_t open = out.find('(', at), comma = out.find(',', open);
  return {std::stod(out.substr(open + 1)), std::stod(out.substr(comma + 1))};
}

// b/gamma = hbar j theta_SH/(2 |e| Msat t) = 11.3485 mT for 2e11 A/m2 (docs/physics-torques.md);
// the field-like part, a constant a, exerts no force. Velocity per mT from
// tests/data/reference-local.json, C_skyrmion_profiles, noDemag_D3.5, alpha = 0.3; j along y turns
// it.
TEST_F(Drivers, ThieleTakesTheTorquesOfTheFilm) {
  write("sky.toml", skyrmion_film + "[[current]]\nj = [0, \"2e11 A/m2\", 0]\n[relax]\n");
  const Result result = kubomag({"thiele", "sky.toml"});
  ASSERT_EQ(result.status, 0) << result.err;
  const Vec2<double> v = printed_velocity(result.out);
  EXPECT_NEAR(v.x, -11.3485 * 0.7743683948, 1e-4 * 9.4);
  EXPECT_NEAR(v.y, 11.3485 * 0.2928830203, 1e-4 * 9.4);
  EXPECT_THAT(result.out, HasSubstr("Hall angle                         69.28 deg"));
}

TEST_F(Drivers, ThieleStandsBesideARun) {
  write("sky.toml", skyrmion_film + R"([[current]]
j = ["2e11 A/m2", 0, 0]
[relax]
stop_torque = "1 mT"
[run]
time = "60 ps"
scheme = "bogacki_shampine"
[output]
table = "30 ps"
analysis = ["skyrmion"]
)");
  EXPECT_THAT(kubomag({"thiele", "sky.toml"}).out, testing::Not(HasSubstr("run in")));
  ASSERT_EQ(kubomag({"run", "sky.toml"}).status, 0);
  const Result result = kubomag({"thiele", "sky.toml"});
  EXPECT_THAT(result.out, HasSubstr("run in sky.out, at its end"));
  const Vec2<double> predicted = printed_velocity(result.out),
                     run = printed_velocity(result.out, 1);
  EXPECT_LT(std::hypot(run.x - predicted.x, run.y - predicted.y),
            0.03 * std::hypot(predicted.x, predicted.y));
  EXPECT_EQ(kubomag({"thiele", "sky.toml", "--run", "elsewhere"}).status, 2);
}

TEST_F(Drivers, ThieleRefusesWhatItCannotPredict) {
  const auto expect_refusal = [&](const std::string& more, const std::string& why) {
    write("sky.toml", skyrmion_film + more + "[relax]\n");
    const Result result = kubomag({"thiele", "sky.toml"});
    EXPECT_EQ(result.status, 2);
    EXPECT_THAT(result.err, HasSubstr(why));
  };
  expect_refusal("[thiele]\npolarity = -1\n",
                 "nothing drives the skyrmion; a current, a uniform E on a surface");
  expect_refusal("[[current]]\nj = [\"1e11*x/(10*nm)\", 0, 0]\n", "differs from place to place");
  expect_refusal(
      "[[current]]\nj = [\"1e11 A/m2\", 0, 0]\n[[region]]\nwhere = \"x > 0\"\n"
      "material = {theta_SH = 0.2}\n",
      "material.theta_SH differs from place to place");
  expect_refusal("[thiele]\nDind = \"9 mJ/m2\"\nb = \"1 mT\"\n", "an isolated skyrmion needs");
  expect_refusal("[thiele]\npolarity = 2\n", "thiele.polarity: 1 or -1 is expected");
}

}  // namespace
