// `kubomag khat` as its users meet it: models and configurations, at one point and as scans, and
// one clear line for everything outside the theory.
#include <fmt/format.h>

#include <cmath>
#include <sstream>

#include "support/json.hpp"
#include "support/program_test.hpp"

using kubomag::test::Result;
using kubomag::testing_support::slurp;
using testing::HasSubstr;

namespace {

using Words = std::vector<std::string>;

Words operator+(Words a, const Words& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

const Words thin_film{"--Msat", "580 kA/m", "--thickness", "1 nm"};
const Words dirac = Words{"khat",       "--model", "dirac",      "--fermi_energy", "0.2 eV",
                          "--velocity", "5e5 m/s", "--Delta_sd", "50 meV"} +
                    thin_film;
const Words gas = Words{"--fermi_energy",
                        "4.5 meV",
                        "--effective_mass",
                        "0.8",
                        "--Delta_sd",
                        "-5 meV",
                        "--impurity_strength",
                        "inf",
                        "--impurity_density",
                        "5e14 1/m2",
                        "--cutoff",
                        "304 1/nm"} +
                  thin_film;
const Words rashba_tmatrix =
    Words{"khat", "--model", "rashba_tmatrix", "--alpha_R", "17 meV nm"} + gas;

const std::string film = R"([grid]
cells = [4, 1]
cell = ["4 nm", "4 nm"]
thickness = "1 nm"
[material]
Msat = "580 kA/m"
[run]
time = "1 ps"
)";

std::string custom(const std::string& h0, const std::string& more = "") {
  return film + "[surface]\nmodel = \"custom\"\ndrive = \"E\"\nh0 = \"" + h0 + R"~("
h = ["-v*ky", "v*kx", "lambda*(kx^3 - 3*kx*ky^2)"]
fermi_energy = "0.18 eV"
Delta_sd = "40 meV"
scheme = "first_born"
impurity_strength = "0.1 eV nm2"
impurity_density = "1e16 1/m2"
cutoff = "5e9 1/m"
)~" + more +
         R"([surface.parameters]
v = "0.255 eV nm"
lambda = "0 eV nm3"
)";
}

class KhatCli : public kubomag::test::ProgramTest {
 protected:
  KhatCli() : ProgramTest(KUBOMAG_PROGRAM) {}

  nlohmann::json json(const Words& words) const {
    const Result result = kubomag(words + Words{"--format", "json"});
    EXPECT_EQ(result.status, 0) << result.err;
    return result.status == 0 ? kubomag::test::json_of(result.out) : nlohmann::json{};
  }
  static double value(const nlohmann::json& report, const std::string& symbol) {
    for (const auto& row : report["coefficients"])
      if (row["symbol"] == symbol) return row["value"];
    ADD_FAILURE() << "no " << symbol;
    return NAN;
  }
};

}  // namespace

TEST_F(KhatCli, PrintsTheDiracSurface) {
  const auto report = json(dirac + Words{"--sigma_0", "10", "--mz", "0.7071067811865476"});
  EXPECT_NEAR(value(report, "k_F_+") * value(report, "l_+"),  // sqrt(1 - x^2) v_F tau eps/(hbar v)
              10 * (1 - 1 / 32.) / (1 + 1 / 32.), 1e-9);
  EXPECT_NEAR(value(report, "E_star"), 50 * std::sqrt(0.5), 1e-9);  // meV
  for (const auto& row : report["coefficients"]) {
    EXPECT_NE(row["unit"], "");
    EXPECT_NE(row["source"], "");
  }
}

