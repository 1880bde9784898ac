#pragma once
// Where a run stands: in time, and what is known of its noise.
#include "solver/noise_path.hpp"
#include "solver/step_state.hpp"

namespace kubomag {

struct RunState : StepState {
  NoisePath path;
};

}  // namespace kubomag
