#pragma once
// FilmEngine on a backend that takes steps by itself (solver/device_stepper.hpp).
#include "solver/film_engine.hpp"

namespace kubomag {

/// Steps that the device takes by itself. False: none was taken and the next one is the host's,
/// since it goes across the end of the drive's transients or needs what a device does not compute
/// (docs/time-integration.md, "On a GPU").
template <class Backend, class Real, class F>
bool FilmEngine<Backend, Real, F>::advance_by_itself(double t_end, long max_steps) {
  const double event = aim(t_end);
  const std::optional<int> side = recorded_side();
  if (!side) return false;
  const bool noise = fields_.thermal().any();
  if (!slope_known_ && !noise) find_slope();
  const long before = state_.accepted;
  state_ = stepper_->run(state_, *side, max_steps, fields_.drive().steady_from(state_.t));
  const long steps = state_.accepted - before;
  fields_.thermal().drop();
  if (steps % 2 != 0) method_.take();
  if (state_.t == event || noise) slope_known_ = false;
  if (state_.failed) throw RunError(failure_text(state_));
  if (state_.path.full) {
    make_room_for_path();
    if (steps == 0) return advance_by_itself(t_end, max_steps);
  }
  return steps > 0;
}

/// The first slope with numbers that the device computes: with the same bits as the last slope of
/// the step before, as a run that is resumed needs it.
template <class Backend, class Real, class F>
bool FilmEngine<Backend, Real, F>::find_slope_by_itself() {
  if (fields_.thermal().any()) return false;
  const std::optional<int> side = recorded_side();
  if (!side) return false;
  state_.max_torque = stepper_->slope(state_, *side);
  slope_known_ = true;
  return true;
}

/// Which of the two recorded attempts begins with the buffers as they are; nothing: a device cannot
/// do it.
template <class Backend, class Real, class F>
std::optional<int> FilmEngine<Backend, Real, F>::recorded_side() {
  if (local_ || by_itself_ == ByItself::impossible) return {};
  const Real *m = std::as_const(method_).m().view().x, *next = method_.result().view().x;
  const bool steady = fields_.drive().steady(state_.t);
  const int room = fields_.thermal().room();
  for (const int side : {0, 1})
    if (recorded_.m[side] == m && recorded_.m[1 - side] == next && recorded_.steady == steady &&
        recorded_.noise_room == room)
      return side;
  recorded_ = {{m, next}, steady, room};
  fields_.drive().record_as(steady);
  if (by_itself_ == ByItself::untried) make_every_buffer();
  by_itself_ = record() ? ByItself::possible : ByItself::impossible;
  if (by_itself_ == ByItself::impossible) return {};
  return 0;
}

/// Some buffers are made when they are first needed, which must not be while a step is recorded.
template <class Backend, class Real, class F>
void FilmEngine<Backend, Real, F>::make_every_buffer() {
  const auto scene_at = [&](double, const StageState<Real>& m) -> decltype(auto) {
    return fields_.at({state_.t, just_after(state_)}, m);
  };
  method_.first_slope(scene_at);
  method_.attempt(0, scene_at);
  slope_known_ = false;
}

template <class Backend, class Real, class F>
bool FilmEngine<Backend, Real, F>::record() {
  if (!stepper_) stepper_ = std::make_unique<DeviceStepper<Backend, Real>>(backend_, problem_.grid);
  const auto slope = [this](auto& passes, LateNumbers& numbers) {
    method_.slope_passes(passes, [&](double, const StageState<Real>& m) -> decltype(auto) {
      return fields_.at({numbers, true, 0}, m);
    });
    stepper_->keep_torque();
  };
  const auto attempt = [this, slope](auto& passes, LateNumbers& numbers) {
    if (fields_.thermal().any()) {
      rule_.fixed() ? fields_.thermal().draw(numbers) : fields_.thermal().follow(numbers);
      slope(passes, numbers);
    }
    const auto scene_at = [&](double c, const StageState<Real>& m) -> decltype(auto) {
      return fields_.at({numbers, false, c}, m);
    };
    auto settling = stepper_->settling();
    method_.attempt_passes(settling, numbers, scene_at);
  };
  const bool recorded = stepper_->record(
      slope, attempt, [this] { method_.take(); }, rule_);
  if (!backend_.graphs()) slope_known_ = false;  // the passes were run to be recorded
  fields_.thermal().drop();
  return recorded;
}

}  // namespace kubomag
