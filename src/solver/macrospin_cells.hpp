#pragma once
// Single cells on a GPU: each is taken through many steps by one thread, in its registers, by the
// functions of kernels/ and the pace of step_state.hpp, with what drives it evaluated at its own
// time (docs/decisions/011-replicas-on-a-gpu.md). On the CPU cells share SIMD registers and go
// stage by stage instead (macrospin_block.cpp).
#include <type_traits>
#include <utility>

#include "kernels/called.hpp"
#include "kernels/rhs.hpp"
#include "kernels/thermal.hpp"
#include "kernels/torques.hpp"
#include "solver/butcher_tableau.hpp"
#include "solver/macrospin_row.hpp"
#include "solver/macrospin_state.hpp"
#include "solver/signal_arrays.hpp"

namespace kubomag {

/// value s(t), its signal among those of all cells.
struct MovingSource {
  Vec3<double> value;
  SignalPlace signal;
};

/// One kind of source of every cell; null where no cell has any of it.
struct CellsSources {
  const Vec3<double>* fixed = nullptr;  // the sum of those that never change
  const int* first = nullptr;           // of the moving ones of each cell; one more at the end
  const MovingSource* moving = nullptr;
};

/// Everything that is given of the cells.
struct CellsDrives {
  CellsSources B_ext, current, sheet_current;
  CellsSources drive;  // psi, E'_x, E'_y
  SignalCodes signals;
  const double* events = nullptr;  // times that no step may straddle, ascending for each cell [s]
  const int* first_event = nullptr;
  const MacrospinSetup* setup = nullptr;
  bool moves = false;  // some cell has a moving source or noise

  /// Cells without Formulas have none, and pay for none.
  template <bool Formulas>
  KUBOMAG_HD Vec3<double> sum(const CellsSources& of, int i, double t, double t_inside) const {
    Vec3<double> sum{};
    if (of.fixed) sum = of.fixed[i];
    if (!of.first) return sum;
    for (int j = of.first[i]; j < of.first[i + 1]; ++j) {
      const MovingSource& source = of.moving[j];
      SignalCode signal = signals(source.signal);
      if constexpr (!Formulas) signal.formula_count = 0;
      sum += signal(t, t_inside) * source.value;
    }
    return sum;
  }

  /// The first event of a cell later than t.
  KUBOMAG_HD double next_event(int i, double t) const {
    if (!first_event) return HUGE_VAL;
    const int first = first_event[i], count = first_event[i + 1] - first;
    const int later = first_later(events + first, count, t);
    return later < count ? events[first + later] : HUGE_VAL;
  }
};

/// What drives a cell at one instant, but for psi and E'. A cell holds these numbers and nothing
/// else from one evaluation to the next: a TorqueDrives says where its numbers are, and what holds
/// one is put into memory.
template <class Real>
struct CellInstant {
  Vec3<Real> B_ext;          // and a field beside it [T]
  Vec3<Real> current;        // [A/m2]
  Vec3<Real> sheet_current;  // [A/m]
};

/// The equation of motion of all cells.
template <class Real, class F>
struct CellEquations {
  Scene<Real, F> scene;
  TorqueTerms<Real> torques;
  CellDemag<Real> demag;
  CellsDrives drives;
  unsigned acting = 0;         // bits of the torques
  VectorView<Real> drive_now;  // psi and E' of each cell

  /// What drives cell i at time t, and a field beside it.
  KUBOMAG_HD CellInstant<Real> at(int i, double t, double t_inside, Vec3<double> B_noise) const {
    CellInstant<Real> now;
    const auto sum = [&](const CellsSources& of) {
      return drives.template sum<F::all_terms>(of, i, t, t_inside);
    };
    now.B_ext = cast<Real>(sum(drives.B_ext) + B_noise);
    now.current = cast<Real>(sum(drives.current));
    now.sheet_current = cast<Real>(sum(drives.sheet_current));
    if constexpr (F::surface) drive_now.store(i, cast<Real>(sum(drives.drive)));
    return now;
  }

