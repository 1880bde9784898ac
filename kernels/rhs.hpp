#pragma once
// The right-hand side dm/dt of one cell, and the passes over cells that are built on it.
// A pass reads everything a cell needs once, evaluates the sum of all terms and writes the next
// Runge-Kutta stage in the same sweep. `Features` select at compile time what is in the sum.
#include "cell_row.hpp"
#include "drive_sample.hpp"
#include "gilbert.hpp"
#include "number.hpp"
#include "surface_dirac.hpp"
#include "terms.hpp"

namespace kubomag {

/// A pass that adds nothing to the field by itself.
template <class Real>
struct NoSummands {};

/// What a compiled pass contains.
template <bool MappedMaterial, bool FieldMap, bool Surface, bool EveryTerm = false>
struct Features {
  static constexpr bool mapped = MappedMaterial;  // some parameter varies from cell to cell
  static constexpr bool field_map = FieldMap;     // demag or other fields given per cell
  static constexpr bool surface = Surface;        // the Dirac surface: torques and tensor damping
  static constexpr bool all_terms = EveryTerm;    // energy terms beyond the basic ones (terms.hpp)
  // Summands of the field that are added in the pass itself (solver/device_summands.hpp).
  static constexpr bool sums = false;
  template <class Real>
  using Summands = NoSummands<Real>;
};

/// Everything but m that the right-hand side needs at one instant.
template <class Real, class F>
struct Scene {
  FieldTerms<Real, F::mapped, F::all_terms> terms;
  Param<Real, F::mapped> alpha{};
  SurfaceDirac<Real, F::mapped> surface{};
  Param<Real, F::mapped> moment{};        // 1 where there is material, 0 in vacuum
  Param<Real, F::mapped> mobile{};        // 1 where m moves, 0 where it is held
  Real gamma{};                           // [rad/(T s)]
  Number<Vec3<Real>> B_uniform{};         // sum of the uniform sources [T]
  VectorView<const Real> B_map{};         // demag, sources that vary over the film, torques [T]
  const RowFields<Real>* rows = nullptr;  // if set: B_map is theirs, row by row
  [[no_unique_address]] typename F::template Summands<Real> summands{};
  DriveSample<Real> drive{};
  Real precession = 1;  // 0 to relax (gilbert.hpp)

  /// B_eff without the surface's torques [T].
  KUBOMAG_HD Vec3<Real> B_eff(const Neighbourhood<Real>& c) const {
    Vec3<Real> B = terms.field(c) + B_uniform();
    if constexpr (F::field_map) {
#ifdef __CUDA_ARCH__
      if (B_map.x)  // a branch that all threads take alike
#endif
        B += B_map.load(c.at.i);
    }
    if constexpr (F::sums) B += summands(c);
    return B;
  }

  /// Whether a pass must be told which row it goes through.
  static constexpr bool by_row = F::field_map || F::surface;

  /// Sets B_map and the drive for the cells of a row.
  void enter(const CellRow<Real>& row) {
    if (rows) B_map = rows->of_row(row);
    if constexpr (F::surface) drive = drive.in_row(row.first);
  }

  /// dm/dt [1/s].
  KUBOMAG_HD Vec3<Real> operator()(const Neighbourhood<Real>& c) const {
    if constexpr (F::mapped) return mobile(c.at.i) * rate(c);
    return rate(c);
  }

  /// dm/dt of a cell that is not held [1/s].
  KUBOMAG_HD Vec3<Real> rate(const Neighbourhood<Real>& c) const {
    return rate(c, B_eff(c), drive);
  }

  /// The same in a given field without the surface's torques [T], under a given drive.
  KUBOMAG_HD Vec3<Real> rate(const Neighbourhood<Real>& c, Vec3<Real> B,
                             const DriveSample<Real>& drive_now) const {
    if constexpr (F::surface) {
      const DriveValue<Real> value = drive_now(c.at.i);
      const LongitudinalHall<Real> sigma = surface.conductivity(c.at.i, c.m.z);
      const LongitudinalHall<Real> A = surface.damping(c.at.i, sigma);
      const Vec3<Real> B_all =
          B + surface.field_like(c.at.i, sigma, value) + surface.diffusive(c.at.i, c.m.z, value);
      return solve_gilbert(c.m, gamma * cross(B_all, c.m), precession, alpha(c.at.i),
                           A.longitudinal, A.hall);
    } else {
      return solve_gilbert(c.m, gamma * cross(B, c.m), precession, alpha(c.at.i));
    }
  }
};

/// A pass for one row of cells, whose first and last are given, with `m` around it. A pass that
/// offers this as its member `in_row` is asked for it before it goes through a row.
template <class Real, class Pass>
Pass pass_in_row(const Pass& pass, const VectorView<const Real>& m, Stencil first, Stencil last) {
  Pass here = pass;
  here.f.enter({m, first, last});
  return here;
}

/// m + sum_j h_j k_j over the first `Count` slopes.
template <class Real, int Count>
KUBOMAG_HD Vec3<Real> combine(Vec3<Real> m, const VectorView<const Real>* k, const Number<Real>* h,
                              int i) {
  for (int j = 0; j < Count; ++j) m += h[j]() * k[j].template load<Real>(i);
  return m;
}

/// What a GPU adds to m where it reads it: h k, and nothing where there is no k.
template <class Real>
struct OnTheWay {
  VectorView<const Real> k{};
  Number<Real> h{};
};

/// The state of a stage: m, or what a GPU makes of it on the way.
template <class Real>
struct StageState {
  VectorView<const Real> m;
  OnTheWay<Real> on_the_way{};
  StageState(const VectorView<const Real>& known, const OnTheWay<Real>& added = {})
      : m(known), on_the_way(added) {}
};

/// The state m + h k, made where it is read.
template <class Real>
struct StateOnTheWay {
  const VectorView<const Real>&m, &k;
  Real h;
  KUBOMAG_HD Vec3<Real> load(int i) const {
    const Vec3<Real> here = m.load(i);
    return k.x ? here + h * k.load(i) : here;  // a branch that all threads take alike
  }
};

/// A slope: k_out = f(m_in).
template <class Real, class F>
struct SlopePass {
  Scene<Real, F> f;
  VectorView<const Real> m_in;
  VectorView<Real> k_out;

