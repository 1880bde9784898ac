#include "khat/jump_curve.hpp"

#include <algorithm>
#include <cmath>

namespace kubomag {

using Eigen::Vector3d;

std::vector<JumpCurve> with_short_steps(const std::vector<JumpCurve>& curves, double longest) {
  std::vector<JumpCurve> out;
  for (const JumpCurve& curve : curves) {
    std::vector<std::size_t> steps;  // of the given curve, in which the new ones are
    JumpCurve& dense = out.emplace_back();
    for (std::size_t i = 0; i < curve.vertices.size(); ++i) {
      const Vector3d& a = curve.vertices[i];
      const Vector3d chord = curve.vertices[(i + 1) % curve.vertices.size()] - a;
      const int parts = static_cast<int>(std::ceil(chord.norm() / longest));
      dense.vertices.push_back(a), steps.push_back(i);
      for (int part = 1; part < parts; ++part) {
        const double c = chord.dot(a) + double(part) / parts * chord.squaredNorm();
        if (const auto m = curve.on_plane(i, chord / chord.norm(), c / chord.norm()))
          dense.vertices.push_back(*m), steps.push_back(i);
      }
    }
    dense.on_plane = [steps = std::move(steps), on_plane = curve.on_plane](
                         std::size_t i, const Vector3d& q, double c) {
      return on_plane(steps[i], q, c);
    };
  }
  return out;
}

bool lies_on_one(const Vector3d& m, const std::vector<JumpCurve>& curves) {
  constexpr double bulge = 0.1, rounding = 1e-8;
  for (const JumpCurve& curve : curves)
    for (std::size_t i = 0; i < curve.vertices.size(); ++i) {
      const Vector3d &a = curve.vertices[i],
                     chord = curve.vertices[(i + 1) % curve.vertices.size()] - a;
      const double part = std::clamp((m - a).dot(chord) / chord.squaredNorm(), 0.0, 1.0);
      if ((a + part * chord - m).norm() < bulge * chord.norm() + rounding) return true;
    }
  return false;
}

}  // namespace kubomag
