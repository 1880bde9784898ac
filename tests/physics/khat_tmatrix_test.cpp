// The T-matrix response of the Rashba film against reference numbers, exact relations
// and limits.
#include <gtest/gtest.h>

#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>

#include "kubomag/error.hpp"
#include "support/reference_entry.hpp"
#include "support/tmatrix_reference.hpp"

using namespace kubomag;
using namespace kubomag::constants;
using namespace kubomag::reference;
using kubomag::test::ReferenceEntry;

namespace {

constexpr double file_digits = 1e-6;
constexpr const char* file = "reference-local.json";

double largest(const Eigen::MatrixXd& matrix) {
  double out = 0;
  for (double value : matrix.reshaped()) out = std::max(out, std::abs(value));
  return out;
}

// The largest error of an element, of that element and 1e-3 of the largest one: what is below 1e-9
// of that is noise in the file.
double matrix_error(const Eigen::MatrixXd& value, const Eigen::MatrixXd& expected) {
  const double floor = 1e-3 * largest(expected);
  double out = 0;
  for (Eigen::Index i = 0; i < expected.size(); ++i)
    out = std::max(out, std::abs(value.reshaped()(i) - expected.reshaped()(i)) /
                            (std::abs(expected.reshaped()(i)) + floor));
  return out;
}

}  // namespace

TEST(KhatTMatrix, SpinAndCurrentMatchTheReference) {
  ReferenceEntry entry(file, "B_tmatrix.dilute");
  for (const auto& p : local()["B_tmatrix"]["dilute"]) {
    SCOPED_TRACE(p.dump());
    const TMatrixResponse r =
        rashba_response(veneri_film(p["eps"], p["D"]), impurities(p["u"], p["Lam"]), p["theta"]);
    entry.within(matrix_error(r.nK / nK_unit, real_matrix(p["nK"])), file_digits);
    entry.within(matrix_error(r.nsigma * nm * nm, real_matrix(p["nsigma"])), file_digits);
    EXPECT_NEAR(r.E_star / meV, p["Estar"], 1e-8);
    const auto g0 = r.g0 * (meV * nm * nm);
    const auto expect_g0 = [](std::complex<double> value, const nlohmann::json& expected) {
      EXPECT_NEAR(value.real(), expected[0], file_digits * 0.02);
      EXPECT_NEAR(value.imag(), expected[1], file_digits * 0.004);
    };
    expect_g0(g0[0], p["g00"]), expect_g0(g0[1], p["gx"]), expect_g0(g0[3], p["gz"]);
    EXPECT_LT(std::abs(g0[2]), 1e-12);
  }
}

TEST(KhatTMatrix, ImposedCurrentAndTorqueNumbersMatchTheReference) {
  ReferenceEntry entry(file, "B_table_theta_Dxc5_uinf_Lam304");
  for (const char* name : {"eps4.5", "eps5.5"})
    for (const auto& p : local()["B_table_theta_Dxc5_uinf_Lam304"][name]) {
      const double theta = p["theta"], eps = std::string(name) == "eps4.5" ? 4.5 : 5.5;
      SCOPED_TRACE(p.dump());
      const TMatrixResponse r = rashba_response(veneri_film(eps), impurities(), theta);
      entry.within(matrix_error(r.nK / nK_unit, real_matrix(p["nK"])), file_digits);
      entry.within(matrix_error(r.nsigma * nm * nm, real_matrix(p["nsigma"])), file_digits);
      // Elements of K_J cancel to 1e-6 of the others, and so far the file's digits do not reach.
      const Eigen::MatrixXd K_J = real_matrix(p["KJ"]);
      EXPECT_LT(largest(r.K_J() / K_J_unit - K_J), 1e-8 * largest(K_J));
      if (theta > pi / 2 - 0.01) continue;
      const auto expect_numbers = [&](const TorqueNumbers& t, double unit, const auto& expected,
                                      double tolerance) {
        const double numbers[] = {t.a, t.b, t.c, t.d};
        for (int i = 0; i < 4; ++i)
          entry.within(std::abs(numbers[i] / unit - double(expected[i])) /
                           (std::abs(double(expected[i])) + 1e-3 * double(expected[0])),
                       tolerance);
      };
      expect_numbers(torque_numbers(r.nK, theta), nK_unit, p["abcd_nK"], 1e-5);
      expect_numbers(torque_numbers(r.K_J(), theta), K_J_unit, p["abcd_J"], 1e-5);
    }
}

