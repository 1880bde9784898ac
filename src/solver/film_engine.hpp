#pragma once
// FilmEngine: the method. One Problem on one backend in one precision, with the compile-time
// choice of what the right-hand side contains.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>
#include <string>

#include "kubomag/engine.hpp"
#include "solver/device_stepper.hpp"
#include "solver/failure_text.hpp"
#include "solver/film_fields.hpp"
#include "solver/film_quantities.hpp"
#include "solver/minimiser.hpp"
#include "solver/run_state.hpp"
#include "solver/runge_kutta.hpp"
#include "solver/step_control.hpp"

namespace kubomag {

template <class Backend, class Real, class F>
class FilmEngine final : public Engine {
 public:
  FilmEngine(const Problem& problem, Backend backend)
      : problem_(problem),
        backend_(std::move(backend)),
        fields_(problem, backend_),
        method_(backend_, problem.grid, tableau(problem.integrator.scheme),
                fields_.always_pointwise(), fields_.whole()) {
    const Integrator& rule = problem.integrator;
    state_.control.dt = rule.FixDt > 0 ? rule.FixDt : std::min(rule.InitialDt, rule.MaxDt);
    state_.path.room = fields_.thermal().room();
    rule_ = {rule.FixDt, rule.MinDt, rule.MaxDt, rule.MaxErr, error_order()};
    if (F::surface && problem.diffusion.local) {
      local_ = std::make_unique<LocalDiffusion<Backend, Real>>(problem_, backend_);
      fields_.couple(local_.get());
    }
    set_m(problem.m);
  }

  std::string device() const override { return backend_.name(); }
  Precision precision() const override {
    return sizeof(Real) == 4 ? Precision::single_precision : Precision::double_precision;
  }
  std::size_t bytes() const override {
    return fields_.bytes() + method_.bytes() + (local_ ? local_->bytes() : 0) +
           scratch_[0].bytes() + scratch_[1].bytes() + backend_.bytes();
  }

  double time() const override { return state_.t; }
  void set_time(double t) override {
    state_.t = t;
    slope_known_ = false;
    state_.path.forget();
    if (local_) local_->forget();
  }
  std::vector<double> m() const override { return method_.m().download(backend_); }
  void set_m(const std::vector<double>& m) override {
    method_.m().upload(backend_, normalised(m));
    slope_known_ = false;
  }

  StepInfo step(double t_end) override {
    const double event = aim(t_end);
    for (const long rejected = state_.rejected;;) {
      begin_attempt(state_, rule_);
      choose_way();
      if (fields_.thermal().any()) draw_thermal(state_.h);
      if (!slope_known_) find_slope();
      if (settle_attempt(state_, rule_, attempt())) {
        finish_step(event);
        return {state_.taken, state_.error, state_.torque_before,
                static_cast<int>(state_.rejected - rejected)};
      }
      if (local_) local_->abandon();
      if (state_.failed) throw RunError(failure_text(state_));
    }
  }

  AdvanceInfo advance(double t_end, long max_steps) override {
    const long accepted = state_.accepted, rejected = state_.rejected;
    if constexpr (Backend::steps_by_itself) {
      if (advance_by_itself(t_end, max_steps)) return advanced_since(accepted, rejected);
      backend_.stay_out();
    }
    step(t_end);
    return advanced_since(accepted, rejected);
  }

  RelaxInfo relax(const Relax& options,
                  const std::function<bool(const RelaxInfo&)>& go_on) override {
    slope_known_ = false;
    if constexpr (Backend::steps_by_itself) backend_.stay_out();
    return options.descent == Descent::in_time ? relax_in_time(options, go_on)
                                               : minimise(options, go_on);
  }

  std::vector<Observable> observables() override {
    if (!slope_known_) find_slope();
    auto all =
        observe<Backend, Real, F>(backend_, problem_, fields_, method_.m(), scratch(), state_.t);
    if (local_) {
      const auto power =
          local_->power(std::as_const(method_).m().view(), method_.slope().view(), state_.t);
      all.push_back({"P_Joule", "W", power[0]});
      all.push_back({"P_drive", "W", power[1]});
      all.push_back({"E_psi", "J", power[2]});
      all.push_back({"psi_iterations", "", static_cast<double>(local_->iterations())});
    }
    all.push_back({"max_torque", "T", state_.max_torque});
    return all;
  }
  std::vector<Quantity> quantities() const override { return kubomag::quantities(problem_); }
  std::vector<double> quantity(const std::string& name) override {
    if (name == "m") return m();
    return evaluate_quantity<Backend, Real, F>(name, backend_, problem_, fields_, method_.m(),
                                               scratch(), state_.t);
  }

