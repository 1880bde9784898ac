#pragma once
// What a single cell brings to its steps, and where it stands before the first: the same on every
// device.
#include <algorithm>
#include <cmath>
#include <cstdint>

#include "kubomag/problem.hpp"
#include "solver/butcher_tableau.hpp"
#include "solver/step_state.hpp"

namespace kubomag {

struct MacrospinSetup {
  StepRule rule;
  double noise = 0;  // of the thermal field [T s^(1/2)]
  std::uint64_t seed = 1;
};

inline MacrospinSetup macrospin_setup(const Problem& problem) {
  const Integrator& given = problem.integrator;
  MacrospinSetup setup;
  setup.rule = {given.FixDt, given.MinDt, given.MaxDt, given.MaxErr,
                static_cast<double>(tableau(given.scheme).error_order)};
  setup.seed = given.seed;
  const Parameters& film = problem.material;
  const double Ms = film["Msat"](0), T = film["Temp"](0);
  if (T > 0 && Ms > 0)
    setup.noise = std::sqrt(2 * constants::k_B / (problem.GammaLL * problem.grid.cell_volume()) *
                            T * film["alpha"](0) / Ms);
  return setup;
}

inline StepState first_state(const Problem& problem) {
  const Integrator& rule = problem.integrator;
  StepState state;
  state.control.dt = rule.FixDt > 0 ? rule.FixDt : std::min(rule.InitialDt, rule.MaxDt);
  return state;
}

}  // namespace kubomag
