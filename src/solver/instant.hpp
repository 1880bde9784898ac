#pragma once

namespace kubomag {

class LateNumbers;

/// When a right-hand side is evaluated: at time t; `t_inside` is a time inside the interval that is
/// being integrated and decides which side of a switching moment is meant. With `late` the steps
/// are the device's own and t is not known: what depends on it becomes a number that the device
/// computes for the moment where the attempt begins (`at_start`) or the fraction c of it has
/// passed.
struct Instant {
  double t = 0, t_inside = 0;
  LateNumbers* late = nullptr;
  bool at_start = false;
  double c = 0;
  bool resting = false;  // the film comes to rest before t: see resting_value (signals.hpp)

  Instant(double time, double inside) : t(time), t_inside(inside) {}
  Instant(LateNumbers& numbers, bool start, double fraction)
      : late(&numbers), at_start(start), c(fraction) {}
};

}  // namespace kubomag