// The upper band edge crosses 4.5 meV at theta_c = 0.746826 rad (reference-local.json, B_theta_c):
// nothing jumps below it, and there a/sigma falls by 5.4 % (Veneri 2022, Fig. 4).
TEST_F(KhatCli, ScansAModelAcrossAJump) {
  const auto report =
      json(rashba_tmatrix + Words{"--scan", "theta", "--from", "0.7", "--to", "0.8", "--points",
                                  "101", "--png", "scan.png", "--columns", "a,b,c,d"});
  const auto& columns = report["columns"];
  const std::vector<double> theta = columns["theta"]["values"],
                            sigma = columns["sigma_xx"]["values"],
                            E_star = columns["E_star"]["values"];
  std::vector<double> a = columns["a"]["values"];
  for (std::size_t i = 0; i < a.size(); ++i) a[i] /= sigma[i];
  std::size_t jump = 1;
  for (std::size_t i = 1; i < a.size(); ++i)
    if (std::abs(a[i] - a[i - 1]) > std::abs(a[jump] - a[jump - 1])) jump = i;
  EXPECT_NEAR(theta[jump], 0.746826, 1e-3);
  EXPECT_NEAR(a[jump] / a[jump - 1] - 1, -0.054, 0.005);
  const double eps = 4.5e-3 * 1.602176634e-19;
  EXPECT_EQ(columns["E_star"]["unit"], "J");
  EXPECT_GT(E_star[jump - 1], eps);
  EXPECT_LT(E_star[jump], eps);
  EXPECT_TRUE(columns["k_F_+"]["values"][jump - 1].is_null());  // the upper band is empty
  EXPECT_TRUE(columns["k_F_+"]["values"][jump].is_number());
  EXPECT_EQ(slurp(folder_ / "scan.png").substr(1, 3), "PNG");
}

// First Born with both bands occupied: n K = [alpha_R (0, 1; -1, 0; 0, 0) + alpha_D (-1, 0; 0, 1;
// 0, 0)]/(pi u^2) (the drift turns the spins against the mean spin-orbit field), whatever m.
TEST_F(KhatCli, MixedCouplingOnTheCommandLine) {
  Words mixed = Words{"khat",       "--model",   "rashba_dresselhaus",
                      "--alpha_R",  "17 meV nm", "--scheme",
                      "first_born", "--theta",   "40 deg",
                      "--alpha_D",  "8 meV nm"} +
                gas;
  *(std::find(mixed.begin(), mixed.end(), "--impurity_strength") + 1) = "20 meV nm2";
  *(std::find(mixed.begin(), mixed.end(), "--fermi_energy") + 1) = "12 meV";
  const auto report = json(mixed);
  const double meV = 1.602176634e-22, nm = 1e-9,
               unit = 1 / (M_PI * 400 * meV * nm * nm * nm) / 5e14;
  const double scale = 17 * unit;
  EXPECT_NEAR(value(report, "K_xy"), 17 * unit, 1e-8 * scale);
  EXPECT_NEAR(value(report, "K_yx"), -17 * unit, 1e-8 * scale);
  EXPECT_NEAR(value(report, "K_xx"), -8 * unit, 1e-8 * scale);
  EXPECT_NEAR(value(report, "K_yy"), 8 * unit, 1e-8 * scale);
  EXPECT_NEAR(value(report, "K_zy"), 0, 1e-8 * scale);
  const auto scan = json(mixed + Words{"--scan", "alpha_D", "--from", "-4 meV nm", "--to",
                                       "8 meV nm", "--points", "3"});
  EXPECT_NEAR(scan["columns"]["K_xx"]["values"][0].get<double>(), 4 * unit, 1e-8 * scale);
  EXPECT_NEAR(scan["columns"]["K_xx"]["values"][2].get<double>(), -8 * unit, 1e-8 * scale);
}

// full differs from T_matrix by the relative order n, 0.3 % at this density; first Born needs a
// finite u and, with the quartic, no cutoff.
TEST_F(KhatCli, SchemesOnTheCommandLine) {
  const double dilute = value(json(rashba_tmatrix), "a");
  const double full = value(json(rashba_tmatrix + Words{"--scheme", "full"}), "a");
  EXPECT_NEAR(full / dilute, 1, 0.01);
  EXPECT_NE(full, dilute);
  expect_one_line(rashba_tmatrix + Words{"--scheme", "born"},
                  "--scheme: 'born'; one of T_matrix, full, first_born is expected");
  expect_one_line(rashba_tmatrix + Words{"--scheme", "first_born"}, "cutoff is not an input");
  const Words mixed = Words{"khat",      "--model", "rashba_dresselhaus", "--alpha_R", "17 meV nm",
                            "--alpha_D", "1 meV nm"} +
                      gas;
  expect_one_line(mixed + Words{"--scheme", "full"},
                  "--scheme: 'full'; one of T_matrix, first_born is expected");
}

