// Small parameters of every kind of drive, and inputs that act on nothing.
#include <gmock/gmock.h>

#include <cmath>

#include "io/field_scale.hpp"
#include "kubomag/constants.hpp"
#include "support/config_fixture.hpp"

using namespace kubomag;
using namespace kubomag::io;
using namespace kubomag::test;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

namespace {

constexpr double pi = constants::pi;
const double l = 5e5 * constants::hbar / (0.2 * constants::e_abs) * 10;  // v hbar sigma_0/eps [m]

/// 256 nm x 32 nm on a surface of 0.2 eV, whose exchange of 50 meV leaves 15/16 of it at worst.
std::string ti_film(bool periodic, const std::string& more) {
  return std::string(
             "[grid]\ncells = [64, 4]\ncell = [\"4 nm\", \"8 nm\"]\nthickness = \"5 nm\"\n") +
         (periodic ? "periodic = [true, true]\n" : "") +
         "[material]\nMsat = \"140 kA/m\"\nAex = \"4 pJ/m\"\nalpha = 0.01\n[surface]\n"
         "velocity = 5e5\nfermi_energy = \"0.2 eV\"\nDelta_sd = \"50 meV\"\nsigma_0 = 10\n" +
         more + "[run]\ntime = \"2 ps\"\n";
}

double value(const RunConfig& config, const std::string& symbol) {
  for (const SmallParameter& p : config.small_parameters)
    if (p.symbol == symbol) return p.value;
  return NAN;
}

/// |psi| [V] that the moved density tells.
double psi_of(const RunConfig& config) { return value(config, "delta n/n0") * 0.1 * (15 / 16.0); }

class Validity : public Config {};

}  // namespace

TEST_F(Validity, AWaveGivenAsAFormulaIsJudgedAsThatOfAGate) {
  const double q = 2 * pi / 256e-9;
  for (const std::string& wave :
       {std::string("[[E]]\npotential = \"2e-3*cos(2*pi*x/(256*nm))\"\n"),
        std::string("[[E]]\nE = [\"2e-3*2*pi/(256e-9)*sin(2*pi*x/(256*nm) + 1)\", 0]\n"),
        std::string("[[E]]\nE = [\"2e-3*2*pi/(256e-9)*cos(2*pi*x/(256*nm) - 1e9*t)\", 0]\n"
                    "interval = \"0.1 ps\"\n"),
        std::string("[gate]\nkind = \"standing_wave\"\nperiod = \"256 nm\"\nvoltage = \"2 mV\"\n"
                    "frequency = \"1 GHz\"\n")}) {
    const RunConfig config = read(ti_film(true, wave));
    EXPECT_NEAR(value(config, "q l"), q * l, 1e-3 * q * l) << wave;
    EXPECT_NEAR(psi_of(config), 2e-3, 3e-6) << wave;
  }
  const std::string fine = "[[E]]\npotential = \"1e-3*cos(2*pi*x/(32*nm))\"\n";
  EXPECT_THAT(message(ti_film(true, fine)), HasSubstr("the period of E1 = 32 nm gives q l = 3.23"));
  EXPECT_THAT(message(ti_film(false, fine)), HasSubstr("q l = 3.2"));
}

TEST_F(Validity, AUniformPartDoesNotHideAWaveNorARampMakeOne) {
  const RunConfig shifted =
      read(ti_film(true, "[[E]]\nE = [\"1e5 + 1e3*cos(2*pi*x/(256*nm))\", 0]\n"));
  EXPECT_NEAR(value(shifted, "q l"), 2 * pi / 256e-9 * l, 1e-3);
  EXPECT_NEAR(psi_of(shifted), 1e3 * 256e-9 / (2 * pi), 1e-7);
  // less than a wave between open edges: a part of one of 10 um, and none at all
  const std::string edges = "edges = [\"no_flux\", \"no_flux\"]\n";
  const RunConfig part =
      read(ti_film(false, edges + "[[E]]\nE = [\"1e3*cos(2*pi*x/(10*um))\", 0]\n"));
  EXPECT_NEAR(value(part, "q l"), 2 * pi / 10e-6 * l, 0.02 * value(part, "q l"));
  const RunConfig ramp = read(ti_film(false, edges + "[[E]]\nE = [\"1e3*x/um\", 0]\n"));
  EXPECT_LT(value(ramp, "q l"), 1e-4);
}