  /// dm/dt [1/s].
  KUBOMAG_HD Vec3<Real> rate(int i, Vec3<Real> m, const CellInstant<Real>& now) const {
    const VectorView<const Real> film{&m.x, &m.y, &m.z};
    Neighbourhood<Real> c(film, Stencil{0, 0, 0, 0, 0});
    c.at = Stencil{i, i, i, i, i};
    const TorqueDrives<Real> torques_now = torque_drives(now);
    const Vec3<Real> B = scene.terms.field(c) +
                         (now.B_ext + demag.field(i, m) + torque_field(torques, c, torques_now));
    return scene.mobile(i) * scene.rate(c, B, torques_now.E);
  }

 private:
  KUBOMAG_HD TorqueDrives<Real> torque_drives(const CellInstant<Real>& now) const {
    TorqueDrives<Real> out;
    out.current.uniform = now.current;
    out.sheet_current.uniform = now.sheet_current;
    if constexpr (F::surface) {
      const VectorView<const Real> whole{drive_now.x, drive_now.y, drive_now.z};
      out.E = {whole, whole, Real(1), Real(0)};
    }
    return out;
  }

  /// The fields of the acting torques. The local electrons' are in what has every term alone.
  template <class... Torques>
  KUBOMAG_HD Vec3<Real> torque_field(const TorqueList<Real, Torques...>& all,
                                     const Neighbourhood<Real>& c,
                                     const TorqueDrives<Real>& now) const {
    Vec3<Real> B{};
    unsigned bits = acting;
    const auto add = [&](const auto& torque) {
      if constexpr (!std::is_same_v<std::remove_cvref_t<decltype(torque)>, LocalTorque<Real>>) {
        if (bits & 1) B += torque.field(c, now);
      } else if constexpr (F::all_terms) {
        if (bits & 1) B += electrons_field(c.at.i, c.m, now.sheet_current.uniform.value);
      }
      bits >>= 1;
    };
    (add(static_cast<const Torques&>(all)), ...);
    return B;
  }

  /// Called, since the table takes as much code as all else and its registers would be added to
  /// all that a cell holds; given numbers alone, which need no memory.
  KUBOMAG_CALLED Vec3<Real> electrons_field(int i, Vec3<Real> m, Vec3<Real> sheet_current) const {
    const LocalTorque<Real>& electrons = torques;
    return electrons.field(i, m, torque_drives({{}, {}, sheet_current}));
  }
};

/// f(number) for the numbers 0 ... count - 1, which are known at compile time.
template <class F, int... number>
KUBOMAG_HD void for_numbers(std::integer_sequence<int, number...>, const F& f) {
  (f(std::integral_constant<int, number>()), ...);
}

/// Steps of one cell by one scheme. The stages are a loop around one copy of the right-hand side,
/// so that a slope has the same bits wherever in a step it is found; the slopes are told apart by
/// numbers known at compile time, so that they stay in registers.
template <class Real, class F, Scheme scheme>
class CellStepper {
  static constexpr ButcherTableau method = scheme == Scheme::bogacki_shampine ? bogacki_shampine
                                           : scheme == Scheme::rk4            ? rk4
                                           : scheme == Scheme::heun           ? heun
                                                                              : dormand_prince;
  static constexpr int stages = method.stages;
  using Slopes = std::make_integer_sequence<int, stages + 1>;

 public:
  KUBOMAG_HD CellStepper(const CellEquations<Real, F>& equations, int cell,
                         const CellState<Real>& state)
      : f_(equations),
        setup_(equations.drives.setup[cell]),
        i_(cell),
        step_(state.step),
        m_(state.m),
        slope_known_(state.slope_known) {
    k_[0] = state.slope;
  }