TEST_F(KhatCli, ChoosesTheDrive) {
  EXPECT_THAT(kubomag(rashba_tmatrix + Words{"--J", "100 A/m"}).out, HasSubstr("imposed current"));
  expect_one_line(rashba_tmatrix + Words{"--J", "100 A/m", "--E", "1 V/m"},
                  "--E and --J are both given");
}

// lambda = 0 is the Dirac cone: sigma_0 = 1/(pi alpha) (1 - x^2)/(1 + 3 x^2) of Sokolewicz 2019
// (9), n u^2 = 2 pi alpha (hbar v)^2.
TEST_F(KhatCli, ScansCustomBandsOfAConfiguration) {
  write("custom.toml", custom("0"));
  const auto report = json({"khat", "custom.toml", "--scan", "theta", "--from", "0", "--to",
                            "90 deg", "--points", "5", "--png", "scan.png"});
  const auto& columns = report["columns"];
  const double hbar_v = 0.255, alpha = 1e-2 * 0.01 / (2 * M_PI * hbar_v * hbar_v);
  for (int i = 0; i < 5; ++i) {
    const double x = 40. / 180 * std::cos(M_PI / 8 * i);
    const double sigma = (1 - x * x) / (1 + 3 * x * x) / (M_PI * alpha) * 3.8740458655e-5;
    EXPECT_NEAR(columns["sigma_xx"]["values"][i].get<double>() / sigma, 1, 1e-8) << i;
  }
  EXPECT_TRUE(there("scan.png"));
  // The numbers of [surface.parameters] and the inputs, inside and outside the model.
  const auto warped = json({"khat", "custom.toml", "--scan", "lambda", "--from", "0 eV nm3", "--to",
                            "0.2 eV nm3", "--points", "2", "--theta", "0"});
  const std::vector<double> k_F = warped["columns"]["k_F_+"]["values"];
  EXPECT_LT(k_F[1], 0.99 * k_F[0]);  // lambda adds to the energy: less k at the same energy
  const Result gap =
      kubomag({"khat", "custom.toml", "--scan", "fermi_energy", "--from", "20 meV", "--to",
               "100 meV", "--points", "3", "--theta", "0", "--format", "csv"});
  EXPECT_EQ(gap.status, 0);
  EXPECT_THAT(gap.err, HasSubstr("has no Fermi contour"));
  EXPECT_THAT(gap.out, HasSubstr("nan"));  // the row inside the gap is a gap of the table
  expect_one_line({"khat", "custom.toml", "--scan", "alpha_R", "--from", "0", "--to", "1"},
                  "one of theta, phi, fermi_energy, Delta_sd, impurity_strength, "
                  "impurity_density, cutoff, lambda, v is expected");
}

TEST_F(KhatCli, TakesOneOfSeveralSets) {
  write("sets.toml", film + R"([surface]
model = "rashba"
drive = "E"
fermi_energy = "8 meV"
effective_mass = 0.8
alpha_R = "17 meV nm"
Delta_sd = "5 meV"
tau = "0.1 ps"
[[region]]
where = "x > 0"
surface = {tau = "0.3 ps"}
)");
  const Words first{"khat", "sets.toml", "--set", "1"}, second{"khat", "sets.toml", "--set", "2"};
  EXPECT_NEAR(value(json(second), "sigma_xx") / value(json(first), "sigma_xx"), 3, 1e-9);
  EXPECT_NEAR(value(json(first), "tau_-"), 0.1e-12, 1e-21);
  const auto scan = json(
      first + Words{"--scan", "tau", "--from", "0.1 ps", "--to", "1 ps", "--log", "--points", "2"});
  EXPECT_NEAR(scan["columns"]["B_SOT_y"]["values"][1].get<double>() /
                  scan["columns"]["B_SOT_y"]["values"][0].get<double>(),
              10, 1e-7);
  expect_one_line({"khat", "sets.toml", "--set", "3"}, "has 2 sets of electrons");
  expect_one_line({"khat", "sets.toml", "--format", "csv"}, "choose it with --set");
  EXPECT_THAT(kubomag({"khat", "sets.toml"}).out, HasSubstr("rashba, set 2 of 2"));
}

