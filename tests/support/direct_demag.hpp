#pragma once
// The demagnetising field as a plain sum over all pairs of cells: the reference for convolutions.
#include <cstdlib>
#include <vector>

#include "kubomag/grid.hpp"
#include "setup/cell_pair.hpp"
#include "setup/demag_tensor.hpp"

namespace kubomag::test {

/// H = -sum_b N(a - b) M_b over the cells of the grid, component after component, in the unit of M.
/// `N(i, j)` returns a PairTensor for |i| < nx, |j| < ny.
template <class Tensor>
std::vector<double> direct_field(const Grid& grid, const Tensor& N, const std::vector<double>& M) {
  const std::size_t cells = grid.cells();
  std::vector<double> H(3 * cells, 0);
  for (int ay = 0; ay < grid.ny; ++ay)
    for (int ax = 0; ax < grid.nx; ++ax)
      for (int by = 0; by < grid.ny; ++by)
        for (int bx = 0; bx < grid.nx; ++bx) {
          const PairTensor n = N(ax - bx, ay - by);
          const std::size_t a = grid.index(ax, ay), b = grid.index(bx, by);
          H[a] -= n.xx * M[b] + n.xy * M[cells + b];
          H[cells + a] -= n.xy * M[b] + n.yy * M[cells + b];
          H[2 * cells + a] -= n.zz * M[2 * cells + b];
        }
  return H;
}

/// Reads the stored quarter at offsets of any sign, |i| <= px/2 and |j| <= py/2.
inline PairTensor at(const DemagTensor& tensor, int i, int j) {
  const std::size_t index =
      static_cast<std::size_t>(std::abs(i)) +
      static_cast<std::size_t>(tensor.px / 2 + 1) * static_cast<std::size_t>(std::abs(j));
  const double sign = (i < 0) != (j < 0) ? -1 : 1;
  return {tensor.xx[index], tensor.yy[index], tensor.zz[index], sign * tensor.xy[index]};
}

}  // namespace kubomag::test
