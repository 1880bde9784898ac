// What a configuration becomes: film, material, surface, run and output; and what is refused.
#include "io/config.hpp"

#include <gmock/gmock.h>

#include <sstream>

#include "io/config_grid.hpp"
#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"
#include "support/config_fixture.hpp"

using namespace kubomag;
using namespace kubomag::io;
using namespace kubomag::test;
using testing::HasSubstr;

namespace {

constexpr double pi = constants::pi;

/// "key = value" with all digits.
std::string assignment(const std::string& key, double value) {
  std::ostringstream text;
  text.precision(17);
  text << key << " = " << value;
  return text.str();
}

}  // namespace

TEST_F(Config, FilmInSI) {
  const RunConfig config =
      read("title = \"a film\"\n" + film + "GammaLL = \"1.76e11 rad/(T s)\"\n" +
           "alpha = 0.01\nKu1 = \"10 kJ/m3\"\nanisU = [0, 3, 4]\n" + run);
  const Problem& problem = config.problem;
  EXPECT_EQ(config.title, "a film");
  EXPECT_EQ(problem.grid.nx, 4);
  EXPECT_EQ(problem.grid.ny, 2);
  EXPECT_DOUBLE_EQ(problem.grid.dx, 5e-9);
  EXPECT_DOUBLE_EQ(problem.grid.dy, 4e-9);
  EXPECT_DOUBLE_EQ(problem.grid.dz, 3e-9);
  EXPECT_DOUBLE_EQ(problem.material["Msat"](0), 1.4e5);
  EXPECT_DOUBLE_EQ(problem.material["Aex"](0), 4e-12);
  EXPECT_DOUBLE_EQ(problem.material["Ku1"](0), 1e4);
  EXPECT_DOUBLE_EQ(problem.material["anisU_y"](0), 0.6);  // normalised
  EXPECT_DOUBLE_EQ(problem.material["anisU_z"](0), 0.8);
  EXPECT_DOUBLE_EQ(problem.GammaLL, 1.76e11);
  EXPECT_DOUBLE_EQ(config.time, 1e-9);
  EXPECT_EQ(problem.m.size(), 24u);
  EXPECT_EQ(problem.m[16], 1);  // +z without [initial]
  EXPECT_FALSE(problem.surface.has_value());
  EXPECT_TRUE(problem.demag.enabled);
}

TEST_F(Config, SizeInsteadOfCell) {
  const RunConfig config = read(
      "[grid]\ncells = [4, 2]\nsize = [\"20 nm\", \"8 nm\"]\nthickness = 3e-9\n"
      "periodic = [true, false]\n[material]\nMsat = 1e5\n" +
      run);
  EXPECT_DOUBLE_EQ(config.problem.grid.dx, 5e-9);
  EXPECT_DOUBLE_EQ(config.problem.grid.dy, 4e-9);
  EXPECT_TRUE(config.problem.grid.periodic_x);
  EXPECT_FALSE(config.problem.grid.periodic_y);
}

// Cell centres are x = -7.5, -2.5, 2.5, 7.5 nm, y = -2, 2 nm.
TEST_F(Config, MapsAndRegions) {
  const RunConfig config = read(film + "alpha = \"x/nm + 100*y/nm + 1000\"\n" +
                                "[[region]]\nwhere = \"x > 0\"\nmaterial = {Ku1 = \"1 kJ/m3\"}\n" +
                                "[[region]]\nwhere = \"x > 5*nm && y > 0\"\n" +
                                "material = {Ku1 = 7, anisU = [1, 0, 0]}\n" + run);
  const Parameters& material = config.problem.material;
  EXPECT_NEAR(material["alpha"](0), 1000 - 7.5 - 200, 1e-9);
  EXPECT_NEAR(material["alpha"](7), 1000 + 7.5 + 200, 1e-9);
  const std::vector<double> Ku1 = {0, 0, 1000, 1000, 0, 0, 1000, 7};
  EXPECT_EQ(material["Ku1"].cells(), Ku1);
  EXPECT_EQ(material["anisU_x"](7), 1);
  EXPECT_EQ(material["anisU_z"](7), 0);
  EXPECT_EQ(material["anisU_z"](6), 1);
  EXPECT_TRUE(material["Msat"].uniform());
}

TEST_F(Config, MapsFromFiles) {
  const Grid grid{4, 2, 5e-9, 4e-9, 3e-9};
  write_map("Msat.ovf", grid, 1, {0, 1e5, 2e5, 3e5, 4e5, 5e5, 6e5, 7e5});
  const std::string head =
      "[grid]\ncells = [4, 2]\ncell = [\"5 nm\", \"4 nm\"]\nthickness = \"3 nm\"\n[material]\n";
  const RunConfig config = read(head + "Msat = {ovf = \"Msat.ovf\"}\n" + run);
  EXPECT_EQ(config.problem.material["Msat"](5), 5e5);
  EXPECT_EQ(config.problem.m[16], 0);  // vacuum
  EXPECT_EQ(config.problem.m[17], 1);
  EXPECT_THAT(message(head + "Msat = {ovf = \"nowhere.ovf\"}\n" + run), HasSubstr("nowhere.ovf"));
  write_map("Msat.ovf", {3, 2, 5e-9, 4e-9, 3e-9}, 1, std::vector<double>(6, 1e5));
  EXPECT_EQ(message(head + "Msat = {ovf = \"Msat.ovf\"}\n" + run),
            "run.toml:6: material.Msat.ovf: the file has 3 x 2 x 1 cells; the film has 4 x 2 x 1");
}

