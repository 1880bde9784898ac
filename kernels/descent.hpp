#pragma once
// Steepest descent of the energy on the sphere |m| = 1, cell by cell. With the torque T = m x B and
// the descent direction -m x T = B - m (m.B), the step of length tau [1/T] goes along the curve
//   m' = [(4 - tau^2 |T|^2) m - 4 tau m x T] / (4 + tau^2 |T|^2),
// which keeps |m| and is the solution of the midpoint rule m' - m = -(tau/2) (m + m') x T
// (Exl et al., J. Appl. Phys. 115, 17D118 (2014); derived in docs/drivers.md).
#include <array>

#include "rhs.hpp"

namespace kubomag {

/// T = m x B_eff into `torque`; its largest square is what the descent ends on.
template <class Real, class F>
struct DescentTorquePass {
  Scene<Real, F> f;
  VectorView<const Real> m;
  VectorView<Real> torque;

  DescentTorquePass in_row(Stencil first, Stencil last) const requires(Scene<Real, F>::by_row) {
    return pass_in_row(*this, m, first, last);
  }

  KUBOMAG_HD TwoMaxima<Real> operator()(Stencil s) const {
    const Neighbourhood<Real> c(m, s);
    Vec3<Real> T = cross(c.m, f.B_eff(c));
    if constexpr (F::mapped) T = f.mobile(s.i) * T;  // held cells stay
    torque.store(s.i, T);
    return {not_nan(dot(T, T)), Real(0)};
  }
};

/// s.s, s.y and y.y of the last step: s = change of m, y = change of the gradient m x T, weighted
/// with the moments, in which metric the gradient of the energy is m x T.
template <class Real, bool Mapped>
struct CurvaturePass {
  VectorView<const Real> m, torque, m_before, torque_before;
  Param<Real, Mapped> Ms;

  KUBOMAG_HD std::array<double, 3> operator()(Stencil at) const {
    const Vec3<double> now = cast<double>(m.load(at.i)), then = cast<double>(m_before.load(at.i));
    const Vec3<double> s = now - then;
    const Vec3<double> y = cross(now, cast<double>(torque.load(at.i))) -
                           cross(then, cast<double>(torque_before.load(at.i)));
    const double weight = Ms(at.i);
    return {weight * dot(s, s), weight * dot(s, y), weight * dot(y, y)};
  }
};

/// The step; what rounding leaves of |m| - 1 is taken away to first order.
template <class Real>
struct DescentPass {
  VectorView<const Real> m, torque;
  VectorView<Real> m_out;
  Real tau;  // [1/T]

  KUBOMAG_HD void operator()(Stencil s) const {
    const Vec3<Real> now = m.load(s.i), T = torque.load(s.i);
    const Real turn = tau * tau * dot(T, T), scale = 1 / (4 + turn);
    const Vec3<Real> next = (scale * (4 - turn)) * now - (scale * 4 * tau) * cross(now, T);
    m_out.store(s.i, (Real(0.5) * (3 - dot(next, next))) * next);
  }
};

}  // namespace kubomag
