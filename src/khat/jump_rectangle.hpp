#pragma once
// A rectangle of the coordinates of a torque table on the sphere.
#include <Eigen/Core>
#include <array>

namespace kubomag {

/// Of u = theta/pi and v, the azimuth in turns.
struct JumpRectangle {
  double u_0, u_1, v_0, v_1;
  double low(int along) const { return along == 0 ? u_0 : v_0; }
  double high(int along) const { return along == 0 ? u_1 : v_1; }
  /// Of its sides [rad].
  Eigen::Vector2d lengths() const;
  int longer_side() const;
  /// Along the longer side.
  std::array<JumpRectangle, 2> halves() const;
  /// With `part` of its sides more on all four.
  JumpRectangle grown(double part) const;
};

}  // namespace kubomag
