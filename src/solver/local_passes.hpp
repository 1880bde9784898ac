#pragma once
// The passes over cells of the two-way coupled diffusion (solver/local_diffusion.hpp).
#include <array>

#include "kernels/rhs.hpp"
#include "kernels/sheet_current.hpp"
#include "kubomag/constants.hpp"

namespace kubomag {

/// m and dm/dt at both ends of a step; in between the cubic through them (Hermite).
template <class Real>
struct Motion {
  VectorView<const Real> m_0, rate_0, m_1, rate_1;
  double h = 0;  // length of the step [s]
};

/// The Hermite polynomials of the fraction s of a step, for the value or for its rate.
struct HermiteWeights {
  double m_0, rate_0, m_1, rate_1;

  static HermiteWeights value(double s, double h) {
    const double r = 1 - s;
    return {(1 + 2 * s) * r * r, s * r * r * h, s * s * (3 - 2 * s), -s * s * r * h};
  }
  static HermiteWeights rate(double s, double h) {
    const double slope = 6 * s * (1 - s) / h, r = 1 - s;
    return {-slope, r * (1 - 3 * s), slope, s * (3 * s - 2)};
  }
  template <class Real>
  KUBOMAG_HD Vec3<double> operator()(const Motion<Real>& motion, int i) const {
    return m_0 * cast<double>(motion.m_0.template load<Real>(i)) +
           rate_0 * cast<double>(motion.rate_0.template load<Real>(i)) +
           m_1 * cast<double>(motion.m_1.template load<Real>(i)) +
           rate_1 * cast<double>(motion.rate_1.template load<Real>(i));
  }
};

/// What m and dm/dt make of the surface state at one instant of a step.
template <class Real>
struct SheetPass {
  SurfaceDirac<double, true> surface;
  Param<double, true> emf_per_rate, pumped;
  Motion<Real> motion;
  HermiteWeights value, rate;
  VectorView<double> conductivity, emf;
  double* charge;  // pumped mz^2 / 2 [C/m^2]

  KUBOMAG_HD void operator()(Stencil s) const {
    const double mz = value(motion, s.i).z;
    const Vec3<double> dm = rate(motion, s.i);
    const LongitudinalHall<double> sigma = surface.conductivity(s.i, mz);
    conductivity.store(
        s.i, {constants::e2_over_h * sigma.longitudinal, constants::e2_over_h * sigma.hall, 0});
    const double k = emf_per_rate(s.i);
    emf.store(s.i, {k * dm.y, -k * dm.x, 0});
    charge[s.i] = 0.5 * pumped(s.i) * mz * mz;
  }
};

/// pumped mz^2 / 2 [C/m^2] with mz a time h ahead.
template <class Real>
struct PumpedPass {
  Param<double, true> pumped;
  VectorView<const Real> m, rate;
  double h;
  double* charge;
  KUBOMAG_HD void operator()(Stencil s) const {
    const double mz = m.z[s.i] + h * rate.z[s.i];
    charge[s.i] = 0.5 * pumped(s.i) * mz * mz;
  }
};

/// The potential whose gradient drives: psi and what the gate answers to the charge.
struct PotentialPass {
  const double *charge, *induced;  // [C/m^2], [V]; induced: null without screening
  Param<double, true> inverse_e2_nu;
  double* u;
  KUBOMAG_HD void operator()(Stencil s) const {
    const double psi = inverse_e2_nu(s.i) * charge[s.i];
    u[s.i] = induced ? psi + induced[s.i] : psi;
  }
};

/// to = factor * from
struct ScalePass {
  const double* from;
  Param<double, true> factor;
  double* to;
  KUBOMAG_HD void operator()(Stencil s) const { to[s.i] = factor(s.i) * from[s.i]; }
};

/// out = keep * charge + weight * div J.
template <Driving driving>
struct ChargePass {
  SheetCurrent<driving> current;
  const double* charge;
  double* out;
  Number<double> keep, weight;
  KUBOMAG_HD void operator()(Stencil s) const {
    out[s.i] = keep() * charge[s.i] + weight() * current.divergence(s);
  }
};

/// psi, E' for the torques.
template <class Real>
struct DrivePass {
  SheetCurrent<Driving::E> current;
  const double* psi;
  VectorView<Real> out;
  KUBOMAG_HD void operator()(Stencil s) const {
    out.store(s.i, {static_cast<Real>(psi[s.i]),
                    static_cast<Real>(current.field_x(s.i, s.left, s.right).mean()),
                    static_cast<Real>(current.field_y(s.i, s.down, s.up).mean())});
  }
};

/// Joule heat, power of the given field [W/m^2], energy of the moved charge [J/m^2].
struct SheetPowerPass {
  SheetCurrent<Driving::E_and_emf> current;
  const double *charge, *psi;
  const double *moved, *induced;  // null without screening
  KUBOMAG_HD std::array<double, 3> operator()(Stencil s) const {
    const SheetPower power = sheet_power(current, s);
    const double gate = moved ? moved[s.i] * induced[s.i] : 0;
    return {power.joule, power.drive, 0.5 * (charge[s.i] * psi[s.i] + gate)};
  }
};

/// sigma_0 and sigma_0 / e2_nu, for the means that the preconditioner takes.
struct ConductivityPass {
  VectorView<const double> conductivity;
  Param<double, true> inverse_e2_nu;
  KUBOMAG_HD std::array<double, 2> operator()(Stencil s) const {
    const double sigma = conductivity.x[s.i];
    return {sigma, sigma * inverse_e2_nu(s.i)};
  }
};

/// D = sigma_0 / e2_nu [m^2/s].
struct DiffusionConstantPass {
  VectorView<const double> conductivity;
  Param<double, true> inverse_e2_nu;
  double* D;
  KUBOMAG_HD void operator()(Stencil s) const { D[s.i] = conductivity.x[s.i] * inverse_e2_nu(s.i); }
};

/// How much two drives differ in the field on m: its square [T^2].
template <class Real, class F>
struct DriveChangePass {
  SurfaceDirac<Real, F::mapped> surface;
  VectorView<const Real> m;
  VectorView<const Real> before, after;  // psi, E'
  KUBOMAG_HD TwoMaxima<Real> operator()(Stencil s) const {
    const Real mz = m.z[s.i];
    const DriveValue<Real> change{after.x[s.i] - before.x[s.i], after.y[s.i] - before.y[s.i],
                                  after.z[s.i] - before.z[s.i]};
    const Vec3<Real> B = surface.field_like(s.i, surface.conductivity(s.i, mz), change) +
                         surface.diffusive(s.i, mz, change);
    return {not_nan(dot(B, B)), Real(0)};
  }
};

}  // namespace kubomag