TEST_F(KhatCli, ScansADiracSurfaceOfAConfiguration) {
  write("dirac.toml", film + R"([surface]
model = "dirac"
velocity = "5e5 m/s"
fermi_energy = "0.2 eV"
Delta_sd = "50 meV"
sigma_0 = 10
)");
  const auto columns = json({"khat", "dirac.toml", "--scan", "disorder", "--from", "0.01", "--to",
                             "0.02", "--points", "2", "--theta", "90 deg"})["columns"];
  for (int i = 0; i < 2; ++i)
    EXPECT_NEAR(columns["sigma_xx"]["values"][i].get<double>(),
                3.8740458655e-5 / (M_PI * 0.01 * (i + 1)), 1e-12);
}

// sigma_0 = 1/(pi alpha) (1 - x^2)/(1 + 3 x^2), x = b mz, alpha = 1/(10 pi) at sigma_0 = 10.
TEST_F(KhatCli, LooksAtADiracSurfaceAtOneDirection) {
  const auto sigma = [](double mz) {
    const double x = 0.25 * mz;
    return 10 * (1 - x * x) / (1 + 3 * x * x) * 3.8740458655e-5;
  };
  const Words given = dirac + Words{"--sigma_0", "10"};
  const auto up = json(given + Words{"--theta", "0"});
  EXPECT_NEAR(value(up, "sigma_xx"), sigma(1), 1e-10);
  const auto down = json(given + Words{"--theta", "60 deg", "--J", "100 A/m"});
  EXPECT_NEAR(value(down, "sigma_xx"), sigma(0.5), 1e-10);
  EXPECT_EQ(down["J"], 100);
}

TEST_F(KhatCli, RefusesWhatItWouldNotUse) {
  const Words given = dirac + Words{"--sigma_0", "10"};
  expect_one_line(given + Words{"--alpha_R", "17 meV nm"},
                  "--alpha_R is not an input of the model 'dirac'");
  expect_one_line(given + Words{"--set", "2"},
                  "--set is not used by the report of a Dirac surface; options that are: ");
  expect_one_line(given + Words{"--theta", "0", "--mz", "0.5"},
                  "--mz is not used by the report at one direction of m");
  expect_one_line(given + Words{"--from", "0"}, "--from is not used");
  expect_one_line(rashba_tmatrix + Words{"--mz", "0.5"}, "--mz is not used");
  expect_one_line(rashba_tmatrix + Words{"--sigma_0", "5"}, "--sigma_0 is not used");
  expect_one_line(rashba_tmatrix + Words{"--hall", "full"}, "--hall is not used");
  expect_one_line(rashba_tmatrix + Words{"--log"}, "--log is not used");
  write("custom.toml", custom("0"));
  for (const Words& words :
       {Words{"--fermi_energy", "0.1 eV"}, Words{"--Msat", "1 A/m"}, Words{"--q", "1 1/m"}})
    expect_one_line(Words{"khat", "custom.toml"} + words,
                    words.front() +
                        " is not used by the report at one direction of m of a "
                        "configuration; options that are: --E, --J, --format");
  expect_one_line(Words{"khat", "custom.toml", "--scan", "theta", "--from", "0", "--to", "1",
                        "--scheme", "full"},
                  "--scheme is not used by the scan of a configuration");
}