  std::vector<std::byte> checkpoint() const override;
  void restore(const std::vector<std::byte>& state) override;

 private:
  static constexpr int relax_patience = 1000;  // steps at rounding without less torque: stalled

  struct Saved {
    std::uint64_t cells, real_size, steps;
    double t, dt, previous_ratio;
    std::uint64_t noise;  // numbers that the thermal field saves
  };

  AdvanceInfo advanced_since(long accepted, long rejected) const {
    return {state_.accepted - accepted, state_.rejected - rejected, state_.taken,
            state_.torque_before};
  }
  bool advance_by_itself(double t_end, long max_steps);
  bool find_slope_by_itself();
  std::optional<int> recorded_side();
  void make_every_buffer();
  bool record();

  RelaxInfo relax_in_time(const Relax& options, const std::function<bool(const RelaxInfo&)>& go_on);
  RelaxInfo minimise(const Relax& options, const std::function<bool(const RelaxInfo&)>& go_on);

  std::vector<double> normalised(std::vector<double> m) const {
    const std::size_t n = problem_.grid.cells();
    if (m.size() != 3 * n) throw InputError("m needs three components for each cell");
    const ScalarMap& Ms = problem_.material["Msat"];
    for (std::size_t i = 0; i < n; ++i) {
      const double length =
          std::sqrt(m[i] * m[i] + m[n + i] * m[n + i] + m[2 * n + i] * m[2 * n + i]);
      if (Ms(i) > 0 && !(length > 0))
        throw InputError("m is zero or not a number in cell " + std::to_string(i));
      const double scale = Ms(i) > 0 ? 1 / length : 0;
      for (std::size_t c = 0; c < 3; ++c) m[c * n + i] *= scale;
    }
    return m;
  }

  /// The next step ends at t_end or at the next event, which is returned, at the latest.
  double aim(double t_end) {
    if (!(t_end >= state_.t)) throw InputError("a step must end after the present time");
    const double event = fields_.next_event(state_.t);
    state_.stop = std::min(t_end, event);
    return event;
  }

  /// The thermal field of the step of h that begins here; slopes found with another one are void.
  void draw_thermal(double h) {
    if (h > 0 && rule_.fixed()) fields_.thermal().draw(state_.steps, h);
    if (h > 0 && !rule_.fixed()) follow_path(h);
    slope_known_ = false;
  }

  void follow_path(double h) {
    while (!state_.path.cover(h)) make_room_for_path();
    fields_.thermal().follow(state_.path.step);
  }

  void make_room_for_path() {
    fields_.thermal().make_room();
    state_.path.room = fields_.thermal().room();
    state_.path.full = false;
  }

  /// The power of dt with which the error of a step falls. A thermal field that is constant over
  /// the step goes as dt^(-1/2), hence the error of order p in B dt as dt^(p/2).
  double error_order() {
    const int order = tableau(problem_.integrator.scheme).error_order;
    return fields_.thermal().any() ? 0.5 * order : order;
  }

  /// An attempt may go over the film in another way than the one before; a slope found in another
  /// way is void, so that the bits of a run do not depend on where it was interrupted.
  void choose_way() {
    if (method_.sweep_if(fields_.pointwise(state_.t, state_.end, inside_attempt(state_))))
      slope_known_ = false;
  }

  void find_slope() {
    if constexpr (Backend::steps_by_itself)
      if (find_slope_by_itself()) return;
    const Instant now(state_.t, just_after(state_));
    const auto result = method_.first_slope(
        [&](double, const StageState<Real>& m) -> decltype(auto) { return fields_.at(now, m); });
    state_.max_torque = result.max_torque;
    slope_known_ = true;
  }

