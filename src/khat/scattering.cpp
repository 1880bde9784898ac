#include "khat/scattering.hpp"

#include <fmt/format.h>

#include <cmath>
#include <complex>

#include "kubomag/error.hpp"

namespace kubomag {
namespace {

using namespace constants;
using Complex = std::complex<double>;
using Eigen::Matrix2cd;
using Eigen::Matrix4d;
using Eigen::Vector4cd;
using Matrix42 = Eigen::Matrix<double, 4, 2>;

struct Bubbles {
  Matrix4d N = Matrix4d::Zero();
  Matrix42 a = Matrix42::Zero();
  Eigen::Matrix2d V = Eigen::Matrix2d::Zero();
  Eigen::Vector4d Gamma = Eigen::Vector4d::Zero();  // Pauli components of T^+ (-Im g0) T
};

// The sums over the contour, densities of states in units of 1/scale.
Bubbles bubbles_of(const FermiContour& contour, double scale, const Matrix2cd& T) {
  const Matrix2cd loss = T.adjoint() * pauli_sum((-scale * contour.Im_g0).cast<Complex>()) * T;
  Bubbles out;
  out.Gamma = pauli_components(loss).real();
  for (const FermiState& state : contour.states) {
    const Eigen::Vector4d S(1, state.spin.x(), state.spin.y(), state.spin.z());
    const double f = pi * scale * state.weight / out.Gamma.dot(S);
    out.N += 0.5 * f * S * S.transpose();
    out.a += f * S * state.velocity.transpose();
    out.V += f * state.velocity * state.velocity.transpose();
  }
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

}  // namespace

Matrix2cd pauli_sum(const Vector4cd& c) {
  const Complex i(0, 1);
  Matrix2cd out;
  out << c[0] + c[3], c[1] - i * c[2], c[1] + i * c[2], c[0] - c[3];
  return out;
}

Vector4cd pauli_components(const Matrix2cd& matrix) {
  const Complex i(0, 1);
  return 0.5 * Vector4cd(matrix(0, 0) + matrix(1, 1), matrix(0, 1) + matrix(1, 0),
                         i * (matrix(0, 1) - matrix(1, 0)), matrix(0, 0) - matrix(1, 1));
}

Matrix4d scattering_in(const Matrix2cd& T) {
  Matrix4d out;
  for (int b = 0; b < 4; ++b)
    out.col(b) = pauli_components(T * pauli_sum(Vector4cd::Unit(b)) * T.adjoint()).real();
  return out;
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

Matrix2cd T_matrix(const Impurities& impurities, const Vector4cd& g0) {
  if (impurities.first_born) return impurities.u * Matrix2cd::Identity();
  // In units of 1/|g0|, so that strong and weak impurities are told apart by pure numbers.
  const double scale = 1 / pauli_sum(g0).norm(), u = impurities.u / scale;
  const Matrix2cd g = scale * pauli_sum(g0);
  // At a strong impurity, compare with g instead of with 1: the same zero, no overflow.
  const Matrix2cd inverse =
      std::isinf(u) ? Matrix2cd(-g) : Matrix2cd(Matrix2cd::Identity() / u - g);
  const double size = std::max(1 / std::abs(u), 1.0);
  if (std::abs(inverse.determinant()) <= 1e-9 * size * size)
    throw InputError(fmt::format(
        "u = {:g} J m^2 has a bound state at the Fermi energy, where T diverges (must be another)",
        impurities.u));
  return scale * inverse.inverse();
}

ScatteringResponse scattering_response(const FermiContour& contour, const Impurities& impurities) {
  const Vector4cd g0 =
      contour.Re_g0.cast<Complex>() + Complex(0, 1) * contour.Im_g0.cast<Complex>();
  const double scale = -1 / contour.Im_g0[0];
  const Matrix2cd T = T_matrix(impurities, g0) / scale;
  const Bubbles bubbles = bubbles_of(contour, scale, T);
  const Matrix4d upsilon = scattering_in(T);
  const Matrix42 y = neutral_solution(bubbles, upsilon);
  // With T in units of `scale`, f carries 1/scale^2 of the SI value and v is still in J m.
  const double unit = 1 / (2 * pi * scale * scale);
  return {y.bottomRows<3>() * unit, (bubbles.V + 0.5 * bubbles.a.transpose() * upsilon * y) * unit};
}

}  // namespace kubomag