TEST_F(KhatCli, RefusesWhatIsOutsideTheTheoryInOneLine) {
  const auto with = [](const Words& words, const std::string& key, const std::string& text) {
    Words out = words;
    *(std::find(out.begin(), out.end(), "--" + key) + 1) = text;
    return out;
  };
  expect_one_line(with(dirac, "fermi_energy", "40 meV") + Words{"--sigma_0", "10"},
                  "fermi_energy = 40 meV with surface.Delta_sd = 50 meV");
  expect_one_line(dirac + Words{"--disorder", "-0.1"}, "disorder = -0.1 (must be above 0");
  expect_one_line(dirac, "0 of --disorder, --sigma_0 and --tau_tr are given");
  expect_one_line(dirac + Words{"--sigma_0", "10", "--mz", "1.2"}, "mz = 1.2");
  expect_one_line(with(rashba_tmatrix, "fermi_energy", "-9 meV"), "is below both bands");
  expect_one_line(with(rashba_tmatrix, "fermi_energy", "5 meV") + Words{"--theta", "0"},
                  "at the edge 5 meV of a band");
  expect_one_line(with(rashba_tmatrix, "impurity_density", "0"), "impurity density = 0");
  expect_one_line(with(rashba_tmatrix, "impurity_density", "-1"), "impurity density = -1");
  expect_one_line(with(rashba_tmatrix, "impurity_strength", "0"), "must not be 0");
  expect_one_line(with(rashba_tmatrix, "impurity_strength", "nan"), "--impurity_strength");
  expect_one_line(with(rashba_tmatrix, "effective_mass", "-0.8"), "effective_mass = -0.8");
  expect_one_line(with(rashba_tmatrix, "Delta_sd", "0"), "Delta_sd = 0");
  expect_one_line(with(rashba_tmatrix, "cutoff", "1e7 1/m"), "inside the Fermi contour");
  expect_one_line(rashba_tmatrix + Words{"--velocity", "5e5 m/s"},
                  "--velocity is not an input of the model 'rashba_tmatrix'");
  expect_one_line(with(dirac, "fermi_energy", "0.2 nm"),
                  "--fermi_energy: '0.2 nm' is a length; an energy is expected");
  expect_one_line(rashba_tmatrix + Words{"--png", "x.png"}, "--png draws a scan");
}

TEST_F(KhatCli, RefusesConfigurationsInOneLine) {
  const Words khat{"khat", "bad.toml"};
  const auto refused = [&](const std::string& text, const std::string& why) {
    write("bad.toml", text);
    expect_one_line(khat, why);
  };
  refused(film, "has no [surface] section");
  refused(custom("1e-24*sqrt(kx)"), "the bands are not finite at kx = ");
  refused(custom("1/kx"), "is not finite at k = 0");
  refused(custom("mass*kx^2"), "unknown name 'mass'");
  refused(custom("0.2*eV"), "has no Fermi contour inside the cutoff");
  std::string text = custom("0");
  text.replace(text.find("1e16 1/m2"), 9, "0 1/m2   ");
  refused(text, "surface.impurity_density: 0 1/m2; a value above 0 is expected");
  // Bands without spin-orbit coupling, C = 1 eV m2: g0 of spin down is -ln(1 + 2 cutoff^2)/(4 pi C)
  // at half the exchange, and 1/g0 an impurity with a level there. Others pass.
  const auto level = [](double u) {
    return film + fmt::format(R"~([surface]
model = "custom"
drive = "E"
h0 = "eV*(kx^2 + ky^2)"
h = ["0", "0", "0"]
fermi_energy = "0.5 eV"
Delta_sd = "1 eV"
impurity_strength = "{} eV m2"
impurity_density = 1
cutoff = 10
)~",
                              u);
  };
  const double u = -4 * M_PI / std::log(201.);
  refused(level(u), "has a bound state at the Fermi energy");
  write("good.toml", level(1.1 * u));
  EXPECT_EQ(kubomag({"khat", "good.toml"}).status, 0);
  refused(custom("0", "alpha_R = \"1 eV nm\"\n"), "unknown key 'alpha_R'");
}
