#pragma once
// The radial profile of an isolated skyrmion in a film of infinite extent (docs/skyrmions.md,
// "Thiele").
#include <vector>

namespace kubomag {

/// A film with uniaxial anisotropy along z and interfacial or bulk DMI.
struct SkyrmionFilm {
  double Aex = 0;  // [J/m]
  double D = 0;    // DMI constant; its sign sets the helicity, not the profile [J/m2]
  double K = 0;    // Ku1 - mu_0 Msat^2/2 where the film's own field is taken as local [J/m3]
};

/// Polar angle from the background, theta(0) = pi in the core to 0 far away, at distances that are
/// uniform in ln(rho).
struct SkyrmionProfile {
  std::vector<double> rho;                       // [m]
  std::vector<double> theta;                     // [rad]
  std::vector<double> slope;                     // d theta / d rho [rad/m]
  double radius = 0;                             // where theta = pi/2 [m]
  double exchange = 0, dmi = 0, anisotropy = 0;  // energies per thickness [J/m]

  double energy() const { return exchange + dmi + anisotropy; }
  /// Derrick's relation: (E_dmi + 2 E_anisotropy)/E is 0 for an exact profile.
  double virial() const { return (dmi + 2 * anisotropy) / energy(); }
};

/// Solves Aex (theta'' + theta'/rho - sin 2theta/(2 rho^2)) + |D| sin^2 theta/rho -
/// (K/2) sin 2theta = 0 (Bogdanov and Hubert, J. Magn. Magn. Mater. 138, 255 (1994), eq. 8; Ado
/// 2017 uses it for its section V) by shooting from the core and with the tail theta ~ K1(rho/w), w
/// = sqrt(Aex/K). Throws InputError unless Aex and K are above 0 and 0.1 w0 < |D| < w0 with w0 =
/// 4 sqrt(Aex K)/pi: above, the film prefers a helix; below, the core is smaller than any cell.
SkyrmionProfile skyrmion_profile(const SkyrmionFilm& film);

/// int f d rho over the profile, f given at its points (Simpson's rule in ln rho).
double integrate(const SkyrmionProfile& profile, const std::vector<double>& f);

}  // namespace kubomag
