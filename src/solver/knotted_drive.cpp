#include "solver/knotted_drive.hpp"

#include <omp.h>

#include "backend/team.hpp"
#include "kubomag/constants.hpp"

namespace kubomag {
namespace {

using Spectrum = std::vector<std::complex<double>>;

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
    : KnottedModes(plan, plan.box.modes(), threads > 0 ? threads : omp_get_max_threads()),
      threads_(threads > 0 ? threads : omp_get_max_threads()),
      box_(mode_box(plan)),
      transform_(plan.box, threads) {}

template <class F>
void KnottedDrive::for_each_mode(const F& f) {
  in_shares(threads_, box_.py, [&](std::ptrdiff_t iy) {
    for (int ix = 0; ix < box_.modes_x(); ++ix) f(ix, static_cast<int>(iy));
  });
}

void KnottedDrive::transform(const FieldFunction& E, Field& out) {
  FieldSpectrum spectrum{std::move(out.Ex), std::move(out.Ey)};
  transform_(plan_.sampled.front().name, E, spectrum);
  out = {std::move(spectrum.Ex), std::move(spectrum.Ey)};
}

void KnottedDrive::add_separable(std::size_t d, double factor, std::complex<double>* Ex,
                                 std::complex<double>* Ey) {
  const FieldSpectrum& E = plan_.separable[d].E;
  for (std::size_t i = 0; i < modes(); ++i) Ex[i] += factor * E.Ex[i], Ey[i] += factor * E.Ey[i];
}

void KnottedDrive::settle() {
  const KnottedSpectrum k = at(0);
  for_each_mode([&](int ix, int iy) { settle_mode(box_, k, ix, iy); });
}

void KnottedDrive::advance() {
  KnottedSpectrum k = at(0);
  k.tau = std::isfinite(k.length) ? k.length : 0;
  for_each_mode([&](int ix, int iy) { advance_mode(box_, k, ix, iy); });
}

KnotRates KnottedDrive::rates() const {
  KnotRates out;
  for_each_rate(box_, [&](const DiffusionMode& mode, std::size_t at, int count) {
    add_knot_mode(out, box_, mode, count, knot_mode(mode, at, 1), length());
  });
  return out;
}

KnottedSpectrum KnottedDrive::at(double t) {
  if (!any()) return {};
  KnottedSpectrum k;
  k.y = reinterpret_cast<Complex*>(y_.data());
  k.Ex = plain(Ex_), k.Ey = plain(Ey_);
  k.stride = stride(), k.terms = terms();
  k.tau = since(t), k.length = length();
  return k;
}

}  // namespace kubomag
