// K_hat(q, omega): reference numbers, an independent ladder sum, exact identities, signs.
#include "khat/dirac_response.hpp"

#include <gtest/gtest.h>

#include <random>

#include "kubomag/error.hpp"
#include "support/dirac_reference.hpp"
#include "support/reference_entry.hpp"

using namespace kubomag;
using namespace kubomag::constants;
using reference::Complex;
using reference::Point;
using reference::relative_deviation;

namespace {

std::vector<Point> points() {
  std::vector<Point> out;
  for (const auto& p : reference::ti()["K_points"]) out.push_back(Point::from(p));
  return out;
}

}  // namespace

TEST(KhatResponse, LadderMatchesTheReference) {
  test::ReferenceEntry entry("reference-ti.json", "K_points");
  for (const auto& p : reference::ti()["K_points"]) {
    const Point point = Point::from(p);
    const auto K = K_hat(point.electrons(), Point::mz, point.wave(), HallParts::none);
    entry.within(relative_deviation(K, reference::matrix(p["K_ladder"])), 1e-10);
  }
}

TEST(KhatResponse, TotalWithHallMatchesTheReference) {
  test::ReferenceEntry entry("reference-ti.json", "K_points");
  for (const auto& p : reference::ti()["K_points"]) {
    const Point point = Point::from(p);
    const auto K = K_hat(point.electrons(), Point::mz, point.wave(), HallParts::full);
    entry.within(relative_deviation(K, reference::matrix(p["K_total"])), 1e-10);
    // The Hall part is small beside the diffusion poles: look at it alone, too.
    const Complex hall = (K(0, 1) - K(1, 0)) / 2.0;
    const auto total = reference::matrix(p["K_total"]);
    EXPECT_LT(std::abs(hall - (total(0, 1) - total(1, 0)) / 2.0), 1e-10);
  }
}

TEST(KhatResponse, DiffusiveFormMatchesTheReference) {
  test::ReferenceEntry entry("reference-ti.json", "K_points");
  for (const auto& p : reference::ti()["K_points"]) {
    const Point point = Point::from(p);
    const auto K = K_hat_diffusive(point.electrons(), Point::mz, point.wave(), HallParts::full);
    entry.within(relative_deviation(K, reference::matrix(p["K_diff"])), 1e-10);
  }
}

TEST(KhatResponse, OracleMReproducesTheClosedFormAndTheFiniteDisorderIntegrals) {
  for (const auto& p : reference::ti()["K_points"]) {
    const auto M = reference::M_by_quadrature(Point::from(p));
    EXPECT_LT(reference::deviation(M, reference::matrix(p["M"])), 1e-10);  // elements up to 80
  }
  // Full Green functions at finite alpha with a cut-off: they differ by order one from the leading
  // 1/alpha, whose largest elements are 57 to 114. A conjugated M (the printed order of R and A in
  // Sokolewicz 2019 (12)) would be off by more than 10 at the points with omega or q.
  test::ReferenceEntry entry("reference-ti.json", "M_direct");
  for (const auto& p : reference::ti()["M_direct"]) {
    const auto M = reference::M_by_quadrature(Point::from(p));
    entry.within(reference::deviation(M, reference::matrix(p["M"])), 2.0);
  }
}

TEST(KhatResponse, EqualsTheLadderSumOfTheAngularIntegral) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> unit(-1, 1);
  for (int n = 0; n < 40; ++n) {
    const double alpha = 0.01 + 0.05 * std::abs(unit(random));
    const Point p{
        1, 0.8 * unit(random), alpha, 0.3 * unit(random), 0.3 * unit(random), 0.3 * unit(random)};
    const auto oracle = reference::ladder_sum(reference::M_by_quadrature(p), alpha);
    const auto K = K_hat(p.electrons(), Point::mz, p.wave(), HallParts::none);
    EXPECT_LT(relative_deviation(K, oracle), 1e-10);
  }
}

