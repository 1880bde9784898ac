#pragma once
// The demagnetising tensor between two equal cells of one layer at any distance.
#include <vector>

#include "setup/newell.hpp"

namespace kubomag {

/// N(i, j): the tensor between cells (i dx, j dy) apart, at any distance to 2e-14 of each component
/// (of the largest one where a component changes sign). Near (offset below 4 longer in-plane
/// edges): Newell's formulas. Far: the kernel of two lines of height dz, exact in z, averaged over
/// the two rectangles dx x dy by Gauss quadrature with the weight of their offset; the number of
/// nodes follows from edge/distance. Edges in any common unit, all positive. Safe to call from
/// several threads.
class CellPair {
 public:
  CellPair(double dx, double dy, double dz);

  PairTensor operator()(int i, int j) const;  // any signs

  /// Any offset (x, y) whose length is at least near_radius longer in-plane edges.
  PairTensor far(double x, double y) const;
  static constexpr double near_radius = 4;

 private:
  // Offsets from r_min on: nodes of the average, relative to the offset.
  struct Shell {
    double r_min;
    std::vector<double> x, y, weight;
  };
  Shell make_shell(double r_min, int count_x, int count_y) const;

  double dx_, dy_, dz_;
  int columns_, rows_;  // of the near block
  std::vector<PairTensor> near_;
  std::vector<Shell> shells_;
};

}  // namespace kubomag
