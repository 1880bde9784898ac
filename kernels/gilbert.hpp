#pragma once
// From Gilbert form to dm/dt. All torques are summed as a (a.m = 0) in
//   dm/dt = a + m x [alpha dm/dt + A0 dm_par/dt + A1 dm_par/dt x z]
// and solved in closed form (docs/physics.md, "Equation of motion"):
//   dm/dt = [(1 - 2 A1 mz) a + m x La] / [(1 - A1 mz)^2 + (alpha + A0 mz^2)(alpha + A0)],
//   La    = alpha a + A0 (ax, ay, 0) + A1 (ay, -ax, 0).
// `precession` is 1. With 0 and alpha = 1 what remains is steepest descent, dm/dt = m x a:
// relaxation.
#include "field.hpp"

namespace kubomag {

template <class Real>
KUBOMAG_HD Vec3<Real> solve_gilbert(Vec3<Real> m, Vec3<Real> a, Real precession, Real alpha) {
  const Real scale = 1 / (precession + alpha * alpha);
  return scale * (precession * a + alpha * cross(m, a));
}

template <class Real>
KUBOMAG_HD Vec3<Real> solve_gilbert(Vec3<Real> m, Vec3<Real> a, Real precession, Real alpha,
                                    Real A0, Real A1) {
  const Vec3<Real> La{(alpha + A0) * a.x + A1 * a.y, (alpha + A0) * a.y - A1 * a.x, alpha * a.z};
  const Real h = 1 - A1 * m.z;
  const Real scale = 1 / (precession * h * h + (alpha + A0 * m.z * m.z) * (alpha + A0));
  return scale * (precession * (1 - 2 * A1 * m.z) * a + cross(m, La));
}

}  // namespace kubomag
