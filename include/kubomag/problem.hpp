#pragma once
// Problem: everything a run needs, validated plain data in SI. Built by src/io/config.cpp from a
// TOML file (or by hand in tests), read by the engines of src/solver.
#include <array>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "kubomag/constants.hpp"
#include "kubomag/custom_term.hpp"
#include "kubomag/grid.hpp"
#include "kubomag/local_tables.hpp"
#include "kubomag/parameters.hpp"
#include "kubomag/signal.hpp"
#include "kubomag/vec3.hpp"

namespace kubomag {

/// Coefficients of the Dirac surface, per cell (src/khat computes them from the electrons).
/// With b = Delta_sd / epsilon and mz the local magnetisation:
///   sigma_0(mz) = sigma_s (1 - b^2 mz^2) / (1 + 3 b^2 mz^2)                       [e^2/h]
///   sigma_H(mz) = b mz (hall_1 + hall_3 b^2 mz^2) / (1 + 3 b^2 mz^2)^2            [e^2/h]
///   B_FL = -B_FL_per_E  z x (sigma_0 E' + sigma_H E' x z),   B_diff = -B_diff_per_psi psi mz z
///   damping A0 = c0 sigma_0(mz), A1 = c0 sigma_H(mz)
struct DiracSurface {
  ScalarMap b;               // [1]
  ScalarMap sigma_s;         // [e^2/h]
  ScalarMap hall_1, hall_3;  // [e^2/h]
  ScalarMap c0;              // [1]
  ScalarMap B_FL_per_E;      // [T m/V]
  ScalarMap B_diff_per_psi;  // [T/V]
  // For outputs alone, whatever parts of the torque are switched off:
  ScalarMap E_per_rate;  // Delta_sd/(|e| v): E_m = -E_per_rate z x dm/dt [V s/m]
  ScalarMap inverse_ev;  // 1/(|e| v): s_par = -inverse_ev z x J [s/(C m)]
};

/// Periodic images make the film infinite along the periodic axes of the grid.
struct Demag {
  bool enabled = true;
};

/// A vector source(x, y) s(t), of B_ext [T] or of a current density; `map` empty: the uniform
/// vector `value`.
struct FieldSource {
  std::string name;
  Vec3<double> value;
  std::vector<Vec3<double>> map;
  Signal signal;
};

enum class Edge {
  periodic,  // the film repeats; needs a periodic grid along that axis
  no_flux,   // the surface state ends at the film edge: (E + grad psi) . N = 0
  infinite   // the surface state goes on beyond the film
};

/// E(x, y) s(t): x, y from the film centre [m], E in V/m. `E` is called for points of the film and,
/// with infinite edges, beyond it.
struct SeparableDrive {
  std::string name;
  std::function<Vec2<double>(double x, double y)> E;
  Signal signal;
};

/// What a field may do: false only where it is known that it never does.
struct FieldTraits {
  bool varies_along_x = true, varies_along_y = true, has_x = true, has_y = true;
};

/// E(x, y, t) sampled every `interval`: between samples a polynomial of the eighth degree in time
/// where they are smooth, else linear (docs/drive.md, "Signals"). With a `signal` it is E(x, y, 0)
/// times that function of t, whose samples need no transforms.
struct SampledDrive {
  std::string name;
  std::function<Vec2<double>(double x, double y, double t)> E;
  double interval = 0;  // [s]
  std::function<double(double t)> signal = {};
  FieldTraits traits = {};  // what does not vary along an axis costs next to nothing

  /// The whole field [V/m].
  Vec2<double> at(double x, double y, double t) const {
    if (!signal) return E(x, y, t);
    const Vec2<double> still = E(x, y, 0);
    const double factor = signal(t);
    return {factor * still.x, factor * still.y};
  }
};

/// A potential psi(x, y) s(t) given by hand, on top of the computed one [V].
struct PrescribedPsi {
  std::string name;
  ScalarMap psi;
  Signal signal;
};

/// Gate screening (docs/physics.md, "Screening"): E is the external field of the gate and the
/// moved charge acts back. Rate per mode D q^2 (1 + s_q) + 1/tau_c, s_q = e2_nu (1 - exp(-2 q d)) /
/// (2 eps q).
struct Screening {
  double e2_nu = 0;         // quantum capacitance e^2 nu [F/m^2]
  double permittivity = 0;  // [F/m]
  double distance = 0;      // gate plane above the surface [m], infinity: no gate plane
};

/// What ties psi to m cell by cell (docs/physics-texture.md), with sigma at the local mz:
///   e2_nu (d psi/dt + psi/tau_c) = div J + pumped mz dmz/dt,   J = sigma (E + grad psi + E_m),
///   E_m = -emf z x dm/dt
struct LocalCharge {
  ScalarMap e2_nu;   // quantum capacitance [F/m^2]
  ScalarMap pumped;  // |e| Delta_sd^2 / (2 pi hbar^2 v^2) [C/m^2]
  ScalarMap emf;     // Delta_sd / (|e| v) [V s/m]
};

/// The diffusive field: d psi/dt = div[D (E + grad psi)] - psi/tau_c. With `local`, D follows mz
/// and m acts back on psi; D is then that of the state before the run alone.
struct Diffusion {
  double D = 0;             // uniform [m^2/s]
  double mz_reference = 0;  // the mz that D was taken at
  double rate_c = 0;        // 1/tau_c [1/s]
  Edge edge_x = Edge::periodic, edge_y = Edge::periodic;
  double padding = 0;  // width added at infinite edges [m]
  std::optional<Screening> screening;
  std::optional<LocalCharge> local;
};

struct Drive {
  std::vector<SeparableDrive> separable;
  std::vector<SampledDrive> sampled;
  std::vector<PrescribedPsi> psi;
  bool empty() const { return separable.empty() && sampled.empty() && psi.empty(); }
};

enum class Scheme { dormand_prince, bogacki_shampine, rk4, heun };

struct Integrator {
  Scheme scheme = Scheme::dormand_prince;
  double MaxErr = 1e-5;  // largest error of any cell's m per step [rad]
  double MinDt = 1e-18;  // [s]
  double MaxDt = std::numeric_limits<double>::infinity();
  double FixDt = 0;  // > 0: fixed step [s]
  double InitialDt = 1e-14;
  std::uint64_t seed = 1;  // of the thermal field
};

enum class Descent { in_time, barzilai_borwein };

/// To an energy minimum: the drives are off, precession is off, `B_ext` replaces the sources if
/// given.
struct Relax {
  Descent descent = Descent::in_time;  // [relax], or [minimise]
  double stop_torque = 1e-6;           // largest |m x B_eff| [T]
  long max_steps = 100000;
  std::optional<Vec3<double>> B_ext;
};

struct Problem {
  Grid grid;
  double GammaLL = constants::GammaLL;  // [rad/(T s)]
  Parameters material;                  // Msat, Aex, Ku1, ...; see kernels/terms.hpp
  Demag demag;
  std::vector<FieldSource> B_ext;
  std::vector<FieldSource> E_z;      // across the dielectric on the film [V/m]; z alone is used
  std::vector<CustomTerm> custom;    // what the user gives as formulas
  std::vector<FieldSource> current;  // j through the layers of the film [A/m2]
  std::vector<FieldSource> sheet_current;  // J that is imposed on the electrons of `local` [A/m]
  std::optional<DiracSurface> surface;
  std::optional<LocalTables> local;  // electrons whose torque is local; not beside a Dirac surface
  Diffusion diffusion;
  Drive drive;
  Integrator integrator;
  std::vector<double> m;  // initial state, component after component: mx of all cells, my, mz
};

}  // namespace kubomag
