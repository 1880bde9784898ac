// Equations of Sokolewicz et al. (2018, 2019) whose printed form is wrong (docs/physics.md,
// "Errata"): the corrected form against direct numerics. Those that the engine itself uses are
// tested with it, in khat_response_test.cpp and khat_dirac_test.cpp.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "kubomag/vec3.hpp"
#include "support/dirac_reference.hpp"
#include "support/reference_entry.hpp"

using namespace kubomag;
using namespace kubomag::constants;
using reference::Complex;
using reference::M_by_quadrature;
using reference::Matrix4;
using reference::Point;

namespace {

const double eps = 1, Dz = 0.4, alpha = 0.02;
const double S = eps * eps + Dz * Dz, m2 = eps * eps - Dz * Dz, Gamma = pi * alpha * S;

using Real4 = double[4][4];

// Largest deviation of `value` from factor * shape, over the largest |factor * shape|.
double mismatch(const Matrix4& value, Complex factor, const Real4& shape) {
  double worst = 0, largest = 0;
  for (int a = 0; a < 4; ++a)
    for (int b = 0; b < 4; ++b) {
      worst = std::max(worst, std::abs(value[a][b] - factor * shape[a][b]));
      largest = std::max(largest, std::abs(factor * shape[a][b]));
    }
  return worst / largest;
}

Matrix4 combine(double f, const Matrix4& A, double g, const Matrix4& B) {
  Matrix4 out;
  for (int a = 0; a < 4; ++a)
    for (int b = 0; b < 4; ++b) out[a][b] = f * A[a][b] + g * B[a][b];
  return out;
}

Complex minor3(const Matrix4& M, int column) {
  int c[3], n = 0;
  for (int b = 0; b < 4; ++b)
    if (b != column) c[n++] = b;
  Complex sum = 0;
  for (int k = 0; k < 3; ++k) {
    const int i = c[k], j = c[(k + 1) % 3], l = c[(k + 2) % 3];
    sum += M[1][i] * (M[2][j] * M[3][l] - M[2][l] * M[3][j]);
  }
  return sum;
}

Complex det_of_one_minus(const Matrix4& M) {
  Matrix4 A;
  for (int a = 0; a < 4; ++a)
    for (int b = 0; b < 4; ++b) A[a][b] = (a == b ? 1.0 : 0.0) - pi * alpha * M[a][b];
  Complex det = 0;
  for (int b = 0; b < 4; ++b) det += (b % 2 ? -1.0 : 1.0) * A[0][b] * minor3(A, b);
  return det;
}

}  // namespace

TEST(KhatErrata, SecondOrderInQOfM) {  // Sokolewicz 2019 (B1f)
  const double qx = 3e-4, qy = -4e-4, q2 = qx * qx + qy * qy;
  const Matrix4 even = combine(0.5, M_by_quadrature({eps, Dz, alpha, qx, qy, 0}), 0.5,
                               M_by_quadrature({eps, Dz, alpha, -qx, -qy, 0}));
  const Matrix4 value = combine(1, even, -1, M_by_quadrature({eps, Dz, alpha, 0, 0, 0}));
  const double xx = m2 * (qx * qx + 3 * qy * qy) / 4, yy = m2 * (3 * qx * qx + qy * qy) / 4;
  const double xy = -m2 * qx * qy / 2, zz = Dz * Dz * q2;
  const Real4 shape = {{eps * eps * q2, 0, 0, -eps * Dz * q2},
                       {0, xx, xy, 0},
                       {0, xy, yy, 0},
                       {-eps * Dz * q2, 0, 0, zz}};
  EXPECT_LT(mismatch(value, -m2 / (2 * std::pow(Gamma, 3)), shape), 1e-3);
}

TEST(KhatErrata, MixedOrderInQAndOmegaOfM) {  // Sokolewicz 2019 (B1e)
  const double qx = 3e-5, qy = -4e-5, omega = 5e-5;
  const Matrix4 value = combine(0.5, M_by_quadrature({eps, Dz, alpha, qx, qy, omega}), -0.5,
                                M_by_quadrature({eps, Dz, alpha, -qx, -qy, omega}));
  const Real4 shape = {{0, -eps * qy, eps * qx, 0},
                       {-eps * qy, 0, 0, Dz * qy},
                       {eps * qx, 0, 0, -Dz * qx},
                       {0, Dz * qy, -Dz * qx, 0}};
  const Complex factor = m2 / (Gamma * Gamma) * Complex(eps * omega / Gamma, -0.5);
  EXPECT_LT(mismatch(value, factor, shape), 1e-5);
}

