#pragma once
#include "kubomag/vec3.hpp"
#include "solver/macrospin_setup.hpp"

namespace kubomag {

/// Where a single cell stands that a device takes through its steps.
template <class Real>
struct CellState {
  StepState step;
  Vec3<Real> m, slope;
  bool slope_known = false;
};

}  // namespace kubomag
