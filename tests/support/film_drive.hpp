#pragma once
// A film with a drive, evaluated at one time: shared by the tests of the diffusive field.
#include <cmath>
#include <utility>
#include <vector>

#include "kubomag/constants.hpp"
#include "solver/drive_evaluator.hpp"
#include "solver/drive_field.hpp"

namespace kubomag::testing {

struct FilmFields {
  std::vector<double> psi, Ex, Ey;
};

/// On all cells of the film.
inline FilmFields evaluate(DriveEvaluator& drive, double t) {
  const std::size_t cells = drive.plan().fields.cells();
  FilmFields f{std::vector<double>(cells), std::vector<double>(cells), std::vector<double>(cells)};
  drive.evaluate(t, t, f.psi.data(), f.Ex.data(), f.Ey.data());
  const DriveCells number = drive_cells(drive.plan());
  for (std::vector<double>* values : {&f.psi, &f.Ex, &f.Ey}) {
    std::vector<double> film;
    for (std::size_t i = 0; i < drive.plan().grid.cells(); ++i)
      film.push_back((*values)[number(static_cast<int>(i))]);
    *values = std::move(film);
  }
  return f;
}

inline FilmFields evaluate(const Grid& grid, const Diffusion& diffusion, const Drive& drive,
                           double t) {
  DriveEvaluator evaluator(make_drive_plan(grid, diffusion, drive, 1), 1);
  return evaluate(evaluator, t);
}

/// Periodic nx x ny cells over Lx x Ly.
inline Grid periodic_film(int nx, int ny, double Lx, double Ly) {
  return {nx, ny, Lx / nx, Ly / ny, 5e-9, true, true};
}

inline Grid open_film(int nx, int ny, double Lx, double Ly) {
  return {nx, ny, Lx / nx, Ly / ny, 5e-9, false, false};
}

inline Signal sine_signal(double omega, double phase, double start) {
  SignalTerm term;
  term.kind = SignalTerm::Kind::sine;
  term.frequency = omega / (2 * constants::pi), term.phase = phase, term.start = start;
  return {{term}};
}

inline Signal step_signal(double start) {
  SignalTerm term;
  term.kind = SignalTerm::Kind::step;
  term.start = start;
  return {{term}};
}

inline Signal pulse_signal(double centre, double width) {
  SignalTerm term;
  term.kind = SignalTerm::Kind::pulse;
  term.centre = centre, term.width = width;
  return {{term}};
}

inline Signal table_signal(std::vector<double> times, std::vector<double> values) {
  SignalTerm term;
  term.kind = SignalTerm::Kind::table;
  term.times = std::move(times), term.values = std::move(values);
  return {{term}};
}

inline double largest(const std::vector<double>& values) {
  double most = 0;
  for (double v : values) most = std::max(most, std::abs(v));
  return most;
}

/// E0 f(q s) along (cx, cy), with s = 0 such that the film's first cell lies at s = x.
inline SeparableDrive wave(const Grid& grid, double qx, double qy, double E0,
                           double qs_at_first_cell, double (*f)(double), Signal signal) {
  const double q = std::hypot(qx, qy), x0 = grid.x(0), y0 = grid.y(0);
  return {"wave",
          [=](double x, double y) {
            const double E = E0 * f(qx * (x - x0) + qy * (y - y0) + qs_at_first_cell);
            return Vec2<double>{E * qx / q, E * qy / q};
          },
          std::move(signal)};
}

inline double sine(double a) { return std::sin(a); }
inline double cosine(double a) { return std::cos(a); }

}  // namespace kubomag::testing