TEST(KhatResponse, ChargeContinuityTiesTheElementsTogether) {
  // In the frame q || x: eps omega K_zy = -Dz v q K_yy, eps omega K_zz = -Dz v q K_yz + i Dz^2.
  for (const Point& p : points()) {
    if (p.omega == 0) continue;
    const double q = std::hypot(p.qx, p.qy);
    const Point along{p.eps, p.Dz, p.alpha, q, 0, p.omega};
    const auto K = K_hat(along.electrons(), Point::mz, along.wave(), HallParts::none);
    const double scale = K.cwiseAbs().maxCoeff();
    const double ratio = p.Dz * q / (p.eps * p.omega);
    EXPECT_LT(std::abs(K(2, 1) + ratio * K(1, 1)), 1e-12 * scale);
    const Complex anomaly(0, p.Dz * p.Dz / (p.eps * p.omega));
    EXPECT_LT(std::abs(K(2, 2) + ratio * K(1, 2) - anomaly), 1e-12 * scale);
  }
}

TEST(KhatResponse, ReversedWaveIsTheConjugate) {
  for (const Point& p : points()) {
    const Point reversed{p.eps, p.Dz, p.alpha, -p.qx, -p.qy, -p.omega};
    const auto K = K_hat(p.electrons(), Point::mz, p.wave(), HallParts::full);
    const auto conjugate = K_hat(reversed.electrons(), Point::mz, reversed.wave(), HallParts::full);
    EXPECT_LT(relative_deviation(conjugate, K.conjugate().eval()), 1e-15);
  }
}

TEST(KhatResponse, ReversingQOrTheHelicityFlipsOnlyTheDiffusiveElements) {
  for (const Point& p : points()) {
    const auto K = K_hat(p.electrons(), Point::mz, p.wave(), HallParts::full);
    Eigen::Matrix3cd flipped = K;
    flipped(0, 2) *= -1, flipped(1, 2) *= -1, flipped(2, 0) *= -1, flipped(2, 1) *= -1;
    const Wave wave = p.wave(), back{-wave.qx, -wave.qy, wave.omega};
    const auto reversed = K_hat(p.electrons(), Point::mz, back, HallParts::full);
    const auto helicity = K_hat(p.electrons(-5e5), Point::mz, wave, HallParts::full);
    EXPECT_LT(relative_deviation(reversed, flipped), 1e-15);
    EXPECT_LT(relative_deviation(helicity, flipped), 1e-15);
  }
}

TEST(KhatResponse, FirstOrderOfTheConductivity) {
  // sigma = sigma_0 (1 + F) with the corrected F (docs/physics.md, erratum 8): what is left must
  // fall sixteenfold when omega tau and D q^2 tau both fall fourfold.
  const Point p{1, 0.4, 0.02, 0, 0, 0};
  const double e2 = 1, D2 = 0.16;
  const double sigma_0 = (e2 - D2) / (pi * p.alpha * (e2 + 3 * D2));
  const double tau = sigma_0 / (e2 + D2);
  const auto remainder = [&](double small) {
    const double omega = small / tau, q = std::sqrt(small / (sigma_0 * tau));
    const Complex F = (4 * (e2 + D2) * Complex(0, small) - (e2 + 3 * D2) * small) / (2 * (e2 - D2));
    const double in_SI = Point::unit / hbar;
    const Complex sigma =
        nonlocal_conductivity(p.electrons(), Point::mz, q * in_SI / 5e5, omega * in_SI);
    return std::abs(sigma / sigma_0 - 1.0 - F);
  };
  EXPECT_NEAR(remainder(4e-3) / remainder(1e-3), 16, 0.5);
  EXPECT_NEAR(remainder(1e-3) / remainder(2.5e-4), 16, 0.2);
}

