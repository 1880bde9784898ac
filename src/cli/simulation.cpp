#include "kubomag/simulation.hpp"

#include <algorithm>
#include <chrono>

#include "kernels/thermal.hpp"

namespace kubomag {

OutputClock::OutputClock(const OutputPlan& plan, double end)
    : table_(plan.table_interval),
      fields_(plan.field_interval),
      pictures_(plan.picture_interval),
      end_(end) {
  // 20 * 10 ps and 1 * 200 ps differ in the last digit; without a tolerance the engine would be
  // sent over a step of that size.
  double smallest = end_;
  for (const double interval : {table_, fields_, pictures_})
    if (interval > 0) smallest = std::min(smallest, interval);
  tolerance_ = 1e-6 * smallest;
}

bool OutputClock::due(double interval, long count, double t) const {
  if (interval <= 0) return false;
  const double time = static_cast<double>(count) * interval;
  return time <= t + tolerance_ && time <= end_ + tolerance_;
}

double OutputClock::next(const SimulationState& done) const {
  double next = end_;
  const std::pair<double, long> schedules[] = {
      {table_, done.table_rows}, {fields_, done.field_sets}, {pictures_, done.picture_sets}};
  for (const auto& [interval, count] : schedules) {
    const double time = static_cast<double>(count) * interval;
    if (interval > 0 && time < next - tolerance_) next = time;
  }
  return next;
}

Simulation::Simulation(std::unique_ptr<Engine> engine, OutputPlan plan, std::optional<Relax> relax,
                       double end, std::optional<Hysteresis> loop)
    : engine_(std::move(engine)),
      plan_(std::move(plan)),
      relax_(std::move(relax)),
      loop_(std::move(loop)),
      end_(end),
      clock_(plan_, end) {
  state_.relaxed = !relax_.has_value();
}

void Simulation::record(Recorder& recorder) {
  if (clock_.due(plan_.table_interval, state_.table_rows, engine_->time())) {
    recorder.table_row(*engine_);
    ++state_.table_rows;
  }
  if (clock_.due(plan_.field_interval, state_.field_sets, engine_->time())) {
    recorder.fields(*engine_, state_.field_sets);
    ++state_.field_sets;
  }
  if (clock_.due(plan_.picture_interval, state_.picture_sets, engine_->time())) {
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

/// The numbers are counted by point and cell, so a resumed loop gets the same ones.
void Simulation::kick(long index) {
  std::vector<double> m = engine_->m();
  const std::size_t n = m.size() / 3;
  for (std::size_t i = 0; i < n; ++i) {
    const bool vacuum = m[i] == 0 && m[n + i] == 0 && m[2 * n + i] == 0;
    if (vacuum || loop_->frozen(i) > 0) continue;
    const Vec3<double> turn = normal_triple(loop_->seed, static_cast<std::uint64_t>(index),
                                            static_cast<std::uint32_t>(i));
    m[i] += loop_->kick * turn.x;
    m[n + i] += loop_->kick * turn.y;
    m[2 * n + i] += loop_->kick * turn.z;
  }
  engine_->set_m(m);
}

/// The minimum at point `index`; false: interrupted, and m is that of the point before.
bool Simulation::find_point(long index, const std::function<bool(const Progress&)>& go_on) {
  const std::vector<std::byte> before = engine_->checkpoint();
  Progress progress;
  progress.relaxing = true;
  progress.point = index;
  progress.points = static_cast<long>(loop_->B.size());
  bool interrupted = false;
  const auto ask = [&](const RelaxInfo& info) {
    progress.max_torque = info.max_torque;
    progress.steps = state_.steps + info.steps;
    interrupted = !go_on(progress);
    return !interrupted;
  };
  engine_->set_time(static_cast<double>(index));
  if (loop_->kick > 0) kick(index);
  relax_info_ = engine_->relax(loop_->descent, ask);
  if (interrupted) engine_->restore(before);
  return !interrupted;
}

Outcome Simulation::run_loop(Recorder& recorder,
                             const std::function<bool(const Progress&)>& go_on) {
  const auto points = static_cast<long>(loop_->B.size());
  while (state_.table_rows < points) {
    const long index = state_.table_rows;
    if (!find_point(index, go_on)) return Outcome::interrupted;
    state_.steps += relax_info_->steps;
    recorder.loop_row(*engine_, index, *relax_info_);
    if (!plan_.fields.empty()) recorder.fields(*engine_, index);
    if (!plan_.pictures.empty()) recorder.pictures(*engine_, index);
    state_.table_rows = state_.field_sets = state_.picture_sets = index + 1;
    Progress progress;
    progress.max_torque = relax_info_->max_torque;
    progress.steps = state_.steps;
    progress.point = index + 1;
    progress.points = points;
    if (!go_on(progress) && index + 1 < points) return Outcome::interrupted;
  }
  return Outcome::done;
}

/// Steps up to the next output or look of the follower, and for about a tenth of a second.
AdvanceInfo Simulation::advance() {
  using Clock = std::chrono::steady_clock;
  long most = at_once_;
  if (follow_) most = std::min(most, follow_every_ - state_.steps % follow_every_);
  const auto begin = Clock::now();
  const AdvanceInfo info = engine_->advance(clock_.next(state_), most);
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  if (seconds < 0.05 && info.steps == at_once_) at_once_ = std::min(2 * at_once_, 100000L);
  if (seconds > 0.2) at_once_ = std::max(at_once_ / 2, 1L);
  return info;
}

Outcome Simulation::run(Recorder& recorder, const std::function<bool(const Progress&)>& go_on) {
  if (loop_) return run_loop(recorder, go_on);
  if (!state_.relaxed) {
    if (!relax(go_on)) return Outcome::interrupted;
    Progress relaxed;
    relaxed.end = end_;
    relaxed.max_torque = relax_info_->max_torque;
    if (!go_on(relaxed)) return Outcome::interrupted;
  }
  record(recorder);
  while (!clock_.over(engine_->time()) && !recorder.ends()) {
    const AdvanceInfo last = advance();
    state_.steps += last.steps;
    record(recorder);
    if (follow_ && state_.steps % follow_every_ == 0) follow_(*engine_, state_);
    const Progress progress{false, engine_->time(), end_, last.dt, last.max_torque, state_.steps};
    if (!go_on(progress)) return Outcome::interrupted;
  }
  return Outcome::done;
}

}  // namespace kubomag
