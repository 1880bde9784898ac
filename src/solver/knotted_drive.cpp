#include "solver/knotted_drive.hpp"

#include <omp.h>

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
    : KnottedModes(plan, plan.box.modes()),
      threads_(threads > 0 ? threads : omp_get_max_threads()),
      box_(mode_box(plan)),
      transform_(plan.box, threads) {}

template <class F>
void KnottedDrive::for_each_mode(const F& f) {
#pragma omp parallel for schedule(static) num_threads(threads_)
  for (int iy = 0; iy < box_.py; ++iy)
    for (int ix = 0; ix < box_.modes_x(); ++ix) f(ix, iy);
}

void KnottedDrive::transform(const std::string& name, const FieldTransformer::Field& E,
                             Field& out) {
  FieldSpectrum spectrum{std::move(out.Ex), std::move(out.Ey)};
  transform_(name, E, spectrum);
  out = {std::move(spectrum.Ex), std::move(spectrum.Ey)};
}

void KnottedDrive::add_separable(std::size_t d, double factor, Field& out) {
  add(out.Ex, factor, plan_.separable[d].E.Ex);
  add(out.Ey, factor, plan_.separable[d].E.Ey);
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
    const Complex Ex{E_1_.Ex[at].real(), E_1_.Ex[at].imag()};
    const Complex Ey{E_1_.Ey[at].real(), E_1_.Ey[at].imag()};
    const std::complex<double> L_0 = mode.ux * E_0_.Ex[at] + mode.uy * E_0_.Ey[at];
    const std::complex<double> L_1 = mode.ux * E_1_.Ex[at] + mode.uy * E_1_.Ey[at];
    add_knot_mode(out, box_, mode, count, across_squared(mode, Ex, Ey),
                  KnotMode<std::complex<double>>{L_0, L_1, y_[at]}, length());
  });
  return out;
}

KnottedSpectrum KnottedDrive::at(double t) {
  if (!any()) return {};
  KnottedSpectrum k;
  k.y = reinterpret_cast<Complex*>(y_.data());
  k.Ex_0 = plain(E_0_.Ex), k.Ey_0 = plain(E_0_.Ey);
  k.Ex_1 = plain(E_1_.Ex), k.Ey_1 = plain(E_1_.Ey);
  k.tau = since(t), k.length = length();
  return k;
}

}  // namespace kubomag
