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
  /// them it is all but straight.
  std::vector<Eigen::Vector3d> vertices;
  /// Where the curve meets the plane q.m = c between the vertices i and i + 1, on different sides
  /// of it; nothing where that is not found.
  std::function<std::optional<Eigen::Vector3d>(std::size_t i, const Eigen::Vector3d& q, double c)>
      on_plane;
};

/// The curves with vertices between theirs, at most about `longest` [rad] apart.
std::vector<JumpCurve> with_short_steps(const std::vector<JumpCurve>& curves, double longest);

/// Whether m is on one of the curves, as closely as their vertices tell.
bool lies_on_one(const Eigen::Vector3d& m, const std::vector<JumpCurve>& curves);

}  // namespace kubomag
