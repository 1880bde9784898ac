#pragma once
// Gauss rules from the eigenvectors of their recurrence (Golub and Welsch, Math. Comp. 23, 221
// (1969)).
#include <Eigen/Core>

namespace kubomag {

struct Rule {
  Eigen::VectorXd nodes, weights;
};

/// For int_-1^1 f(x) dx.
Rule legendre_rule(int count);

/// For int exp(-x^2) f(x) dx over all x.
Rule hermite_rule(int count);

}  // namespace kubomag
