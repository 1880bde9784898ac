// Transport and torque coefficients of the Dirac surface at one mz.
#include "khat/dirac.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "kubomag/error.hpp"
#include "support/dirac_reference.hpp"
#include "support/reference_entry.hpp"

using namespace kubomag;
using namespace kubomag::constants;
using reference::Point;

namespace {

void expect_relative(double value, double expected, double tolerance, const char* what) {
  EXPECT_LE(std::abs(value - expected), tolerance * std::abs(expected)) << what << " " << value;
}

}  // namespace

TEST(KhatDirac, ConstantsAreThoseOfTheReference) {
  test::ReferenceEntry entry("reference-ti.json", "constants");
  const auto& values = reference::ti()["constants"];
  entry.within(std::abs(double(values["hbar"]) / hbar - 1), 0);
  entry.within(std::abs(double(values["e_abs"]) / e_abs - 1), 0);
  entry.within(std::abs(double(values["gammaLL"]) / constants::GammaLL - 1), 0);
}

TEST(KhatDirac, ConductivitiesMatchTheReference) {
  for (const auto& p : reference::ti()["K_points"]) {
    const double x = double(p["Dz"]) / double(p["eps"]);
    expect_relative(sigma_0_of(x, p["alpha"]), p["sigma0"], 1e-12, "sigma_0");
    expect_relative(sigma_H_of(x, HallParts::full), p["sigmaH_full"], 1e-12, "sigma_H");
    expect_relative(sigma_H_of(x, HallParts::ladder), p["sigmaH_ladder"], 1e-12, "ladder");
  }
}

TEST(KhatDirac, HallPartsAddUpToTheFullResponse) {
  for (double x : {-0.9, -0.3, 0.2, 0.7}) {
    const double ladder = sigma_H_of(x, HallParts::ladder);
    const double crossed = sigma_H_of(x, HallParts::crossed);
    EXPECT_NEAR(ladder + crossed, sigma_H_of(x, HallParts::full), 1e-15);
    const double denominator = std::pow(1 + 3 * x * x, 2);
    EXPECT_NEAR(ladder, 4 * x * (1 + x * x) / denominator, 1e-15);
    EXPECT_NEAR(crossed, -4 * x * (1 - x * x) / denominator, 1e-15);
    EXPECT_EQ(sigma_H_of(x, HallParts::none), 0);
  }
}

TEST(KhatDirac, HallPartsAreReadByName) {
  for (const char* name : {"full", "ladder", "crossed", "none"})
    EXPECT_EQ(hall_name(hall_parts(name)), name);
  EXPECT_THROW(hall_parts("half"), InputError);
}

TEST(KhatDirac, TorqueCoefficientsMatchTheReference) {
  test::ReferenceEntry entry("reference-ti.json", "torque_coefficients");
  const auto expect_relative = [&](double value, double expected, double tolerance, const char*) {
    entry.within(value == expected ? 0 : std::abs((value - expected) / expected), tolerance);
  };
  for (const auto& p : reference::ti()["torque_coefficients"]["points"]) {
    const double Delta = double(p["Delta_eV"]) * e_abs;
    const DiracElectrons electrons{double(p["eps_eV"]) * e_abs, p["v"], Delta, p["alpha_dis"]};
    const Film film{p["Ms"], p["t"]};
    const DiracScales s = dirac_scales(electrons, film, p["nz"], HallParts::full);
    expect_relative(s.sigma_0, p["sigma0"], 1e-10, "sigma_0");
    expect_relative(s.sigma_H, p["sigmaH"], 1e-10, "sigma_H");
    expect_relative(s.D, p["D"], 1e-10, "D");
    expect_relative(s.tau_tr, p["tau_tr"], 1e-10, "tau_tr");
    expect_relative(s.eta, -double(p["eta"]), 1e-10, "|eta|");
    expect_relative(s.alpha_G, p["alphaG"], 1e-10, "alpha_G");
    expect_relative(s.alpha_H, p["alphaH"], 1e-10, "alpha_H");
    expect_relative(s.c0, p["cG"], 1e-10, "c0");
    expect_relative(s.n_e, p["n"], 1e-10, "n_e");
    expect_relative(s.nu, p["nu"], 1e-10, "nu");
    // The reference holds the magnitude; the sign is that of Delta v.
    expect_relative(s.B_FL_per_J, std::copysign(double(p["BFL_per_J"]), Delta), 1e-10, "B_FL");
    expect_relative(film.Ms * film.thickness / (film.GammaLL * hbar), p["S_per_area"], 1e-10, "S");
  }
}

