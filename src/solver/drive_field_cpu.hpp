#pragma once
// The drive on the CPU: a harmonic drive past its transient is a sum of fixed
// fields; where its fields are smooth in time they are interpolated in windows;
// else DriveEvaluator.
#include <algorithm>
#include <limits>
#include <optional>
#include <vector>

#include "backend/cpu_backend.hpp"
#include "solver/basis_sum.hpp"
#include "solver/device_film.hpp"
#include "solver/drive_evaluator.hpp"
#include "solver/drive_field.hpp"
#include "solver/drive_memory.hpp"
#include "solver/held_pieces.hpp"
#include "solver/windowed_field.hpp"

namespace kubomag {

template <class Real>
class DriveField<CpuBackend, Real> {
 public:
  DriveField(const Problem& problem, const CpuBackend& backend)
      : cells_(problem.grid.cells()),
        events_(signal_events(problem.drive)),
        evaluator_(
            make_drive_plan(problem.grid, problem.diffusion, problem.drive, backend.threads()),
            backend.threads()),
        basis_(backend, fields(), evaluator_.plan(), backend.threads()),
        now_(backend, fields().cells()),
        alike_(drive_cells(evaluator_.plan())),
        backend_(backend) {
    if (!alike_.along_x)
      ones_.assign(problem.grid.nx, Real(1)), zeros_.assign(ones_.size(), Real(0));
    const double step = typical_step(problem);
    if (always_harmonic() || !windows_worth(problem.drive, step) ||
        static_cast<double>(cells_) < DriveWindows::fewest_cells)
      return;
    windows_.emplace(evaluator_.plan(), events_, evaluator_.knots(), step, window_tolerance<Real>);
    windowed_.emplace(backend, fields());
  }

  DriveSample<Real> sample(double t, double t_inside) { return placed(sum_at(t, t_inside)); }
  bool always_held() const { return always_harmonic() && basis_.held(); }
  bool held(double t, double end, double t_inside) {
    if (basis_.covers(t)) return basis_.held();
    if (!windows_) return false;
    const TimeWindow* const first = windows_->at(t, t_inside);
    if (!first || first->pieces == 0) return false;
    const TimeWindow window = *first;  // which the next call may change
    const TimeWindow* const last = windows_->at(end, t_inside);
    return last && last->pieces > 0 && in_two_pieces(window, t, *last, end);
  }

  DriveSample<Real> silence() const {
    const auto view = now_.view();
    return placed({view, view, Real(0), Real(0)});
  }

  /// Where the surface's charge screens the gate this is the field before
  /// screening.
  std::vector<double> electric_field(double t) {
    std::vector<double> E(2 * cells_);
    evaluator_.external_E(t, E.data(), E.data() + cells_);
    return E;
  }

  double next_event(double t) {
    const double event = events_.next(t);
    return evaluator_.has_knots() ? std::min(event, evaluator_.knots(t).end()) : event;
  }
  std::size_t bytes() const {
    const DrivePlan& plan = evaluator_.plan();
    const DriveParts parts = drive_parts(plan);
    double exact = plan_bytes(plan.box, parts);
    if (!always_harmonic())
      exact += evaluator_bytes(plan.box, parts, sizeof(Real) == 4, backend_.threads());
    return basis_.bytes() + now_.bytes() + static_cast<std::size_t>(exact) +
           (windowed_ ? windowed_->bytes() : 0);
  }

 private:
  DriveSample<Real> placed(DriveSample<Real> sum) const {
    sum.cells = alike_, sum.ones = ones_.data(), sum.zeros = zeros_.data();
    return sum;
  }

  const Grid& fields() const { return evaluator_.plan().fields; }

  DriveSample<Real> sum_at(double t, double t_inside) {
    if (basis_.covers(t)) {
      held_ = nothing;
      return basis_.at({t, t}, now_);
    }
    const auto exact = [&](double time, auto& out) { evaluate(time, t_inside, out); };
    const TimeWindow* window = windows_ ? windows_->at(t, t_inside) : nullptr;
    if (window && window->pieces > 0) return windowed_->in_piece(*window, t, exact);
    // stages often share their time with the one before
    const Moment moment{t, last_event(t_inside)};
    if (!(moment == held_)) window ? windowed_->sum(*window, t, exact, now_) : exact(t, now_);
    held_ = moment;
    return whole(now_);
  }

  /// Whether no closed solution is ever evaluated.
  bool always_harmonic() const { return basis_.covers(-HUGE_VAL); }

  double last_event(double t_inside) {
    const double event = events_.last(t_inside);
    return evaluator_.has_knots() ? std::max(event, evaluator_.knots(t_inside).begin()) : event;
  }

  struct Moment {
    double t, from;  // [s], and the beginning of the interval that it is seen from
    bool operator==(const Moment&) const = default;
  };

  void evaluate(double t, double t_inside, VectorBuffer<CpuBackend, Real>& out) {
    const auto to = out.view();
    evaluator_.evaluate(t, t_inside, to.x, to.y, to.z);
  }

  static constexpr Moment nothing{std::numeric_limits<double>::quiet_NaN(), 0};

  std::size_t cells_;  // of the film
  EventTimes events_;  // but those of sampled fields
  DriveEvaluator evaluator_;
  BasisSum<CpuBackend, Real> basis_;
  std::optional<DriveWindows> windows_;
  std::optional<WindowedField<CpuBackend, Real>> windowed_;
  VectorBuffer<CpuBackend, Real> now_;
  Moment held_ = nothing;  // whose fields are in now_
  DriveCells alike_;
  std::vector<Real> ones_, zeros_;  // a row where nothing varies along x
  const CpuBackend& backend_;
};

}  // namespace kubomag
