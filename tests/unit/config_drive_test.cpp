// What [[gate]], [[drive]] and their signals become.
#include "io/config_drive.hpp"

#include <gmock/gmock.h>

#include <array>
#include <cmath>

#include "io/config.hpp"
#include "kubomag/constants.hpp"
#include "support/config_fixture.hpp"

using namespace kubomag;
using namespace kubomag::io;
using namespace kubomag::test;
using testing::HasSubstr;

namespace {

constexpr double pi = constants::pi;

}  // namespace

TEST_F(Config, GateIsTheFirstDrive) {
  const RunConfig config = read(film + surface +
                                "[gate]\nkind = \"standing_wave\"\nperiod = \"1 um\"\n"
                                "amplitude = \"1e5 V/m\"\nfrequency = \"7 GHz\"\n"
                                "[[E]]\nE = [\"3 V/m\", \"x/nm\"]\n" +
                                run);
  ASSERT_EQ(config.problem.drive.separable.size(), 2u);
  const auto& wave = config.problem.drive.separable[0];
  EXPECT_NEAR(wave.E(0.25e-6, 0).x, 1e5, 1e-6);  // E0 sin(q s)
  EXPECT_DOUBLE_EQ(wave.signal.terms.at(0).frequency, 7e9);
  const Vec2<double> E = config.problem.drive.separable[1].E(2e-9, 0);
  EXPECT_DOUBLE_EQ(E.x, 3);
  EXPECT_DOUBLE_EQ(E.y, 2);
}

TEST_F(Config, Signals) {
  const RunConfig config = read(film + R"([[B_ext]]
B = ["0 T", "0 T", "0.1 T"]
signal = [{kind = "constant", amplitude = 2}, {kind = "step", start = "1 ns"},
  {kind = "sine", frequency = "7 GHz", phase = "90 deg"},
  {kind = "pulse", centre = "2 ns", width = "100 ps", amplitude = 0.5},
  {kind = "table", times = [0, "1 ns"], values = [0, 1]},
  {kind = "formula", formula = "t/ns"}]
)" + run);
  using Kind = SignalTerm::Kind;
  const auto& terms = config.problem.B_ext.at(0).signal.terms;
  ASSERT_EQ(terms.size(), 6u);
  EXPECT_EQ(terms[0].amplitude, 2);
  EXPECT_EQ(terms[1].kind, Kind::step);
  EXPECT_DOUBLE_EQ(terms[1].start, 1e-9);
  EXPECT_DOUBLE_EQ(terms[2].phase, pi / 2);
  EXPECT_EQ(terms[2].start, -INFINITY);
  EXPECT_DOUBLE_EQ(terms[3].width, 1e-10);
  EXPECT_DOUBLE_EQ(terms[3].amplitude, 0.5);
  EXPECT_DOUBLE_EQ(terms[4].times.at(1), 1e-9);
  EXPECT_DOUBLE_EQ(terms[5].formula(3e-9), 3);
  EXPECT_NE(terms[5].formula.target<FormulaOfTime>(), nullptr);  // a device evaluates it
  EXPECT_DOUBLE_EQ(config.problem.B_ext[0].value.z, 0.1);
}

TEST_F(Config, SignalFromAFile) {
  write_file(folder_ / "pulse.txt", "# t (s)\ts ()\n0 0\n1e-9, 1\n2e-9\t0.5\n");
  const std::string head = film + "[[B_ext]]\nB = [0, 0, 1]\n";
  const RunConfig config = read(head + "signal = {kind = \"table\", file = \"pulse.txt\"}\n" + run);
  EXPECT_EQ(config.problem.B_ext[0].signal.terms[0].values, (std::vector<double>{0, 1, 0.5}));
  write_file(folder_ / "pulse.txt", "0 0\n1e-9 one\n");
  EXPECT_THAT(message(head + "signal = {kind = \"table\", file = \"pulse.txt\"}\n" + run),
              HasSubstr("line 2 of the file"));
}

TEST_F(Config, FormulaOfTimeIsSampled) {
  const std::string head = film + surface + "[[E]]\nE = [\"1e5*sin(6.28e6*x - 6e10*t)\", \"0\"]\n";
  EXPECT_THAT(message(head + run), HasSubstr("interval is missing"));
  const RunConfig config = read(head + "interval = \"1 ps\"\n" + run);
  ASSERT_EQ(config.problem.drive.sampled.size(), 1u);
  EXPECT_DOUBLE_EQ(config.problem.drive.sampled[0].interval, 1e-12);
  EXPECT_DOUBLE_EQ(config.problem.drive.sampled[0].E(1e-7, 0, 2e-12).x,
                   1e5 * std::sin(6.28e6 * 1e-7 - 6e10 * 2e-12));
}

