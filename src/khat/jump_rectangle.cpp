#include "khat/jump_rectangle.hpp"

#include <algorithm>
#include <cmath>

#include "kubomag/constants.hpp"

namespace kubomag {

using constants::pi;

Eigen::Vector2d JumpRectangle::lengths() const {
  const bool equator = u_0 < 0.5 && u_1 > 0.5;
  const double widest = equator ? 1 : std::max(std::sin(pi * u_0), std::sin(pi * u_1));
  return {pi * (u_1 - u_0), 2 * pi * widest * (v_1 - v_0)};
}

int JumpRectangle::longer_side() const { return lengths()[1] > lengths()[0] ? 1 : 0; }

std::array<JumpRectangle, 2> JumpRectangle::halves() const {
  std::array<JumpRectangle, 2> out{*this, *this};
  if (longer_side() == 0)
    out[0].u_1 = out[1].u_0 = 0.5 * (u_0 + u_1);
  else
    out[0].v_1 = out[1].v_0 = 0.5 * (v_0 + v_1);
  return out;
}

JumpRectangle JumpRectangle::grown(double part) const {
  const double du = part * (u_1 - u_0), dv = part * (v_1 - v_0);
  return {u_0 - du, u_1 + du, v_0 - dv, v_1 + dv};
}

}  // namespace kubomag
