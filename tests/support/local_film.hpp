#pragma once
// Films whose diffusion follows the local mz, and the numbers that this takes written out by hand
// in SI from docs/physics-texture.md (nothing shared with src/khat/local_charge.cpp).
#include "support/dirac_film.hpp"
#include "support/film_drive.hpp"

namespace kubomag::test {

inline double e2_nu(const HandMadeSurface& s) {  // [F/m^2]
  const double k = constants::e_abs / (constants::hbar * s.v);
  return k * k * s.eps / (2 * constants::pi);
}
inline double pumped(const HandMadeSurface& s) {  // [C/m^2]
  const double k = s.Delta / (constants::hbar * s.v);
  return constants::e_abs * k * k / (2 * constants::pi);
}
inline double emf(const HandMadeSurface& s) {  // [V s/m]
  return s.Delta / (constants::e_abs * s.v);
}

/// D follows mz; edges are those of the grid.
inline void make_local(Problem& p, const HandMadeSurface& s, double mz_reference = 0.5) {
  p.diffusion.D = s.D(mz_reference), p.diffusion.mz_reference = mz_reference;
  p.diffusion.edge_x = p.grid.periodic_x ? Edge::periodic : Edge::no_flux;
  p.diffusion.edge_y = p.grid.periodic_y ? Edge::periodic : Edge::no_flux;
  p.diffusion.local = LocalCharge{e2_nu(s), pumped(s), emf(s)};
}

/// The surface on a film whose m stands still.
inline HandMadeSurface frozen(HandMadeSurface s) {
  s.gamma = 1e-6;
  return s;
}

inline SeparableDrive drive_of(std::function<Vec2<double>(double, double)> E, Signal signal) {
  return {"E", std::move(E), std::move(signal)};
}

inline void take_steps(Engine& film, double h, int count) {
  const double begin = film.time();
  for (int i = 1; i <= count; ++i) film.step(begin + i * h);
}

}  // namespace kubomag::test
