// The keys of currents and of electrons with a local torque, and what is refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/atomic_file.hpp"
#include "io/config.hpp"
#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"
#include "support/temporary_folder.hpp"

using namespace kubomag;
using namespace kubomag::io;
using testing::HasSubstr;

namespace {

class ConfigTorques : public testing::Test {
 protected:
  RunConfig read(const std::string& text) {
    write_file(folder_.path() / "run.toml", text);
    return read_config(folder_.path() / "run.toml");
  }

  std::string message(const std::string& text) {
    try {
      read(text);
    } catch (const InputError& error) {
      return error.what();
    }
    return "no error";
  }

  test::TemporaryFolder folder_;
};

const std::string plain = R"([grid]
cells = [64, 16]
cell = [2e-9, 2e-9]
thickness = 1e-9
[material]
Msat = 580e3
[initial]
kind = "uniform"
m = [0, 0, 1]
[run]
time = 0
)";

std::string rashba(const std::string& drive, const std::string& energy = "\"5.5 meV\"") {
  return plain + "[surface]\nmodel = \"rashba_tmatrix\"\ndrive = \"" + drive +
         "\"\nfermi_energy = " + energy + R"(
effective_mass = 0.8
alpha_R = "17 meV nm"
Delta_sd = "5 meV"
impurity_strength = "inf"
impurity_density = "5e14 1/m2"
cutoff = "3.04e11 1/m"
)";
}

TEST_F(ConfigTorques, CurrentsAreVolumeDensitiesWithSignals) {
  std::string text = plain;
  text.insert(text.find("[initial]"), "theta_SH = 0.1\n");
  const Problem p =
      read(text + "[[current]]\nj = [\"1e12 A/m2\", 0, \"2e11*sin(x/nm)\"]\n").problem;
  ASSERT_EQ(p.current.size(), 1u);
  EXPECT_EQ(p.current[0].map.size(), p.grid.cells());
  EXPECT_EQ(p.current[0].map[5].x, 1e12);
  EXPECT_THAT(message(plain + "[[current]]\nj = [1e12, 0, 0]\n"),
              HasSubstr("no torque of this film is driven by a current"));
  EXPECT_THAT(message(text + "[[current]]\nj = [\"1e12 A/m\", 0, 0]\n"), HasSubstr("run.toml:"));
}

TEST_F(ConfigTorques, LocalElectronsMakeOneTablePerSet) {
  const RunConfig config = read(rashba("E") + R"([[region]]
where = "x > 0"
surface = {fermi_energy = "8 meV"}
[[E]]
E = [1e4, 0]
)");
  ASSERT_TRUE(config.problem.local);
  EXPECT_FALSE(config.surface.has_value());
  EXPECT_EQ(config.problem.local->tables.size(), 2u);
  EXPECT_EQ(config.problem.local->table_of_cell[0], 0);
  EXPECT_EQ(config.problem.local->table_of_cell[63], 1);
  EXPECT_LT(config.problem.local->error, 1e-6);
  EXPECT_NEAR(config.problem.local->tables[0].Delta_sd, 5e-3 * constants::e_abs, 1e-30);
}

TEST_F(ConfigTorques, TooManySetsOfElectronsAreRefusedUnlessQuantised) {
  const std::string ramp = "\"(6 + 0.01*x/nm + 0.0001*y/nm)*meV\"";
  EXPECT_THAT(message(rashba("E", ramp)),
              HasSubstr("1024 distinct sets of electrons (at most 512"));
  std::string text = rashba("E", ramp);
  text += "levels = 4\n";
  const RunConfig config = read(text);
  EXPECT_EQ(config.problem.local->tables.size(), 4u);
  const double range = 1e-3 * constants::e_abs * (0.01 * 126 + 0.0001 * 30);
  EXPECT_NEAR(config.local->quantised_by, range / 6, 1e-6 * range);
  EXPECT_THAT(message(rashba("E", ramp) + "levels = 1\n"), HasSubstr("from 2 to 512"));
}

