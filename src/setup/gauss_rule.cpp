#include "setup/gauss_rule.hpp"

#include <Eigen/Eigenvalues>
#include <cmath>

namespace kubomag {
namespace {

// The rule of a symmetric weight of integral 1 whose monic orthogonal polynomials obey
// p_{k+1} = s p_k - beta_k p_{k-1}: eigenvalues and eigenvectors of the Jacobi matrix.
GaussRule golub_welsch(const std::vector<double>& beta) {
  const int count = static_cast<int>(beta.size()) + 1;
  const Eigen::VectorXd diagonal = Eigen::VectorXd::Zero(count);
  Eigen::VectorXd off_diagonal(count - 1);
  for (int k = 0; k + 1 < count; ++k) off_diagonal[k] = std::sqrt(beta[static_cast<size_t>(k)]);
  Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver;
  solver.computeFromTridiagonal(diagonal, off_diagonal);
  GaussRule rule;
  for (int i = 0; i < count; ++i) {
    const int mirror = count - 1 - i;  // averaging with the mirror image makes symmetry exact
    const double v = solver.eigenvectors()(0, i), v_mirror = solver.eigenvectors()(0, mirror);
    rule.nodes.push_back((solver.eigenvalues()[i] - solver.eigenvalues()[mirror]) / 2);
    rule.weights.push_back((v * v + v_mirror * v_mirror) / 2);
  }
  return rule;
}

GaussRule legendre_rule(int count) {
  std::vector<double> beta;
  for (int k = 1; k < count; ++k) beta.push_back(k * k / (4.0 * k * k - 1));
  return golub_welsch(beta);
}

// beta_k = |p_k|^2 / |p_{k-1}|^2 by Stieltjes' procedure. The norms are integrals of polynomials of
// degree 2k + 1 over [0, 1], so a Legendre rule with count + 1 nodes gives them exactly.
std::vector<double> triangle_recursion(int count) {
  const GaussRule legendre = legendre_rule(count + 1);
  const size_t points = legendre.nodes.size();
  std::vector<double> beta, previous(points, 0), current(points, 1);
  double norm_before = 1, coefficient = 0;
  for (int k = 0; k < count; ++k) {
    double norm = 0;
    for (size_t i = 0; i < points; ++i) {
      const double s = (1 + legendre.nodes[i]) / 2;
      norm += 2 * (1 - s) * legendre.weights[i] * current[i] * current[i];
    }
    if (k > 0) beta.push_back(coefficient = norm / norm_before);
    norm_before = norm;
    for (size_t i = 0; i < points; ++i) {
      const double s = (1 + legendre.nodes[i]) / 2;
      const double next = s * current[i] - coefficient * previous[i];
      previous[i] = current[i];
      current[i] = next;
    }
  }
  return beta;
}

}  // namespace

GaussRule triangle_rule(int count) { return golub_welsch(triangle_recursion(count)); }

}  // namespace kubomag
