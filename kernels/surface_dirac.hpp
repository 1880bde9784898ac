#pragma once
// Torques and damping of the Dirac surface under the film, at the local mz.
//   J'     = (e^2/h) (sigma_0 E' + sigma_H E' x z),  E' = E + grad psi        Sokolewicz 2019, (3)
//   with the B_FL   = -(Delta_sd / (Ms t |e| v)) z x J'                                 full
//   current: docs/physics.md B_diff = -(|e| Delta_sd^2 / (2 pi hbar^2 v^2 Ms t)) psi mz z
//   Sokolewicz 2018, (12)-(15) damping m x [A0 dm_par/dt + A1 dm_par/dt x z], A0 = c0 sigma_0, A1 =
//   c0 sigma_H   (16)-(17), corrected
// sigma_0 and sigma_H [e^2/h] follow the local mz: Sokolewicz 2019, (9)-(10).
#include "drive_sample.hpp"
#include "field.hpp"
#include "kubomag/problem.hpp"

namespace kubomag {

/// Sheet conductivities at the local mz [e^2/h], or the damping coefficients made of them [1].
template <class Real>
struct LongitudinalHall {
  Real longitudinal{}, hall{};
};

template <class Real, bool Mapped>
struct SurfaceDirac {
  Param<Real, Mapped> b, sigma_s, hall_1, hall_3, c0, B_FL_per_E, B_diff_per_psi;
  Param<Real, Mapped> E_per_rate, inverse_ev;  // outputs alone

  SurfaceDirac() = default;
  template <class Upload>
  SurfaceDirac(const DiracSurface& surface, Upload& upload)
      : b(upload(surface.b)),
        sigma_s(upload(surface.sigma_s)),
        hall_1(upload(surface.hall_1)),
        hall_3(upload(surface.hall_3)),
        c0(upload(surface.c0)),
        B_FL_per_E(upload(surface.B_FL_per_E)),
        B_diff_per_psi(upload(surface.B_diff_per_psi)),
        E_per_rate(upload(surface.E_per_rate)),
        inverse_ev(upload(surface.inverse_ev)) {}

  /// sigma_0(mz), sigma_H(mz) [e^2/h].
  KUBOMAG_HD LongitudinalHall<Real> conductivity(int i, Real mz) const {
    const Real u = b(i) * mz;
    const Real u2 = u * u;
    const Real d = 1 / (1 + 3 * u2);
    return {sigma_s(i) * (1 - u2) * d, u * (hall_1(i) + hall_3(i) * u2) * d * d};
  }

  /// J'/(e^2/h) [V/m] for the field E' at the local mz.
  KUBOMAG_HD Vec2<Real> current(const LongitudinalHall<Real>& sigma, DriveValue<Real> drive) const {
    return {sigma.longitudinal * drive.Ex + sigma.hall * drive.Ey,
            sigma.longitudinal * drive.Ey - sigma.hall * drive.Ex};
  }

  KUBOMAG_HD Vec3<Real> field_like(int i, const LongitudinalHall<Real>& sigma,
                                   DriveValue<Real> drive) const {
    const Vec2<Real> J = current(sigma, drive);
    return {B_FL_per_E(i) * J.y, -B_FL_per_E(i) * J.x, Real(0)};
  }

  KUBOMAG_HD Vec3<Real> diffusive(int i, Real mz, DriveValue<Real> drive) const {
    return {Real(0), Real(0), -B_diff_per_psi(i) * drive.psi * mz};
  }

  /// The electromotive field E_m = (Delta_sd/(e v)) z x dm/dt of the moving magnetisation [V/m]:
  /// the current it drives is the pumped one. Ndiaye 2017 (22) with its sign corrected, in the
  /// helicity of Sokolewicz 2018; m is a vector potential for the electrons.
  KUBOMAG_HD DriveValue<Real> motive(int i, Vec3<Real> dm_dt) const {
    return {Real(0), E_per_rate(i) * dm_dt.y, -E_per_rate(i) * dm_dt.x};
  }

  /// Spin density <sigma> [1/m2] of the sheet current J [A/m] and of psi: s_par = z x J/(e v) (the
  /// velocity operator is v sigma x z), s_z = e Delta_sd mz psi/(2 pi hbar^2 v^2).
  KUBOMAG_HD Vec3<Real> spin(int i, Real mz, Vec2<Real> J, Real psi) const {
    const Real per_psi = Real(constants::e2_over_h * constants::e_abs / constants::hbar) *
                         E_per_rate(i) * inverse_ev(i);
    return {inverse_ev(i) * J.y, -inverse_ev(i) * J.x, -per_psi * psi * mz};
  }

  /// A0, A1 [1].
  KUBOMAG_HD LongitudinalHall<Real> damping(int i, const LongitudinalHall<Real>& sigma) const {
    return {c0(i) * sigma.longitudinal, c0(i) * sigma.hall};
  }
};

}  // namespace kubomag
