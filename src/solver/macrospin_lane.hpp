#pragma once
// What drives one lane of a block of single cells: sources and drive at the lane's own time, and
// the pace of its steps.
#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <string>

#include "kernels/thermal.hpp"
#include "solver/cell_sources.hpp"
#include "solver/drive_field_cpu.hpp"
#include "solver/failure_text.hpp"
#include "solver/macrospin_setup.hpp"

namespace kubomag {

struct MacrospinLane {
  MacrospinLane(const Problem& problem, const CpuBackend& backend)
      : setup(macrospin_setup(problem)),
        state(first_state(problem)),
        B_ext(problem.B_ext, switches),
        current(problem.current, switches),
        sheet_current(problem.sheet_current, switches) {
    if (!problem.drive.empty())
      drive = std::make_unique<DriveField<CpuBackend, double>>(problem, backend);
  }

  /// Prepares an attempt towards t_end: the step, cut short at events.
  void aim(double t_end) {
    event = std::min(switches.next(state.t),
                     drive ? drive->next_event(state.t) : std::numeric_limits<double>::infinity());
    state.stop = std::min(t_end, event);
    begin_attempt(state, setup.rule);
    if (setup.noise == 0) return;
    slope_known = false;  // found with another noise
    if (state.h > 0)
      B_noise = (setup.noise / std::sqrt(state.h)) * normal_triple(setup.seed, state.steps, 0);
  }

  /// The lane stays where it is while others attempt a step.
  void stand() {
    state.h = 0;
    state.end = state.t;
  }

  /// Whether nothing that drives the lane changes in time.
  bool still() const {
    return !B_ext.moves() && !current.moves() && !sheet_current.moves() && !drive &&
           setup.noise == 0;
  }

  /// Takes the attempt or refuses it. True: it was taken.
  bool settle(const AttemptResult& result) {
    const bool taken = settle_attempt(state, setup.rule, result);
    if (taken) slope_known = state.end != event && setup.noise == 0;
    if (state.failed) failure = failure_text(state);
    return taken;
  }

  MacrospinSetup setup;
  StepState state;
  EventTimes switches;  // of the sources, which follow
  CellSources B_ext, current, sheet_current;
  std::unique_ptr<DriveField<CpuBackend, double>> drive;  // null: there is none
  Vec3<double> B_noise;                                   // of the present step [T]
  double event = 0;                                       // no step may straddle it [s]
  bool slope_known = false;
  std::string failure;
};

}  // namespace kubomag
