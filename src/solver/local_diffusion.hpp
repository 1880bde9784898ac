#pragma once
// psi with the conductivities of the local mz and the back-action of dm/dt, advanced in time beside
// m (docs/physics-texture.md). The state is the charge per cell,
//   Q = e2_nu psi - pumped mz^2 / 2,   dQ/dt = div J - e2_nu psi / tau_c,
// so that what m pumps is counted exactly. TR-BDF2 (Bank et al., IEEE Trans. Electron Devices 32,
// 1992 (1985); Hosea and Shampine, Appl. Numer. Math. 20, 21 (1996)): second order, L-stable.
#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "kubomag/error.hpp"
#include "setup/drive_events.hpp"
#include "solver/bicgstab.hpp"
#include "solver/charge_modes.hpp"
#include "solver/drive_evaluator.hpp"
#include "solver/external_field.hpp"
#include "solver/local_passes.hpp"
#include "solver/spectral_filter.hpp"

namespace kubomag {

/// Throws InputError where a problem with `diffusion.local` asks for what this method cannot do:
/// infinite edges, edges that differ from the grid's, a psi given by hand.
void check_local_diffusion(const Problem& problem);

template <class Backend, class Real>
class LocalDiffusion {
 public:
  /// `problem.surface` and `problem.diffusion.local` must be there. Throws InputError
  /// (check_local_diffusion, make_drive_plan).
  LocalDiffusion(const Problem& problem, Backend& backend);

  /// psi and E' = E + grad psi for the torques: linear in time within a step that was begun, else
  /// of the present state. E' as a whole is linear: it is the small difference of two large fields.
  /// `m` is the present state; it is not used within a step.
  DriveSample<Real> sample(double t, double t_inside, VectorView<const Real> m) {
    if (h_ > 0) {
      const auto weight = static_cast<Real>(t == end_ ? 1.0 : (t - begin_) / h_);
      return {std::as_const(drive_0_).view(), std::as_const(drive_1_).view(), 1 - weight, weight};
    }
    settle(t, t_inside, m);
    set_pumped(m, m, 0);
    evaluate_drive(psi_, t, t_inside, drive_0_);
    return {std::as_const(drive_0_).view(), std::as_const(drive_0_).view(), Real(1), Real(0)};
  }

  /// Begins a step from m and dm/dt with psi at its end extrapolated from the last two states.
  void predict(double begin, double end, VectorView<const Real> m, VectorView<const Real> rate);
  /// psi at the end for the motion of m that the prediction led to. Throws RunError if the linear
  /// systems cannot be solved.
  void solve(const Motion<Real>& motion);
  /// The step's result becomes the state; psi is corrected for what the final m differs from the
  /// motion that was solved for, so that the charge is conserved. `kink`: the drive switches here,
  /// do not extrapolate over it.
  void accept(VectorView<const Real> m, bool kink);
  /// Leaves the step; the state is that at its beginning.
  void abandon() { h_ = 0; }

  /// psi, E' at the end of the step as predicted, and as solved.
  VectorView<const Real> predicted() const { return predicted_.view(); }
  VectorView<const Real> solved() const { return drive_1_.view(); }
  /// Iterations of the two linear systems of the last step.
  int iterations() const { return iterations_; }

  /// P_Joule, P_drive [W] and E_psi [J] for m, dm/dt at time t.
  std::array<double, 3> power(VectorView<const Real> m, VectorView<const Real> rate, double t);
  /// D at the local mz [m^2/s].
  std::vector<double> diffusion_constant(VectorView<const Real> m);
  /// The given field [V/m], two components per cell.
  std::vector<double> electric_field(double t) {
    external_(t, t, E_);
    return E_.download(backend_, 2);
  }

  double next_event(double t) const { return events_.next(t); }
  std::size_t bytes() const;

