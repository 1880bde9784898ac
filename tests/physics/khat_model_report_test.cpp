// The numbers that `kubomag khat` prints of a microscopic model against closed forms.
#include <gtest/gtest.h>

#include <Eigen/Geometry>
#include <cmath>

#include "khat/electron_inputs.hpp"
#include "khat/model_report.hpp"
#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"
#include "support/reference_entry.hpp"

namespace kubomag {
namespace {

using namespace constants;

const Film film{1e6, 2e-9};

ElectronNumbers dirac_numbers() {
  // tau = 20 fs is alpha = hbar/(2 pi eps tau) (Ndiaye 2017 in the letters of Sokolewicz 2019).
  return {{"fermi_energy", 0.2 * e_abs},
          {"velocity", 5e5},
          {"Delta_sd", 0.02 * e_abs},
          {"disorder", hbar / (2 * pi * 0.2 * e_abs * 20e-15)}};
}

double value(const std::vector<Coefficient>& rows, const std::string& symbol) {
  for (const Coefficient& c : rows)
    if (c.symbol == symbol) return c.value;
  ADD_FAILURE() << "no " << symbol;
  return NAN;
}

// reference-local.json, A_damping_and_units.dirac_SI_example: sigma_0 = 4.617618444e-4 S and, at
// E = 1e5 V/m, |B_FL| = 0.9235236888 mT for mz = 0.7. The surface's helicity is opposite to that of
// Ndiaye 2017, so B_FL = -|B_FL| z x E: along -y for E along x.
TEST(KhatModelReport, DiracMatchesTheWorkedExample) {
  const auto model = make_electrons("dirac", ImpurityScheme::T_matrix, dirac_numbers());
  const ModelPoint at = model_point(*model, film, std::acos(0.7), pi / 2, {false, {1e5, 0}});
  const auto rows = model_coefficients(*model, at);
  EXPECT_NEAR(value(rows, "sigma_xx"), 4.617618444e-4, 1e-9 * 4.6e-4);
  // m lies in the y-z plane: across m, -y keeps mz (mz y - my z).
  EXPECT_NEAR(at.B_SOT.y(), -0.9235236888e-3 * 0.49, 2e-6 * 0.9e-3);
  EXPECT_NEAR(at.B_SOT.dot(Eigen::Vector3d(0, std::sqrt(0.51), 0.7)), 0, 1e-18);
  EXPECT_NEAR(value(rows, "a") * 1e5, 0.9235236888e-3, 1e-8);
  EXPECT_NEAR(value(rows, "b"), -value(rows, "d"), 1e-12 * std::abs(value(rows, "a")));
  EXPECT_NEAR(value(rows, "c"), 0, 1e-9 * std::abs(value(rows, "a")));
}

// (0.4) of the local torques: B_SOT = -[a z x F + b m x (z x F) + c (m x z)(m.F) + d z (m.F)], for
// imposed fields and currents in a direction without symmetry.
TEST(KhatModelReport, TorqueNumbersGiveTheField) {
  const ElectronNumbers numbers{{"fermi_energy", 4.5e-3 * e_abs},
                                {"effective_mass", 0.8},
                                {"alpha_R", 17e-3 * e_abs * 1e-9},
                                {"Delta_sd", -5e-3 * e_abs},
                                {"impurity_strength", INFINITY},
                                {"impurity_density", 5e14},
                                {"cutoff", 304e9}};
  const auto model = make_electrons("rashba_tmatrix", ImpurityScheme::T_matrix, numbers);
  const Eigen::Vector3d z(0, 0, 1);
  test::ReferenceEntry entry("reference-local.json", "A_damping_and_units.abcd_vs_local_residual");
  for (const bool current : {false, true}) {
    const LocalDrive drive{current, {current ? 60.0 : 6e4, current ? -80.0 : -8e4}};
    const ModelPoint at = model_point(*model, film, 0.6, 1.1, drive);
    const TorqueNumbers t = current ? *at.of_j : *at.of_E;
    const Eigen::Vector3d F(drive.value.x(), drive.value.y(), 0),
        m(std::sin(0.6) * std::cos(1.1), std::sin(0.6) * std::sin(1.1), std::cos(0.6));
    Eigen::Vector3d B = -(t.a * z.cross(F) + t.b * m.cross(z.cross(F)) +
                          t.c * m.cross(z) * m.dot(F) + t.d * z * m.dot(F));
    B -= m * m.dot(B);
    entry.within((at.B_SOT - B).norm() / B.norm(), 1e-12);
    EXPECT_GT(B.norm(), 1e-4);
  }
}

TEST(KhatModelReport, RefusesWhatAModelDoesNotHave) {
  ElectronNumbers numbers = dirac_numbers();
  EXPECT_THROW(make_electrons("dirak", ImpurityScheme::T_matrix, numbers), InputError);
  numbers["alpha_R"] = 1;
  EXPECT_THROW(make_electrons("dirac", ImpurityScheme::T_matrix, numbers), InputError);
  numbers.erase("alpha_R");
  numbers.erase("velocity");
  EXPECT_THROW(make_electrons("dirac", ImpurityScheme::T_matrix, numbers), InputError);
  const auto model = make_electrons("dirac", ImpurityScheme::T_matrix, dirac_numbers());
  EXPECT_THROW(model_point(*model, {0, 1e-9}, 0, 0, {}), InputError);
}

}  // namespace
}  // namespace kubomag
