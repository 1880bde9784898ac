#pragma once
// Signals of the B sources: value at an instant, and the moments a step must not straddle.
#include "kubomag/signal.hpp"

namespace kubomag {

/// s(t). At a switching moment `t_side`, a time inside the interval being integrated, decides.
double signal_value(const Signal& signal, double t, double t_side);

/// The first switching moment or knot after t; infinity if there is none.
double next_event(const Signal& signal, double t);

}  // namespace kubomag
