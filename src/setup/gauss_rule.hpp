#pragma once
// Gauss quadrature by Golub and Welsch, Math. Comp. 23, 221 (1969).
#include <vector>

namespace kubomag {

struct GaussRule {
  std::vector<double> nodes, weights;  // nodes in (-1, 1), ascending and symmetric about 0
};

/// Rule with `count` nodes for the average over s in [-1, 1] with the weight 1 - |s|: the
/// distribution of the distance, in units of the edge, between a point of one cell and a point of
/// another. Exact for polynomials of degree 2 count - 1; the weights sum to 1. count >= 1.
GaussRule triangle_rule(int count);

}  // namespace kubomag
