#pragma once
// Single cells for tests of batches.
#include <cmath>
#include <vector>

#include "support/dirac_film.hpp"
#include "support/film_drive.hpp"

namespace kubomag::test {

inline std::vector<double> unit(Vec3<double> m) {
  const double length = norm(m);
  return {m.x / length, m.y / length, m.z / length};
}

/// Cells that differ in everything that a replica may have of its own; `kind` as a block knows it.
inline Problem varied_cell(int n, bool surface) {
  Problem p = plain_film(1, 1, 20e-9, 10e-9, 2e-9);
  const double x = 0.37 * (n + 1) - std::floor(0.37 * (n + 1));
  p.demag.enabled = true;
  p.material.set("Msat", 6e5 + 4e5 * x);
  p.material.set("Ku1", 3e5 * x);
  p.material.set("alpha", 0.01 + 0.3 * x);
  p.material.set("theta_SH", 0.1);
  SignalTerm ramp;
  ramp.kind = SignalTerm::Kind::table;
  ramp.times = {0, 1e-10 * (1 + x)};
  ramp.values = {0, 1 + x};
  p.current = {{"", {2e12 * x, 1e12, 0}, {}, {{ramp}}}};
  SignalTerm sine;
  sine.kind = SignalTerm::Kind::sine;
  sine.frequency = 5e9 + 3e9 * x;
  sine.start = 2e-11 * x;
  p.B_ext = {{"", {0.1 * x, 0.02, 0.3}, {}, {{sine}}}, {"", {0, 0.05, 0}, {}, Signal::constant()}};
  p.m = unit({std::sin(1.0 + n), std::cos(0.7 * n), 0.5 - x});
  if (surface) {
    p.surface = given_damping(0.02 * x, 0.01, 1);
    p.surface->B_FL_per_E = ScalarMap(1e-7 * (1 + x));
    p.surface->B_diff_per_psi = ScalarMap(3.0);
    p.drive.psi = {{"given", ScalarMap(0.01 * x), testing::sine_signal(4e10, 0.1, 0)}};
    p.drive.separable = {{"E",
                          [](double, double) {
                            return Vec2<double>{1e5, -3e4};
                          },
                          testing::sine_signal(6e10, 0, -HUGE_VAL)}};
  }
  return p;
}

}  // namespace kubomag::test
