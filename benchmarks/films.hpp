#pragma once
// The films that are timed, and how many bytes per cell an evaluation must move.
#include <cmath>
#include <memory>

#include "kernels/torques.hpp"
#include "kubomag/engine.hpp"
#include "solver/butcher_tableau.hpp"

namespace kubomag::bench {

/// Permalloy-like cells of 4 nm with a smooth texture; fixed steps of 0.1 ps.
inline Problem film(int n, Scheme scheme = Scheme::rk4) {
  Problem p;
  p.grid = {n, n, 4e-9, 4e-9, 4e-9, false, false};
  for (const auto& declarations : {term_declarations(), torque_declarations()})
    for (const TermDeclaration& term : declarations)
      for (const Input& input : term.inputs) p.material.set(input.name, input.default_value);
  p.material.set("Msat", 8e5);
  p.material.set("Aex", 1.3e-11);
  p.material.set("Ku1", 5e5);
  p.material.set("alpha", 0.02);
  p.demag.enabled = false;
  FieldSource field;
  field.value = {-24.6e-3, 4.3e-3, 0};
  field.signal = Signal::constant();
  p.B_ext = {field};
  p.integrator.scheme = scheme;
  p.integrator.FixDt = 1e-13;
  p.m.resize(3 * p.grid.cells());
  for (int iy = 0; iy < n; ++iy)
    for (int ix = 0; ix < n; ++ix) {
      const double a = 6.0 * ix / n, b = 5.0 * iy / n;
      const std::size_t i = p.grid.index(ix, iy), cells = p.grid.cells();
      p.m[i] = std::sin(a), p.m[cells + i] = std::cos(b), p.m[2 * cells + i] = 0.5;
    }
  return p;
}

/// A Dirac surface under the film with realistic numbers (docs/physics.md, orders of magnitude).
inline void add_surface(Problem& p) {
  DiracSurface s;
  s.b = 0.25;
  s.sigma_s = 10.0;
  s.hall_1 = 0.0;
  s.hall_3 = 8.0;
  s.c0 = 1e-4;
  s.B_FL_per_E = 5.5e-9;
  s.B_diff_per_psi = 0.84;
  p.surface = s;
  p.diffusion.D = 8e-3;
  p.diffusion.edge_x = p.diffusion.edge_y = Edge::no_flux;
}

/// A wave of E: 7 GHz for ever along x, or (general) a pulse at 30 degrees to x, which needs
/// two-dimensional transforms at every evaluation.
inline void add_grating(Problem& p, bool general) {
  SignalTerm term;
  term.kind = general ? SignalTerm::Kind::pulse : SignalTerm::Kind::sine;
  term.frequency = 7e9;
  term.centre = 0, term.width = 1e-10;
  const double q = 2 * constants::pi / 500e-9, angle = general ? constants::pi / 6 : 0;
  const double cos = std::cos(angle), sin = std::sin(angle);
  const auto E = [=](double x, double y) {
    const double wave = 1e5 * std::sin(q * (x * cos + y * sin));
    return Vec2<double>{wave * cos, wave * sin};
  };
  p.drive.separable.push_back({"grating", E, Signal{{term}}});
}

inline int evaluations_per_step(Scheme scheme) { return tableau(scheme).stages; }

}  // namespace kubomag::bench