TEST(KhatErrata, DeterminantOfTheLadder) {  // Sokolewicz 2019 (B2)
  const double sigma_0 = m2 / (pi * alpha * (eps * eps + 3 * Dz * Dz));
  const double tau = eps * sigma_0 / S, omega = 0.02 / tau, q = 0.01 / tau;
  const double D_q2 = sigma_0 / eps * q * q;
  const double three = eps * eps + 3 * Dz * Dz, D4 = std::pow(Dz, 4), D2 = Dz * Dz;
  const double factor = -eps * three * three / (4 * pi * alpha * std::pow(S, 3));
  const double A1 = (13 * D4 + 10 * D2 + 1) / (m2 * S);
  const double A2 = three * (1 - 14 * D2 - 35 * D4) / (m2 * m2 * S);

  const Complex uniform = det_of_one_minus(M_by_quadrature({eps, Dz, alpha, 0, 0, omega}));
  const Complex i_omega(0, omega);
  const Complex expected = i_omega * (1.0 - i_omega * tau * (eps * eps - 5 * D2) / m2);
  EXPECT_LT(std::abs(uniform / factor / expected - 1.0), 5e-3);

  const Complex graded = det_of_one_minus(M_by_quadrature({eps, Dz, alpha, q, 0, omega}));
  const Complex rate = -(graded - uniform) / (factor * D_q2);  // 1 + i w tau A1 - (i w tau)^2 A2
  EXPECT_NEAR(rate.imag() / (omega * tau), A1, 0.01 * std::abs(A1));
  // The next term, of order (D q^2)^2 tau (printed only as an order), shifts the real part a
  // little.
  const double next = three * (1 + 5 * D2) / (2 * m2 * S) * D_q2 * tau;
  const double omega_tau = omega * tau;
  EXPECT_NEAR((rate.real() - 1 + next) / (omega_tau * omega_tau), A2, 0.02 * std::abs(A2));
}

TEST(KhatErrata, AngularEquationsOfTheDrivenMacrospin) {  // Sokolewicz 2019 (C3), (C4)
  const double omega_0 = 1, f = 0.3, chi = 0.6;
  const Vec3<double> z{0, 0, 1}, normal{-std::sin(chi), 0, std::cos(chi)};
  for (double theta : {0.4, 1.1, 2.5})
    for (double phi : {0.3, 2.0, 4.5}) {
      const double st = std::sin(theta), ct = std::cos(theta);
      const double sp = std::sin(phi), cp = std::cos(phi);
      const Vec3<double> m{st * cp, st * sp, ct};
      const auto rate = -omega_0 * cross(m, z) + f * dot(m, normal) * cross(m, normal);
      const double theta_rate = dot(rate, {ct * cp, ct * sp, -st});
      const double phi_rate = dot(rate, {-sp, cp, 0}) / st;
      const double sc = std::sin(chi), cc = std::cos(chi);
      EXPECT_NEAR(theta_rate, sc * sp * f * (sc * st * cp - cc * ct), 1e-14);
      EXPECT_NEAR(phi_rate,
                  omega_0 + f * ct *
                                (sc * sc * cp * cp - cc * cc -
                                 0.5 * std::sin(2 * chi) * cp * (ct / st - st / ct)),
                  1e-13);
    }
}

// The undamped macrospin on resonance, m along z at t = 0, against m_z = 1/cosh(f0 t sin(2 chi)/4).
static double deviation_from_inverse_cosh(double f0) {
  const double chi = pi / 4, dt = 0.02;
  const Vec3<double> z{0, 0, 1}, normal{-std::sin(chi), 0, std::cos(chi)};
  const auto rate = [&](double t, Vec3<double> m) {
    return -1.0 * cross(m, z) + f0 * std::cos(t) * dot(m, normal) * cross(m, normal);
  };
  Vec3<double> m = z;
  double worst = 0;
  for (int step = 0; f0 * step * dt / 4 < 4; ++step) {
    const double t = step * dt;
    const auto k1 = rate(t, m), k2 = rate(t + dt / 2, m + dt / 2 * k1);
    const auto k3 = rate(t + dt / 2, m + dt / 2 * k2), k4 = rate(t + dt, m + dt * k3);
    m = m + dt / 6 * (k1 + 2.0 * k2 + 2.0 * k3 + k4);
    const double x = f0 * (t + dt) * std::sin(2 * chi) / 4;
    worst = std::max(worst, std::abs(m.z - 1 / std::cosh(x)));
  }
  return worst;
}

TEST(KhatErrata, ResonantMacrospinFollowsTheInverseCosh) {  // Sokolewicz 2019 (19), (C7)
  // Leading order in f0/omega_0: largest deviations from 1/cosh of an independent integration.
  int compared = 0;
  test::ReferenceEntry entry("reference-ti.json", "macrospin_longtime");
  for (const auto& point : reference::ti()["macrospin_longtime"]) {
    if (point.value("test", "") != "sech") continue;
    const double f0 = point["f0"], worst = deviation_from_inverse_cosh(f0);
    entry.within(std::abs(worst / double(point["maxdev"]) - 1), 0.02);
    EXPECT_LT(worst, 0.17 * f0);
    ++compared;
  }
  EXPECT_EQ(compared, 2);
}
