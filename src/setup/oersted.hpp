#pragma once
// The Oersted field of a straight conductor of rectangular cross section that runs parallel to the
// film and is infinitely long.
#include "kubomag/grid.hpp"
#include "kubomag/vec3.hpp"

namespace kubomag {

struct StripCurrent {
  double current = 0;    // [A], along `direction`; spread evenly over the cross section
  double width = 0;      // in the plane of the film [m]
  double thickness = 0;  // [m]
  double direction = 0;  // of the current, angle from x [rad]
  double offset = 0;     // of the conductor's axis from the film's centre, to the left of the
                         // direction (along z x t) [m]
  double distance = 0;   // of the film's mid-plane above the conductor's, negative below it [m]
};

/// B at the point (x, y) of the film's mid-plane [T], by Biot and Savart's law over the cross
/// section: with the lateral distance u, the height z and G(a, b) = b ln(a^2 + b^2)/2 + a atan(b/a)
///   B_z = mu_0 j/(2 pi) sum_corners +-G(u - u_c, z - z_c),
///   B_u = -mu_0 j/(2 pi) sum_corners +-G(z - z_c, u - u_c).
/// Finite everywhere, also inside the conductor.
Vec3<double> oersted_field(const StripCurrent& strip, double x, double y);

}  // namespace kubomag
