#include "khat/tmatrix.hpp"

#include <fmt/format.h>

#include <cmath>

#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"

namespace kubomag {
namespace {

using namespace constants;
using Complex = std::complex<double>;
using Eigen::Matrix2cd;
using Eigen::Matrix4d;
using Eigen::Vector4cd;
using Matrix42 = Eigen::Matrix<double, 4, 2>;

Matrix2cd pauli_sum(const Vector4cd& c) {
  const Complex i(0, 1);
  Matrix2cd out;
  out << c[0] + c[3], c[1] - i * c[2], c[1] + i * c[2], c[0] - c[3];
  return out;
}

Eigen::Vector4d pauli_components(const Matrix2cd& hermitian) {
  return {0.5 * (hermitian(0, 0) + hermitian(1, 1)).real(), hermitian(1, 0).real(),
          hermitian(1, 0).imag(), 0.5 * (hermitian(0, 0) - hermitian(1, 1)).real()};
}

void check_impurities(const Impurities& impurities) {
  if (std::isnan(impurities.u) || impurities.u == 0)
    throw InputError(
        fmt::format("u = {:g} J m^2 (must not be 0: without scattering nothing limits the current)",
                    impurities.u));
  if (impurities.first_born && std::isinf(impurities.u))
    throw InputError("u = inf in first Born approximation (must be finite: T = u)");
  if (!impurities.first_born && !(impurities.cutoff > 0 && std::isfinite(impurities.cutoff)))
    throw InputError(
        fmt::format("cutoff = {:g} 1/m (must be positive and finite)", impurities.cutoff));
}

// In units of C, so that strong and weak impurities are told apart by pure numbers.
Matrix2cd scaled_T_matrix(const Impurities& impurities, double C, const Vector4cd& g0) {
  const double u = impurities.u / C;
  if (impurities.first_born) return u * Matrix2cd::Identity();
  const Matrix2cd g = C * pauli_sum(g0);
  // At a strong impurity, compare with g instead of with 1: the same zero, no overflow.
  const Matrix2cd inverse =
      std::isinf(u) ? Matrix2cd(-g) : Matrix2cd(Matrix2cd::Identity() / u - g);
  const double size = std::max(1 / std::abs(u), g.norm());
  if (std::abs(inverse.determinant()) <= 1e-9 * size * size)
    throw InputError(fmt::format(
        "u = {:g} J m^2 has a bound state at the Fermi energy, where T diverges (must be another)",
        impurities.u));
  return inverse.inverse();
}

struct Bubbles {
  Matrix4d N = Matrix4d::Zero();
  Matrix42 a = Matrix42::Zero();
  Eigen::Matrix2d V = Eigen::Matrix2d::Zero();
  Eigen::Vector4d Gamma = Eigen::Vector4d::Zero();  // Pauli components of T^+ (-Im g0) T
};

// The sums over the contour, in units where C = 1.
Bubbles bubbles_of(const FermiContour& contour, double C, const Matrix2cd& T) {
  const Matrix2cd loss = T.adjoint() * pauli_sum((-C * contour.Im_g0).cast<Complex>()) * T;
  Bubbles out;
  out.Gamma = pauli_components(loss);
  for (const FermiState& state : contour.states) {
    const Eigen::Vector4d S(1, state.spin.x(), state.spin.y(), state.spin.z());
    const double f = pi * C * state.weight / out.Gamma.dot(S);
    out.N += 0.5 * f * S * S.transpose();
    out.a += f * S * state.velocity.transpose();
    out.V += f * state.velocity * state.velocity.transpose();
  }
  return out;
}

Matrix4d upsilon_of(const Matrix2cd& T) {
  Matrix4d out;
  for (int b = 0; b < 4; ++b)
    out.col(b) = pauli_components(T * pauli_sum(Vector4cd::Unit(b)) * T.adjoint());
  return out;
}

// (1 - N Upsilon) y = a with y_0 = 0 in place of the redundant equation. That is the one along
// Gamma: N Gamma = -Im g0 and, by the optical theorem, Upsilon^T (-Im g0) = Gamma.
Matrix42 neutral_solution(const Bubbles& bubbles, const Matrix4d& upsilon) {
  const Eigen::Vector4d redundant = bubbles.Gamma.normalized();
  Matrix4d equations = Matrix4d::Identity() - bubbles.N * upsilon;
  equations.col(0) += redundant;
  const Matrix42 right = bubbles.a - redundant * (redundant.transpose() * bubbles.a);
  return equations.partialPivLu().solve(right);
}

TMatrixResponse response_with(const ParabolicElectrons& electrons, const Impurities& impurities,
                              double theta, int directions) {
  const double cutoff = impurities.first_born ? 0 : impurities.cutoff, C = electrons.C;
  const FermiContour contour = fermi_contour(electrons, theta, cutoff, directions);
  TMatrixResponse out;
  out.g0 = contour.Re_g0.cast<Complex>() + Complex(0, 1) * contour.Im_g0.cast<Complex>();
  out.E_star = band_edges(electrons, theta).upper;
  const Matrix2cd T = scaled_T_matrix(impurities, C, out.g0);
  const Bubbles bubbles = bubbles_of(contour, C, T);
  const Matrix4d upsilon = upsilon_of(T);
  const Matrix42 y = neutral_solution(bubbles, upsilon);
  // With T in units of C, f carries 1/C^2 of the SI value and v is still in J m.
  out.nK = y.bottomRows<3>() / (2 * pi * C * C);
  out.nsigma = (bubbles.V + 0.5 * bubbles.a.transpose() * upsilon * y) / (2 * pi * C * C);
  return out;
}

}  // namespace

TMatrixResponse rashba_response(const ParabolicElectrons& electrons, const Impurities& impurities,
                                double theta) {
  if (!std::isfinite(theta)) throw InputError("theta is not a finite number");
  check_parabolic(electrons);
  check_impurities(impurities);
  TMatrixResponse coarse = response_with(electrons, impurities, theta, 64);
  for (int directions = 128; directions <= 2048; directions *= 2) {
    TMatrixResponse fine = response_with(electrons, impurities, theta, directions);
    const double change = (fine.nK - coarse.nK).norm() / fine.nK.norm() +
                          (fine.nsigma - coarse.nsigma).norm() / fine.nsigma.norm();
    if (change < 1e-9) return fine;
    coarse = fine;
  }
  throw InputError(
      fmt::format("fermi_energy = {:g} meV is too close to a band edge or to a crossing of the "
                  "bands at theta = {:g} (no 9 digits with 2048 directions of k)",
                  electrons.fermi_energy / e_abs * 1e3, theta));
}

TMatrixResponse tmatrix_response(SpinOrbit kind, const ParabolicElectrons& electrons,
                                 const Impurities& impurities, const Eigen::Vector3d& m) {
  if (!(std::abs(m.norm() - 1) < 1e-9))
    throw InputError(fmt::format("|m| = {:g} (must be a unit vector)", m.norm()));
  Eigen::Matrix3d to_rashba = Eigen::Matrix3d::Identity();
  if (kind == SpinOrbit::dresselhaus) to_rashba << 0, 1, 0, 1, 0, 0, 0, 0, -1;
  const Eigen::Vector3d m_rashba = to_rashba * m;
  const double in_plane = std::hypot(m_rashba.x(), m_rashba.y());
  Eigen::Matrix3d turn = Eigen::Matrix3d::Identity();
  if (in_plane > 0)
    turn.topLeftCorner<2, 2>() << m_rashba.x() / in_plane, -m_rashba.y() / in_plane,
        m_rashba.y() / in_plane, m_rashba.x() / in_plane;
  TMatrixResponse out = rashba_response(electrons, impurities, std::atan2(in_plane, m_rashba.z()));
  const Eigen::Matrix2d plane = turn.topLeftCorner<2, 2>();
  out.nK = (to_rashba.transpose() * turn * out.nK * plane.transpose()).eval();
  out.nsigma = (plane * out.nsigma * plane.transpose()).eval();
  return out;
}

TorqueNumbers torque_numbers(const Matrix32& K, double theta) {
  if (!(theta >= 0.01 && theta <= pi / 2 - 0.01))
    throw InputError(fmt::format(
        "theta = {:g} (a to d are formed from 0.01 to pi/2 - 0.01; elsewhere use K)", theta));
  const double mx = std::sin(theta), mz = std::cos(theta);
  return {K(0, 1) - mx / mz * K(2, 1), K(1, 1) / mz,
          (K(0, 1) + K(1, 0)) / (mx * mx) - K(2, 1) / (mx * mz),
          (K(0, 0) - K(1, 1)) / (mx * mx * mz) - K(0, 0) / mz - K(2, 0) / mx};
}

}  // namespace kubomag
