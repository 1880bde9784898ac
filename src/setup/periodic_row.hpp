#pragma once
// The demagnetising tensor of a film that repeats along x for ever and is open along y.
#include <vector>

#include "kubomag/grid.hpp"
#include "setup/cell_pair.hpp"
#include "setup/ewald.hpp"

namespace kubomag {

/// The nearest images are summed one by one. All others together are a function so smooth in x that
/// its values at a few Chebyshev nodes give it everywhere; there it is summed after Ewald.
/// Absolute error below 1e-15. Safe to call from several threads.
class PeriodicRow {
 public:
  explicit PeriodicRow(const Grid& grid);

  /// N(i, j) for i = 0..nx/2; j >= 0.
  std::vector<PairTensor> operator()(int j) const;

 private:
  PairTensor distant_images(double x, double y, const PairTensor& smooth_row) const;
  void set_nodes(int columns);

  Grid grid_;
  CellPair pair_;
  EwaldSplit split_;
  int nearest_;                              // images on each side that are summed one by one
  std::vector<double> nodes_;                // x [m]
  std::vector<std::vector<double>> values_;  // of the node's polynomial, per column i
};

}  // namespace kubomag