  /// Forgets psi: it is that of uniform D at the time of its next use.
  void forget() { settled_ = false, h_ = 0; }
  /// Everything a bit-exact continuation at time t needs.
  std::vector<double> save(double t, VectorView<const Real> m);
  void restore(const std::vector<double>& state);
  std::size_t saved_size() const { return 2 + 3 * grid_.cells(); }

 private:
  using Field = typename Backend::template Buffer<double>;
  using Vectors = VectorBuffer<Backend, double>;
  static constexpr double tolerance = 1e-10;  // of the residual, relative to the right-hand side
  static constexpr int most_iterations = 500;
  static constexpr double gamma = 0.58578643762690495;  // 2 - sqrt(2): where the first stage ends
  static constexpr double diagonal = 0.5 * gamma;       // of both implicit stages, in steps

  void settle(double t, double t_inside, VectorView<const Real> m);
  void set_pumped(VectorView<const Real> m, VectorView<const Real> rate, double ahead) {
    each(PumpedPass<Real>{pumped_, m, rate, ahead, pumped_1_.data()});
  }
  void set_sheet(const Motion<Real>& motion, double fraction);
  void set_preconditioner(double c);
  void potential(const Field& charge, bool absolute);
  template <Driving driving>
  void charge_rate(const Field& charge, Number<double> keep, Number<double> weight, Field& out);
  void evaluate_drive(const Field& psi, double t, double t_inside,
                      VectorBuffer<Backend, Real>& out);
  void stage(double c, Field& charge);
  void combine(Field& out, double wa, const Field& a, double wb, const Field& b, double wc,
               const Field& c) {
    each(CombinePass{out.data(), a.data(), b.data(), c.data(), wa, wb, wc});
  }
  void scale(const Field& from, const Param<double, true>& factor, Field& to) {
    each(ScalePass{from.data(), factor, to.data()});
  }
  template <class Pass>
  void each(const Pass& pass) {
    backend_.template for_each_cell<Stencil>(grid_, pass);
  }
  Sheet sheet() const {
    return {conductivity_.view(), E_.view(),        emf_.view(),     1 / grid_.dx,
            1 / grid_.dy,         grid_.periodic_x, grid_.periodic_y};
  }
  Field make_field() const { return backend_.template make_buffer<double>(grid_.cells()); }
  Field field_of(const std::vector<double>& values) const {
    Field field = make_field();
    backend_.upload(field, values);
    return field;
  }
  std::vector<double> values_of(const Field& field) const {
    std::vector<double> values(grid_.cells());
    backend_.download(values, field);
    return values;
  }

  Backend& backend_;
  Grid grid_;
  DrivePlan plan_;
  EventTimes events_;
  ParamUploader<Backend, double, true> upload_;
  SurfaceDirac<double, true> surface_;
  Param<double, true> e2_nu_, inverse_e2_nu_, pumped_, emf_per_rate_;
  ExternalField<Backend> external_;
  SpectralFilter<Backend> filter_;
  BiCgStab<Backend> krylov_;
  bool screened_;
  InverseCapacitance capacitance_;
  Field inverse_capacitance_, inverse_;  // factors of the filter

