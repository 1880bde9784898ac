#pragma once
// The spin-spin correlator K_hat(q, omega) of the Dirac surface: 3 x 3, dimensionless, rows and
// columns x, y, z; everything goes as exp(-i omega t + i q.r).
//
// The ladder sum K = M (1 - pi alpha M)^-1 (Sokolewicz 2019, below (13)) has, to leading order in
// alpha and to all orders in omega tau and v q tau, a closed form with one single function, the
// nonlocal conductivity sigma. With S = eps^2 + Delta_z^2, kappa^2 = eps^2 - Delta_z^2,
//   a = pi alpha S - i eps hbar omega,  R = sqrt(a^2 + (hbar v kappa q)^2),
//   sigma = kappa^2 / (a + R - pi alpha kappa^2),   D = hbar v^2 sigma / eps,   p = i omega - D
//   q^2, K_par = sigma [ u u^T + (i omega/p) (z x u)(z x u)^T ],   u = q/|q|, K_zx = K_xz = Q_y,
//   K_zy = K_yz = -Q_x,   Q = (Delta_z / hbar v) i D q / p, K_zz = -(Delta_z^2 / (hbar eps)) / p
//   (docs/physics.md, "K_hat", with the derivation).
// The anomalous Hall part is sigma_H (i omega/p) in xy and its negative in yx: order alpha^0, so it
// is not in the ladder's leading order; its pole follows from charge conservation.
#include <Eigen/Core>

#include "khat/dirac.hpp"

namespace kubomag {

struct Wave {
  double qx = 0, qy = 0;  // [1/m]
  double omega = 0;       // [rad/s]
};

/// The nonlocal conductivity sigma(q, omega) above [e^2/h]; sigma_0 at q = 0, omega = 0.
std::complex<double> nonlocal_conductivity(const DiracElectrons& electrons, double mz, double q,
                                           double omega);

/// K_hat as above. At omega = 0 and q = 0 the limit q -> 0 is taken first (K_par = sigma_0).
/// Throws InputError where the theory does not hold, and at omega = 0 = q with Delta_z != 0, where
/// K_zz has no value (it multiplies dm_z/dt, which is 0 there).
Eigen::Matrix3cd K_hat(const DiracElectrons& electrons, double mz, const Wave& wave,
                       HallParts parts);

/// The same to leading order in omega tau and D q^2 tau: sigma = sigma_0(mz).
/// Sokolewicz 2019 (14), text before (14), (B3), (B4), with the signs of docs/physics.md.
Eigen::Matrix3cd K_hat_diffusive(const DiracElectrons& electrons, double mz, const Wave& wave,
                                 HallParts parts);

/// Spin density s = <sigma> per area [1/m^2] that a total field E [V/m] and dm/dt [1/s] of this
/// wave drive: s = (1/(v^2 h)) K [e v (z x E) - Delta_sd dm/dt]. The sign is opposite to the
/// printed Sokolewicz 2019 (6), (A9), with which the Joule heat would be negative.
/// Throws like K_hat.
Eigen::Vector3cd spin_density(const DiracElectrons& electrons, double mz, const Wave& wave,
                              const Eigen::Vector2cd& E, const Eigen::Vector3cd& dm_dt,
                              HallParts parts);

}  // namespace kubomag