// Veneri 2022, Fig. 3a (exchange 4.8 meV along z, inferred cutoff): both torques at fixed E.
TEST(KhatTMatrix, EnergyScanMatchesTheReference) {
  ReferenceEntry entry(file, "B_fig3a_table_cols_eps_nKxx_nKxy_nsxx_nsxy_ratio");
  for (const auto& row : local()["B_fig3a_table_cols_eps_nKxx_nKxy_nsxx_nsxy_ratio"]) {
    const TMatrixResponse r = rashba_response(veneri_film(row[0], 4.8), impurities(), 0.0);
    entry.within(std::abs(r.nK(0, 0) / nK_unit / double(row[1]) - 1), file_digits);
    entry.within(std::abs(r.nK(0, 1) / nK_unit / double(row[2]) - 1), file_digits);
    entry.within(std::abs(r.nK(0, 0) / r.nK(0, 1) - double(row[5])), file_digits);
  }
}

// Veneri 2022, Figs. 3a and 4, against the cutoff and for one finite u. Rows of Fig. 4: theta,
// a, c, b, d over sigma_xx [1/(meV nm)], sigma_yy/sigma_xx, b/a, d/a, c/a.
TEST(KhatTMatrix, FiguresMatchTheReferenceForAnyCutoff) {
  const auto& figures = local()["B_fig34_scan"];
  ReferenceEntry entry(file, "B_fig34_scan");
  for (const int cutoff : {30, 100, 152, 304, 1000, 3000, 10000}) {
    const auto& scan = figures["fig3a_ratio_Kxx_over_Kxy_u_inf_Lam" + std::to_string(cutoff)];
    for (std::size_t i = 0; i < scan["eps"].size(); ++i) {
      const Matrix32 K =
          rashba_response(veneri_film(scan["eps"][i], 4.8), impurities(INFINITY, cutoff), 0).nK;
      entry.within(std::abs(K(0, 0) / K(0, 1) - double(scan["ratio"][i])), file_digits);
    }
  }
  EXPECT_EQ(figures["theta_c_rad"], local()["B_theta_c"]["theta_c_rad"]);
  int rows = 0;
  for (const auto& [name, table] : figures.items()) {
    if (!name.starts_with("fig4")) continue;
    const double u = name.starts_with("fig4_u1000") ? 1000 : INFINITY;
    const double cutoff = name.find("Lam100_") != std::string::npos ? 100 : 304;
    const double eps = name.ends_with("4.5") ? 4.5 : 5.5;
    for (const auto& row : table) {
      const double theta = row[0];
      if (theta > pi / 2 - 0.01) continue;
      const TMatrixResponse r = rashba_response(veneri_film(eps), impurities(u, cutoff), theta);
      const TorqueNumbers t = torque_numbers(r.nK / nK_unit, theta);
      const double sigma = r.nsigma(0, 0) * nm * nm;
      const double values[] = {
          t.a / sigma, t.c / sigma, t.b / sigma, t.d / sigma, r.nsigma(1, 1) / r.nsigma(0, 0),
          t.b / t.a,   t.d / t.a,   t.c / t.a};
      for (int i = 0; i < 8; ++i)
        entry.within(std::abs(values[i] - double(row[i + 1])) / (i < 4 ? t.a / sigma : 1), 2e-6);
      ++rows;
    }
  }
  EXPECT_GT(rows, 50);
}

// A finite-disorder calculation with 2 x 2 Green functions: differs by O(n), 1 % at this density.
TEST(KhatTMatrix, AgreesWithAFiniteDensityOfImpurities) {
  for (const auto& p : local()["B_tmatrix"]["full_finite_n_neutral"]) {
    const double n = p["n"];
    const TMatrixResponse r =
        rashba_response(veneri_film(p["eps"]), impurities(p["u"], p["Lam"]), p["theta"]);
    const Eigen::MatrixXd K = real_matrix(p["K"]), sigma = real_matrix(p["sigma"]);
    EXPECT_LT(largest(r.nK / nK_unit / n - K), 3e-3 * largest(K));
    EXPECT_LT(largest(r.nsigma * nm * nm / n - sigma), 3e-3 * largest(sigma));
    EXPECT_LT(matrix_error(r.nK.diagonal() / nK_unit / n, K.diagonal()), 0.02);
  }
}

