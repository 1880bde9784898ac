#pragma once
// A film with everything on, and what tests of bits compare.
#include <cmath>
#include <cstring>
#include <utility>
#include <vector>

#include "khat/surface.hpp"
#include "support/films.hpp"

namespace kubomag::test {

inline SignalTerm sine_term(double frequency) {
  SignalTerm term;
  term.kind = SignalTerm::Kind::sine;
  term.frequency = frequency, term.start = 0.3e-12;
  return term;
}

inline ScalarMap varied(const Grid& grid, double value) {
  std::vector<double> map(grid.cells());
  for (std::size_t i = 0; i < map.size(); ++i)
    map[i] = value * (1 + 0.2 * std::sin(0.7 * static_cast<double>(i)));
  return ScalarMap(std::move(map));
}

inline void add_surface(Problem& p) {
  const double e = constants::e_abs;
  const DiracMaps maps{varied(p.grid, 0.2 * e), 5e5, 0.05 * e, 0.03, p.material["Msat"]};
  p.surface = dirac_surface(maps, p.grid.dz, p.GammaLL, {});
  const DiffusionNumbers numbers = diffusion_numbers(mean_electrons(maps), 0.7);
  p.diffusion.D = numbers.D, p.diffusion.mz_reference = numbers.mz_reference;
  p.diffusion.edge_x = p.diffusion.edge_y = Edge::no_flux;
}

inline void add_drives(Problem& p) {
  const double k = 2 * constants::pi / p.grid.size_x();
  const auto E = [k](double x, double y) { return Vec2<double>{1e6 * std::sin(k * x), 1e12 * y}; };
  SignalTerm table;
  table.kind = SignalTerm::Kind::table;
  table.times = {0, 1.1e-12, 4e-12}, table.values = {0, 1, -0.5};
  p.drive.separable = {{"wave", E, {{sine_term(7e9)}}}, {"ramp", E, {{table}}}};
  FieldSource source;
  source.value = {0.05, -0.02, 0.03};
  source.signal = {{sine_term(11e9)}};
  p.B_ext = {source};
}

/// Everything on: demag, maps, a surface with drives, a field that alternates. With 19 cells the
/// drive's box is one that a GPU's own transforms do not know.
inline Problem busy_film(int nx = 19) {
  Problem p = plain_film(nx, 14, 4e-9, 5e-9, 3e-9);
  p.material.set("Msat", varied(p.grid, 3e5));
  p.material.set("Aex", varied(p.grid, 5e-12));
  p.material.set("Ku1", 1e5);
  p.material.set("alpha", 0.01);
  p.demag.enabled = true;
  p.m = wavy(p.grid);
  add_surface(p);
  add_drives(p);
  return p;
}

inline bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

inline void take_steps(Engine& film, int count) {
  for (int i = 0; i < count; ++i) film.step(1);
}

}  // namespace kubomag::test
