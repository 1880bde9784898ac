#pragma once
// Sums over infinitely many periodic images after Ewald, Ann. Phys. 369, 253 (1921): the kernel
// 1/R = erfc(alpha R)/R + erf(alpha R)/R is cut into a part that has died at the radius `reach` and
// a smooth part, the field of Gaussian charges, whose sum over images needs only its first Fourier
// coefficient (images along one axis) or a quickly converging series of them (along both).
#include <vector>

#include "setup/gauss_rule.hpp"
#include "setup/newell.hpp"

namespace kubomag {

/// The smooth part of the tensor between two cells dx x dy x dz of one layer [edges in m], averaged
/// over both cells. What is left of the full tensor beyond `reach` is below e^-37 of the dipole
/// field there. Edges positive; 0 < alpha <= largest_alpha(dx, dy, dz).
class EwaldSplit {
 public:
  EwaldSplit(double dx, double dy, double dz, double alpha);

  /// The cells must not resolve the Gaussians [1/m].
  static double largest_alpha(double dx, double dy, double dz);
  /// From here on only the mean of the smooth part remains in a sum with this period [1/m].
  static double alpha_for_period(double period);

  double reach() const;  // [m]

  /// Of two cells (x, y, 0) apart.
  PairTensor smooth(double x, double y) const;

  /// Of a cell and a row of cells y away that repeats along x with `period`, where
  /// alpha <= alpha_for_period(period).
  PairTensor smooth_row(double y, double period) const;

  /// The mode sum_ij N(i, j) exp(-i (kx i dx + ky j dy)) over the infinite grid of cells, for k in
  /// the first Brillouin zone, |kx| <= pi/dx and |ky| <= pi/dy [1/m].
  PairTensor smooth_mode(double kx, double ky) const;

 private:
  PairTensor mode_term(double qx, double qy) const;
  double dx_, dy_, dz_, alpha_;
  GaussRule rule_x_, rule_y_, rule_z_, rule_mode_;
};

}  // namespace kubomag
