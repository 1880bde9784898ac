#pragma once
// The disordered Dirac surface state of a topological insulator under a ferromagnetic film,
//   H = v [(p - eA) x sigma]_z - Delta_sd m.sigma + V(r),   <V V> = 2 pi alpha (hbar v)^2 delta,
// e = -|e|, m the direction of the magnetisation, and every number that follows from it at one mz.
// Sokolewicz et al., arXiv letter (2018) and Phys. Rev. B 99, 214444 (2019), with the corrections
// of docs/physics.md, "Errata". Write Delta_z = Delta_sd mz, x = Delta_z / eps.
#include <string>

#include "kubomag/constants.hpp"

namespace kubomag {

struct DiracElectrons {
  double fermi_energy = 0;  // eps, from the Dirac point [J]
  double velocity = 0;      // v; its sign is the helicity [m/s]
  double Delta_sd = 0;      // coupling of m to sigma, signed [J]
  double disorder = 0;      // alpha [1]
};

struct Film {
  double Ms = 0;         // [A/m]
  double thickness = 0;  // [m]
  double GammaLL = constants::GammaLL;
};

/// Which diagrams of the anomalous Hall response are kept. `full` = ladder + crossed (X and Psi).
enum class HallParts { full, ladder, crossed, none };

/// Reads "full", "ladder", "crossed" or "none"; throws InputError for anything else.
HallParts hall_parts(const std::string& name);
std::string hall_name(HallParts parts);

/// sigma_H = x (hall_1 + hall_3 x^2) / (1 + 3 x^2)^2 [e^2/h].
struct HallNumbers {
  double hall_1 = 0, hall_3 = 0;
};

/// Sokolewicz 2019 (9): full 8 x^3; the ladder alone is 4 x (1 + x^2) (Sinitsyn et al. 2007), so
/// that the crossed diagrams bring -4 x (1 - x^2).
HallNumbers hall_numbers(HallParts parts);

/// Longitudinal conductivity [e^2/h], even in x = Delta_z / eps. Sokolewicz 2019 (9).
double sigma_0_of(double x, double disorder);
/// Anomalous Hall conductivity [e^2/h], odd in x: J_x = +sigma_H E_y. Sokolewicz 2019 (9).
double sigma_H_of(double x, HallParts parts);

// The three ways to state the disorder. sigma_0 [e^2/h] and tau_tr [s] are meant at mz = 0, where
// sigma_0 = 1/(pi alpha) and tau_tr = hbar/(pi alpha eps), half the momentum relaxation time.
// Throw InputError unless everything is positive.
double disorder_from_sigma_0(double sigma_0);
double disorder_from_tau_tr(double tau_tr, double fermi_energy);
double sigma_0_from_disorder(double disorder);
double tau_tr_from_disorder(double disorder, double fermi_energy);

struct DiracScales {
  double mz = 0;
  double sigma_0 = 0;         // [e^2/h]
  double sigma_H = 0;         // [e^2/h]
  double D = 0;               // diffusion constant hbar v^2 sigma_0 / eps [m^2/s]
  double tau_tr = 0;          // transport time hbar eps sigma_0 / (eps^2 + Delta_z^2) [s]
  double mean_free_path = 0;  // |v| tau_tr [m]
  double nu = 0;              // density of states eps / (2 pi hbar^2 v^2) [1/(J m^2)]
  double n_e = 0;             // density (eps^2 - Delta_z^2) / (4 pi hbar^2 v^2) [1/m^2]
  double e2_nu = 0;           // quantum capacitance e^2 nu [F/m^2]
  double c0 = 0;              // gamma Delta_sd^2 / (2 pi hbar v^2 Ms t) [1]
  double eta = 0;             // |eta| = |e| c0 / hbar = GammaLL B_diff_per_psi [rad/(s V)]
  double alpha_G = 0;         // damping of the in-plane dm/dt, c0 sigma_0 [1]
  double alpha_H = 0;         // its Hall partner, c0 sigma_H [1]
  double B_FL_per_J = 0;      // B_FL = -B_FL_per_J z x J, J in A/m: odd in v and Delta [T m/A]
  double B_FL_per_E = 0;      // (e^2/h) B_FL_per_J: times (sigma_0 E + sigma_H E x z) [T m/V]
  double B_diff_per_psi = 0;  // B_diff = -B_diff_per_psi psi mz z: even in v and Delta [T/V]
};

/// Everything above for one set of electrons under one film at the local mz.
/// Throws InputError where the theory does not hold (validity.hpp), for |mz| > 1 and for a film
/// without moment or thickness.
DiracScales dirac_scales(const DiracElectrons& electrons, const Film& film, double mz,
                         HallParts parts);

}  // namespace kubomag
