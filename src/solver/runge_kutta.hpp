#pragma once
// One attempt of an explicit Runge-Kutta step as passes over the film, and the buffers it needs.
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "kernels/rhs.hpp"
#include "solver/butcher_tableau.hpp"
#include "solver/device_film.hpp"
#include "solver/step_state.hpp"
#include "solver/step_sweep.hpp"

namespace kubomag {

template <class Backend, class Real, class F>
class RungeKutta {
 public:
  using Buffer = VectorBuffer<Backend, Real>;
  using Passes = typename Backend::Passes;

  /// `pointwise`: a slope never needs more of m than the neighbouring cells, and scenes of several
  /// stages may be held at once; then all stages go over the film together, where the backend can.
  /// `whole`: something is computed from the state of each stage that has to lie in memory. If not,
  /// whatever reads the first stage's state on a GPU makes it, and there is no pass for it.
  RungeKutta(Backend& backend, const Grid& grid, const ButcherTableau& scheme, bool pointwise,
             bool whole)
      : backend_(backend),
        grid_(grid),
        scheme_(scheme),
        sweep_(backend, grid, scheme),
        first_on_the_way_(!Backend::arrays_for_all_parameters && !whole) {
    sweep_if(pointwise);
    k_.resize(scheme_.stages + 1);
    for (Buffer* buffer : {&k_.front(), &k_.back(), &m_, &new_m_})
      *buffer = Buffer(backend, grid.cells());
    if (swept_) return;
    for (Buffer& stage : stage_) stage = Buffer(backend, grid.cells());
    for (int s = 1; s < scheme_.stages; ++s) k_[s] = Buffer(backend, grid.cells());
  }

  /// Whether attempts from here on are `pointwise` (once constructed so, they must remain so).
  /// True: they go over the film in another way than before, and slopes may have other bits.
  bool sweep_if(bool pointwise) {
    const bool before = swept_;
    if constexpr (Sweep::possible) swept_ = pointwise && sweep_.suits();
    return swept_ != before;
  }

  Buffer& m() { return m_; }
  const Buffer& m() const { return m_; }
  std::size_t bytes() const {
    std::size_t sum =
        sweep_.bytes() + m_.bytes() + new_m_.bytes() + stage_[0].bytes() + stage_[1].bytes();
    for (const Buffer& k : k_) sum += k.bytes();
    return sum;
  }

  using Result = AttemptResult;

  /// The length of a step that is known: numbers in proportion to it.
  struct KnownLength {
    double h;
    template <class>
    Number<Real> weight(double factor) const {
      return static_cast<Real>(h * factor);
    }
  };

  /// Computes the first slope at the present state; `scene(c, m)` gives the right-hand side at
  /// the fraction c of the step. Same code as the last slope of a step, so the same bits.
  template <class SceneAt>
  Result first_slope(SceneAt&& scene_at) {
    if constexpr (Sweep::possible)
      if (swept_)
        return attempt_result(
            sweep_.slope(scene_at(0.0, std::as_const(m_).view()),
                         {std::as_const(m_).view(), {}, new_m_.view(), k_.front().view()}));
    Passes passes(backend_, grid_);
    return attempt_result(slope_passes(passes, scene_at));
  }
  template <class AnyPasses, class SceneAt>
  TwoMaxima<Real> slope_passes(AnyPasses& passes, SceneAt&& scene_at) {
    KnownLength none{0};
    return error_pass(passes, scene_at(0.0, std::as_const(m_).view()), m_, none, k_[0]);
  }

  /// Tries a step of dt from m, whose slope is known. `take()` makes its result the new state.
  template <class SceneAt>
  Result attempt(double dt, SceneAt&& scene_at) {
    if constexpr (Sweep::possible)
      if (swept_) return attempt_result(sweep(dt, scene_at));
    Passes passes(backend_, grid_);
    KnownLength length{dt};
    return attempt_result(attempt_passes(passes, length, scene_at));
  }
  /// `length.weight<Real>(a)` is a times the length of the step.
  template <class AnyPasses, class Length, class SceneAt>
  TwoMaxima<Real> attempt_passes(AnyPasses& passes, Length& length, SceneAt&& scene_at) {
    StageState<Real> state = first_state(passes, length);
    int in = 0;
    for (int s = 2; s <= scheme_.stages; ++s) {
      const bool last = s == scheme_.stages;
      const Scene<Real, F>& scene = scene_at(scheme_.c[s - 1], state);
      Buffer& out = last ? new_m_ : stage_[1 - in];
      stage(passes, s, last, scene, state, out, length);
      state = std::as_const(out).view();
      in = 1 - in;
    }
    return error_pass(passes, scene_at(1.0, std::as_const(new_m_).view()), new_m_, length,
                      k_[scheme_.stages]);
  }

  void take() {
    std::swap(m_, new_m_);
    std::swap(k_.front(), k_[scheme_.stages]);
  }

  /// The slope at the present state [1/s].
  const Buffer& slope() const { return k_.front(); }
  /// What the last attempt led to, and the slope there [1/s].
  const Buffer& result() const { return new_m_; }
  const Buffer& result_slope() const { return k_[scheme_.stages]; }

