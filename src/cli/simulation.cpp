#include "kubomag/simulation.hpp"

#include <algorithm>

namespace kubomag {

Simulation::Simulation(std::unique_ptr<Engine> engine, OutputPlan plan, std::optional<Relax> relax,
                       double end)
    : engine_(std::move(engine)), plan_(std::move(plan)), relax_(std::move(relax)), end_(end) {
  // 20 * 10 ps and 1 * 200 ps differ in the last digit; without a tolerance the engine would be
  // sent over a step of that size.
  double smallest = end_;
  for (const double interval : {plan_.table_interval, plan_.field_interval, plan_.picture_interval})
    if (interval > 0) smallest = std::min(smallest, interval);
  tolerance_ = 1e-6 * smallest;
  state_.relaxed = !relax_.has_value();
}

bool Simulation::due(double interval, long count) const {
  if (interval <= 0) return false;
  const double time = static_cast<double>(count) * interval;
  return time <= engine_->time() + tolerance_ && time <= end_ + tolerance_;
}

double Simulation::next_event() const {
  double next = end_;
  const std::pair<double, long> schedules[] = {{plan_.table_interval, state_.table_rows},
                                               {plan_.field_interval, state_.field_sets},
                                               {plan_.picture_interval, state_.picture_sets}};
  for (const auto& [interval, count] : schedules) {
    const double time = static_cast<double>(count) * interval;
    if (interval > 0 && time < next - tolerance_) next = time;
  }
  return next;
}

void Simulation::record(Recorder& recorder) {
  if (due(plan_.table_interval, state_.table_rows)) {
    recorder.table_row(*engine_);
    ++state_.table_rows;
  }
  if (due(plan_.field_interval, state_.field_sets)) {
    recorder.fields(*engine_, state_.field_sets);
    ++state_.field_sets;
  }
  if (due(plan_.picture_interval, state_.picture_sets)) {
    recorder.pictures(*engine_, state_.picture_sets);
    ++state_.picture_sets;
  }
}

bool Simulation::relax(const std::function<bool(const Progress&)>& go_on) {
  bool interrupted = false;
  const auto ask = [&](const RelaxInfo& info) {
    Progress progress;
    progress.relaxing = true;
    progress.end = end_;
    progress.max_torque = info.max_torque;
    progress.steps = info.steps;
    interrupted = !go_on(progress);
    return !interrupted;
  };
  relax_info_ = engine_->relax(*relax_, ask);
  if (interrupted) return false;
  engine_->set_time(0);
  state_.relaxed = true;
  return true;
}

Outcome Simulation::run(Recorder& recorder, const std::function<bool(const Progress&)>& go_on) {
  if (!state_.relaxed && !relax(go_on)) return Outcome::interrupted;
  record(recorder);
  while (engine_->time() < end_ - tolerance_) {
    const StepInfo step = engine_->step(next_event());
    ++state_.steps;
    record(recorder);
    if (follow_) follow_(*engine_, state_);
    const Progress progress{false, engine_->time(), end_, step.dt, step.max_torque, state_.steps};
    if (!go_on(progress)) return Outcome::interrupted;
  }
  return Outcome::done;
}

}  // namespace kubomag
