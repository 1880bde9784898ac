#pragma once
// The drive in Fourier space: what both backends upload before a run. Everything here is in double
// and independent of the precision of the run.
#include <string>
#include <vector>

#include "setup/field_transformer.hpp"
#include "setup/film_box.hpp"

namespace kubomag {

/// A separable drive; its signal has constants, steps, sines, pulses and tables.
struct PlannedDrive {
  std::string name;
  FieldSpectrum E;
  std::vector<double> Ex, Ey;  // the given field on the film, nx x ny values [V/m]
  Signal signal;
};

/// A given potential on the plan's `fields` and its gradient: central differences, one-sided of
/// second order at edges that are not periodic.
struct PlannedPsi {
  std::vector<double> psi, Ex, Ey;  // [V], [V/m]
  Signal signal;
};

struct DrivePlan {
  Grid grid;    // the film
  Grid fields;  // of psi and E': the film's, with one cell along an axis along which nothing varies
  FilmBox box;
  Diffusion diffusion;
  std::vector<PlannedDrive> separable;
  std::vector<SampledDrive> sampled;  // transformed knot by knot, while the run goes on
  std::vector<PlannedPsi> psi;
};

/// Throws InputError for a field that is not finite somewhere, a signal that a diffusive drive
/// cannot have (formula) or that is malformed, negative D or rate, and what make_film_box refuses.
DrivePlan make_drive_plan(const Grid& grid, const Diffusion& diffusion, const Drive& drive,
                          int threads);

/// Throws InputError if a piece of the signal is malformed: a frequency < 0, a pulse width <= 0, a
/// table whose times do not increase or whose sizes differ, numbers that are not finite.
void check_signal(const std::string& owner, const Signal& signal);

}  // namespace kubomag