// What a formula does not mention the field does not vary along; what is left out is kept on one
// line of cells, where a mistake would be seen by nobody.
TEST_F(Config, FormulasOfTimeTellAlongWhichAxesTheyVary) {
  const auto traits = [&](const std::string& field) {
    const FieldTraits t = read(film + surface + "[[E]]\n" + field + "\ninterval = \"1 ps\"\n" + run)
                              .problem.drive.sampled.at(0)
                              .traits;
    return std::array<bool, 4>{t.varies_along_x, t.varies_along_y, t.has_x, t.has_y};
  };
  using Four = std::array<bool, 4>;  // along x, along y, a component x, a component y
  EXPECT_EQ(traits("E = [\"sin(x/um + t/ps)\", 0]"), (Four{true, false, true, false}));
  EXPECT_EQ(traits("E = [0, \"sin(x/um + t/ps)\"]"), (Four{true, false, false, true}));
  EXPECT_EQ(traits("E = [\"sin(y/um + t/ps)\", 0]"), (Four{false, true, true, false}));
  EXPECT_EQ(traits("E = [\"sin(t/ps)\", 3]"), (Four{false, false, true, true}));
  EXPECT_EQ(traits("E = [\"sin(t/ps)\", \"x*y\"]"), (Four{true, true, true, true}));
  EXPECT_EQ(traits("potential = \"x*t\""), (Four{true, false, true, false}));
  EXPECT_EQ(traits("potential = \"y*t\""), (Four{false, true, false, true}));
}

TEST_F(Config, FormulaOfTimeAsASignalIsAFactor) {
  const std::string signal =
      "signal = {kind = \"formula\", formula = \"sin(6e10*t)\", amplitude = 2}\n";
  const std::string field = "[[E]]\nE = [\"1e5*x/um\", \"0\"]\n",
                    interval = "interval = \"1 ps\"\n";
  const std::string gate =
      "[gate]\nkind = \"strip\"\nwidth = \"2 um\"\nheight = \"200 nm\"\nvoltage = \"1 V\"\n";
  for (const std::string& head : {film + surface + field, film + surface + gate}) {
    EXPECT_THAT(message(head + signal + run), HasSubstr("interval is missing"));
    const Drive drive = read(head + signal + interval + run).problem.drive;
    EXPECT_TRUE(drive.separable.empty());
    ASSERT_EQ(drive.sampled.size(), 1u);
    EXPECT_DOUBLE_EQ(drive.sampled[0].signal(7e-12), 2 * std::sin(6e10 * 7e-12));
    // without the signal the same field, and at all times
    const Drive constant = read(head + run).problem.drive;
    ASSERT_EQ(constant.separable.size(), 1u);
    const Vec2<double> E = constant.separable[0].E(1e-8, 3e-9);
    EXPECT_NE(E.x, 0);
    EXPECT_DOUBLE_EQ(drive.sampled[0].E(1e-8, 3e-9, 5e-12).x, E.x);
    EXPECT_DOUBLE_EQ(drive.sampled[0].at(1e-8, 3e-9, 7e-12).x, 2 * std::sin(6e10 * 7e-12) * E.x);
  }
}

// phi = V sin(kx) cos(ky), four cells per wavelength, against the analytic gradient.
TEST_F(Config, PotentialFormulaGivesItsGradient) {
  const Grid grid{8, 8, 5e-9, 5e-9, 3e-9};
  const double k = 2 * pi / 20e-9;
  const auto phi = [k](double x, double y) { return std::sin(k * x) * std::cos(k * y); };
  for (const double x : {0.0, 1.3e-9, -7e-9}) {
    const Vec2<double> E = minus_gradient(phi, x, 2e-9, grid);
    EXPECT_NEAR(E.x, -k * std::cos(k * x) * std::cos(k * 2e-9), 1e-8 * k);
    EXPECT_NEAR(E.y, k * std::sin(k * x) * std::sin(k * 2e-9), 1e-8 * k);
  }
}

// Second-order differences are exact for a parabola, at the edges too.
TEST_F(Config, PotentialOnTheGridGivesItsGradient) {
  const Grid grid{5, 4, 2e-9, 3e-9, 1e-9};
  std::vector<double> phi;
  for (int iy = 0; iy < grid.ny; ++iy)
    for (int ix = 0; ix < grid.nx; ++ix) {
      const double x = grid.x(ix) / 1e-9, y = grid.y(iy) / 1e-9;
      phi.push_back(x * x - 3 * y * y + 2 * x);
    }
  const std::vector<double> E = minus_gradient(phi, grid);
  for (int iy = 0; iy < grid.ny; ++iy)
    for (int ix = 0; ix < grid.nx; ++ix) {
      const std::size_t i = grid.index(ix, iy);
      EXPECT_NEAR(E[i], -(2 * grid.x(ix) / 1e-9 + 2) / 1e-9, 1e-3);
      EXPECT_NEAR(E[i + grid.cells()], 6 * grid.y(iy) / 1e-9 / 1e-9, 1e-3);
    }
}
