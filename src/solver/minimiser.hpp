#pragma once
// Steepest descent of the energy with the steps of Barzilai and Borwein: tau = s.s/s.y and s.y/y.y
// in turn (kernels/descent.hpp; Exl et al., J. Appl. Phys. 115, 17D118 (2014)).
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "kernels/descent.hpp"
#include "kubomag/engine.hpp"
#include "kubomag/error.hpp"
#include "solver/film_fields.hpp"

namespace kubomag {

template <class Backend, class Real, class F>
class Minimiser {
 public:
  using Buffer = VectorBuffer<Backend, Real>;

  /// `stiff`: the largest field that drives a mode [T]; 1/stiff is a safe step.
  Minimiser(Backend& backend, const Grid& grid, FilmFields<Backend, Real, F>& fields, double stiff)
      : backend_(backend),
        grid_(grid),
        fields_(fields),
        stiff_(stiff),
        other_m_(backend, grid.cells()),
        torque_(backend, grid.cells()),
        other_torque_(backend, grid.cells()) {}

  /// Takes m down until the torque is small, the steps are used up, `go_on` says no, or there was
  /// no progress for long; `stalled()` tells the last.
  template <class GoOn>
  RelaxInfo operator()(Buffer& m, double t, const Relax& options, const GoOn& go_on) {
    RelaxInfo info;
    double best = find_torque(m, t, options, info);
    double tau = 1 / stiff_;
    for (int idle = 0; info.max_torque > options.stop_torque && info.steps < options.max_steps;) {
      if (info.steps > 0) tau = next_step(m, info.steps % 2 == 0);
      tau = std::clamp(tau, 0.2 / stiff_, std::max(0.2 / stiff_, largest_turn / info.max_torque));
      take(m, tau);
      const bool at_rounding = tau * info.max_torque < 8 * std::numeric_limits<Real>::epsilon();
      find_torque(m, t, options, info);
      ++info.steps;
      idle = info.max_torque < 0.99 * best ? 0 : idle + 1;
      best = std::min(best, info.max_torque);
      stalled_ = idle >= (at_rounding ? patience / 10 : patience);
      if (stalled_ || (go_on && !go_on(info))) break;
    }
    info.converged = info.max_torque <= options.stop_torque;
    return info;
  }

  bool stalled() const { return stalled_; }

 private:
  static constexpr double largest_turn = 0.5;  // of any cell in one step [rad]: stay in the basin
  static constexpr int patience = 500;         // steps without less torque; the method is not
                                               // monotone

  double find_torque(const Buffer& m, double t, const Relax& options, RelaxInfo& info) {
    const Scene<Real, F>& scene = fields_.relaxing(t, m.view(), options.B_ext);
    const DescentTorquePass<Real, F> pass{scene, m.view(), torque_.view()};
    const auto largest = backend_.template max_over_cells<Stencil, TwoMaxima<Real>>(grid_, pass);
    if (largest.first >= Real(1e30))
      throw RunError("minimisation met a field that is not a number");
    ++info.evaluations;
    return info.max_torque = std::sqrt(static_cast<double>(largest.first));
  }

  /// Where the energy is not convex along the last step (s.y <= 0) the mean |s|/|y| of both.
  double next_step(const Buffer& m, bool long_one) {
    const CurvaturePass<Real, F::mapped> pass{m.view(), std::as_const(torque_).view(),
                                              std::as_const(other_m_).view(),
                                              std::as_const(other_torque_).view(), fields_.Ms()};
    const auto [ss, sy, yy] = backend_.template sum_over_cells<Stencil, 3>(grid_, pass);
    if (!(yy > 0)) return 1 / stiff_;
    if (!(sy > 0)) return std::sqrt(ss / yy);
    return long_one ? ss / sy : sy / yy;
  }

  void take(Buffer& m, double tau) {
    backend_.template for_each_cell<Stencil>(
        grid_, DescentPass<Real>{std::as_const(m).view(), std::as_const(torque_).view(),
                                 other_m_.view(), static_cast<Real>(tau)});
    std::swap(m, other_m_);
    std::swap(torque_, other_torque_);
  }

  Backend& backend_;
  Grid grid_;
  FilmFields<Backend, Real, F>& fields_;
  double stiff_;
  Buffer other_m_, torque_, other_torque_;  // m and T of the step before
  bool stalled_ = false;
};

}  // namespace kubomag
