#include "setup/cell_pair.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "kubomag/constants.hpp"
#include "setup/gauss_rule.hpp"

namespace kubomag {
namespace {

constexpr double shell_ratio = 1.5;  // between the radii of neighbouring shells
constexpr int fewest_nodes = 2;

// Nodes for an error of 1e-16: it falls as rho^(-2 count), rho the sum of half-axes, in units of
// the edge, of the ellipse about [-edge, edge] through the nearest singularity.
int node_count(double distance, double edge) {
  const double t = distance / edge;
  const double rho = t + std::sqrt(t * t - 1);
  return std::max(fewest_nodes, static_cast<int>(std::ceil(std::log(1e16) / (2 * std::log(rho)))));
}

}  // namespace

CellPair::CellPair(double dx, double dy, double dz)
    : dx_(dx),
      dy_(dy),
      dz_(dz),
      columns_(static_cast<int>(std::ceil(near_radius * std::max(dx, dy) / dx))),
      rows_(static_cast<int>(std::ceil(near_radius * std::max(dx, dy) / dy))),
      near_(newell_block(1, dy / dx, dz / dx, columns_, rows_)) {
  for (double r = near_radius * std::max(dx, dy);; r *= shell_ratio) {
    const int count_x = node_count(r - dy, dx), count_y = node_count(r - dx, dy);
    shells_.push_back(make_shell(r, count_x, count_y));
    if (std::max(count_x, count_y) == fewest_nodes) break;
  }
}

CellPair::Shell CellPair::make_shell(double r_min, int count_x, int count_y) const {
  const GaussRule rule_x = triangle_rule(count_x), rule_y = triangle_rule(count_y);
  Shell shell{r_min, {}, {}, {}};
  for (size_t b = 0; b < rule_y.nodes.size(); ++b)
    for (size_t a = 0; a < rule_x.nodes.size(); ++a) {
      shell.x.push_back(dx_ * rule_x.nodes[a]);
      shell.y.push_back(dy_ * rule_y.nodes[b]);
      shell.weight.push_back(rule_x.weights[a] * rule_y.weights[b]);
    }
  return shell;
}

PairTensor CellPair::operator()(int i, int j) const {
  const int column = std::abs(i), row = std::abs(j);
  const double x = column * dx_, y = row * dy_;
  PairTensor N = std::hypot(x, y) < shells_.front().r_min
                     ? near_[static_cast<size_t>(column) +
                             static_cast<size_t>(columns_) * static_cast<size_t>(row)]
                     : far(x, y);
  if ((i < 0) != (j < 0)) N.xy = -N.xy;
  if (i == 0 || j == 0) N.xy = 0;
  return N;
}

// The potential of two parallel lines of height dz at the distance rho, integrated over both, is
// W = 2 [dz asinh(dz/rho) - S + rho] / (4 pi), S = sqrt(rho^2 + dz^2). Its derivatives
//   -dW/d rho / rho = A / (4 pi),  A = 2 dz^2 / (rho^2 (S + rho)),
//   -d^2 W / da db = A [delta_ab - a b (2/rho^2 + 1/(rho S))] / (4 pi)
// are written so that nothing cancels however far the lines are apart.
PairTensor CellPair::far(double x0, double y0) const {
  const auto beyond = std::upper_bound(shells_.begin() + 1, shells_.end(), std::hypot(x0, y0),
                                       [](double R, const Shell& s) { return R < s.r_min; });
  const Shell& shell = *(beyond - 1);
  const double dz2 = dz_ * dz_;
  double xx = 0, yy = 0, zz = 0, xy = 0;
#pragma omp simd reduction(+ : xx, yy, zz, xy)
  for (size_t k = 0; k < shell.x.size(); ++k) {
    const double x = x0 + shell.x[k], y = y0 + shell.y[k];
    const double rho2 = x * x + y * y, rho = std::sqrt(rho2), S = std::sqrt(rho2 + dz2);
    const double A = shell.weight[k] / (rho2 * (S + rho));
    const double planar = A / rho2, axial = A / (rho * S);
    xx += planar * (y - x) * (y + x) - axial * x * x;
    yy += planar * (x - y) * (x + y) - axial * y * y;
    zz += axial * rho2;
    xy -= (2 * planar + axial) * x * y;
  }
  const double scale = dx_ * dy_ * dz_ / (2 * constants::pi);
  return {scale * xx, scale * yy, scale * zz, scale * xy};
}

}  // namespace kubomag
