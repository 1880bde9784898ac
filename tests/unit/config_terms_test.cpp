// Configuration of the energy terms beyond the basic ones, of temperature and of the Oersted field.
#include <gmock/gmock.h>

#include <cmath>

#include "io/atomic_file.hpp"
#include "io/config.hpp"
#include "kubomag/error.hpp"
#include "setup/oersted.hpp"
#include "support/temporary_folder.hpp"

namespace kubomag::io {
namespace {

using ::testing::HasSubstr;

class ConfigTerms : public ::testing::Test {
 protected:
  RunConfig read(const std::string& material, const std::string& rest = "",
                 const std::string& run = "time = 0") {
    const std::string text =
        "[grid]\ncells = [4, 2]\ncell = [\"10 nm\", \"10 nm\"]\nthickness = \"2 nm\"\n"
        "[material]\nMsat = 8e5\n" +
        material + "\n[run]\n" + run + "\n" + rest;
    write_file(folder_ / "run.toml", text);
    return read_config(folder_ / "run.toml");
  }
  std::string message(const std::string& material, const std::string& rest = "",
                      const std::string& run = "time = 0") {
    try {
      read(material, rest, run);
    } catch (const InputError& error) {
      return error.what();
    }
    return "no error";
  }

 private:
  test::TemporaryFolder folder_;
};

TEST_F(ConfigTerms, AChoiceIsTheIndexOfItsWord) {
  EXPECT_EQ(read("").problem.material["dmi_boundary"](0), 0);
  EXPECT_EQ(read("dmi_boundary = \"natural\"").problem.material["dmi_boundary"](0), 0);
  EXPECT_EQ(read("dmi_boundary = \"mumax3\"").problem.material["dmi_boundary"](0), 2);
  EXPECT_THAT(message("dmi_boundary = \"closed\""),
              HasSubstr("'closed' is not one of natural, open, mumax3"));
  EXPECT_THAT(message("", "[[region]]\nwhere = \"x > 0\"\nmaterial = {dmi_boundary = \"open\"}"),
              HasSubstr("give it in [material]"));
}

TEST_F(ConfigTerms, CubicAxesArePerpendicular) {
  const Parameters film =
      read("anisC1 = [0, 3, 4]\nanisC2 = [2, 0, 0]\nKc1 = \"2 kJ/m3\"").problem.material;
  EXPECT_DOUBLE_EQ(film["anisC1_z"](0), 0.8);
  EXPECT_DOUBLE_EQ(film["anisC2_x"](0), 1);
  EXPECT_DOUBLE_EQ(film["Kc1"](0), 2000);
  EXPECT_THAT(message("anisC1 = [0, 1, 1]"), HasSubstr("perpendicular"));
}

TEST_F(ConfigTerms, ATemperatureTakesAnyStep) {
  const Problem adaptive = read("alpha = 0.1\nTemp = \"300 K\"", "", "time = 1e-9").problem;
  EXPECT_EQ(adaptive.integrator.FixDt, 0);
  const Problem problem = read("alpha = 0.1\nTemp = \"300 K\"", "",
                               "time = 1e-9\nscheme = \"heun\"\nFixDt = \"10 fs\"\nseed = 9")
                              .problem;
  EXPECT_EQ(problem.integrator.scheme, Scheme::heun);
  EXPECT_EQ(problem.integrator.seed, 9u);
  EXPECT_EQ(problem.material["Temp"](3), 300);
  EXPECT_THAT(message("Temp = -1"), HasSubstr("at least 0"));
  EXPECT_THAT(message("", "", "time = 0\nseed = -1"), HasSubstr("at least 0"));
}

TEST_F(ConfigTerms, AFieldAcrossTheDielectric) {
  const char* xi = "xi_VCMA = \"120 fJ/(V m)\"";
  const Problem given =
      read(xi, "[[E_z]]\nE_z = \"1e8*x/(10*nm)\"\nsignal = {kind = \"step\", start = 0}\n").problem;
  EXPECT_DOUBLE_EQ(given.material["xi_VCMA"](0), 120e-15);
  ASSERT_EQ(given.E_z.size(), 1u);
  EXPECT_DOUBLE_EQ(given.E_z[0].map[3].z, 1.5e8);
  EXPECT_EQ(given.E_z[0].signal.terms[0].kind, SignalTerm::Kind::step);
  // an electrode above the film at +2 V: the field points down
  const Problem electrode = read(xi, "[[E_z]]\nvoltage = \"2 V\"\ndielectric = \"4 nm\"\n").problem;
  EXPECT_DOUBLE_EQ(electrode.E_z[0].value.z, -5e8);
  EXPECT_TRUE(electrode.E_z[0].map.empty());
  const char* gate =
      "[gate]\nkind = \"grating\"\nperiod = \"40 nm\"\nvoltage = \"1 V\"\ndielectric = \"1 nm\"\n";
  const Problem under_gate = read(xi, gate).problem;  // fingers from -10 to 10 nm
  ASSERT_EQ(under_gate.E_z.size(), 1u);
  EXPECT_NEAR(under_gate.E_z[0].map[1].z, -1e9, 1e3);  // x = -5 nm, five dielectrics from the edge
  EXPECT_NEAR(under_gate.E_z[0].map[0].z, 0, 1e3);
  EXPECT_TRUE(under_gate.drive.empty());
  const Problem half =
      read(xi, std::string(gate) + "[geometry]\nshape = \"y < 5e-9\"\nedge_smooth = 8\n").problem;
  EXPECT_DOUBLE_EQ(half.material["xi_VCMA"](4), 60e-15);  // as Msat
  EXPECT_THAT(message("", gate), HasSubstr("xi_VCMA of [material] is 0"));
  EXPECT_THAT(message(xi, "[[E_z]]\nE_z = 1\nvoltage = 2\n"), HasSubstr("one of E_z"));
  EXPECT_THAT(message(xi, "[[E_z]]\nvoltage = 2\n"), HasSubstr("dielectric is missing"));
  EXPECT_THAT(message(xi, "[[E_z]]\nvoltage = 2\ndielectric = 0\n"), HasSubstr("above 0"));
}

// Only the field in the plane is sampled; across the dielectric a formula is evaluated as it is.
TEST_F(ConfigTerms, AGateAcrossTheDielectricAloneTakesNoInterval) {
  const std::string xi = "xi_VCMA = \"120 fJ/(V m)\"";
  const std::string gate =
      "[gate]\nkind = \"grating\"\nperiod = \"1 um\"\nvoltage = \"1 V\"\ndielectric = \"1 nm\"\n"
      "height = \"50 nm\"\n"
      "signal = {kind = \"formula\", formula = \"sin(6e10*t)\", amplitude = 2}\n";
  const std::string interval = "interval = \"1 ps\"\n";
  const std::string surface =
      "[surface]\nmodel = \"dirac\"\nvelocity = \"5e5 m/s\"\nfermi_energy = \"0.2 eV\"\n"
      "Delta_sd = \"50 meV\"\nsigma_0 = 10\n";
  const Problem across = read(xi, gate).problem;
  ASSERT_EQ(across.E_z.size(), 1u);
  const SignalTerm& term = across.E_z[0].signal.terms.front();
  EXPECT_DOUBLE_EQ(term.amplitude * term.formula(7e-12), 2 * std::sin(6e10 * 7e-12));
  EXPECT_TRUE(across.drive.empty());
  EXPECT_THAT(message(xi, gate + interval), HasSubstr("gate.interval: nothing is sampled"));

  EXPECT_THAT(message(xi, gate + surface), HasSubstr("interval is missing"));
  const Problem both = read(xi, gate + interval + surface).problem;
  EXPECT_EQ(both.E_z.size(), 1u);
  ASSERT_EQ(both.drive.sampled.size(), 1u);
  EXPECT_DOUBLE_EQ(both.drive.sampled[0].interval, 1e-12);
}

TEST_F(ConfigTerms, FrozenCellsAreAMap) {
  const Parameters film = read("frozen = \"x < 0\"").problem.material;
  EXPECT_EQ(film["frozen"](1), 1);
  EXPECT_EQ(film["frozen"](2), 0);
}

TEST_F(ConfigTerms, AnOerstedFieldIsAMap) {
  const char* strip =
      "[[B_ext]]\noersted = {current = \"2 mA\", width = \"60 nm\", thickness = \"30 nm\", "
      "distance = \"25 nm\", direction = \"90 deg\", offset = \"5 nm\"}\n";
  const Problem problem = read("", strip).problem;
  ASSERT_EQ(problem.B_ext.size(), 1u);
  ASSERT_EQ(problem.B_ext[0].map.size(), 8u);
  const StripCurrent same{2e-3, 60e-9, 30e-9, 0.5 * constants::pi, 5e-9, 25e-9};
  const Vec3<double> expected = oersted_field(same, problem.grid.x(3), problem.grid.y(1));
  EXPECT_NEAR(norm(problem.B_ext[0].map[7] - expected), 0, 1e-12);
  EXPECT_GT(problem.B_ext[0].map[7].x, 0);  // current along y below the film
  EXPECT_THAT(message("", std::string(strip) + "B = [0, 0, 1]\n"), HasSubstr("one of them"));
  EXPECT_THAT(message("",
                      "[[B_ext]]\noersted = {current = 1, width = 0, thickness = 1e-9, "
                      "distance = 0}\n"),
              HasSubstr("above 0"));
}

}  // namespace
}  // namespace kubomag::io
