#include "khat/gauss.hpp"

#include <Eigen/Eigenvalues>
#include <cmath>

#include "kubomag/constants.hpp"

namespace kubomag {
namespace {

Rule rule_of(int count, double total, double (*off_diagonal)(int)) {
  Eigen::MatrixXd recurrence = Eigen::MatrixXd::Zero(count, count);
  for (int n = 1; n < count; ++n) recurrence(n, n - 1) = recurrence(n - 1, n) = off_diagonal(n);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(recurrence);
  return {solver.eigenvalues(), total * solver.eigenvectors().row(0).array().square()};
}

}  // namespace

Rule legendre_rule(int count) {
  return rule_of(count, 2, [](int n) { return n / std::sqrt(4.0 * n * n - 1); });
}

Rule hermite_rule(int count) {
  return rule_of(count, std::sqrt(constants::pi), [](int n) { return std::sqrt(0.5 * n); });
}

}  // namespace kubomag
