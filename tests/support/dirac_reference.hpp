#pragma once
// The reference numbers of the Dirac surface (tests/data/reference-ti.md) and an oracle for K_hat
// that shares nothing with src/khat: the angular average of M and a 4 x 4 inverse.
#include <Eigen/Core>
#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <utility>

#include "khat/dirac_response.hpp"
#include "support/json.hpp"

namespace kubomag::reference {

using Complex = std::complex<double>;

inline const nlohmann::json& ti() {
  static const nlohmann::json data = test::data_file("reference-ti.json");
  return data;
}

inline Eigen::MatrixXcd matrix(const nlohmann::json& rows) {
  Eigen::MatrixXcd out(rows.size(), rows.size());
  for (int i = 0; i < out.rows(); ++i)
    for (int j = 0; j < out.cols(); ++j) out(i, j) = {rows[i][j][0], rows[i][j][1]};
  return out;
}

/// A point with hbar = v = 1 and energies in one arbitrary unit.
struct Point {
  double eps, Dz, alpha, qx, qy, omega;

  static Point from(const nlohmann::json& p) {
    return {p["eps"], p["Dz"], p["alpha"], p["qx"], p["qy"], p["omega"]};
  }

  // The same physics in SI: the unit of energy is 0.2 eV, Dz is made of a larger Delta_sd.
  static constexpr double unit = 0.2 * constants::e_abs;
  static constexpr double mz = 0.8;
  DiracElectrons electrons(double velocity = 5e5) const {
    return {eps * unit, velocity, Dz * unit / mz, alpha};
  }
  Wave wave(double velocity = 5e5) const {
    return {qx * unit / (constants::hbar * velocity), qy * unit / (constants::hbar * velocity),
            omega * unit / constants::hbar};
  }
};

using Matrix4 = std::array<std::array<Complex, 4>, 4>;  // 0, x, y, z

/// M_ab = eps^2 <nu_a nu_b / (Gamma - i eps omega + i p_F.q)> over the Fermi circle, by the
/// trapezoidal rule (converges exponentially). nu = (1, -p_y/eps, p_x/eps, -Dz/eps).
inline Matrix4 M_by_quadrature(const Point& p, int angles = 4096) {
  const double kappa = std::sqrt(p.eps * p.eps - p.Dz * p.Dz);
  const double Gamma = constants::pi * p.alpha * (p.eps * p.eps + p.Dz * p.Dz);
  Matrix4 M{};
  for (int k = 0; k < angles; ++k) {
    const double phi = 2 * constants::pi * (k + 0.5) / angles;
    const double px = kappa * std::cos(phi), py = kappa * std::sin(phi);
    const double nu[] = {1, -py / p.eps, px / p.eps, -p.Dz / p.eps};
    const Complex denominator(Gamma, -p.eps * p.omega + px * p.qx + py * p.qy);
    for (int a = 0; a < 4; ++a)
      for (int b = 0; b < 4; ++b)
        M[a][b] += p.eps * p.eps * nu[a] * nu[b] / denominator / double(angles);
  }
  return M;
}

/// The x, y, z block of (1 - pi alpha M)^-1 M, by Gauss-Jordan elimination with row exchange.
inline Eigen::Matrix3cd ladder_sum(const Matrix4& M, double alpha) {
  Matrix4 left, right = M;
  for (int a = 0; a < 4; ++a)
    for (int b = 0; b < 4; ++b) left[a][b] = (a == b ? 1.0 : 0.0) - constants::pi * alpha * M[a][b];
  for (int pivot = 0; pivot < 4; ++pivot) {
    int best = pivot;
    for (int row = pivot; row < 4; ++row)
      if (std::abs(left[row][pivot]) > std::abs(left[best][pivot])) best = row;
    std::swap(left[pivot], left[best]), std::swap(right[pivot], right[best]);
    for (int row = 0; row < 4; ++row) {
      if (row == pivot) continue;
      const Complex factor = left[row][pivot] / left[pivot][pivot];
      for (int b = 0; b < 4; ++b) {
        left[row][b] -= factor * left[pivot][b];
        right[row][b] -= factor * right[pivot][b];
      }
    }
  }
  Eigen::Matrix3cd K;
  for (int a = 1; a < 4; ++a)
    for (int b = 1; b < 4; ++b) K(a - 1, b - 1) = right[a][b] / left[a][a];
  return K;
}

/// Largest absolute deviation of M from the matrix of the reference file.
inline double deviation(const Matrix4& M, const Eigen::MatrixXcd& expected) {
  double worst = 0;
  for (int a = 0; a < 4; ++a)
    for (int b = 0; b < 4; ++b) worst = std::max(worst, std::abs(M[a][b] - expected(a, b)));
  return worst;
}

/// Largest deviation of two matrices over the largest element of the second.
template <class A, class B>
double relative_deviation(const A& a, const B& b) {
  return (a - b).cwiseAbs().maxCoeff() / b.cwiseAbs().maxCoeff();
}

}  // namespace kubomag::reference
