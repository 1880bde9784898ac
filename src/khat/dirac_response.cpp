#include "khat/dirac_response.hpp"

#include <cmath>
#include <complex>

#include "khat/validity.hpp"
#include "kubomag/error.hpp"

namespace kubomag {
namespace {

using namespace constants;
using Complex = std::complex<double>;

// All energies are measured in eps and lengths in hbar v / eps, so that nothing under- or
// overflows.
struct Scaled {
  double x;  // Delta_z / eps
  double alpha;
  double qx, qy;  // hbar v q / eps; v signed: v -> -v is q -> -q
  double omega;   // hbar omega / eps
};

Scaled scale(const DiracElectrons& electrons, double mz, const Wave& wave) {
  check_electrons(electrons);
  check_mz(mz);
  if (!std::isfinite(wave.qx) || !std::isfinite(wave.qy) || !std::isfinite(wave.omega))
    throw InputError("q and omega must be finite numbers");
  const double eps = electrons.fermi_energy;
  const double length = hbar * electrons.velocity / eps;
  return {electrons.Delta_sd * mz / eps, electrons.disorder, length * wave.qx, length * wave.qy,
          hbar * wave.omega / eps};
}

Complex conductivity(const Scaled& s) {
  const double kappa2 = 1 - s.x * s.x;
  const Complex a(pi * s.alpha * (1 + s.x * s.x), -s.omega);
  const Complex R = std::sqrt(a * a + kappa2 * (s.qx * s.qx + s.qy * s.qy));
  return kappa2 / (a + R - pi * s.alpha * kappa2);
}

// K of the header from its one function sigma; charge conservation fixes everything else.
Eigen::Matrix3cd assemble(const Scaled& s, Complex sigma, double sigma_H) {
  const Complex i(0, 1);
  const double q2 = s.qx * s.qx + s.qy * s.qy;
  const Complex pole = i * s.omega - sigma * q2;
  const bool uniform = q2 == 0, resting = uniform && s.omega == 0;
  if (resting && s.x != 0)
    throw InputError(
        "K_zz has no value at q = 0 and omega = 0 (it diverges as 1/omega and multiplies dm_z/dt): "
        "give a finite omega or q");
  const Complex relaxation = uniform ? Complex(1) : i * s.omega / pole;  // i omega/p
  const double ux = uniform ? 1 : s.qx / std::sqrt(q2), uy = uniform ? 0 : s.qy / std::sqrt(q2);
  const Complex T = sigma, L = sigma * relaxation, H = sigma_H * relaxation;
  const Complex Q = resting ? Complex(0) : s.x * i * sigma / pole;
  const Complex zz = resting ? Complex(0) : -s.x * s.x / pole;

  Eigen::Matrix3cd K;
  K << T * ux * ux + L * uy * uy, (T - L) * ux * uy + H, Q * s.qy,  //
      (T - L) * ux * uy - H, T * uy * uy + L * ux * ux, -Q * s.qx,  //
      Q * s.qy, -Q * s.qx, zz;
  return K;
}

}  // namespace

Complex nonlocal_conductivity(const DiracElectrons& electrons, double mz, double q, double omega) {
  return conductivity(scale(electrons, mz, {q, 0, omega}));
}

Eigen::Matrix3cd K_hat(const DiracElectrons& electrons, double mz, const Wave& wave,
                       HallParts parts) {
  const Scaled s = scale(electrons, mz, wave);
  return assemble(s, conductivity(s), sigma_H_of(s.x, parts));
}

Eigen::Matrix3cd K_hat_diffusive(const DiracElectrons& electrons, double mz, const Wave& wave,
                                 HallParts parts) {
  const Scaled s = scale(electrons, mz, wave);
  return assemble(s, sigma_0_of(s.x, s.alpha), sigma_H_of(s.x, parts));
}

Eigen::Vector3cd spin_density(const DiracElectrons& electrons, double mz, const Wave& wave,
                              const Eigen::Vector2cd& E, const Eigen::Vector3cd& dm_dt,
                              HallParts parts) {
  const double v = electrons.velocity, h = 2 * pi * hbar;
  const double per_E = -e_abs / (v * h), per_dm_dt = -electrons.Delta_sd / v / (v * h);
  const Eigen::Vector3cd z_cross_E(-E.y(), E.x(), 0);
  return K_hat(electrons, mz, wave, parts) * (per_E * z_cross_E + per_dm_dt * dm_dt);
}

}  // namespace kubomag