  Field psi_, psi_before_, psi_next_;                             // [V]
  Field charge_0_, charge_1_, pumped_0_, pumped_1_, rhs_, rate_;  // [C/m^2]
  Field reference_, moved_;                                       // screening: [C/m^2]
  Field u_, induced_, zero_;                                      // [V]
  Vectors conductivity_, emf_, E_;
  VectorBuffer<Backend, Real> drive_0_, drive_1_, predicted_;
  bool settled_ = false;
  double begin_ = 0, end_ = 0;  // of the step that is being tried [s]
  double h_ = 0;                // its length, 0: none
  double h_before_ = 0;         // from psi_before to psi, 0: there is none
  int iterations_ = 0;
};

template <class Backend, class Real>
LocalDiffusion<Backend, Real>::LocalDiffusion(const Problem& problem, Backend& backend)
    : backend_(backend),
      grid_(problem.grid),
      plan_((check_local_diffusion(problem),
             make_drive_plan(problem.grid, problem.diffusion, problem.drive, 1))),
      events_(drive_events(problem.drive)),
      upload_(backend, grid_.cells()),
      surface_(*problem.surface, upload_),
      external_(plan_, backend),
      filter_(grid_, backend),
      krylov_(backend, grid_),
      screened_(problem.diffusion.screening.has_value()),
      conductivity_(backend, grid_.cells()),
      emf_(backend, grid_.cells()),
      E_(backend, grid_.cells()),
      drive_0_(backend, grid_.cells()),
      drive_1_(backend, grid_.cells()),
      predicted_(backend, grid_.cells()) {
  const LocalCharge& local = *problem.diffusion.local;
  e2_nu_ = upload_(local.e2_nu);
  inverse_e2_nu_ = upload_(ScalarMap::combine([](double c) { return 1 / c; }, local.e2_nu));
  pumped_ = upload_(local.pumped);
  emf_per_rate_ = upload_(local.emf);
  for (Field* field : {&psi_, &psi_before_, &psi_next_, &charge_0_, &charge_1_, &pumped_0_,
                       &pumped_1_, &rhs_, &rate_, &u_, &induced_, &zero_, &reference_, &moved_})
    *field = make_field();
  if (screened_)
    capacitance_ = {problem.diffusion.screening->permittivity,
                    problem.diffusion.screening->distance};
  if (screened_) inverse_capacitance_ = filter_.tabulate(capacitance_);
  inverse_ = filter_.tabulate(UniformInverse{0, 0, 0, 0, false, capacitance_});
}

/// The state before the run: the exact psi of uniform D, so that a drive that was always on does
/// not begin with a switch-on.
template <class Backend, class Real>
void LocalDiffusion<Backend, Real>::settle(double t, double t_inside, VectorView<const Real> m) {
  if (settled_) return;
  std::vector<double> psi(grid_.cells()), Ex(grid_.cells()), Ey(grid_.cells());
  DriveEvaluator(plan_, 1).evaluate(t, t_inside, psi.data(), Ex.data(), Ey.data());
  psi_ = field_of(psi);
  set_pumped(m, m, 0);
  combine(reference_, 1, pumped_1_, 0, pumped_1_, 0, pumped_1_);
  h_before_ = 0;
  settled_ = true;
}

template <class Backend, class Real>
void LocalDiffusion<Backend, Real>::predict(double begin, double end, VectorView<const Real> m,
                                            VectorView<const Real> rate) {
  begin_ = begin, end_ = end, h_ = end - begin;
  const double inside = 0.5 * (begin + end);
  settle(begin, inside, m);
  const double ahead = h_before_ > 0 ? h_ / h_before_ : 0;
  combine(psi_next_, 1 + ahead, psi_, -ahead, psi_before_, 0, psi_);
  set_pumped(m, rate, 0);
  evaluate_drive(psi_, begin, inside, drive_0_);
  set_pumped(m, rate, h_);
  evaluate_drive(psi_next_, end, inside, drive_1_);
}

/// conductivity_, emf_ and pumped_1_ at a fraction of the step.
template <class Backend, class Real>
void LocalDiffusion<Backend, Real>::set_sheet(const Motion<Real>& motion, double fraction) {
  each(SheetPass<Real>{surface_, emf_per_rate_, pumped_, motion,
                       HermiteWeights::value(fraction, motion.h),
                       HermiteWeights::rate(fraction, motion.h), conductivity_.view(), emf_.view(),
                       pumped_1_.data()});
}

template <class Backend, class Real>
void LocalDiffusion<Backend, Real>::set_preconditioner(double c) {
  const auto sums = backend_.template sum_over_cells<Stencil, 2>(
      grid_, ConductivityPass{std::as_const(conductivity_).view(), inverse_e2_nu_});
  const double cells = static_cast<double>(grid_.cells());
  filter_.tabulate(UniformInverse{c, plan_.diffusion.rate_c, sums[1] / cells, sums[0] / cells,
                                  screened_, capacitance_},
                   inverse_);
}

/// u_ of a charge: psi and what the gate answers. It answers to the charge that has come since the
/// beginning, which is not that of psi alone where mz has changed; `absolute` takes that into
/// account (with pumped_1_), without it u_ is linear in the charge.
template <class Backend, class Real>
void LocalDiffusion<Backend, Real>::potential(const Field& charge, bool absolute) {
  if (screened_) {
    if (absolute) combine(moved_, 1, charge, 1, reference_, -1, pumped_1_);
    filter_.apply(inverse_capacitance_, absolute ? moved_ : charge, induced_);
  }
  each(PotentialPass{charge.data(), screened_ ? induced_.data() : nullptr, inverse_e2_nu_,
                     u_.data()});
}

/// out = keep * charge + weight * div J; `out` must not be `charge`.
template <class Backend, class Real>
template <Driving driving>
void LocalDiffusion<Backend, Real>::charge_rate(const Field& charge, Number<double> keep,
                                                Number<double> weight, Field& out) {
  potential(charge, driving != Driving::none);
  each(ChargePass<driving>{{sheet(), u_.data()}, charge.data(), out.data(), keep, weight});
}

template <class Backend, class Real>
void LocalDiffusion<Backend, Real>::evaluate_drive(const Field& psi, double t, double t_inside,
                                                   VectorBuffer<Backend, Real>& out) {
  external_(t, t_inside, E_);
  scale(psi, e2_nu_, rate_);
  potential(rate_, true);
  each(DrivePass<Real>{{sheet(), u_.data()}, psi.data(), out.view()});
}

/// charge - c (div J - rate_c charge) = rhs_ with the present sheet and E, from the guess in
/// `charge`.
template <class Backend, class Real>
void LocalDiffusion<Backend, Real>::stage(double c, Field& charge) {
  // what the fields drive without any charge goes to the right-hand side
  potential(zero_, true);
  each(ChargePass<Driving::E_and_emf>{{sheet(), u_.data()}, rhs_.data(), rhs_.data(), 1, c});
  const auto apply = [&](const Field& in, Field& out, const auto& numbers) {
    charge_rate<Driving::none>(in, numbers[0], numbers[1], out);
  };
  const auto near = [&](const Field& in, Field& out) { filter_.apply(inverse_, in, out); };
  KrylovState asked;
  asked.tolerance = tolerance, asked.most = most_iterations;
  asked.A[0] = 1 + c * plan_.diffusion.rate_c, asked.A[1] = -c;
  const int needed = krylov_(apply, near, rhs_, charge, asked);
  if (needed < 0)
    throw RunError("the potential psi was not found in " + std::to_string(most_iterations) +
                   " iterations at t = " + std::to_string(begin_ * 1e9) +
                   " ns (a field or a parameter is out of range)");
  iterations_ += needed;
}

template <class Backend, class Real>
void LocalDiffusion<Backend, Real>::solve(const Motion<Real>& motion) {
  const double inside = 0.5 * (begin_ + end_), c = diagonal * h_;
  const double a = 1 / (gamma * (2 - gamma));
  iterations_ = 0;
  set_sheet(motion, 0);
  external_(begin_, inside, E_);
  scale(psi_, e2_nu_, charge_0_);
  charge_rate<Driving::E_and_emf>(charge_0_, -c * plan_.diffusion.rate_c, c, rate_);
  std::swap(pumped_0_, pumped_1_);
  // trapezoidal rule to begin + gamma h
  set_sheet(motion, gamma);
  set_preconditioner(c);
  external_(begin_ + gamma * h_, inside, E_);
  combine(rhs_, 1, charge_0_, 1, rate_, 1, pumped_1_);
  combine(rhs_, 1, rhs_, -1, pumped_0_, 0, rhs_);
  scale(psi_next_, e2_nu_, charge_1_);
  combine(charge_1_, gamma, charge_1_, 1 - gamma, charge_0_, 0, charge_0_);
  stage(c, charge_1_);
  // backward differences through the three instants
  combine(rhs_, a, charge_1_, -a, pumped_1_, 1 - a, charge_0_);
  combine(rhs_, 1, rhs_, a - 1, pumped_0_, 0, rhs_);
  set_sheet(motion, 1);
  combine(rhs_, 1, rhs_, 1, pumped_1_, 0, rhs_);
  external_(end_, inside, E_);
  combine(charge_1_, 1 / gamma, charge_1_, 1 - 1 / gamma, charge_0_, 0, charge_0_);
  stage(c, charge_1_);
  scale(charge_1_, inverse_e2_nu_, psi_next_);
  std::swap(predicted_, drive_1_);
  evaluate_drive(psi_next_, end_, inside, drive_1_);
}

template <class Backend, class Real>
void LocalDiffusion<Backend, Real>::accept(VectorView<const Real> m, bool kink) {
  std::swap(pumped_0_, pumped_1_);
  set_pumped(m, m, 0);
  combine(charge_1_, 1, charge_1_, 1, pumped_1_, -1, pumped_0_);
  scale(charge_1_, inverse_e2_nu_, psi_next_);
  std::swap(psi_before_, psi_);
  std::swap(psi_, psi_next_);
  h_before_ = kink ? 0 : h_;
  h_ = 0;
}

template <class Backend, class Real>
std::array<double, 3> LocalDiffusion<Backend, Real>::power(VectorView<const Real> m,
                                                           VectorView<const Real> rate, double t) {
  settle(t, t, m);
  set_sheet({m, rate, m, rate, 1}, 0);
  external_(t, t, E_);
  scale(psi_, e2_nu_, charge_0_);
  potential(charge_0_, true);
  auto sums = backend_.template sum_over_cells<Stencil, 3>(
      grid_, SheetPowerPass{{sheet(), u_.data()},
                            charge_0_.data(),
                            psi_.data(),
                            screened_ ? moved_.data() : nullptr,
                            induced_.data()});
  for (double& sum : sums) sum *= grid_.dx * grid_.dy;
  return sums;
}

template <class Backend, class Real>
std::vector<double> LocalDiffusion<Backend, Real>::diffusion_constant(VectorView<const Real> m) {
  set_sheet({m, m, m, m, 1}, 0);
  each(DiffusionConstantPass{std::as_const(conductivity_).view(), inverse_e2_nu_, rate_.data()});
  return values_of(rate_);
}

template <class Backend, class Real>
std::size_t LocalDiffusion<Backend, Real>::bytes() const {
  const std::size_t scalars = 16, vectors = 3, drives = 3;
  return grid_.cells() *
             (scalars * sizeof(double) + 3 * vectors * sizeof(double) + 3 * drives * sizeof(Real)) +
         upload_.bytes() + external_.bytes() + filter_.bytes() + krylov_.bytes();
}

template <class Backend, class Real>
std::vector<double> LocalDiffusion<Backend, Real>::save(double t, VectorView<const Real> m) {
  settle(t, t, m);
  std::vector<double> state{h_before_, static_cast<double>(iterations_)};
  for (const Field* field : {&psi_, &psi_before_, &reference_}) {
    const std::vector<double> values = values_of(*field);
    state.insert(state.end(), values.begin(), values.end());
  }
  return state;
}

template <class Backend, class Real>
void LocalDiffusion<Backend, Real>::restore(const std::vector<double>& state) {
  auto from = state.begin() + 2;
  for (Field* field : {&psi_, &psi_before_, &reference_}) {
    const auto to = from + static_cast<std::ptrdiff_t>(grid_.cells());
    *field = field_of({from, to});
    from = to;
  }
  h_before_ = state[0];
  iterations_ = static_cast<int>(state[1]);
  settled_ = true;
  h_ = 0;
}

}  // namespace kubomag
