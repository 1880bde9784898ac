#pragma once
// Where a run stands in time, and what an attempted step makes of that: the same functions where
// the host drives the steps and where a device does.
#include <cmath>
#include <cstdint>
#include <limits>

#include "kubomag/problem.hpp"
#include "solver/step_control.hpp"

namespace kubomag {

/// What decides over a step: the problem's Integrator, and the power of dt with which the error of
/// a step falls.
struct StepRule {
  double FixDt = 0, MinDt = 0, MaxDt = 0, MaxErr = 0;  // [s], [s], [s], [rad]
  double error_order = 5;

  KUBOMAG_HD bool fixed() const { return FixDt > 0; }
};

struct StepState {
  double t = 0;  // [s]
  StepControl control;
  std::uint64_t steps = 0;  // taken so far: counts the thermal fields
  double max_torque = 0;    // largest |dm/dt| / gamma at t [T]
  // The attempt under way:
  double stop = 0;        // no step goes beyond [s]
  double h = 0, end = 0;  // its length, and when it ends [s]
  // The last step that was taken, and the attempts since `watch` was called:
  double taken = 0, error = 0, torque_before = 0;  // [s], [rad], [T]
  long accepted = 0, rejected = 0;
  bool failed = false;  // no smaller step is possible
};

/// An error that only a NaN or an overflow gives [rad].
inline constexpr double lost_error = 1e14;

/// What an attempt found: largest error [rad] and largest |dm/dt|/gamma at its end [T], from the
/// squares that the passes find.
struct AttemptResult {
  double error = 0, max_torque = 0;
};
template <class Maxima>
KUBOMAG_HD AttemptResult attempt_result(const Maxima& squares) {
  return {std::sqrt(static_cast<double>(squares.first)),
          std::sqrt(static_cast<double>(squares.second))};
}

/// The length of the next attempt: dt, shortened to end at `stop`; an adaptive step is halved if
/// only a sliver would be left.
KUBOMAG_HD double attempt_length(const StepState& s, const StepRule& rule) {
  const double remaining = s.stop - s.t;
  if (s.control.dt >= remaining * (1 - 1e-9)) return remaining;
  const bool sliver = !rule.fixed() && 2 * s.control.dt > remaining;
  return sliver ? 0.5 * remaining : s.control.dt;
}

KUBOMAG_HD void begin_attempt(StepState& s, const StepRule& rule) {
  s.h = attempt_length(s, rule);
  s.end = s.h == s.stop - s.t ? s.stop : s.t + s.h;  // t + h may miss stop by its last bit
}

/// Takes the attempt or refuses it. True: it was taken.
KUBOMAG_HD bool settle_attempt(StepState& s, const StepRule& rule, const AttemptResult& result) {
  const double error = s.error = result.error;
  if (rule.fixed() ? error < lost_error : error <= rule.MaxErr) {
    s.t = s.end;
    ++s.steps, ++s.accepted;
    s.taken = s.h;
    s.torque_before = s.max_torque;
    s.max_torque = result.max_torque;
    if (!rule.fixed()) {
      s.control.accept(s.h, error, rule.MaxErr, rule.error_order, rule.MaxDt);
      s.control.dt = std::max(s.control.dt, rule.MinDt);
    }
    return true;
  }
  s.failed = rule.fixed() || s.h <= rule.MinDt;
  if (!s.failed) {
    s.control.reject(s.h, error, rule.MaxErr, rule.error_order);
    s.control.dt = std::max(s.control.dt, rule.MinDt);
  }
  ++s.rejected;
  return false;
}

/// When a stage of the attempt is: the fraction c of it has passed.
KUBOMAG_HD double stage_time(const StepState& s, double c) {
  return c == 1 ? s.end : s.t + c * s.h;
}
/// A time inside the attempt, and one inside what follows the present time: they decide which side
/// of a switching moment is meant.
KUBOMAG_HD double inside_attempt(const StepState& s) { return s.t + 0.5 * s.h; }
KUBOMAG_HD double just_after(const StepState& s) {
  return std::nextafter(s.t, std::numeric_limits<double>::infinity());
}

}  // namespace kubomag
