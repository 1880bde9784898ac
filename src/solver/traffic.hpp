#pragma once
// How much memory traffic an evaluation of the right-hand side is worth on a device, counted from
// the passes that the engine makes: the floor that measured rates are held against
// (docs/performance.md).
#include "solver/butcher_tableau.hpp"
#include "solver/memory_model.hpp"

namespace kubomag {

/// Numbers per cell and evaluation that the passes of a Runge-Kutta step read and write when no
/// array stays in a cache: 22, 18, 15.75 and 16.5 for the schemes of butcher_tableau.hpp; where the
/// first stage has no pass (solver/runge_kutta.hpp) 20, 15, 13.5 and 10.5.
double runge_kutta_numbers(const ButcherTableau& scheme, bool first_on_the_way = false);

/// The same where the stages of a step follow each other row by row (solver/step_ring.hpp), so that
/// a step moves m and its slope once each way.
double pipelined_numbers(const ButcherTableau& scheme);

/// Bytes per cell and evaluation.
struct Traffic {
  double passes = 0;  // the Runge-Kutta share, and what the fused pass reads besides
  double added = 0;   // torques, voltage, formulas, sources and noise in passes of their own
  double demag = 0;   // the convolution
  double drive = 0;   // the fixed fields of a harmonic drive; any other drive is not counted
  double total() const { return passes + added + demag + drive; }
};

Traffic evaluation_traffic(const Problem& problem, DeviceKind kind, Precision precision);

}  // namespace kubomag