TEST(KhatTMatrix, FirstBornHasOneTorqueAboveTheUpperBandEdge) {
  const double u = 20;
  for (double theta : {0.0, 0.4, pi / 4, 1.2, pi / 2})
    for (double eps : {5.5, 8.0, 30.0}) {
      const TMatrixResponse r = rashba_response(veneri_film(eps), first_born(u), theta);
      Matrix32 expected = Matrix32::Zero();  // n K_xy = alpha/(pi u^2)
      expected(0, 1) = 17 / (pi * u * u);
      expected(1, 0) = -expected(0, 1);
      EXPECT_LT(largest(r.nK / nK_unit - expected), 1e-12 * expected(0, 1)) << theta << " " << eps;
    }
  const TMatrixResponse gap = rashba_response(veneri_film(4.2), first_born(u), pi / 4);
  EXPECT_NEAR(gap.nK(2, 1) / gap.nK(0, 1), -0.219, 5e-4);  // below E*, computed for Veneri 2022
}

// Veneri 2022 (33) with its factor corrected: n K_xx = -Delta_z alpha/(2 pi eps) at first order in
// u beyond Born, here with Delta_sd = -Delta_z; from perturbation theory, 0.05 % at these numbers.
TEST(KhatTMatrix, WeakSkewScatteringFollowsPerturbationTheory) {
  const double Mx = 1e-4, Mz = 1e-3, M = std::hypot(Mx, Mz);
  const ParabolicElectrons e{1, 0.5, 0.05, -M};
  const TMatrixResponse r = rashba_response(e, {0.01, 1000, false}, std::atan2(Mx, Mz));
  EXPECT_NEAR(r.nK(0, 0) / (-Mz * 0.05 / (2 * pi * pi)), 1, 5e-3);
  const double screened = 1 - 0.01 * r.g0[0].real();  // T = u/(1 - u g0)
  EXPECT_NEAR(r.nK(0, 1) / (0.05 / (pi * 1e-4) * screened * screened), 1, 1e-3);
}

// Ado 2017 (17), (C7), signs corrected: the dressed response of first Born, sigma = (e^2/pi) tau
// (eps + m alpha^2), hbar = 1, here with s = sigma/2, one over n u^2 m = 1/tau and H of our sign.
TEST(KhatTMatrix, FirstBornConductivityIsThatOfTheBornPaper) {
  for (const auto& p : local()["C_bare_tensor_004"]["rows"]) {
    const double alpha = p["alpha_R"], eps = p["eps"], Mx = p["Mx"], Mz = p["Mz"];
    const ParabolicElectrons e{eps, 0.5, -alpha, std::hypot(Mx, Mz)};
    const TMatrixResponse r = rashba_response(e, {1, 0, true}, std::atan2(Mx, Mz));
    const double tau = p["tau"];  // n u^2 = 1/(m tau), m = 1
    const Eigen::MatrixXd K = real_matrix(p["K_dressed"]), sigma = real_matrix(p["sigma_dressed"]);
    EXPECT_LT(largest(r.nK * tau / 2 - K), 5e-4 * largest(K));  // the file has O(1/tau)
    EXPECT_NEAR(r.nsigma(0, 0) * tau / sigma(0, 0), 1, 3e-3);
    EXPECT_NEAR(r.nsigma(0, 0), (eps + alpha * alpha) / pi, 1e-9);
  }
}

TEST(KhatTMatrix, HallAngleTiltsTheTorqueInTheGap) {
  for (double eps : {0.5, 2.0, 4.5}) {
    const TMatrixResponse r = rashba_response(veneri_film(eps), impurities(), 0.0);
    EXPECT_NEAR(r.nK(0, 0) / r.nK(0, 1), -r.nsigma(0, 1) / r.nsigma(0, 0), 1e-10);
    const Matrix32 K_J = r.K_J();  // <sigma> along z x j: no second torque at fixed current
    EXPECT_LT(std::abs(K_J(0, 0)), 1e-10 * K_J(0, 1));
  }
  // Below the second band the ratio at fixed E is 7 % (Veneri 2022, Fig. 3).
  const TMatrixResponse r = rashba_response(veneri_film(2), impurities(), 0.0);
  EXPECT_NEAR(std::abs(r.nK(0, 0) / r.nK(0, 1)), 0.07, 0.005);
}

