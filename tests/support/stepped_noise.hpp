#pragma once
// What a moment does in a thermal field that is constant over each time step: exactly, up to
// quadrature. In a constant field a moment turns about it and falls towards it in closed form;
// averaged over the normal numbers of the field this is a transition operator for m_z, and its
// eigenvector of eigenvalue 1 is the distribution that a run with such steps samples.
#include <Eigen/Dense>
#include <cmath>
#include <vector>

#include "kubomag/constants.hpp"
#include "kubomag/vec3.hpp"

namespace kubomag::test {

/// m after a time in a constant field; `turn` = gamma B times the time [rad].
inline Vec3<double> in_constant_field(Vec3<double> m, Vec3<double> turn, double alpha) {
  const double angle = norm(turn), factor = 1 / (1 + alpha * alpha);
  if (angle == 0) return m;
  const Vec3<double> n = (1 / angle) * turn;
  const double along = dot(m, n), fall = alpha * factor * angle, phase = factor * angle;
  const Vec3<double> across = m - along * n;
  const double t = std::tanh(fall), shrink = 1 / (std::cosh(fall) + along * std::sinh(fall));
  return (along + t) / (1 + along * t) * n +
         shrink * (std::cos(phase) * across + std::sin(phase) * cross(n, across));
}

/// Nodes and weights of the Gauss rule of the Jacobi matrix with zero diagonal and the squares
/// `off` beside it (Golub and Welsch, Math. Comp. 23, 221 (1969)); the weights add up to 1.
struct GaussRule {
  Eigen::VectorXd node, weight;
  explicit GaussRule(const Eigen::VectorXd& off) {
    const Eigen::Index n = off.size() + 1;
    Eigen::MatrixXd jacobi = Eigen::MatrixXd::Zero(n, n);
    jacobi.diagonal(1) = jacobi.diagonal(-1) = off.cwiseSqrt();
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(jacobi);
    node = solver.eigenvalues();
    weight = solver.eigenvectors().row(0).cwiseAbs2();
  }
  static GaussRule legendre(int n) {
    Eigen::VectorXd off(n - 1);
    for (int k = 1; k < n; ++k) off(k - 1) = k * k / (4.0 * k * k - 1);
    return GaussRule(off);
  }
  static GaussRule normal(int n) { return GaussRule(Eigen::VectorXd::LinSpaced(n - 1, 1, n - 1)); }
};

/// <m_z> of moments in a field along z, x = Ms V B/(k_B T), stepped by dt in a thermal field that
/// is constant over the step; step = gamma k_B T dt/(Ms V). For step -> 0 it is coth x - 1/x.
inline double mean_of_stepped_moments(double x, double alpha, double step) {
  constexpr int degrees = 24;
  const GaussRule z = GaussRule::legendre(40), eta = GaussRule::normal(12);
  const double noise = std::sqrt(2 * alpha * step);
  const auto legendre = [](double at) {
    Eigen::VectorXd P(degrees + 1);
    P(0) = 1, P(1) = at;
    for (int l = 1; l < degrees; ++l) P(l + 1) = ((2 * l + 1) * at * P(l) - l * P(l - 1)) / (l + 1);
    return P;
  };
  Eigen::MatrixXd transition = Eigen::MatrixXd::Zero(degrees + 1, degrees + 1);
  for (Eigen::Index i = 0; i < z.node.size(); ++i) {
    const Vec3<double> m{std::sqrt(1 - z.node(i) * z.node(i)), 0, z.node(i)};
    Eigen::VectorXd after = Eigen::VectorXd::Zero(degrees + 1);
    for (Eigen::Index a = 0; a < eta.node.size(); ++a)
      for (Eigen::Index b = 0; b < eta.node.size(); ++b)
        for (Eigen::Index c = 0; c < eta.node.size(); ++c) {
          const Vec3<double> turn{noise * eta.node(a), noise * eta.node(b),
                                  noise * eta.node(c) + x * step};
          after += eta.weight(a) * eta.weight(b) * eta.weight(c) *
                   legendre(in_constant_field(m, turn, alpha).z);
        }
    Eigen::VectorXd before = legendre(z.node(i));
    for (int l = 0; l <= degrees; ++l) before(l) *= (2 * l + 1) * z.weight(i);
    transition += after * before.transpose();
  }
  // <P_l> of the stationary distribution; <P_0> = 1
  const Eigen::MatrixXd change = transition - Eigen::MatrixXd::Identity(degrees + 1, degrees + 1);
  const Eigen::VectorXd moments = change.bottomRightCorner(degrees, degrees)
                                      .partialPivLu()
                                      .solve(-change.bottomLeftCorner(degrees, 1).col(0));
  return moments(0);
}

}  // namespace kubomag::test