TEST(KhatResponse, LimitsAreFiniteAndRight) {
  const Point p{1, 0.5, 0.03, 0, 0, 0};
  const DiracElectrons with = p.electrons();
  DiracElectrons without = with;
  without.Delta_sd = 0;
  const double sigma_0 = 0.75 / (pi * 0.03 * 1.75);

  const auto alternating = K_hat(with, Point::mz, {0, 0, 1e3}, HallParts::none);
  EXPECT_NEAR(std::abs(alternating(0, 0) - sigma_0), 0, 1e-9);
  EXPECT_NEAR(std::abs(alternating(1, 1) - sigma_0), 0, 1e-9);
  EXPECT_EQ(alternating(2, 1), Complex(0));

  // A static grating: no longitudinal current, no Hall response, s_z balances the potential.
  const double q = 1e-2 * Point::unit / (hbar * 5e5);
  const auto still = K_hat(with, Point::mz, {q, 0, 0}, HallParts::full);
  EXPECT_EQ(still(1, 1), Complex(0));
  EXPECT_EQ(still(0, 1), Complex(0));
  EXPECT_NEAR(still(2, 1).imag(), 0.5 / 1e-2, 1e-10);  // -Q_x = +i Dz / (hbar v q)
  EXPECT_EQ(still.imag().diagonal().norm(), 0);

  const auto uniform = K_hat(without, Point::mz, {0, 0, 0}, HallParts::full);
  EXPECT_NEAR(uniform(0, 0).real(), 1 / (pi * 0.03), 1e-12);
  EXPECT_EQ(uniform(2, 2), Complex(0));
  EXPECT_TRUE(K_hat(without, 1, {q, q, 1e9}, HallParts::full).allFinite());
  EXPECT_TRUE(K_hat(with, 0, {0, 0, 0}, HallParts::full).allFinite());
  EXPECT_THROW(K_hat(with, Point::mz, {0, 0, 0}, HallParts::full), InputError);
}

TEST(KhatResponse, KeepsItsDigitsAtSmallFrequencyAndWaveNumber) {
  // Leading order is exact up to relative 1e-8 here, where a 4 x 4 inverse has lost half its
  // digits.
  const Point p{1, 0.3, 0.02, 0, 0, 0};
  const Wave wave{1e-6 * Point::unit / (hbar * 5e5), 0, 1e-10 * Point::unit / hbar};
  const auto K = K_hat(p.electrons(), Point::mz, wave, HallParts::full);
  const auto leading = K_hat_diffusive(p.electrons(), Point::mz, wave, HallParts::full);
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j) {
      const double larger = std::abs(leading(i, j));
      EXPECT_NEAR(std::abs(K(i, j) - leading(i, j)), 0, 1e-7 * larger);
    }
}

TEST(KhatResponse, CurrentFlowsAlongTheField) {
  // J = e v s x z with e = -|e|: Joule heat Re J.E* > 0 for both helicities and any direction, of
  // the size (e^2/h) sigma_0 E^2 (the printed sign of Sokolewicz 2019 (6) makes it negative).
  const Point p{1, 0.3, 0.02, 0, 0, 0};
  const double sigma_0 = 0.91 / (pi * 0.02 * 1.27);
  for (double velocity : {5e5, -5e5})
    for (double angle : {0.0, 0.7, 2.5}) {
      const Eigen::Vector2cd E(1e5 * std::cos(angle), 1e5 * std::sin(angle));
      const auto s = spin_density(p.electrons(velocity), Point::mz, {0, 0, 1e6}, E,
                                  Eigen::Vector3cd::Zero(), HallParts::full);
      const Eigen::Vector2cd J(-e_abs * velocity * s.y(), e_abs * velocity * s.x());
      const double heat = (E.dot(J)).real(), expected = e2_over_h * sigma_0 * 1e10;
      EXPECT_NEAR(heat, expected, 1e-6 * expected);
    }
}

TEST(KhatResponse, HallCurrentHasTheSignOfTheIntrinsicOne) {
  // J_x = +sigma_H E_y for Delta_z > 0 in H = v (p x sigma)_z - Delta_z sigma_z.
  const Point p{1, 0.3, 0.02, 0, 0, 0};
  const double sigma_H = 8 * 0.027 / (1.27 * 1.27);
  const Eigen::Vector2cd E(0, 1e5);
  const auto s = spin_density(p.electrons(), Point::mz, {0, 0, 1e6}, E, Eigen::Vector3cd::Zero(),
                              HallParts::full);
  const double J_x = -e_abs * 5e5 * s.y().real(), expected = e2_over_h * sigma_H * 1e5;
  EXPECT_NEAR(J_x, expected, 1e-6 * expected);
}

