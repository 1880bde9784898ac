#include "setup/periodic_row.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "kubomag/constants.hpp"

namespace kubomag {
namespace {

// Interpolation on [0, L/2]: the nearest singularity, an image 2 L away, makes the error fall by
// 14 per node.
constexpr int chebyshev_nodes = 18;

int nearest_images(const Grid& grid) {
  const double periods = CellPair::near_radius * std::max(grid.dx, grid.dy) / grid.size_x();
  return std::max(1, static_cast<int>(std::ceil(periods)));
}

}  // namespace

PeriodicRow::PeriodicRow(const Grid& grid)
    : grid_(grid),
      pair_(grid.dx, grid.dy, grid.dz),
      split_(grid.dx, grid.dy, grid.dz,
             std::min(EwaldSplit::largest_alpha(grid.dx, grid.dy, grid.dz),
                      EwaldSplit::alpha_for_period(grid.size_x()))),
      nearest_(nearest_images(grid)) {
  set_nodes(grid.nx / 2 + 1);
}

// The polynomial that is 1 at node k and 0 at the others is
// 1/n (1 + 2 sum_m T_m(x_k) T_m(x)), T_m(cos t) = cos(m t). A few columns are their own nodes.
void PeriodicRow::set_nodes(int columns) {
  using constants::pi;
  values_.resize(static_cast<std::size_t>(columns));
  const bool few = columns <= chebyshev_nodes;
  const double half = grid_.size_x() / 4;
  for (int k = 0; k < (few ? columns : chebyshev_nodes); ++k) {
    const double angle = pi * (k + 0.5) / chebyshev_nodes;
    nodes_.push_back(few ? k * grid_.dx : half * (1 + std::cos(angle)));
    for (int i = 0; i < columns; ++i) {
      double value = 1;
      const double t = std::acos(std::clamp(i * grid_.dx / half - 1, -1.0, 1.0));
      for (int m = 1; m < chebyshev_nodes; ++m) value += 2 * std::cos(m * angle) * std::cos(m * t);
      values_[static_cast<std::size_t>(i)].push_back(few ? i == k : value / chebyshev_nodes);
    }
  }
}

PairTensor PeriodicRow::distant_images(double x, double y, const PairTensor& smooth_row) const {
  const double L = grid_.size_x();
  const int last = std::max(nearest_, static_cast<int>(std::ceil(split_.reach() / L)) + 1);
  PairTensor sum = smooth_row;
  for (int n = -last; n <= last; ++n) {
    const bool nearest = std::abs(n) <= nearest_;
    if (!nearest && std::hypot(x + n * L, y) > split_.reach()) continue;
    sum -= split_.smooth(x + n * L, y);
    if (!nearest) sum += pair_.far(x + n * L, y);
  }
  return sum;
}

std::vector<PairTensor> PeriodicRow::operator()(int j) const {
  const double y = j * grid_.dy;
  const PairTensor smooth_row = split_.smooth_row(y, grid_.size_x());
  std::vector<PairTensor> distant, row(values_.size());
  for (const double x : nodes_) distant.push_back(distant_images(x, y, smooth_row));
  for (std::size_t i = 0; i < row.size(); ++i) {
    const int column = static_cast<int>(i);
    for (std::size_t k = 0; k < distant.size(); ++k) row[i] += values_[i][k] * distant[k];
    for (int n = -nearest_; n <= nearest_; ++n) row[i] += pair_(column + n * grid_.nx, j);
    if (column == 0 || j == 0 || 2 * column == grid_.nx) row[i].xy = 0;
  }
  return row;
}

}  // namespace kubomag