TEST(KhatTMatrix, UpperBandEdgeAndItsAngle) {
  const double theta[] = {0.4, 0.6, pi / 4, 1.0, 1.4};
  const double expected[] = {4.851, 4.67092, 4.45039, 4.14710, 3.58265};  // by minimisation
  for (int i = 0; i < 5; ++i)
    EXPECT_NEAR(band_edges(veneri_film(4.5), theta[i]).upper / meV, expected[i],
                5e-6 + (i == 0) * 5e-4);
  double low = 0, high = pi / 2;
  for (int i = 0; i < 60; ++i) {
    const double mid = 0.5 * (low + high);
    (band_edges(veneri_film(4.5), mid).upper > 4.5 * meV ? low : high) = mid;
  }
  ReferenceEntry(file, "B_theta_c")
      .within(std::abs(low - double(local()["B_theta_c"]["theta_c_rad"])), 1e-8);
}

// Both subbands occupied: the density of states is that without spin-orbit coupling.
TEST(KhatTMatrix, DensityOfStatesAboveTheUpperBandEdge) {
  for (double theta : {0.0, 0.7, 1.5}) {
    const auto g0 = rashba_response(veneri_film(7), impurities(), theta).g0;
    const double expected = -1 / (4 * veneri_film(7).C);
    EXPECT_NEAR(g0[0].imag() / expected, 1, 1e-10);
    EXPECT_LT(std::abs(g0[1].imag()) + std::abs(g0[3].imag()), -1e-10 * expected);
  }
}

TEST(KhatTMatrix, MirrorsAndReversals) {
  for (double eps : {4.5, 5.5}) {
    const double theta = 0.6;
    const ParabolicElectrons e = veneri_film(eps);
    const Matrix32 K = rashba_response(e, impurities(300), theta).nK;
    const Matrix32 down = rashba_response(e, impurities(300), pi - theta).nK;  // mz -> -mz
    Matrix32 sign;
    sign << -1, 1, 1, -1, 1, -1;
    EXPECT_LT(largest(down - K.cwiseProduct(sign)), 1e-13 * largest(K));
    const Matrix32 left = rashba_response(e, impurities(300), -theta).nK;  // mx -> -mx
    sign << 1, 1, 1, 1, -1, -1;
    EXPECT_LT(largest(left - K.cwiseProduct(sign)), 1e-13 * largest(K));
    ParabolicElectrons other = e;
    other.alpha_R = -e.alpha_R;  // all torques change sign
    const TorqueNumbers t = torque_numbers(K, theta);
    const TorqueNumbers o =
        torque_numbers(rashba_response(other, impurities(300), theta).nK, theta);
    for (auto [x, y] : {std::pair{t.a, o.a}, {t.b, o.b}, {t.c, o.c}, {t.d, o.d}})
      EXPECT_NEAR(x, -y, 1e-12 * t.a);
    other = e;
    other.Delta_sd = -e.Delta_sd;  // in K b and d change sign, a and c do not
    const TorqueNumbers r =
        torque_numbers(rashba_response(other, impurities(300), theta).nK, theta);
    for (auto [x, y] : {std::pair{t.a, r.a}, {t.b, -r.b}, {t.c, r.c}, {t.d, -r.d}})
      EXPECT_NEAR(x, y, 1e-12 * t.a);
  }
}

TEST(KhatTMatrix, UnitsDoNotMatter) {
  const TMatrixResponse si = rashba_response(veneri_film(4.5), impurities(300), 0.6);
  const ParabolicElectrons e{4.5, 38.0998212 / 0.8, 17, -5};
  const TMatrixResponse scaled = rashba_response(e, {300, 304, false}, 0.6);
  EXPECT_LT(largest(si.nK / nK_unit - scaled.nK), 1e-10 * largest(scaled.nK));
  EXPECT_LT(largest(si.nsigma * nm * nm - scaled.nsigma), 1e-10 * largest(scaled.nsigma));
}