TEST(KhatDirac, EinsteinRelationHolds) {
  const DiracElectrons electrons{0.3 * e_abs, -4e5, -0.1 * e_abs, 0.04};
  for (double mz : {-1.0, 0.0, 0.6}) {
    const DiracScales s = dirac_scales(electrons, {1e5, 3e-9}, mz, HallParts::full);
    expect_relative(s.e2_nu * s.D, e2_over_h * s.sigma_0, 1e-12, "e^2 nu D");
    const double x = -0.1 / 0.3 * mz;
    expect_relative(s.D, 16e10 * (1 + x * x) * s.tau_tr, 1e-12, "v^2 (1 + x^2) tau_tr");
    expect_relative(s.mean_free_path, 4e5 * s.tau_tr, 1e-12, "l");
  }
}

TEST(KhatDirac, ParityInVelocityAndExchange) {
  const DiracElectrons electrons{0.2 * e_abs, 5e5, 0.08 * e_abs, 0.03};
  DiracElectrons other_helicity = electrons, other_exchange = electrons;
  other_helicity.velocity *= -1;
  other_exchange.Delta_sd *= -1;
  const Film film{1e5, 3e-9};
  const auto scales = [&](const DiracElectrons& e) {
    return dirac_scales(e, film, 0.5, HallParts::full);
  };
  const DiracScales a = scales(electrons), v = scales(other_helicity), d = scales(other_exchange);
  EXPECT_GT(a.B_FL_per_E, 0);
  EXPECT_EQ(v.B_FL_per_E, -a.B_FL_per_E);
  EXPECT_EQ(d.B_FL_per_E, -a.B_FL_per_E);
  EXPECT_EQ(v.sigma_H, a.sigma_H);
  EXPECT_EQ(d.sigma_H, -a.sigma_H);
  for (const DiracScales& s : {v, d}) {
    EXPECT_EQ(s.sigma_0, a.sigma_0);
    EXPECT_EQ(s.D, a.D);
    EXPECT_EQ(s.alpha_G, a.alpha_G);
    EXPECT_EQ(s.B_diff_per_psi, a.B_diff_per_psi);
  }
}

TEST(KhatDirac, DisorderIsStatedInThreeWays) {
  expect_relative(disorder_from_sigma_0(10), 0.0318309886, 1e-8, "alpha");
  // hbar/(pi alpha eps) at sigma_0 = 10, eps = 0.2 eV is 10 hbar / 0.2 eV = 32.91 fs.
  expect_relative(tau_tr_from_disorder(0.0318309886, 0.2 * e_abs), 32.9106e-15, 1e-5, "tau_tr");
  expect_relative(disorder_from_tau_tr(32.9106e-15, 0.2 * e_abs), 0.0318309886, 1e-5, "alpha");
  expect_relative(sigma_0_from_disorder(0.0318309886), 10, 1e-8, "sigma_0");
  const DiracElectrons electrons{0.2 * e_abs, 5e5, 0.05 * e_abs, 0.02};
  const DiracScales s = dirac_scales(electrons, {1e5, 3e-9}, 0, HallParts::full);
  expect_relative(s.tau_tr, tau_tr_from_disorder(0.02, 0.2 * e_abs), 1e-12, "tau_tr at mz = 0");
  EXPECT_THROW(disorder_from_sigma_0(0), InputError);
  EXPECT_THROW(disorder_from_tau_tr(-1e-15, 0.2 * e_abs), InputError);
  EXPECT_THROW(sigma_0_from_disorder(-0.1), InputError);
  EXPECT_THROW(tau_tr_from_disorder(0.1, 0), InputError);
}

