#pragma once
// Band edges that are at the Fermi energy for m along an axis of the bands: beside it they are so
// close that a difference of energies has no digits left.
#include <vector>

#include "khat/band_grid.hpp"

namespace kubomag {

/// With B = h - Delta_sd a along the axis a at the edge, E is stationary there on the sphere of m.
/// At m = a + d the edge is where the band is flat again, and by second order in d
///   E(m) - E(a) = s (|B - Delta_sd d| - |B|) - 1/2 g.curvature^-1 g,   g = (dh/dk)^T (S(m) -
///   S(a)),
/// S the spin of the band s at the k of the edge: all of it without a difference of energies, to a
/// relative error of the order of |d|.
struct AxisEdge {
  Eigen::Vector3d axis;  // a, a unit vector
  int band, side;        // +1 or -1; a minimum (+1) or a maximum (-1)
  Eigen::Vector2d k;
  double B;  // h - Delta_sd a = B a [J]
  double Delta_sd;
  Eigen::Matrix<double, 3, 2> slope;  // dh/dk [J m]
  Eigen::Matrix2d curvature;          // of the band [J m^2]

  /// side (eps - E(m)), positive where there is a pocket [J].
  double depth(const Eigen::Vector3d& m) const;
};

/// Those with m along the axes or against them, within 1e-11 of the Fermi energy, which counts as
/// at it.
std::vector<AxisEdge> axis_edges(const BandModel& model, const BandGrid& grid,
                                 const std::vector<Eigen::Vector3d>& axes);

}  // namespace kubomag