  /// At most `attempts` attempts and `steps` steps towards t_end; without an attempt the slope
  /// alone.
  KUBOMAG_HD CellState<Real> advance(double t_end, long steps, long attempts) {
    event_ = f_.drives.next_event(i_, step_.t);
    if (!f_.drives.moves) now_ = f_.at(i_, 0, 0, {});
    if (attempts == 0 && !slope_known_) evaluate(0, 0);
    for (; attempts > 0 && steps > 0 && step_.t < t_end && !step_.failed; --attempts)
      if (attempt(t_end)) --steps;
    return {step_, m_, k_[0], slope_known_};
  }

 private:
  /// True: the step was taken.
  KUBOMAG_HD bool attempt(double t_end) {
    step_.stop = t_end < event_ ? t_end : event_;
    begin_attempt(step_, setup_.rule);
    if (setup_.noise > 0) {
      slope_known_ = false;  // found with another noise
      if (step_.h > 0)
        B_noise_ = (setup_.noise / std::sqrt(step_.h)) * normal_triple(setup_.seed, step_.steps, 0);
    }
    evaluate(slope_known_ ? 1 : 0, stages);
    const Vec3<Real> error = weighted<stages + 1>(Vec3<Real>{});
    if (!settle_attempt(step_, setup_.rule, result(error, k_[stages]))) return false;
    m_ = stage_;
    k_[0] = k_[stages];
    slope_known_ = step_.t != event_ && setup_.noise == 0;
    if (step_.t == event_) event_ = f_.drives.next_event(i_, step_.t);
    return true;
  }

  /// The slopes first ... last; `stage_` is then the state at which the last of them was taken.
  KUBOMAG_HD void evaluate(int first, int last) {
#if defined(__CUDACC__) && defined(__CUDA_ARCH__)
#pragma unroll 1
#endif
    for (int n = first; n <= last; ++n) {
      double c = 0;
      for_numbers(Slopes(), [&](auto number) {
        constexpr int s = decltype(number)::value;
        constexpr double part = method.c[s];
        if (n != s) return;
        stage_ = stage<s>();
        c = part;
      });
      if (f_.drives.moves)
        now_ = f_.at(i_, stage_time(step_, c), n == 0 ? just_after(step_) : inside_attempt(step_),
                     B_noise_);
      const Vec3<Real> slope = f_.rate(i_, stage_, now_);
      for_numbers(Slopes(), [&](auto number) {
        if (n == number) k_[number] = slope;
      });
      if (n > 0) continue;
      step_.max_torque = result({}, slope).max_torque;
      slope_known_ = true;
    }
  }

  KUBOMAG_HD AttemptResult result(Vec3<Real> error, Vec3<Real> slope) const {
    const Vec3<Real> rate = (1 / f_.scene.gamma) * slope;
    return attempt_result(TwoMaxima<Real>{not_nan(dot(error, error)), not_nan(dot(rate, rate))});
  }

  /// The state of stage s.
  template <int s>
  KUBOMAG_HD Vec3<Real> stage() const {
    const Vec3<Real> m = weighted<s>(m_);
    if constexpr (s < stages) return m;
    return (f_.scene.moment(i_) > 0 ? 1 / norm(m) : Real(0)) * m;
  }

  /// `from` and the slopes before number `row` by a row of the tableau; the last row is the error.
  template <int row>
  KUBOMAG_HD Vec3<Real> weighted(Vec3<Real> from) const {
    for_numbers(std::make_integer_sequence<int, row>(), [&](auto number) {
      constexpr int j = decltype(number)::value;
      constexpr double weight = row > stages ? method.e[j] : method.a[row > 0 ? row - 1 : 0][j];
      if constexpr (weight != 0) from += static_cast<Real>(step_.h * weight) * k_[j];
    });
    return from;
  }

  const CellEquations<Real, F>& f_;
  const MacrospinSetup setup_;
  const int i_;
  StepState step_;
  Vec3<Real> m_;
  bool slope_known_;
  double event_ = 0;
  Vec3<double> B_noise_;
  CellInstant<Real> now_;
  Vec3<Real> stage_, k_[stages + 1];
};

}  // namespace kubomag