TEST_F(ConfigTorques, LocalElectronsSayWhatDrivesThem) {
  EXPECT_THAT(message(rashba("J")), HasSubstr("there is no [[J]]"));
  EXPECT_THAT(message(rashba("J") + "[[J]]\nJ = [10, 0]\n[[E]]\nE = [1, 0]\n"),
              HasSubstr("a field would not act"));
  EXPECT_THAT(message(rashba("E") + "[[J]]\nJ = [10, 0]\n"),
              HasSubstr("drive = \"J\" is expected"));
  EXPECT_THAT(message(rashba("E") + "[[psi]]\npsi = 1e-3\n"), HasSubstr("no diffusive potential"));
  EXPECT_THAT(message(plain + "[[J]]\nJ = [10, 0]\n"), HasSubstr("no electrons are driven"));
  EXPECT_THAT(message(plain + "[[J]]\nJ = [10, 0]\n[surface]\nvelocity = 5e5\n"
                              "fermi_energy = \"0.2 eV\"\nDelta_sd = \"50 meV\"\nsigma_0 = 10\n"),
              HasSubstr("fields drive a Dirac surface; the field that an imposed current makes"));
  std::string text = rashba("E");
  text.erase(text.find("drive"), std::string("drive = \"E\"\n").size());
  EXPECT_THAT(message(text), HasSubstr("drive is missing"));
  const Problem p = read(rashba("J") + "[[J]]\nJ = [\"10 A/m\", \"-3 A/m\"]\n").problem;
  EXPECT_EQ(p.sheet_current[0].value.y, -3);
  EXPECT_EQ(p.local->drive, LocalTables::Drive::J);
}

TEST_F(ConfigTorques, LocalElectronsNameTheWrongParameter) {
  const auto with = [&](const std::string& key, const std::string& value) {
    std::string text = rashba("E");
    const auto at = text.find("\n" + key + " =") + 1;
    text.erase(at, text.find('\n', at) + 1 - at);
    return message(value.empty() ? text : text + key + " = " + value + "\n");
  };
  for (const char* key : {"fermi_energy", "effective_mass", "alpha_R", "Delta_sd",
                          "impurity_strength", "impurity_density", "cutoff"})
    EXPECT_THAT(with(key, ""), HasSubstr(key));
  EXPECT_THAT(with("effective_mass", "-0.8"), HasSubstr("a value above 0 is expected"));
  EXPECT_THAT(with("impurity_density", "0"), HasSubstr("a value above 0 is expected"));
  EXPECT_THAT(with("alpha_R", "0"), HasSubstr("a value other than 0 is expected"));
  EXPECT_THAT(with("fermi_energy", "\"-1 eV\""), HasSubstr("run.toml:"));
  EXPECT_THAT(with("model", "\"rashba_mirror\""), HasSubstr("rashba_tmatrix"));
}

TEST_F(ConfigTorques, OneOfTwoCouplingsMayBeZero) {
  const auto mixed = [](const std::string& alpha_R, const std::string& alpha_D) {
    std::string text = rashba("E");
    const auto put = [&](const std::string& old, const std::string& now) {
      text.replace(text.find(old), text.find('\n', text.find(old)) - text.find(old), now);
    };
    put("model", "model = \"rashba_dresselhaus\"");
    put("alpha_R", "alpha_R = " + alpha_R + "\nalpha_D = " + alpha_D);
    return text;
  };
  EXPECT_EQ(read(mixed("\"17 meV nm\"", "0")).problem.local->spin,
            read(rashba("E")).problem.local->spin);
  EXPECT_EQ(read(mixed("0", "\"17 meV nm\"")).problem.local->tables[0].frame,
            LocalTables::Frame::swapped_rotation);
  EXPECT_THAT(message(mixed("0", "0")), HasSubstr("alpha_R and alpha_D are both 0"));
}

