#pragma once
// Films of every kind, for what they hold in memory and what they move.
#include "support/custom_terms.hpp"
#include "support/dirac_film.hpp"
#include "support/films.hpp"

namespace kubomag::test::films {

inline constexpr double meV = 1e-3 * constants::e_abs;
inline const HandMadeSurface electrons{200 * meV, 5e5, 50 * meV, 0.03, 1.4e5, 5e-9};

inline ScalarMap ramp(const Grid& grid, double from, double to) {
  std::vector<double> values(grid.cells());
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = from + (to - from) * static_cast<double>(i) / static_cast<double>(values.size());
  return ScalarMap(values);
}

inline Problem film(int nx = 37, int ny = 26) {
  Problem p = plain_film(nx, ny);
  p.material.set("Aex", 1.3e-11);
  p.material.set("alpha", 0.02);
  p.m = wavy(p.grid);
  return p;
}

inline Problem demag_film() {
  Problem p = film();
  p.demag.enabled = true;
  return p;
}

inline Problem periodic_film() {
  Problem p = film(40, 26);
  p.grid.periodic_x = true;
  p.demag.enabled = true;
  p.integrator.scheme = Scheme::heun;
  return p;
}

/// Maps, every energy term, currents and a field with maps, formulas as a term and as a signal.
inline Problem mapped_film() {
  Problem p = film();
  p.demag.enabled = true;
  p.material.set("Msat", ramp(p.grid, 7e5, 9e5));
  p.material.set("alpha", ramp(p.grid, 0.01, 0.1));
  p.material.set("Dind", 1e-3);
  p.material.set("Kc1", 1e4);
  p.material.set("xi_VCMA", 3e-14);
  p.material.set("theta_SH", 0.1);
  FieldSource map{
      "", {}, std::vector<Vec3<double>>(p.grid.cells(), {1e-3, 2e-3, 0}), Signal::constant()};
  p.B_ext = {map, {"", {0, 0.01, 0}, {}, {{formula_term("cos(3e11*t)*exp(-t/ns)")}}}};
  p.current = {map};
  p.E_z = {map};
  p.custom.push_back(custom_term(p.material, CustomTerm::Kind::field, "own",
                                 {"0.01*mx*x/1e-9", "0", "0.02*mz*exp(y/1e-6)"}, "mz*mz"));
  return p;
}

inline Problem thermal_film() {
  Problem p = film();
  p.material.set("Temp", 300.0);
  p.integrator.FixDt = 1e-13;
  return p;
}

/// Torques, a formula and sources with maps, but nothing that is computed for the whole film.
inline Problem pointwise_film() {
  Problem p = mapped_film();
  p.demag.enabled = false;
  p.material.set("Pol", 0.5);
  return p;
}

/// Two maps of a current, which are summed before a torque reads them.
inline Problem two_currents_film() {
  Problem p = pointwise_film();
  p.current.push_back(p.current[0]);
  return p;
}

inline Problem driven_film() {
  Problem p = film_on(electrons, {37, 26, 4e-9, 4e-9, 5e-9, false, false});
  p.material.set("Aex", 4e-12);
  p.material.set("alpha", 0.01);
  p.diffusion.D = 8e-3;
  p.diffusion.edge_x = p.diffusion.edge_y = Edge::no_flux;
  SignalTerm sine;
  sine.kind = SignalTerm::Kind::sine;
  sine.frequency = 7e9;
  p.drive.separable.push_back({"wave",
                               [](double x, double y) {
                                 return Vec2<double>{1e5 * std::sin(1e7 * (x + y)), 0};
                               },
                               Signal{{sine}}});
  return p;
}

/// A pulse needs the closed solutions, and windows in a film as large as this.
inline Problem pulsed_film() {
  Problem p = driven_film();
  p.grid.nx = 41, p.grid.ny = 30;
  p.m = wavy(p.grid);
  SignalTerm& term = p.drive.separable[0].signal.terms[0];
  term.kind = SignalTerm::Kind::pulse;
  term.width = 1e-11;
  return p;
}

/// The same by a grating: its fields are those of a line of cells.
inline Problem grating_film() {
  Problem p = pulsed_film();
  p.drive.separable[0].E = [](double x, double) {
    return Vec2<double>{1e5 * std::sin(1e7 * x), 0};
  };
  return p;
}

/// A harmonic drive that varies along y alone.
inline Problem stripes_film() {
  Problem p = driven_film();
  p.drive.separable[0].E = [](double, double y) {
    return Vec2<double>{0, 1e5 * std::sin(1e7 * y)};
  };
  p.m = wavy(p.grid);
  return p;
}

/// A table and samples, of a field and of a signal, whose knots are near, in a box that a GPU's own
/// transforms know.
inline Problem knotted_film() {
  Problem p = driven_film();
  p.grid.nx = 36, p.grid.ny = 28;
  p.m = wavy(p.grid);
  SignalTerm table;
  table.kind = SignalTerm::Kind::table;
  table.times = {0, 5e-14, 1.5e-13}, table.values = {0, 1, -0.5};
  p.drive.separable[0].signal.terms = {table};
  p.drive.sampled = {{"sampled",
                      [](double x, double, double t) {
                        return Vec2<double>{1e5 * std::sin(1e7 * x + 1e12 * t), 0};
                      },
                      2e-14},
                     {"signal",
                      [](double, double y, double) {
                        return Vec2<double>{0, 1e5 * std::cos(1e7 * y)};
                      },
                      2e-14, [](double t) { return std::sin(2e12 * t); }}};
  return p;
}

/// The driven film with conductivities that follow m, screened.
inline Problem coupled_film() {
  Problem p = driven_film();
  p.diffusion.local = LocalCharge{1e-2, 1e-5, 1e-9};
  p.diffusion.screening = Screening{1e-2, 8.9e-12, 5e-8};
  return p;
}

struct Case {
  const char* name;
  Problem (*problem)();
};
inline const Case cases[] = {{"local", [] { return film(); }},
                             {"demag", demag_film},
                             {"periodic", periodic_film},
                             {"mapped", mapped_film},
                             {"thermal", thermal_film},
                             {"driven", driven_film},
                             {"pulsed", pulsed_film},
                             {"grating", grating_film},
                             {"stripes", stripes_film},
                             {"knotted", knotted_film},
                             {"coupled", coupled_film},
                             {"pointwise", pointwise_film},
                             {"two currents", two_currents_film}};

}  // namespace kubomag::test::films