TEST_F(Validity, AFormulaOfTimeIsAsFastAsASine) {
  const std::string wave = "[[E]]\npotential = \"1e-3*cos(2*pi*x/(256*nm))\"\n";
  const auto formula = [&](const std::string& f, const std::string& interval) {
    return ti_film(true, wave + "signal = {kind = \"formula\", formula = \"" + f +
                             "\"}\ninterval = \"" + interval + "\"\n");
  };
  const double tau = l / 5e5;
  for (const char* interval : {"1 fs", "20 fs"}) {
    const RunConfig config = read(formula("3*sin(2*pi*0.4e12*t)", interval));
    EXPECT_NEAR(value(config, "omega tau"), 2 * pi * 0.4e12 * tau, 0.01 * 2 * pi * 0.4e12 * tau);
    EXPECT_NEAR(psi_of(config), 3e-3, 0.01 * 3e-3);
  }
  EXPECT_THAT(message(formula("sin(2*pi*50e12*t)", "1 fs")), HasSubstr("omega tau = 10.3"));
  EXPECT_THAT(message(formula("exp(-((t - 1e-12)/(30*fs))^2/2)", "10 fs")),
              HasSubstr("omega tau = 1.0"));
  // one pulse of 30 fs among 200000 samples
  std::string longer = formula("exp(-((t - 1e-12)/(30*fs))^2/2)", "10 fs");
  longer.replace(longer.find("\"2 ps\""), 6, "\"2 ns\"");
  EXPECT_THAT(message(longer), HasSubstr("omega tau = 1.0"));
  // jumps and kinks have no frequency, as those of steps and tables
  EXPECT_LT(value(read(formula("t > 1e-12 ? 1 : 0", "1 fs")), "omega tau"), 1e-3);
  EXPECT_LT(value(read(formula("abs(t/1e-12 - 1)", "1 fs")), "omega tau"), 1e-3);
}

// By hand: e2 nu = e^2 eps/(2 pi hbar^2 v^2), s = e2 nu (1 - exp(-2 q d))/(2 eps q).
TEST_F(Validity, ScreeningCountsForGatesAndFields) {
  const double q = 2 * pi / 256e-9, e = constants::e_abs;
  const double e2_nu = e * e * 0.2 * e / (2 * pi * std::pow(constants::hbar * 5e5, 2));
  const double s = e2_nu * -std::expm1(-2 * q * 50e-9) / (2 * 4 * constants::epsilon_0 * q);
  ASSERT_GT(s, 10);
  const std::string external = "E_is = \"external\"\npermittivity = 4\ngate_distance = \"50 nm\"\n";
  const std::string field = "[[E]]\npotential = \"2e-2*cos(2*pi*x/(256*nm))\"\n";
  const std::string gate =
      "[gate]\nkind = \"standing_wave\"\nperiod = \"256 nm\"\namplitude = \"490873.852 V/m\"\n"
      "frequency = \"1 GHz\"\n";  // 20 mV
  for (const std::string& drive : {field, gate})
    EXPECT_NEAR(psi_of(read(ti_film(true, external + drive))), 2e-2 / (1 + s),
                1e-3 * 2e-2 / (1 + s));
  EXPECT_NEAR(psi_of(read(ti_film(true, external + field + gate))), 4e-2 / (1 + s), 4e-5 / (1 + s));
}

TEST_F(Validity, AUniformFieldTowardsClosedEdgesIsTold) {
  const std::string field = "[[E]]\nE = [\"1e5 V/m\", 0]\n";
  const RunConfig closed = read(ti_film(false, field));
  EXPECT_NEAR(psi_of(closed), 0.5 * 1e5 * 256e-9, 1e-6);
  EXPECT_THAT(closed.cautions, Contains(HasSubstr("E1 is mostly uniform along x")));
  EXPECT_THAT(closed.cautions, Not(Contains(HasSubstr("along y"))));
  const RunConfig asked = read(ti_film(false, "edges = [\"no_flux\", \"no_flux\"]\n" + field));
  EXPECT_THAT(asked.cautions, Not(Contains(HasSubstr("uniform"))));
  const RunConfig open = read(ti_film(false, "edges = [\"infinite\", \"infinite\"]\n" + field));
  EXPECT_THAT(open.cautions, IsEmpty());
  EXPECT_EQ(psi_of(open), 0);
}

// c0 = 2 of alpha: the same thermal field against three times the damping.
TEST_F(Validity, ATemperatureThatKnowsALesserDampingIsTold) {
  std::string text = ti_film(true, "");
  const DiracSurface surface = *read(text).problem.surface;
  const double more = surface.c0(0) * surface.sigma_s(0);
  text.replace(text.find("alpha = 0.01"), 12, "Temp = 10\nalpha = " + std::to_string(more / 2));
  EXPECT_THAT(read(text).cautions, Contains(HasSubstr("as cold as 0.33 Temp")));
  text.replace(text.find("[surface]"), 9, "[surface]\ndamping = false");
  EXPECT_THAT(read(text).cautions, IsEmpty());
}