// 5e17 impurities among 1.8e16 electrons (m/(pi hbar^2) times 5.5 meV).
TEST_F(ConfigTorques, DenseImpuritiesAreCautioned) {
  EXPECT_THAT(read(rashba("E")).cautions, testing::IsEmpty());
  std::string text = rashba("E");
  text.replace(text.find("5e14"), 4, "5e17");
  const auto cautions = read(text).cautions;
  EXPECT_THAT(cautions, testing::Contains(HasSubstr("n_imp/n_e = ")));
  EXPECT_THAT(cautions, testing::Contains(HasSubstr("1/(k_F*l) = ")));
  text.replace(text.find("5.5 meV"), 7, "0.0055");
  text.erase(text.find('"', text.find("fermi_energy")), 1);
  text.erase(text.find('"', text.find("fermi_energy")), 1);
  EXPECT_THAT(message(text), HasSubstr("surface.fermi_energy: 0.0055 J is 3.43e+16 eV"));
}

TEST_F(ConfigTorques, ParametersOfBandsAreUsedAndInTheirUnit) {
  const auto custom = [](const std::string& parameters) {
    return plain + R"toml([surface]
model = "custom"
drive = "E"
h0 = "0"
h = ["-v*ky", "v*kx", "0"]
fermi_energy = "100 meV"
Delta_sd = "5 meV"
scheme = "first_born"
impurity_strength = "50 meV nm2"
impurity_density = "5e14 1/m2"
cutoff = "3e9 1/m"
[surface.parameters]
)toml" + parameters;
  };
  EXPECT_EQ(message(custom("v = \"329 meV nm\"\n")), "no error");
  EXPECT_THAT(message(custom("v = \"329 meV nm\"\nk = 3\n")),
              HasSubstr("surface.parameters.k: no formula of h0 and h uses it"));
  EXPECT_THAT(message(custom("v = \"329 meV\"\n")),
              HasSubstr("surface.h: the bands reach 9.9e+08 eV"));
}

// A Fermi energy below all bands.
TEST_F(ConfigTorques, RefusedTablesNameKeyAndDirection) {
  const std::string text = plain + R"toml([surface]
model = "custom"
drive = "E"
h0 = "C*(kx^2 + ky^2)"
h = ["-aR*ky + aD*kx", "aR*kx - aD*ky", "0"]
fermi_energy = "-100 meV"
Delta_sd = "5 meV"
scheme = "first_born"
impurity_strength = "50 meV nm2"
impurity_density = "5e14 1/m2"
cutoff = "3e9 1/m"
[surface.parameters]
C = "47.625 meV nm2"
aR = "40 meV nm"
aD = "20 meV nm"
)toml";
  const std::size_t at = text.find("fermi_energy");
  const auto line = 1 + std::count(text.begin(), text.begin() + std::ptrdiff_t(at), '\n');
  const std::string place = "run.toml:" + std::to_string(line) + ": surface.fermi_energy: ";
  EXPECT_THAT(message(text), HasSubstr(place));
  EXPECT_THAT(message(text), HasSubstr("at m = ("));
}

TEST_F(ConfigTorques, CustomBandsAreFormulasOfKAndParameters) {
  const auto custom = [&](const std::string& h0, const std::string& parameters) {
    return plain + "[surface]\nmodel = \"custom\"\ndrive = \"E\"\nh0 = \"" + h0 + R"("
h = ["-a*ky", "a*kx", "0"]
fermi_energy = "10 meV"
Delta_sd = "5 meV"
impurity_strength = "50 meV nm2"
impurity_density = "5e14 1/m2"
cutoff = "3e9 1/m"
[surface.parameters]
)" + parameters;
  };
  EXPECT_THAT(message(custom("C*(kx^2+ky^2)", "C = \"47.6 meV nm2\"\n")), HasSubstr("\"-a*ky\""));
  EXPECT_THAT(message(custom("C*(kx^2+", "C = 1\na = 1\n")), HasSubstr("formula"));
  EXPECT_THAT(message(custom("C*(kx^2+ky^2)", "C = \"47.6 nonsense\"\na = 1\n")),
              HasSubstr("surface.parameters.C"));
  EXPECT_THAT(message(custom("C/(kx^2+ky^2)", "C = 1\na = 1\n")), HasSubstr("not finite at k = 0"));
}

}  // namespace
