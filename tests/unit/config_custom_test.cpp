// Configuration of fields and torques given as formulas.
#include <gmock/gmock.h>

#include "io/atomic_file.hpp"
#include "io/config.hpp"
#include "kubomag/error.hpp"
#include "setup/formula_plan.hpp"
#include "support/temporary_folder.hpp"

namespace kubomag::io {
namespace {

using ::testing::HasSubstr;

class ConfigCustom : public ::testing::Test {
 protected:
  std::vector<CustomTerm> read(const std::string& rest) {
    write_file(folder_ / "run.toml",
               "[grid]\ncells = [4, 2]\ncell = [\"10 nm\", \"10 nm\"]\nthickness = \"2 nm\"\n"
               "[material]\nMsat = 8e5\nKu1 = \"1e5*(1 + x/(40*nm))\"\n[run]\ntime = 0\n" +
                   rest);
    return read_config(folder_ / "run.toml").problem.custom;
  }
  std::string message(const std::string& rest) {
    try {
      read(rest);
    } catch (const InputError& error) {
      return error.what();
    }
    return "no error";
  }

 private:
  test::TemporaryFolder folder_;
};

TEST_F(ConfigCustom, FormulasKnowTheCellTheTimeAndParameters) {
  const auto terms = read(
      "[[custom_field]]\nname = \"mine\"\n"
      "B = [\"B0*sin(2*pi*f*t)*mx\", \"2*Ku1/Msat*y/nm\", \"5 mT\"]\n"
      "parameters = {B0 = \"20 mT\", f = \"3 GHz\"}\n"
      "[[custom_torque]]\ntorque = [0, 0, \"mz\"]\n"
      "[[custom_torque]]\ntorque = [0, 0, \"1\"]\n");
  ASSERT_EQ(terms.size(), 3u);
  EXPECT_EQ(terms[0].name, "mine");
  EXPECT_EQ(terms[1].name, "custom_torque1");
  EXPECT_EQ(terms[2].kind, CustomTerm::Kind::torque);
  FormulaValues values(terms[0].graph);
  const Grid grid{4, 2, 1e-8, 1e-8, 2e-9, false, false};
  const auto all = values(point_of_cell(grid, 7, 0.05e-9, {0.6, 0, 0.8}));
  const auto& out = terms[0].vector;
  EXPECT_NEAR(all[out[0]], 0.02 * std::sin(0.3 * constants::pi) * 0.6, 1e-15);
  EXPECT_NEAR(all[out[1]], 2e5 * 1.375 / 8e5 * 5, 1e-13);  // x = 15 nm, y = 5 nm
  EXPECT_DOUBLE_EQ(all[out[2]], 0.005);
}

TEST_F(ConfigCustom, AnEnergyMustBelongToTheField) {
  const std::string field = "[[custom_field]]\nB = [0, 0, \"2*Ku1/Msat*mz + 0.1*sin(1e9*t)\"]\n";
  EXPECT_EQ(message(field + "energy = \"-Ku1*mz^2 - 0.1*Msat*mz*sin(1e9*t)\"\n"), "no error");
  // what is along m everywhere does not act, and has no energy
  EXPECT_EQ(message("[[custom_field]]\nB = [\"mx\", \"my\", \"mz\"]\nenergy = \"2\"\n"),
            "no error");
  for (const char* wrong : {"Ku1*mz^2", "-2*Ku1*mz^2", "-Ku1*mz^2", "0"})
    EXPECT_THAT(message(field + "energy = \"" + wrong + "\"\n"),
                HasSubstr("run.toml:12: custom_field.energy: its derivative is not B: at x = "));
  EXPECT_THAT(message("[[custom_torque]]\ntorque = [0, 0, 1]\nenergy = \"mz\"\n"),
              HasSubstr("energy"));
}

TEST_F(ConfigCustom, MistakesAreNamedWithTheirPlace) {
  EXPECT_THAT(message("[[custom_field]]\nB = [\"0\", \"2*foo*mz\", \"0\"]\n"),
              HasSubstr("run.toml:11: custom_field.B: formula \"2*foo*mz\", character 3: unknown "
                        "name 'foo'"));
  EXPECT_THAT(message("[[custom_field]]\nB = [\"1/mx\", \"0\", \"0\"]\n"),
              HasSubstr("gives inf at"));
  EXPECT_THAT(message("[[custom_field]]\nB = [\"0\", \"0\"]\n"), HasSubstr("3 values"));
  EXPECT_THAT(message("[[custom_field]]\nB = [\"1 A\", 0, 0]\n"), HasSubstr("is a current"));
  EXPECT_THAT(message("[[custom_field]]\nname = \"demag\"\nB = [0, 0, 1]\n"),
              HasSubstr("B_demag is there already"));
  EXPECT_THAT(message("[[custom_field]]\nname = \"a b\"\nB = [0, 0, 1]\n"), HasSubstr("letters"));
  EXPECT_THAT(message("[[custom_field]]\nB = [0, 0, 1]\nparameters = {mx = 1}\n"),
              HasSubstr("cannot have the name 'mx'"));
  EXPECT_THAT(message("[[custom_field]]\nB = [0, 0, 1]\nparameters = {a = \"2 foos\"}\n"),
              HasSubstr("foos"));
  EXPECT_THAT(message("[[custom_field]]\nname = \"a\"\nB = [0, 0, 1]\n"
                      "[[custom_torque]]\nname = \"a\"\ntorque = [0, 0, 1]\n"),
              HasSubstr("B_a is there already"));
  EXPECT_THAT(message("[window]\nfollow = \"skyrmion\"\n[[custom_field]]\nB = [\"x\", 0, 0]\n"),
              HasSubstr("differs from place to place"));
}

}  // namespace
}  // namespace kubomag::io