TEST_F(Validity, ThePrecessionNamesItsField) {
  std::string text = ti_film(true, "");
  text.replace(text.find("sigma_0 = 10"), 12, "sigma_0 = 6000");
  EXPECT_THAT(message(text), HasSubstr("mu_0 Msat = 175.9 mT (precession at"));
  EXPECT_THAT(message(text), Not(HasSubstr("B_ext")));
}

TEST_F(Validity, EnergiesWithoutTheirUnitAreToldSo) {
  for (const char* key : {"fermi_energy = \"0.2 eV\"", "Delta_sd = \"50 meV\""}) {
    std::string text = ti_film(true, "");
    const std::string name = std::string(key).substr(0, std::string(key).find(' '));
    text.replace(text.find(key), std::string(key).size(), name + " = 0.2");
    EXPECT_THAT(message(text), HasSubstr("surface." + name + ": 0.2 J is 1.25e+18 eV"));
    EXPECT_THAT(message(text), HasSubstr("did you mean \"0.2 eV\"?"));
  }
}

TEST_F(Validity, InputsThatActOnNothingAreRefused) {
  const auto with = [](const std::string& line) { return film + line + "\n" + run; };
  for (const char* key : {"theta_SH", "field_like_ratio", "Pol"})
    EXPECT_THAT(message(with(std::string(key) + " = 0.1")), HasSubstr("there is no [[current]]"));
  EXPECT_THAT(message(with("xi_VCMA = 1e-13")), HasSubstr("no field across the dielectric"));
  EXPECT_THAT(message(with("alpha = 0\nTemp = 300")), HasSubstr("an alpha above 0 is expected"));
  EXPECT_EQ(message(with("theta_SH = 0\nxi_VCMA = 0\nalpha = 0\nTemp = 0")), "no error");
  EXPECT_EQ(message(with("theta_SH = 0.1\n[[custom_field]]\nB = [\"theta_SH\", 0, 0]")),
            "no error");
  const std::string region = "[[region]]\nwhere = \"x > 0\"\nmaterial = {theta_SH = 0.1}";
  EXPECT_THAT(message(with(region)), HasSubstr("run.toml:10: region"));
}

TEST_F(Validity, AWindowWithNothingToFollowIsTold) {
  const std::string window = "[window]\nfollow = \"wall\"\n[initial]\n";
  EXPECT_THAT(read(film + window + "m = [1, 0, 1]\nkind = \"uniform\"\n" + run).cautions,
              Contains(HasSubstr("there is no wall to follow")));
  EXPECT_THAT(read(film + window + "kind = \"two_domain\"\n" + run).cautions, IsEmpty());
}

TEST_F(Validity, SkyrmionsLieInTheFilm) {  // 20 nm x 8 nm
  const std::string head = film + "[initial]\nkind = \"skyrmion\"\n";
  EXPECT_THAT(message(head + "radius = \"5 um\"\n" + run), HasSubstr("below half its diagonal"));
  EXPECT_THAT(message(head + "radius = \"3 nm\"\nposition = [1, 0]\n" + run),
              HasSubstr("outside of the film, which reaches from -10 nm to 10 nm along x"));
  EXPECT_EQ(message(head + "radius = \"3 nm\"\nposition = [\"10 nm\", \"4 nm\"]\n" + run),
            "no error");
}

TEST_F(Validity, AConductorLiesBesideTheFilm) {  // of 3 nm; 20 nm x 8 nm
  const auto strip = [](const std::string& more) {
    return film +
           "[[B_ext]]\noersted = {current = \"1 mA\", width = \"20 nm\", thickness = \"50 nm\", " +
           more + "}\n" + run;
  };
  EXPECT_THAT(message(strip("distance = \"10 nm\"")), HasSubstr("at least 26.5 nm is expected"));
  EXPECT_THAT(message(strip("distance = \"-26 nm\"")), HasSubstr("into the film"));
  EXPECT_EQ(message(strip("distance = \"26.5 nm\"")), "no error");
  EXPECT_EQ(message(strip("distance = 0, offset = \"14 nm\"")), "no error");
  EXPECT_THAT(message(strip("distance = 0, offset = \"14 nm\", direction = \"90 deg\"")),
              HasSubstr("into the film"));
}
