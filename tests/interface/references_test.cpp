// The references of run.json: those of what acts in the run, and no others.

#include "support/json.hpp"
#include "support/program_test.hpp"

using kubomag::testing_support::slurp;
using testing::StartsWith;
using testing::UnorderedElementsAre;

namespace {

const std::string grid = R"([grid]
cells = [8, 2]
cell = ["4 nm", "4 nm"]
thickness = "1 nm"
[run]
time = 0
[device]
device = "cpu"
)";

class References : public kubomag::test::ProgramTest {
 protected:
  References() : ProgramTest(KUBOMAG_PROGRAM) {}

  std::vector<std::string> of(const std::string& text) const {
    write("film.toml", grid + text);
    const auto run = kubomag({"run", "film.toml", "--force"});
    EXPECT_EQ(run.status, 0) << run.err;
    return kubomag::test::json_of(slurp(folder_ / "film.out/run.json"))["references"];
  }
};

}  // namespace

TEST_F(References, OfAPlainFilm) {
  EXPECT_THAT(of("[material]\nMsat = \"800 kA/m\"\nAex = \"13 pJ/m\"\nalpha = 0.1\n"
                 "anisU = [1, 0, 0]\nfrozen = \"x > 0\"\n"),
              UnorderedElementsAre("exchange: Brown, Micromagnetics (1963)",
                                   StartsWith("damping: Gilbert"), StartsWith("demag: Newell")));
}

TEST_F(References, OfTermsAndOfTheTorqueOfTheCurrentsDirection) {
  const std::string material = R"~([demag]
enabled = false
[material]
Msat = "800 kA/m"
Ku1 = "1 kJ/m3"
Dind = "1 mJ/m2"
Kc1 = "1 kJ/m3"
Temp = "10 K"
alpha = 0.1
Pol = 0.5
)~";
  EXPECT_THAT(
      of(material + "[[current]]\nj = [\"1e10 A/m2\", 0, 0]\n"),
      UnorderedElementsAre(StartsWith("anisotropy_uniaxial: "), StartsWith("anisotropy_cubic: "),
                           StartsWith("dmi: "), StartsWith("thermal: Brown"),
                           StartsWith("damping: "), StartsWith("zhang_li_torque: Zhang and Li")));
  EXPECT_THAT(of(material + "xi_VCMA = \"50 fJ/(V m)\"\n[[current]]\nj = [0, 0, \"1e10 "
                            "A/m2\"]\n[[E_z]]\nE_z = \"1e8 V/m\"\n"),
              UnorderedElementsAre(
                  StartsWith("anisotropy_uniaxial: "), StartsWith("anisotropy_cubic: "),
                  StartsWith("dmi: "), StartsWith("vcma: Nozaki"), StartsWith("thermal: Brown"),
                  StartsWith("damping: "), StartsWith("slonczewski_torque: Slonczewski")));
}

TEST_F(References, OfTheElectrons) {
  const std::string film = "[demag]\nenabled = false\n[material]\nMsat = \"580 kA/m\"\n";
  EXPECT_THAT(of(film + R"([surface]
model = "rashba"
drive = "E"
fermi_energy = "8 meV"
effective_mass = 0.8
alpha_R = "17 meV nm"
Delta_sd = "5 meV"
tau = "0.1 ps"
)"),
              UnorderedElementsAre(StartsWith("Ado, Tretiakov and Titov")));
  const std::string dirac = film + R"([surface]
velocity = "5e5 m/s"
fermi_energy = "0.2 eV"
Delta_sd = "50 meV"
sigma_0 = 10
)";
  EXPECT_THAT(of(dirac), UnorderedElementsAre(StartsWith("Sokolewicz et al., arXiv"),
                                              StartsWith("Sokolewicz et al., Phys. Rev. B 99")));
  EXPECT_THAT(of(dirac + "diffusion = \"local\"\n"),
              UnorderedElementsAre(StartsWith("Sokolewicz et al., arXiv"),
                                   StartsWith("Sokolewicz et al., Phys. Rev. B 99"),
                                   StartsWith("Ndiaye et al.")));
}