 private:
  using Sweep = StepSweep<Backend, Real, F>;

  template <class SceneAt>
  TwoMaxima<Real> sweep(double dt, SceneAt&& scene_at) {
    typename Sweep::Scenes scenes;
    for (int s = 1; s <= scheme_.stages; ++s)
      scenes.push_back(scene_at(scheme_.c[s], std::as_const(m_).view()));
    return sweep_.step(dt, scenes,
                       {std::as_const(m_).view(), std::as_const(k_.front()).view(), new_m_.view(),
                        k_.back().view()});
  }

  /// What needs no new slope: m + h k_1, written by a pass, or made by all that read it.
  template <class AnyPasses, class Length>
  StageState<Real> first_state(AnyPasses& passes, Length& length) {
    const auto m = std::as_const(m_).view(), k = std::as_const(k_[0]).view();
    const Number<Real> h = length.template weight<Real>(scheme_.a[0][0]);
    if (first_on_the_way_) return {m, {k, h}};
    passes.template cells<Stencil>(FirstStagePass<Real>{m, k, stage_[0].view(), h});
    return std::as_const(stage_[0]).view();
  }

  /// Slopes with a weight of zero are not read: rk4 moves a fifth fewer bytes.
  template <class AnyPasses, class Length>
  void stage(AnyPasses& passes, int s, bool last, const Scene<Real, F>& scene,
             const StageState<Real>& state, Buffer& out, Length& length) {
    const auto& a = scheme_.a[s - 1];
    const auto read = s - 1 - std::count(a.begin(), a.begin() + s - 1, 0.0);
    if (last) {
      if (read == 1) return launch_stage<2, true>(passes, s, scene, state, out, length);
      if (read == 2) return launch_stage<3, true>(passes, s, scene, state, out, length);
      if (read == 3) return launch_stage<4, true>(passes, s, scene, state, out, length);
      return launch_stage<5, true>(passes, s, scene, state, out, length);
    }
    if (read == 0) return launch_stage<1, false>(passes, s, scene, state, out, length);
    if (read == 1) return launch_stage<2, false>(passes, s, scene, state, out, length);
    if (read == 2) return launch_stage<3, false>(passes, s, scene, state, out, length);
    if (read == 3) return launch_stage<4, false>(passes, s, scene, state, out, length);
    return launch_stage<5, false>(passes, s, scene, state, out, length);
  }

  template <int Count, bool Normalise, class AnyPasses, class Length>
  void launch_stage(AnyPasses& passes, int s, const Scene<Real, F>& scene,
                    const StageState<Real>& state, Buffer& out, Length& length) {
    StagePass<Real, F, Count, Normalise> pass{{scene, state.m, k_[s - 1].view()},
                                              {std::as_const(m_).view(), {}, {}, out.view()},
                                              state.on_the_way};
    weigh(scheme_.a[s - 1], s, length, pass.then.k, pass.then.h);
    passes.template cells<Stencil>(pass);
  }

  /// The slopes before the last of `count` that have a weight, and dt times it; then the last.
  template <class Weights, class Length, std::size_t Count>
  void weigh(const Weights& weights, int count, Length& length, VectorView<const Real> (&k)[Count],
             Number<Real> (&h)[Count]) const {
    std::size_t used = 0;
    for (int j = 0; j < count; ++j)
      if (j == count - 1 || weights[j] != 0) {
        k[used] = k_[j].view();
        h[used++] = length.template weight<Real>(weights[j]);
      }
  }

  template <class AnyPasses, class Length>
  TwoMaxima<Real> error_pass(AnyPasses& passes, const Scene<Real, F>& scene, const Buffer& m_in,
                             Length& length, Buffer& k_out) {
    const auto read =
        scheme_.stages - std::count(scheme_.e.begin(), scheme_.e.begin() + scheme_.stages, 0.0);
    if (read == 1) return launch_error<2>(passes, scene, m_in, length, k_out);
    if (read == 3) return launch_error<4>(passes, scene, m_in, length, k_out);
    return launch_error<6>(passes, scene, m_in, length, k_out);
  }

  template <int Count, class AnyPasses, class Length>
  TwoMaxima<Real> launch_error(AnyPasses& passes, const Scene<Real, F>& scene, const Buffer& m_in,
                               Length& length, Buffer& k_out) {
    ErrorPass<Real, F, Count> pass{{scene, m_in.view(), k_out.view()}, {{}, {}, scene.gamma}};
    weigh(scheme_.e, scheme_.stages + 1, length, pass.then.k, pass.then.e);
    pass.then.k[Count - 1] = std::as_const(k_out).view();
    return passes.template max<Stencil, TwoMaxima<Real>>(pass);
  }

  Backend& backend_;
  Grid grid_;
  const ButcherTableau& scheme_;
  std::vector<Buffer> k_;
  std::array<Buffer, 2> stage_;
  Buffer m_, new_m_;
  Sweep sweep_;
  bool first_on_the_way_, swept_ = false;
};

}  // namespace kubomag
