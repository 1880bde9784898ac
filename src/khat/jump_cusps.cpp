#include "khat/jump_cusps.hpp"

#include <Eigen/Geometry>
#include <cmath>

namespace kubomag {
namespace {

using Eigen::Vector3d;

/// Where on a step of a curve m is farthest along a direction.
double farthest(const JumpCurve& curve, std::size_t step, const Vector3d& direction) {
  const auto reach = [&](double part) {
    const std::optional<Vector3d> m = curve.at(step, part);
    return m ? m->dot(direction) : -HUGE_VAL;
  };
  constexpr int divisions = 80;
  double low = 0, high = 1;
  for (int i = 0; i < divisions; ++i) {
    const double a = low + 0.4 * (high - low), b = low + 0.6 * (high - low);
    (reach(a) > reach(b) ? high : low) = reach(a) > reach(b) ? b : a;
  }
  return 0.5 * (low + high);
}

/// The tangent from a place so close to the cusp that it is exact to 1e-3 of a turn and more.
std::optional<JumpCusp> cusp_at(const JumpCurve& curve, std::size_t step, double part) {
  constexpr double close = 1e-7;  // [rad]
  const std::optional<Vector3d> at = curve.at(step, part);
  for (double away = part < 0.5 ? 0.25 : -0.25; at && std::abs(away) > 1e-7; away /= 2) {
    const std::optional<Vector3d> beside = curve.at(step, part + away);
    if (!beside || (*beside - *at).norm() > close) continue;
    const Vector3d back = *at - *beside;
    return JumpCusp{*at, (back - back.dot(*at) * *at).normalized()};
  }
  return {};
}

}  // namespace

std::optional<Vector3d> JumpCusp::on_plane(const Vector3d& q, double c) const {
  const Vector3d normal = at.cross(ahead), along = normal.cross(q);
  const double sine2 = along.squaredNorm();
  const Vector3d middle = c / sine2 * (q - q.dot(normal) * normal);
  const double half2 = 1 - middle.squaredNorm();
  if (!(half2 >= 0)) return {};
  const Vector3d half = std::sqrt(half2 / sine2) * along;
  return (middle + std::copysign(1.0, half.dot(at)) * half).eval();
}

std::vector<JumpCusp> cusps_of(const std::vector<JumpCurve>& curves) {
  std::vector<JumpCusp> out;
  for (const JumpCurve& curve : curves) {
    const std::vector<Vector3d>& m = curve.vertices;
    const std::size_t n = m.size();
    for (std::size_t i = 0; i < n; ++i) {
      const Vector3d before = m[i] - m[(i + n - 1) % n], behind = m[i] - m[(i + 1) % n];
      if (before.dot(behind) <= 0) continue;
      const Vector3d towards = before.norm() > behind.norm() ? before : behind;
      std::size_t step = i;
      double part = farthest(curve, step, towards);
      const std::size_t other = (i + n - 1) % n;
      const double other_part = farthest(curve, other, towards);
      const std::optional<Vector3d> here = curve.at(step, part),
                                    there = curve.at(other, other_part);
      if (!here || !there) continue;
      if (there->dot(towards) > here->dot(towards)) step = other, part = other_part;
      if (const std::optional<JumpCusp> cusp = cusp_at(curve, step, part)) out.push_back(*cusp);
    }
  }
  return out;
}

}  // namespace kubomag
