#pragma once
// What drives one lane of a block of single cells: sources and drive at the lane's own time, and
// the pace of its steps.
#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "kernels/thermal.hpp"
#include "kubomag/engine.hpp"
#include "kubomag/error.hpp"
#include "setup/drive_events.hpp"
#include "solver/butcher_tableau.hpp"
#include "solver/drive_field_cpu.hpp"
#include "solver/signals.hpp"
#include "solver/step_control.hpp"

namespace kubomag {

/// The sum of the sources of one cell; those that never change are added up beforehand.
class CellSources {
 public:
  CellSources(const std::vector<FieldSource>& sources, EventTimes& switches) {
    for (const FieldSource& source : sources) {
      add_events(switches, source.signal);
      const Vec3<double> value = source.map.empty() ? source.value : source.map.front();
      if (constant(source.signal))
        fixed_ += signal_value(source.signal, 0, 0) * value;
      else
        moving_.push_back({value, source.signal});
    }
  }

  bool moves() const { return !moving_.empty(); }
  Vec3<double> operator()(double t, double t_inside) const {
    Vec3<double> sum = fixed_;
    for (const Moving& source : moving_)
      sum += signal_value(source.signal, t, t_inside) * source.value;
    return sum;
  }

 private:
  struct Moving {
    Vec3<double> value;
    Signal signal;
  };
  static bool constant(const Signal& signal) {
    return std::all_of(signal.terms.begin(), signal.terms.end(), [](const SignalTerm& term) {
      return term.kind == SignalTerm::Kind::constant;
    });
  }

  Vec3<double> fixed_;
  std::vector<Moving> moving_;
};

struct MacrospinLane {
  static constexpr double lost = 1e14;  // an error that only a NaN or an overflow gives

  MacrospinLane(const Problem& problem, const CpuBackend& backend)
      : rule(problem.integrator),
        B_ext(problem.B_ext, switches),
        current(problem.current, switches),
        sheet_current(problem.sheet_current, switches) {
    if (!problem.drive.empty())
      drive = std::make_unique<DriveField<CpuBackend, double>>(problem, backend);
    control.dt = rule.FixDt > 0 ? rule.FixDt : std::min(rule.InitialDt, rule.MaxDt);
    const Parameters& film = problem.material;
    const double Ms = film["Msat"](0), T = film["Temp"](0);
    if (T > 0 && Ms > 0)
      noise = std::sqrt(2 * constants::k_B / (problem.GammaLL * problem.grid.cell_volume()) * T *
                        film["alpha"](0) / Ms);
  }

  /// Prepares an attempt towards t_end: the step, cut short at events.
  void aim(double t_end) {
    event = std::min(switches.next(t),
                     drive ? drive->next_event(t) : std::numeric_limits<double>::infinity());
    const double stop = std::min(t_end, event);
    h = limited(control.dt, stop - t);
    end = h == stop - t ? stop : t + h;  // t + h may miss stop by its last bit
    if (noise == 0) return;
    slope_known = false;  // found with another noise
    if (h > 0) B_noise = (noise / std::sqrt(h)) * normal_triple(rule.seed, steps, 0);
  }

  /// Whether nothing that drives the lane changes in time.
  bool still() const {
    return !B_ext.moves() && !current.moves() && !sheet_current.moves() && !drive && noise == 0;
  }

  bool accepts(double error) const { return rule.FixDt > 0 ? error < lost : error <= rule.MaxErr; }

  void accept(double error) {
    const int order = tableau(rule.scheme).error_order;
    info.dt = h;
    info.error = error;
    t = end;
    ++steps;
    slope_known = end != event && noise == 0;
    if (rule.FixDt > 0) return;
    control.accept(h, error, rule.MaxErr, order, rule.MaxDt);
    control.dt = std::max(control.dt, rule.MinDt);
  }

  void refuse(double error) {
    ++info.rejected;
    if (rule.FixDt > 0 || h <= rule.MinDt) {
      failure = error >= lost ? "dm/dt is not a number at t = " + std::to_string(t * 1e9) +
                                    " ns (a parameter or a drive is out of range, or FixDt is "
                                    "unstable)"
                              : "the step size fell below MinDt at t = " + std::to_string(t * 1e9) +
                                    " ns (error " + std::to_string(error) + " rad); raise MaxErr";
      return;
    }
    control.reject(h, error, rule.MaxErr, tableau(rule.scheme).error_order);
    control.dt = std::max(control.dt, rule.MinDt);
  }

  /// The step, shortened to end at `remaining`; an adaptive step is halved if only a sliver would
  /// be left.
  double limited(double dt, double remaining) const {
    if (dt >= remaining * (1 - 1e-9)) return remaining;
    const bool sliver = rule.FixDt == 0 && 2 * dt > remaining;
    return sliver ? 0.5 * remaining : dt;
  }

  Integrator rule;
  EventTimes switches;  // of the sources, which follow
  CellSources B_ext, current, sheet_current;
  std::unique_ptr<DriveField<CpuBackend, double>> drive;  // null: there is none
  double noise = 0;                                       // of the thermal field [T s^(1/2)]
  Vec3<double> B_noise;                                   // of the present step [T]

  double t = 0, h = 0, end = 0, event = 0;  // [s]
  StepControl control;
  std::uint64_t steps = 0;
  double max_torque = 0;
  bool slope_known = false;
  StepInfo info;
  std::string failure;
};

}  // namespace kubomag