TEST(KhatTMatrix, RefusesWhatIsOutsideTheTheory) {
  const auto respond = [](const ParabolicElectrons& e, const Impurities& i, double theta) {
    return rashba_response(e, i, theta);
  };
  const ParabolicElectrons e = veneri_film(4.5);
  EXPECT_THROW(respond(veneri_film(-6), impurities(), 0.6), InputError);  // below both bands
  const double edge = band_edges(e, 0.6).upper / meV;
  EXPECT_THROW(respond(veneri_film(edge * (1 + 1e-10)), impurities(), 0.6), InputError);
  EXPECT_THROW(respond(e, impurities(0), 0.6), InputError);
  EXPECT_THROW(respond(e, impurities(NAN), 0.6), InputError);
  EXPECT_THROW(respond(e, first_born(INFINITY), 0.6), InputError);
  EXPECT_THROW(respond(e, impurities(300, 0), 0.6), InputError);
  EXPECT_THROW(respond(e, impurities(300, 0.1), 0.6), InputError);  // inside the contour
  EXPECT_THROW(respond(e, impurities(), NAN), InputError);
  for (double ParabolicElectrons::*key :
       {&ParabolicElectrons::C, &ParabolicElectrons::alpha_R, &ParabolicElectrons::Delta_sd}) {
    ParabolicElectrons bad = e;
    bad.*key = 0;
    EXPECT_THROW(respond(bad, impurities(), 0.6), InputError);
  }
  EXPECT_THROW(torque_numbers(Matrix32::Ones(), 0), InputError);
  EXPECT_THROW(torque_numbers(Matrix32::Ones(), pi / 2), InputError);
  EXPECT_THROW(kinetic_constant(0), InputError);
}

// 0.8 electron masses: C = 38.0998212/0.8 meV nm^2 (hbar^2/(2 m_e) from CODATA).
TEST(KhatTMatrix, KineticConstantOfAMass) {
  EXPECT_NEAR(kinetic_constant(0.8) / (meV * nm * nm), 38.0998212 / 0.8, 1e-6);
}

// Ado 2017 (7) and (20), the latter with the sign that our Rashba term gives it: torque of K_m.
TEST(KhatTMatrix, TorquesOfBothModelsHaveTheirSymmetry) {
  const Eigen::Vector3d z(0, 0, 1), m = Eigen::Vector3d(0.3, -0.5, 0.7).normalized();
  const ParabolicElectrons e = veneri_film(4.8);
  const double theta = std::acos(m.z());
  const TorqueNumbers t = torque_numbers(rashba_response(e, impurities(300), theta).nK, theta);
  for (SpinOrbit kind : {SpinOrbit::rashba, SpinOrbit::dresselhaus})
    for (int axis = 0; axis < 2; ++axis) {
      const Eigen::Vector3d spin = tmatrix_response(kind, e, impurities(300), m).nK.col(axis);
      const Eigen::Vector3d E = Eigen::Vector3d::Unit(axis), E_D(E.x(), -E.y(), 0);
      const bool rashba = kind == SpinOrbit::rashba;
      const Eigen::Vector3d p = rashba ? z.cross(E) : E_D;
      const double along = rashba ? m.dot(E) : z.cross(m).dot(E_D);
      const Eigen::Vector3d torque = t.a * m.cross(p) + t.b * m.cross(m.cross(p)) +
                                     t.c * m.cross(m.cross(z)) * along + t.d * m.cross(z) * along;
      EXPECT_LT((spin.cross(m) - torque).norm(), 1e-9 * torque.norm()) << rashba << axis;
    }
  EXPECT_THROW(tmatrix_response(SpinOrbit::rashba, e, impurities(), 2 * m), InputError);
}

// First Born, both bands: the drift q E tau turns the spins against the mean spin-orbit field,
// alpha (-k_y, k_x) or alpha (k_x, -k_y).
TEST(KhatTMatrix, SpinsTurnAgainstTheSpinOrbitFieldOfTheDrift) {
  const Eigen::Vector3d m = Eigen::Vector3d(0.3, -0.5, 0.7).normalized();
  Matrix32 rashba, dresselhaus;
  rashba << 0, 1, -1, 0, 0, 0;
  dresselhaus << -1, 0, 0, 1, 0, 0;
  const auto nK = [&](SpinOrbit kind) -> Matrix32 {
    return tmatrix_response(kind, veneri_film(8), first_born(20), m).nK / nK_unit /
           (17 / (pi * 400));
  };
  EXPECT_LT(largest(nK(SpinOrbit::rashba) - rashba), 1e-11);
  EXPECT_LT(largest(nK(SpinOrbit::dresselhaus) - dresselhaus), 1e-11);
}