  /// With local diffusion: m with the predicted psi, psi for that motion, m again.
  AttemptResult attempt() {
    const double t = state_.t, h = state_.h;
    const auto scene_at = [&](double c, const StageState<Real>& m) -> decltype(auto) {
      return fields_.at({stage_time(state_, c), inside_attempt(state_)}, m);
    };
    if (!local_) return method_.attempt(h, scene_at);
    local_->predict(t, state_.end, std::as_const(method_).m().view(), method_.slope().view());
    const AttemptResult first = method_.attempt(h, scene_at);
    if (first.error >= lost_error) return first;
    local_->solve({std::as_const(method_).m().view(), method_.slope().view(),
                   method_.result().view(), method_.result_slope().view(), h});
    const double change = h * problem_.GammaLL * drive_change();
    AttemptResult result = method_.attempt(h, scene_at);
    result.error += change;
    return result;
  }

  /// How much the field of the surface at the end of the step was mispredicted [T].
  double drive_change() {
    if constexpr (F::surface) {
      const DriveChangePass<Real, F> pass{fields_.scene().surface, method_.result().view(),
                                          local_->predicted(), local_->solved()};
      const auto largest =
          backend_.template max_over_cells<Stencil, TwoMaxima<Real>>(problem_.grid, pass);
      return std::sqrt(static_cast<double>(largest.first));
    }
    return 0;
  }

  /// What a step that was taken, and may have ended at `event`, makes of the film.
  void finish_step(double event) {
    method_.take();
    if (local_) local_->accept(std::as_const(method_).m().view(), state_.t == event);
    // the drive switches here, or psi was corrected for the final m
    if (state_.t == event || local_) slope_known_ = false;
    if (fields_.thermal().any()) {
      fields_.thermal().drop();
      state_.path.pass();
      slope_known_ = false;
    }
  }

  std::array<VectorBuffer<Backend, Real>, 2>& scratch() {
    if (scratch_[0].bytes() == 0)
      for (auto& buffer : scratch_)
        buffer = VectorBuffer<Backend, Real>(backend_, problem_.grid.cells());
    return scratch_;
  }