TEST_F(Config, SurfaceBecomesCoefficients) {
  const RunConfig config = read(film + surface + "mz_reference = 0\n" + run);
  ASSERT_TRUE(config.problem.surface);
  const DiracSurface& dirac = *config.problem.surface;
  // by hand: b = Delta/eps; sigma_s = sigma_0 at mz = 0; D = hbar v^2 sigma_0/eps
  EXPECT_NEAR(dirac.b(0), 0.25, 1e-12);
  EXPECT_NEAR(dirac.sigma_s(0), 10, 1e-9);
  const double eps = 0.2 * constants::e_abs;
  EXPECT_NEAR(config.problem.diffusion.D, constants::hbar * 25e10 * 10 / eps, 1e-12);
  EXPECT_EQ(config.problem.diffusion.rate_c, 0);
  EXPECT_EQ(config.problem.diffusion.edge_x, Edge::no_flux);
  EXPECT_FALSE(config.problem.diffusion.screening);
  EXPECT_FALSE(config.small_parameters.empty());
}

TEST_F(Config, ThreeMeasuresOfDisorderAgree) {
  const double alpha = 1 / (pi * 10);
  const std::string head =
      film + "[surface]\nvelocity = 5e5\nfermi_energy = \"0.2 eV\"\n" + "Delta_sd = \"50 meV\"\n";
  const double tau = constants::hbar / (pi * alpha * 0.2 * constants::e_abs);
  for (const std::string& line :
       {std::string("sigma_0 = 10"), assignment("disorder", alpha), assignment("tau_tr", tau)}) {
    const RunConfig config = read(head + line + "\n" + run);
    EXPECT_NEAR(config.surface->maps.disorder(0), alpha, 1e-12 * alpha) << line;
  }
  EXPECT_THAT(message(head + "sigma_0 = 10\ndisorder = 0.03\n" + run),
              HasSubstr("2 of disorder, sigma_0 and tau_tr are given"));
}

TEST_F(Config, ScreeningNeedsItsNumbers) {
  const RunConfig config = read(
      film + surface + "E_is = \"external\"\npermittivity = 4\ngate_distance = \"50 nm\"\n" + run);
  ASSERT_TRUE(config.problem.diffusion.screening);
  EXPECT_DOUBLE_EQ(config.problem.diffusion.screening->permittivity, 4 * 8.8541878128e-12);
  EXPECT_DOUBLE_EQ(config.problem.diffusion.screening->distance, 50e-9);
  EXPECT_THAT(message(film + surface + "E_is = \"external\"\n" + run),
              HasSubstr("permittivity is missing"));
  EXPECT_THAT(message(film + surface + "permittivity = 4\n" + run),
              HasSubstr("unknown key 'permittivity' in [surface]"));
}

TEST_F(Config, LocalDiffusionNeedsAClosedSurface) {
  EXPECT_FALSE(read(film + surface + run).problem.diffusion.local);
  const std::string local = film + surface + "diffusion = \"local\"\n";
  const RunConfig config = read(local + run);
  ASSERT_TRUE(config.problem.diffusion.local);
  EXPECT_GT(config.problem.diffusion.local->e2_nu(0), 0);
  EXPECT_THAT(message(local + "edges = [\"infinite\", \"no_flux\"]\n" + run),
              HasSubstr("the surface ends with the grid"));
  EXPECT_THAT(message(local + run + "[[psi]]\npsi = \"1 mV\"\n"),
              HasSubstr("psi follows from the balance of charge"));
  EXPECT_THAT(message(film + surface + "diffusion = \"none\"\n" + run), HasSubstr("uniform"));
}

TEST_F(Config, RunOutputAndDevice) {
  const RunConfig config = read(film + R"([relax]
stop_torque = "2 uT"
max_steps = 7
B_ext = [0, 0, "1 mT"]
[run]
time = "2 ns"
scheme = "rk4"
FixDt = "10 fs"
[output]
table = "10 ps"
fields = ["m", "B_eff"]
field_interval = "1 ns"
ovf = "text"
probes = [["-10 nm", "0 nm"], ["9.9 nm", "3 nm"]]
[device]
device = "cpu"
precision = "single"
threads = 2
)");
  EXPECT_DOUBLE_EQ(config.relax->stop_torque, 2e-6);
  EXPECT_EQ(config.relax->max_steps, 7);
  EXPECT_DOUBLE_EQ(config.relax->B_ext->z, 1e-3);
  EXPECT_EQ(config.problem.integrator.scheme, Scheme::rk4);
  EXPECT_DOUBLE_EQ(config.problem.integrator.FixDt, 1e-14);
  EXPECT_DOUBLE_EQ(config.output.table_interval, 1e-11);
  EXPECT_EQ(config.output.fields, (std::vector<std::string>{"m", "B_eff"}));
  EXPECT_EQ(config.ovf, OvfFormat::text);
  EXPECT_EQ(config.output.probes[0], (std::pair<int, int>{0, 1}));
  EXPECT_EQ(config.output.probes[1], (std::pair<int, int>{3, 1}));
  EXPECT_EQ(*config.device.precision, Precision::single_precision);
  EXPECT_EQ(config.device.threads, 2);
}

