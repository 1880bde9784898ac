#pragma once
// Cusps of curves of jumps, where two stationary points of a band annihilate each other at the
// Fermi energy. Ahead of a cusp nothing jumps, but at the distance a from it the response still
// varies on the scale a^(3/2) across the tangent of the cusp.
#include <vector>

#include "khat/jump_curve.hpp"

namespace kubomag {

struct JumpCusp {
  Eigen::Vector3d at, ahead;  // unit vectors, perpendicular
  /// Where the great circle of the tangent meets the plane q.m = c, q a unit vector, next to the
  /// cusp; nothing where it does not.
  std::optional<Eigen::Vector3d> on_plane(const Eigen::Vector3d& q, double c) const;
};

std::vector<JumpCusp> cusps_of(const std::vector<JumpCurve>& curves);

}  // namespace kubomag