  SlopePass in_row(Stencil first, Stencil last) const requires(Scene<Real, F>::by_row) {
    return pass_in_row(*this, m_in, first, last);
  }

  KUBOMAG_HD void operator()(Stencil s) const { (*this)(s.i, Neighbourhood<Real>(m_in, s)); }

  /// The same for a cell whose surroundings are known and which k_out has at `i`.
  KUBOMAG_HD Vec3<Real> operator()(int i, const Neighbourhood<Real>& c) const {
    const Vec3<Real> slope = f(c);
    k_out.store(i, slope);
    return slope;
  }
};

/// The state that a slope, the last of `Count`, leads to: m_out = m_0 + sum_j h_j k_j. Normalised,
/// it is of length 1 where there is material and zero in vacuum.
template <class Real, int Count, bool Normalise>
struct NextState {
  VectorView<const Real> m_0, k[Count];
  Number<Real> h[Count];
  VectorView<Real> m_out;

  KUBOMAG_HD void operator()(int i) const { (*this)(i, k[Count - 1].template load<Real>(i)); }
  KUBOMAG_HD void operator()(int i, Vec3<Real> slope) const {
    Vec3<Real> m = combine<Real, Count - 1>(m_0.template load<Real>(i), k, h, i);
    m += h[Count - 1]() * slope;
    if constexpr (Normalise) {
      const Real length = norm(m);
      m = (length > 0 ? 1 / length : Real(0)) * m;
    }
    m_out.store(i, m);
  }
};

/// One stage of a Runge-Kutta step: k_Count = f(m_in), the last of the `Count` slopes that have a
/// weight, then the next stage's state, with h_j = dt a_j; the last stage's state is normalised.
/// A GPU does both in one go. On the CPU `first` goes over a part of a row and `then` over it again
/// while it is in the cache, so that the long loop is compiled once for all stages.
template <class Real, class F, int Count, bool Normalise>
struct StagePass {
  using Contents = F;
  SlopePass<Real, F> first;
  NextState<Real, Count, Normalise> then;
  OnTheWay<Real> in{};  // on a device: from m_in to the state

  StagePass in_row(Stencil begin, Stencil end) const requires(Scene<Real, F>::by_row) {
    return {first.in_row(begin, end), then};
  }

  KUBOMAG_HD void operator()(Stencil s) const {
    const StateOnTheWay<Real> state{first.m_in, in.k, in.h()};
    then(s.i, first(s.i, Neighbourhood<Real>(state, s)));
  }
};

/// The first stage's state needs no new slope: m_out = m_0 + h k_1.
template <class Real>
struct FirstStagePass {
  VectorView<const Real> m_0, k_1;
  VectorView<Real> m_out;
  Number<Real> h;

  KUBOMAG_HD void operator()(Stencil s) const {
    m_out.store(s.i, m_0.template load<Real>(s.i) + h() * k_1.template load<Real>(s.i));
  }
};

/// Largest of two things over all cells.
template <class Real>
struct TwoMaxima {
  Real first{}, second{};
};

/// A NaN must not be lost in a maximum: it becomes a number that no step can accept.
template <class Real>
KUBOMAG_HD Real not_nan(Real x) {
  return x <= Real(1e30) ? x : Real(1e30);
}

/// The squares of the error estimate sum_j e_j k_j [e_j = dt (b_j - b*_j)] and of |dm/dt|, in which
/// the last of `Count` slopes is that at the end of the step.
template <class Real, int Count>
struct ErrorEstimate {
  VectorView<const Real> k[Count];
  Number<Real> e[Count];
  Real gamma;  // [rad/(T s)]

  KUBOMAG_HD TwoMaxima<Real> operator()(int i) const {
    return (*this)(i, k[Count - 1].template load<Real>(i));
  }
  KUBOMAG_HD TwoMaxima<Real> operator()(int i, Vec3<Real> slope) const {
    Vec3<Real> error = combine<Real, Count - 1>(Vec3<Real>{}, k, e, i);
    error += e[Count - 1]() * slope;
    const Vec3<Real> rate = (1 / gamma) * slope;
    return {not_nan(dot(error, error)), not_nan(dot(rate, rate))};
  }
};

/// The slope at the end of the step (the first of the next step) with the estimate of its error;
/// in one go or in two like a stage.
template <class Real, class F, int Count>
struct ErrorPass {
  using Contents = F;
  SlopePass<Real, F> first;
  ErrorEstimate<Real, Count> then;

  ErrorPass in_row(Stencil begin, Stencil end) const requires(Scene<Real, F>::by_row) {
    return {first.in_row(begin, end), then};
  }

  KUBOMAG_HD TwoMaxima<Real> operator()(Stencil s) const {
    return then(s.i, first(s.i, Neighbourhood<Real>(first.m_in, s)));
  }
};

}  // namespace kubomag