TEST_F(Config, UnknownKeysAreNamedWithASuggestion) {
  EXPECT_EQ(message("[grid]\ncells = [4, 2]\ncell = [5e-9, 5e-9]\nthickness = 3e-9\n[material]\n"
                    "Masat = 1e5\n" +
                    run),
            "run.toml:6: unknown key 'Masat' in [material]; did you mean 'Msat'?");
  EXPECT_EQ(message(film + "alfa = 0.1\n[rum]\ntime = 1\n" + run),
            "run.toml:8: unknown key 'alfa' in [material]; did you mean 'alpha'?\n"
            "run.toml:9: unknown section [rum]; did you mean 'run'?");
  EXPECT_THAT(
      message(film + run + "[output]\ninterval_of_table = 1\n"),
      HasSubstr("run.toml:11: unknown key 'interval_of_table' in [output]; used here: analysis, "
                "averages, field_interval, fields, maxima, ovf"));
}

TEST_F(Config, ErrorsNameFileLineKeyAndWhatIsAllowed) {
  EXPECT_EQ(message("[grid]\ncells = [4, 2]\ncell = [\"4 nA\", \"4 nm\"]\nthickness = 3e-9\n"),
            "run.toml:3: grid.cell: '4 nA' is a current; a length is expected, such as \"4 nm\"");
  EXPECT_EQ(message("[grid]\ncells = [4, 0]\n"),
            "run.toml:2: grid.cells: 0 cells; a whole number from 1 is expected");
  EXPECT_EQ(message("[grid\n").substr(0, 29), "run.toml:1: not valid TOML: E");
  EXPECT_EQ(message(""), "run.toml: [grid] is missing");
  EXPECT_EQ(message(film),
            "run.toml: [run] is missing; [run], [relax], [minimise] or [hysteresis] is expected");
  EXPECT_EQ(message(film + "[run]\n"),
            "run.toml:8: [run]: time is missing; a time is expected, such as \"10 ps\"");
  EXPECT_THAT(message(film + "alpha = \"2*foo\"\n" + run),
              HasSubstr("run.toml:8: material.alpha: formula \"2*foo\", character 3: unknown name "
                        "'foo'"));
  EXPECT_THAT(message(film + "alpha = -1\n" + run),
              HasSubstr("run.toml:8: material.alpha: -1 1; a value of at least 0"));
  EXPECT_THAT(message(film + "Ku1 = \"1/(x+7.5*nm)\"\n" + run), HasSubstr("at x = -7.5 nm"));
  EXPECT_EQ(message(film + run + "[[psi]]\npsi = \"5 mV\"\n"),
            "run.toml:10: psi: there is no [surface]; an electric field acts on the film through "
            "it");
  EXPECT_EQ(message(film + run + "[run2]\n"),
            "run.toml:10: unknown section [run2]; did you mean 'run'?");
}

TEST_F(Config, SeveralErrorsInTheOrderOfTheFile) {
  EXPECT_EQ(message(film + "[run]\ntime = \"1 nm\"\n[relax]\nstop_torque = \"1 A\"\n"),
            "run.toml:9: run.time: '1 nm' is a length; a time is expected, such as \"10 ps\"\n"
            "run.toml:11: relax.stop_torque: '1 A' is a current; a magnetic flux density is "
            "expected, such as \"100 mT\"");
}

TEST_F(Config, FermiEnergyInTheGapIsRefused) {
  const std::string text = message(film + R"([surface]
velocity = "5e5 m/s"
fermi_energy = "40 meV"
Delta_sd = "50 meV"
sigma_0 = 10
)" + run);
  EXPECT_THAT(text, HasSubstr("run.toml:10: surface.fermi_energy = 40 meV with surface.Delta_sd = "
                              "50 meV"));
}

TEST_F(Config, GridsBeyondTheMemoryAreRefused) {
  const std::string text = message("[grid]\ncells = [1000000, 1000000]\ncell = [1e-9, 1e-9]\n");
  EXPECT_THAT(text, HasSubstr("run.toml:2: grid.cells: a grid of 1000000 x 1000000 cells needs "
                              "about "));
  EXPECT_THAT(text, HasSubstr("GiB: use fewer or larger cells"));
  EXPECT_GT(setup_memory(1), 8 * 3 * 2);  // at least two states
}
