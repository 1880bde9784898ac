#pragma once
#include <cstddef>

#include "solver/butcher_tableau.hpp"

namespace kubomag {

/// A whole Runge-Kutta step in one sweep over the film, for right-hand sides that need no more of m
/// than the neighbouring cells; specialised in step_sweep_cpu.hpp. Other backends have none.
template <class Backend, class Real, class F>
struct StepSweep {
  static constexpr bool possible = false;
  template <class Grid>
  StepSweep(const Backend&, const Grid&, const ButcherTableau&) {}
  std::size_t bytes() const { return 0; }
};

}  // namespace kubomag