// The estimate of Sokolewicz 2019 (17) and the text around it, with the corrected ratio: a grating
// of period 1 um (q = 2 pi/um) with 1e5 V/m over eps = 0.2 eV, sigma_0 = 10 at mz = 1/sqrt 2,
// Ms t = 7e-4 A. The expected numbers were worked out separately; tolerance: their last digit.
TEST(KhatDirac, OrdersOfMagnitudeOfTheGrating) {
  struct Row {
    double v, Delta_eV, frequency, D, tau_ps, rate, eta, psi_mV, B_diff_mT, alpha_G, B_FL_mT,
        B_FL_grating_mT;
  };
  const Row rows[] = {
      {5e5, 0.05, 100e6, 8.23e-3, 0.0319, 3.25e11, 1.479e11, 15.92, 9.46, 9.74e-4, 5.53, 0.0107},
      {5e5, 0.10, 10e9, 8.23e-3, 0.0293, 3.25e11, 5.918e11, 15.63, 37.2, 3.90e-3, 11.07, 2.10},
      {1e6, 0.05, 10e9, 3.29e-2, 0.0319, 1.30e12, 3.70e10, 15.90, 2.36, 2.43e-4, 2.77, 0.134},
      {1e6, 0.10, 100e6, 3.29e-2, 0.0293, 1.30e12, 1.479e11, 15.92, 9.46, 9.74e-4, 5.53, 0.0027}};
  const double mz = std::sqrt(0.5), q = 2e6 * pi, E = 1e5;
  for (const Row& row : rows) {
    const double x2 = std::pow(row.Delta_eV / 0.2, 2) / 2;
    const double disorder = (1 - x2) / (10 * pi * (1 + 3 * x2));
    const DiracScales s = dirac_scales({0.2 * e_abs, row.v, row.Delta_eV * e_abs, disorder},
                                       {1.4e5, 5e-9}, mz, HallParts::full);
    const double rate = s.D * q * q, omega = 2 * pi * row.frequency;
    const double psi = s.D * q * E / std::hypot(rate, omega);
    const double B_FL = s.B_FL_per_E * s.sigma_0 * E;
    expect_relative(s.D, row.D, 1e-3, "D");
    expect_relative(s.tau_tr, row.tau_ps * 1e-12, 2e-3, "tau_tr");
    expect_relative(rate, row.rate, 2e-3, "D q^2");
    expect_relative(s.eta, row.eta, 1e-3, "|eta|");
    expect_relative(psi, row.psi_mV * 1e-3, 4e-4, "psi");
    expect_relative(s.B_diff_per_psi * psi * mz, row.B_diff_mT * 1e-3, 2e-3, "B_diff");
    expect_relative(s.alpha_G, row.alpha_G, 2e-3, "alpha_G");
    expect_relative(B_FL, row.B_FL_mT * 1e-3, 2e-3, "B_FL");
    const double in_grating = B_FL * omega / std::hypot(rate, omega);
    expect_relative(in_grating, row.B_FL_grating_mT * 1e-3, 2e-2, "B_FL in the grating");
  }
}

// Another paper's route to the same uniform torque: Ndiaye 2017 (11)-(14), (23) (with the corrected
// signs and factor 2), in its own variable tau, hbar/tau = 2 pi alpha eps, so that tau_tr = 2 tau.
// v = 5e5 m/s, eps = 0.2 eV, Delta = 20 meV, tau = 20 fs, mz = 0.7, Ms = 1e6 A/m, t = 2 nm,
// E = 1e5 V/m; numbers to six digits by a separate calculation.
TEST(KhatDirac, AgreesWithTheLocalTorquesOfAnotherPaper) {
  const double eps = 0.2 * e_abs, mz = 0.7, E = 1e5;
  const DiracElectrons electrons{eps, 5e5, 0.02 * e_abs, disorder_from_tau_tr(40e-15, eps)};
  const Film film{1e6, 2e-9};
  const DiracScales ladder = dirac_scales(electrons, film, mz, HallParts::ladder);
  const DiracScales full = dirac_scales(electrons, film, mz, HallParts::full);
  expect_relative(ladder.sigma_0 * e2_over_h, 4.61762e-4, 2e-6, "sigma_0 [S]");
  expect_relative(ladder.B_FL_per_E * ladder.sigma_0 * E, 0.923524e-3, 2e-6, "B_FL");
  const auto tau_parallel = [&](const DiracScales& s) {
    return film.GammaLL * s.B_FL_per_E * s.sigma_H * E / mz;
  };
  expect_relative(tau_parallel(ladder), 5.322204e6, 2e-6, "tau_parallel");
  expect_relative(tau_parallel(full), 5.19033e4, 2e-6, "tau_parallel with crossed diagrams");
  expect_relative(ladder.alpha_G, 6.49976e-5, 2e-6, "alpha'");
  expect_relative(ladder.alpha_H / mz, 2.12888e-6, 2e-6, "chi");
}

TEST(KhatDirac, RefusesFilmsAndAnglesThatCannotBe) {
  const DiracElectrons electrons{0.2 * e_abs, 5e5, 0.05 * e_abs, 0.02};
  EXPECT_THROW(dirac_scales(electrons, {1e5, 3e-9}, 1.01, HallParts::full), InputError);
  EXPECT_THROW(dirac_scales(electrons, {0, 3e-9}, 0.5, HallParts::full), InputError);
  EXPECT_THROW(dirac_scales(electrons, {1e5, 0}, 0.5, HallParts::full), InputError);
  EXPECT_THROW(dirac_scales(electrons, {1e5, 3e-9, -1}, 0.5, HallParts::full), InputError);
}
