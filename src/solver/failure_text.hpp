#pragma once
#include <cstdio>
#include <string>

#include "solver/step_state.hpp"

namespace kubomag {

/// Why no smaller step was possible.
inline std::string failure_text(const StepState& state) {
  char text[200];
  if (state.error >= lost_error)
    std::snprintf(
        text, sizeof text,
        "dm/dt is not a number at t = %.9g ns (a parameter or a drive is out of range, or "
        "FixDt is unstable)",
        1e9 * state.t);
  else
    std::snprintf(
        text, sizeof text,
        "the step size fell below MinDt at t = %.9g ns (error %.3g rad); raise MaxErr, or "
        "use double precision",
        1e9 * state.t, state.error);
  return text;
}

}  // namespace kubomag