TEST(KhatResponse, MovingMagnetisationIsDamped) {
  // Power per area given to the spins by B = Delta s/(Ms t): Delta s.dm/dt, negative, of the size
  // Delta^2 sigma_0 |dm_par/dt|^2 / (v^2 h): the corrected factor of Sokolewicz 2019 (16).
  const Point p{1, -0.3, 0.02, 0, 0, 0};
  const DiracElectrons electrons = p.electrons();
  const double sigma_0 = 0.91 / (pi * 0.02 * 1.27);
  const Eigen::Vector3cd dm_dt(3e9, 4e9, 0);
  const auto s = spin_density(electrons, Point::mz, {0, 0, 1e6}, Eigen::Vector2cd::Zero(), dm_dt,
                              HallParts::full);
  const double power = electrons.Delta_sd * dm_dt.dot(s).real();
  const double Delta_v = electrons.Delta_sd / electrons.velocity;
  const double expected = -Delta_v * Delta_v * sigma_0 * 25e18 / (2 * pi * hbar);
  EXPECT_NEAR(power, expected, 1e-6 * std::abs(expected));
}

TEST(KhatResponse, OutOfPlaneSpinFollowsThePotentialPsi) {
  // -i omega psi = D (i q.E - q^2 psi) and s_z = e Delta_z psi / (2 pi hbar^2 v^2), so that the
  // field of s_z is B_diff = -B_diff_per_psi psi mz.
  const DiracElectrons electrons{0.2 * e_abs, -5e5, 0.05 * e_abs, 0.03};
  const Film film{140e3, 5e-9};
  const double mz = -0.6;
  const DiracScales scales = dirac_scales(electrons, film, mz, HallParts::none);
  const Wave wave{3e5, -2e5, 2e8};
  const Eigen::Vector2cd E(Complex(2e4, 1e4), Complex(-1e4, 3e4));
  const double rate = scales.D * (wave.qx * wave.qx + wave.qy * wave.qy);
  const Complex psi =
      scales.D * Complex(0, 1) * (wave.qx * E.x() + wave.qy * E.y()) / Complex(rate, -wave.omega);
  const auto s = spin_density(electrons, mz, wave, E, Eigen::Vector3cd::Zero(), HallParts::none);
  const Complex B_z = electrons.Delta_sd * s.z() / (film.Ms * film.thickness);
  const Complex expected = -scales.B_diff_per_psi * psi * mz;
  EXPECT_LT(std::abs(B_z - expected), 1e-3 * std::abs(expected));  // leading in omega tau

  const auto K = K_hat_diffusive(electrons, mz, wave, HallParts::none);
  const Complex s_z = -e_abs / (-5e5 * 2 * pi * hbar) * (-E.y() * K(2, 0) + E.x() * K(2, 1));
  const double per_area = -e_abs * electrons.Delta_sd * mz / (2 * pi * hbar * hbar * 25e10);
  EXPECT_LT(std::abs(s_z - per_area * psi), 1e-12 * std::abs(s_z));
}

TEST(KhatResponse, AdiabaticExchangeMovesTheOutOfPlaneSpinAsTheEquilibriumGas) {
  // At a fixed density the Dirac gas has s_z = Dz (cut-off - eps) / (2 pi hbar^2 v^2) with
  // eps d(eps) = Dz d(Dz): its Fermi-surface part moves by -Dz^2 d(Dz) / (2 pi hbar^2 v^2 eps).
  // (The printed sign of Sokolewicz 2019 (15) gives the opposite.)
  const Point p{1, 0.4, 0.02, 0, 0, 0};
  const DiracElectrons electrons = p.electrons();
  const double omega = 1e8, change = 1e-3;
  const Eigen::Vector3cd dm_dt(0, 0, Complex(0, -omega * change));
  const auto s = spin_density(electrons, Point::mz, {0, 0, omega}, Eigen::Vector2cd::Zero(), dm_dt,
                              HallParts::full);
  const double per_area = electrons.Delta_sd * change / (2 * pi * hbar * hbar * 25e10);
  const double expected = -0.16 * Point::unit * per_area;  // Dz^2/eps = 0.16 eps
  EXPECT_LT(std::abs(s.z() - expected), 1e-10 * std::abs(expected));
}
