#pragma once
// Parabolic bands with spin-orbit coupling linear in k under a ferromagnetic film:
//   H = C k^2 + alpha_R (k_x sigma_y - k_y sigma_x) - Delta_sd m.sigma   (Rashba),
//   H = C k^2 + alpha_R (k_x sigma_x - k_y sigma_y) - Delta_sd m.sigma   (Dresselhaus).
// The Rashba sign is that of Veneri 2022 (7), opposite to Ado 2017 (8); Delta_sd > 0 turns the
// Pauli spin along the magnetisation m, as for the Dirac surface (Veneri 2022 (8) has the
// opposite sign). C = hbar^2/(2 m*). In the local frame m = (sin theta, 0, cos theta).
#include "khat/band_model.hpp"
#include "khat/contour.hpp"
#include "khat/linear_bands.hpp"
#include "khat/quartic_contour.hpp"

namespace kubomag {

struct ParabolicElectrons {
  double fermi_energy = 0;  // eps, from the bottom of C k^2 [J]
  double C = 0;             // hbar^2/(2 m*) [J m^2]
  double alpha_R = 0;       // spin-orbit coupling, signed [J m]
  double Delta_sd = 0;      // coupling of m to sigma, signed [J]
};

/// C = hbar^2/(2 mass_ratio m_e) [J m^2]. Throws InputError unless mass_ratio > 0 and finite.
double kinetic_constant(double mass_ratio);

/// Throws InputError unless C > 0, alpha_R and Delta_sd are not zero and everything is finite.
void check_parabolic(const ParabolicElectrons& electrons);

/// The lowest energies of the two Rashba bands at the angle theta of m.
struct BandEdges {
  double lower = 0;     // min E_- [J]
  double upper = 0;     // E* = min E_+: below it one subband alone carries the current [J]
  double ky_upper = 0;  // where E_+ is lowest, at k_x = 0 [1/m]
};

/// Veneri 2022, text of Fig. 4 (only E* <= |Delta_sd| is said there). Throws like check_parabolic.
BandEdges band_edges(const ParabolicElectrons& electrons, double theta);

/// The same bands, with the Dresselhaus coupling alpha_D beside alpha_R [J m], as a general model
/// with a cutoff of twice the largest |k| that a Fermi contour can have.
BandModel parabolic_bands(const ParabolicElectrons& electrons, double alpha_D);

/// The same bands at the direction m, as lines through a point see them, in units of
/// energy = max(|eps|, |Delta_sd|) and length = sqrt(C/energy).
struct ScaledBands {
  LinearBands bands;
  double energy = 1, length = 1;  // [J], [m]

  /// Back to SI.
  FermiContour in_si(FermiContour contour) const;
};
ScaledBands scaled_bands(const ParabolicElectrons& electrons, double alpha_D,
                         const Eigen::Vector3d& m);

/// Throws InputError for an energy below both bands, and within 1e-9 (of the scale) of a minimum, a
/// maximum or a saddle of a band.
void check_edges(const ScaledBands& scaled, const std::vector<StationaryPoint>& points);

/// The Fermi contour in the local frame on `directions` rays (32, 64, 128, ...) from the lowest
/// point of E_+, with the local Green function g0 cut off at |k| = cutoff [1/m]; without a cutoff
/// (0) Re g0 is left 0 (quartic_contour.hpp).
/// Throws InputError without a Fermi contour, with eps within 1e-9 of a band edge (relative to the
/// larger of |eps| and |Delta_sd|) and for a cutoff inside the contour; NotStarShaped where rays
/// from that point do not do (just above the bottom of the lower band).
FermiContour fermi_contour(const ParabolicElectrons& electrons, double theta, double cutoff,
                           int directions);

}  // namespace kubomag
