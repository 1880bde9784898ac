#pragma once
// Where the theory of the Dirac surface holds: leading order in the disorder alpha, Fermi energy
// in the conduction band for every mz, fields slow and smooth on the scale of the scattering.
// Limits are ours; the theory only says "small" (Sokolewicz 2019, below (9)). Corrections are of
// the order of the parameter itself, so a caution at 0.1 means ten percent, and beyond 0.5 an
// answer would be misleading; those in q l are of second order, hence its caution at 0.3. The
// parameters are taken at their worst mz and in the worst cell.
#include <string>
#include <vector>

#include "khat/dirac_maps.hpp"

namespace kubomag {

/// Throws InputError unless fermi_energy > |Delta_sd| (so that eps > |Delta_z| for any mz),
/// 0 < disorder < 0.3, velocity != 0 and all are finite.
void check_electrons(const DiracElectrons& electrons);
/// The same for every cell, naming the first one that fails; also Msat >= 0 and one sign of
/// velocity (one surface has one helicity).
void check_maps(const DiracMaps& maps);
/// Throws InputError unless |mz| <= 1 (within rounding).
void check_mz(double mz);

/// How fast and how fine the drive is; zero where there is none of a kind. The keys are named in
/// messages.
struct DriveScales {
  double omega = 0;       // largest angular frequency of the drive [rad/s]
  double q = 0;           // largest wave number of the drive [1/m]
  double psi = 0;         // amplitude of the diffusive field [V]
  double precession = 0;  // angular frequency of the magnetisation, gamma B [rad/s]
  std::string omega_key = "gate.signal.frequency";
  std::string q_key = "gate.period";
  std::string precession_key = "B_ext and anisotropy";
};

enum class Verdict { good, caution, refused };

struct SmallParameter {
  std::string name;    // "omega tau"
  std::string symbol;  // "omega tau_tr"
  double value = 0;
  double caution_above = 0, refused_above = 0;
  Verdict verdict = Verdict::good;
  std::string message;  // the key, what it gives, what is allowed
};

/// alpha, |Delta_sd|/eps, omega tau, q l, D q^2 tau, delta n/n0, w0 tau (tau = tau_tr and
/// l = |v| tau at mz = 0; n0 at |mz| = 1). delta n/n0 = e^2 nu psi/(|e| n_e) only ever cautions:
/// the run goes on, its response is no longer linear. Throws InputError where check_maps does, or
/// for a drive that is not finite.
std::vector<SmallParameter> small_parameters(const DiracMaps& maps, const DriveScales& drive);

/// The messages of the parameters that are to be treated with caution. Throws InputError with the
/// message of the first refused one.
std::vector<std::string> require_valid(const std::vector<SmallParameter>& parameters);

}  // namespace kubomag
