#include "khat/jump_curve.hpp"

#include <algorithm>
#include <cmath>

namespace kubomag {

using Eigen::Vector3d;

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
