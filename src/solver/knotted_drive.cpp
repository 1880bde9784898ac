#include "solver/knotted_drive.hpp"

#include <omp.h>

#include <cmath>
#include <limits>

#include "kubomag/constants.hpp"
#include "solver/signals.hpp"

namespace kubomag {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

using Spectrum = std::vector<std::complex<double>>;

EventTimes knots_of(const DrivePlan& plan) {
  Drive drive;
  for (const PlannedDrive& d : plan.separable) drive.separable.push_back({d.name, {}, d.signal});
  drive.sampled = plan.sampled;
  return drive_knots(drive);
}

void add_scaled(Spectrum& sum, double factor, const Spectrum& term) {
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += factor * term[i];
}

void add_scaled(FieldSpectrum& sum, double factor, const FieldSpectrum& term) {
  if (factor == 0) return;
  add_scaled(sum.Ex, factor, term.Ex);
  add_scaled(sum.Ey, factor, term.Ey);
}

const Complex* plain(const Spectrum& s) { return reinterpret_cast<const Complex*>(s.data()); }

}  // namespace

ModeBox mode_box(const DrivePlan& plan) {
  const Diffusion& diffusion = plan.diffusion;
  ModeBox box;
  box.px = plan.box.x.p, box.py = plan.box.y.p;
  box.step_qx = 2 * constants::pi / (box.px * plan.box.x.d);
  box.step_qy = 2 * constants::pi / (box.py * plan.box.y.d);
  box.D = diffusion.D, box.rate_c = diffusion.rate_c;
  if (diffusion.screening) {
    box.e2_nu = diffusion.screening->e2_nu;
    box.permittivity = diffusion.screening->permittivity;
    box.distance = diffusion.screening->distance;
  }
  return box;
}

KnottedDrive::KnottedDrive(const DrivePlan& plan, int threads)
    : plan_(plan),
      threads_(threads > 0 ? threads : omp_get_max_threads()),
      box_(mode_box(plan)),
      knots_(knots_of(plan)),
      transform_(plan.box, threads) {
  if (!any()) return;
  for (const SampledDrive& drive : plan.sampled) samplers_.push_back({&drive, -2, {}, {}});
  for (Spectrum* s : {&E_0_.Ex, &E_0_.Ey, &E_1_.Ex, &E_1_.Ey, &y_}) s->resize(plan.box.modes());
}

template <class F>
void KnottedDrive::for_each_mode(const F& f) {
#pragma omp parallel for schedule(static) num_threads(threads_)
  for (int iy = 0; iy < box_.py; ++iy)
    for (int ix = 0; ix < box_.modes_x(); ++ix) f(ix, iy);
}

bool KnottedDrive::move_to(double t_inside) {
  if (!any()) return false;
  const double begin = knots_.last(t_inside);
  if (placed_ && begin == begin_) return false;
  if (!placed_ || begin < begin_) restart();
  while (begin_ < begin) next_interval();
  return true;
}

void KnottedDrive::restart() {
  placed_ = true;
  begin_ = -infinity, end_ = knots_.next(-infinity);
  compose(end_, -infinity, E_0_);
  E_1_ = E_0_;
  const KnottedSpectrum k = at(begin_);
  for_each_mode([&](int ix, int iy) { settle_mode(box_, k, ix, iy); });
}

void KnottedDrive::next_interval() {
  const KnottedSpectrum k = at(end_);
  for_each_mode([&](int ix, int iy) { advance_mode(box_, k, ix, iy); });
  begin_ = end_, end_ = knots_.next(begin_);
  const double inside = std::isfinite(end_) ? 0.5 * (begin_ + end_) : begin_;
  compose(begin_, inside, E_0_);
  compose(std::isfinite(end_) ? end_ : begin_, inside, E_1_);
}

void KnottedDrive::compose(double t, double t_inside, FieldSpectrum& out) {
  for (Spectrum* s : {&out.Ex, &out.Ey}) std::fill(s->begin(), s->end(), 0);
  for (const PlannedDrive& d : plan_.separable) add_scaled(out, table_value(d.signal, t), d.E);
  for (Sampler& sampler : samplers_) {
    if (t_inside < 0) continue;
    sample(sampler, t_inside);
    const double weight = t / sampler.drive->interval - sampler.index;
    add_scaled(out, 1 - weight, sampler.before);
    add_scaled(out, weight, sampler.after);
  }
}

/// Has `before` and `after` hold the samples around t_inside.
void KnottedDrive::sample(Sampler& sampler, double t_inside) {
  const double index = std::floor(t_inside / sampler.drive->interval);
  if (index == sampler.index) return;
  if (index == sampler.index + 1)
    std::swap(sampler.before, sampler.after);
  else
    transform(sampler, index, sampler.before);
  transform(sampler, index + 1, sampler.after);
  sampler.index = index;
}

void KnottedDrive::transform(const Sampler& sampler, double index, FieldSpectrum& out) {
  const double t = index * sampler.drive->interval;
  const auto& E = sampler.drive->E;
  transform_(
      sampler.drive->name, [&E, t](double x, double y) { return E(x, y, t); }, out);
}

KnottedSpectrum KnottedDrive::at(double t) {
  if (!any()) return {};
  KnottedSpectrum k;
  k.y = reinterpret_cast<Complex*>(y_.data());
  k.Ex_0 = plain(E_0_.Ex), k.Ey_0 = plain(E_0_.Ey);
  k.Ex_1 = plain(E_1_.Ex), k.Ey_1 = plain(E_1_.Ey);
  if (std::isfinite(begin_)) {
    k.tau = t - begin_;
    k.length = end_ - begin_;
  }
  return k;
}

}  // namespace kubomag
