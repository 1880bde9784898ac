#include "khat/edge_seeds.hpp"

#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>

#include "khat/parallel.hpp"
#include "kubomag/constants.hpp"

namespace kubomag {
namespace {

using constants::pi;
using Eigen::Vector3d;

constexpr int rows = 24, columns = 48;
constexpr double smallest_loop = 1e-5;

Vector3d spin_at(double row, double column) {
  const double theta = pi * (row + 0.5) / rows, phi = 2 * pi * (column + 0.37) / columns;
  return {std::sin(theta) * std::cos(phi), std::sin(theta) * std::sin(phi), std::cos(theta)};
}

class SeedFinder {
 public:
  SeedFinder(const EdgeEquations& equations, const BandModel& model, const BandGrid& grid)
      : equations_(equations), grid_(grid), cutoff_(model.cutoff / equations.length()) {
    const Bands bands(model, Vector3d::UnitZ(), equations.length());
    for (const BandGrid::Node& node : grid.nodes()) gradients_.push_back(bands.gradient(node.k));
  }

  std::vector<EdgePoint> all() const {
    std::vector<std::vector<EdgePoint>> found(std::size_t(rows) * columns);
    in_parallel(found.size(),
                [&](std::size_t i) { find_about(int(i) / columns, int(i) % columns, found[i]); });
    std::vector<EdgePoint> out;
    for (const std::vector<EdgePoint>& some : found)
      out.insert(out.end(), some.begin(), some.end());
    return out;
  }

 private:
  const EdgeEquations& equations_;
  const BandGrid& grid_;
  double cutoff_;
  std::vector<BandGradient> gradients_;  // at the nodes of the grid

  bool is_inside(const EdgePoint& x) const { return x.head<2>().norm() < cutoff_; }

  /// All k at which h0 + h.n is stationary: from where its slope is least on the grid.
  std::vector<EdgePoint> with_spin(const Vector3d& n) const {
    std::vector<double> slopes;
    for (const BandGradient& g : gradients_)
      slopes.push_back((g.h0 + g.h.transpose() * n).squaredNorm());
    std::vector<EdgePoint> out;
    for (int node = 0; node < int(slopes.size()); ++node) {
      const std::vector<int>& around = grid_.around(node);
      if (around.empty() || std::any_of(around.begin(), around.end(), [&](int other) {
            return slopes[std::size_t(other)] < slopes[std::size_t(node)];
          }))
        continue;
      EdgePoint start;
      start.head<2>() = grid_.nodes()[std::size_t(node)].k / equations_.length();
      start.tail<3>() = n;
      const std::optional<EdgePoint> x = equations_.with_spin(start, n);
      const auto is_same = [&](const EdgePoint& other) { return (other - *x).norm() < 1e-7; };
      if (x && is_inside(*x) && std::none_of(out.begin(), out.end(), is_same)) out.push_back(*x);
    }
    return out;
  }

  void find_about(int row, int column, std::vector<EdgePoint>& out) const {
    for (const EdgePoint& x : with_spin(spin_at(row, column))) {
      const double here = equations_.excess(x);
      bool least = true;
      for (const auto& [down, right] : {std::pair{0, 1}, {0, -1}, {1, 0}, {-1, 0}}) {
        const auto next = equations_.with_spin(x, spin_at(row + down, column + right));
        const double there = next ? equations_.excess(*next) : 0;
        least = least && next && there * here > 0 && std::abs(there) >= std::abs(here);
        if (next && (there > 0) != (here > 0)) add(x, *next, out);
      }
      if (least) descend(x, here, out);
    }
  }

  /// Between two points on different sides.
  void add(EdgePoint a, EdgePoint b, std::vector<EdgePoint>& out) const {
    const bool above = equations_.excess(a) > 0;
    for (int halving = 0; halving < 7; ++halving) {
      const auto middle = equations_.with_spin(a, (a.tail<3>() + b.tail<3>()).normalized().eval());
      if (!middle) break;
      ((equations_.excess(*middle) > 0) == above ? a : b) = *middle;
    }
    const std::optional<EdgePoint> x = equations_.solved(0.5 * (a + b));
    if (x && is_inside(*x)) out.push_back(*x);
  }

  /// To the least |excess|, or beyond a change of its sign.
  void descend(EdgePoint x, double here, std::vector<EdgePoint>& out) const {
    for (double step = pi / rows / 2; step > smallest_loop;) {
      const Vector3d n = x.tail<3>(), a = n.unitOrthogonal(), b = n.cross(a);
      bool better = false;
      for (int side = 0; side < 8 && !better; ++side) {
        const double angle = side * pi / 4;
        const auto next = equations_.with_spin(
            x, (n + step * (std::cos(angle) * a + std::sin(angle) * b)).normalized());
        if (!next) continue;
        const double there = equations_.excess(*next);
        if ((there > 0) != (here > 0)) return add(x, *next, out);
        if (std::abs(there) < std::abs(here)) x = *next, here = there, better = true;
      }
      if (!better) step /= 2;
    }
  }
};

}  // namespace

std::vector<EdgePoint> edge_seeds(const EdgeEquations& equations, const BandModel& model,
                                  const BandGrid& grid) {
  return SeedFinder(equations, model, grid).all();
}

}  // namespace kubomag
