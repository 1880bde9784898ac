#pragma once
// A closed curve on the sphere of m on which the response jumps because a band edge is at the Fermi
// energy.
#include <Eigen/Core>
#include <functional>
#include <optional>
#include <vector>

namespace kubomag {

struct JumpCurve {
  /// Points of the curve around it, the last one before the first; so close that between two of
  /// them it is all but straight, but for cusps, where it turns back.
  std::vector<Eigen::Vector3d> vertices;
  /// The point at `part` of the way, 0 to 1, from vertex i to i + 1, smooth in it also at a cusp;
  /// nothing where it is not found.
  std::function<std::optional<Eigen::Vector3d>(std::size_t i, double part)> at;
  /// Where the curve meets the plane q.m = c between two parts of the way from vertex i to i + 1 at
  /// which it is on different sides of it; nothing where that is not found.
  std::function<std::optional<Eigen::Vector3d>(std::size_t i, double from, double to,
                                               const Eigen::Vector3d& q, double c)>
      on_plane;
};

/// Whether m is on one of the curves, as closely as their vertices tell.
bool lies_on_one(const Eigen::Vector3d& m, const std::vector<JumpCurve>& curves);

}  // namespace kubomag