  Problem problem_;
  Backend backend_;
  FilmFields<Backend, Real, F> fields_;
  RungeKutta<Backend, Real, F> method_;
  std::unique_ptr<LocalDiffusion<Backend, Real>> local_;  // null: psi of uniform D
  StepRule rule_;
  RunState state_;
  bool slope_known_ = false;
  std::unique_ptr<DeviceStepper<Backend, Real>> stepper_;  // made when it is first asked for
  /// What was recorded for it: where m is before and after a step, which form the drive has, and
  /// how many pieces of noise there is room for.
  struct Recorded {
    const Real* m[2] = {};
    bool steady = false;
    int noise_room = 0;
  } recorded_;
  enum class ByItself { untried, possible, impossible } by_itself_ = ByItself::untried;
  std::array<VectorBuffer<Backend, Real>, 2> scratch_;  // made when fields are first asked for
};

/// Steepest descent in time: dm/dt = gamma m x (B x m), by the same Runge-Kutta scheme. Near the
/// minimum the step is bound by stability; the error bound follows the torque so that the small
/// oscillation of the stiffest mode stays below what is left to relax.
template <class Backend, class Real, class F>
RelaxInfo FilmEngine<Backend, Real, F>::relax_in_time(
    const Relax& options, const std::function<bool(const RelaxInfo&)>& go_on) {
  const auto scene_at = [&](double, const StageState<Real>& m) -> decltype(auto) {
    return fields_.relaxing(state_.t, m, options.B_ext);
  };
  const double stiff = stiffest_field(problem_);
  const double floor = sizeof(Real) == 4 ? 3e-7 : 1e-14;  // below it is rounding
  StepControl control;
  control.dt = 0.1 / (problem_.GammaLL * stiff);
  RelaxInfo info;
  info.max_torque = method_.first_slope(scene_at).max_torque;
  info.evaluations = 1;
  const int order = tableau(problem_.integrator.scheme).error_order;
  double best = info.max_torque;
  for (int idle = 0; info.max_torque > options.stop_torque && info.steps < options.max_steps &&
                     idle < relax_patience;) {
    const double bound = std::clamp(0.1 * info.max_torque / stiff, floor, 1e-3);
    const auto result = method_.attempt(control.dt, scene_at);
    info.evaluations += tableau(problem_.integrator.scheme).stages;
    if (result.error > bound && control.dt > 1e-3 / (problem_.GammaLL * stiff)) {
      control.reject(control.dt, result.error, bound, order);
      continue;
    }
    if (result.error >= lost_error) throw RunError("relaxation met a field that is not a number");
    method_.take();
    control.accept(control.dt, result.error, bound, order, 1e-9);
    info.max_torque = result.max_torque;
    ++info.steps;
    const bool at_rounding = bound == floor;
    idle = at_rounding && info.max_torque >= 0.99 * best ? idle + 1 : 0;
    best = std::min(best, info.max_torque);
    if (go_on && !go_on(info)) break;
  }
  info.converged = info.max_torque <= options.stop_torque;
  return info;
}

/// By the steps of Barzilai and Borwein; where they make no progress, the rest in time.
template <class Backend, class Real, class F>
RelaxInfo FilmEngine<Backend, Real, F>::minimise(
    const Relax& options, const std::function<bool(const RelaxInfo&)>& go_on) {
  Minimiser<Backend, Real, F> minimiser(backend_, problem_.grid, fields_, stiffest_field(problem_));
  const RelaxInfo first = minimiser(method_.m(), state_.t, options, go_on);
  if (!minimiser.stalled() || first.steps >= options.max_steps) return first;
  Relax rest = options;
  rest.max_steps -= first.steps;
  const auto added = [&](RelaxInfo info) {
    info.steps += first.steps;
    info.evaluations += first.evaluations;
    info.fell_back = true;
    return info;
  };
  return added(
      relax_in_time(rest, [&](const RelaxInfo& info) { return !go_on || go_on(added(info)); }));
}

template <class Backend, class Real, class F>
std::vector<std::byte> FilmEngine<Backend, Real, F>::checkpoint() const {
  // float widens to double and back without a change, so one format serves both precisions
  std::vector<double> now = m();
  if (local_) {
    const std::vector<double> charge = local_->save(state_.t, method_.m().view());
    now.insert(now.end(), charge.begin(), charge.end());
  }
  const std::vector<double> noise = fields_.thermal().save(state_.path);
  now.insert(now.end(), noise.begin(), noise.end());
  const StepControl& control = state_.control;
  const Saved saved{problem_.grid.cells(),  sizeof(Real), state_.steps, state_.t, control.dt,
                    control.previous_ratio, noise.size()};
  std::vector<std::byte> bytes(sizeof(Saved) + now.size() * sizeof(double));
  std::memcpy(bytes.data(), &saved, sizeof(Saved));
  std::memcpy(bytes.data() + sizeof(Saved), now.data(), now.size() * sizeof(double));
  return bytes;
}

template <class Backend, class Real, class F>
void FilmEngine<Backend, Real, F>::restore(const std::vector<std::byte>& state) {
  Saved saved{};
  if (state.size() >= sizeof(Saved)) std::memcpy(&saved, state.data(), sizeof(Saved));
  const std::size_t of_m = 3 * problem_.grid.cells(), of_charge = local_ ? local_->saved_size() : 0;
  const std::size_t numbers = state.size() / sizeof(double) - sizeof(Saved) / sizeof(double);
  if (state.size() < sizeof(Saved) || state.size() % sizeof(double) != 0 ||
      saved.cells != problem_.grid.cells() || saved.real_size != sizeof(Real) ||
      numbers != of_m + of_charge + saved.noise)
    throw InputError("the checkpoint is of another film or another precision");
  std::vector<double> then(numbers);
  std::memcpy(then.data(), state.data() + sizeof(Saved), numbers * sizeof(double));
  const auto charge = then.begin() + static_cast<std::ptrdiff_t>(of_m);
  const auto noise = charge + static_cast<std::ptrdiff_t>(of_charge);
  if (!fields_.thermal().restore({noise, then.end()}, state_.path))
    throw InputError("the checkpoint is of another film or another temperature");
  if (local_) local_->restore({charge, noise});
  then.resize(of_m);
  method_.m().upload(backend_, then);
  state_.t = saved.t;
  state_.steps = saved.steps;
  state_.control = {saved.dt, saved.previous_ratio};
  slope_known_ = false;
}

}  // namespace kubomag
