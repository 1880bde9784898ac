#include "solver/mirror_knots.hpp"

#include "backend/team.hpp"
#include "kernels/mode_response.hpp"
#include "kubomag/unroll.hpp"

namespace kubomag {
namespace {

template <int n>
void add_polynomial(const MirrorRates& mode, const MirrorKnot& knot, MirrorSum& sum) {
#pragma omp simd
  for (int j = 0; j < mirror_group; ++j) {
    double L[n], Ex = 0, Ey = 0, power = 1;
    KUBOMAG_UNROLL
    for (int k = 0; k < n; ++k) {
      const double Ex_k = knot.Ex[k * knot.stride + j], Ey_k = knot.Ey[k * knot.stride + j];
      L[k] = mode.ux[j] * Ex_k + mode.uy[j] * Ey_k;
      Ex += power * Ex_k, Ey += power * Ey_k;
      power *= knot.u;
    }
    const auto r = polynomial_response<n>(knot.y[j], L, knot.u, mode.rate[j], knot.tau);
    sum.Ex[j] += Ex, sum.Ey[j] += Ey;
    sum.y[j] += r.y, sum.y_rate[j] += r.y_rate;
  }
}

}  // namespace

void add_knot(const MirrorRates& mode, const MirrorKnot& knot, MirrorSum& sum) {
  if (knot.terms == KnottedSpectrum::line)
    add_polynomial<KnottedSpectrum::line>(mode, knot, sum);
  else
    add_polynomial<KnottedSpectrum::most>(mode, knot, sum);
}

MirrorKnots::MirrorKnots(const DrivePlan& plan, const ModeBox& box,
                         const std::vector<MirrorField>& separable, CosineFilm<double>& film,
                         int threads)
    : KnottedModes(plan, film.at(film.blocks(), 0), threads),
      box_(box),
      separable_(separable),
      film_(film),
      ny_(plan.fields.ny),
      threads_(threads),
      transform_(plan.box, film) {}

template <class F>
void MirrorKnots::for_each_row(const F& f) const {
  in_shares(threads_, film_.blocks(), [&](std::ptrdiff_t i) {
    const auto block = static_cast<int>(i);
    for (int ky = 0; ky < ny_; ++ky) f(mirror_rates(box_, block, ky), film_.at(block, ky));
  });
}

MirrorKnot MirrorKnots::row(std::size_t at, double t) const {
  const double tau = since(t);
  return {Ex_.data() + at, Ey_.data() + at, y_.data() + at, stride(), terms(), tau, tau / length()};
}

void MirrorKnots::transform(const FieldFunction& E, Field& out) {
  transform_(plan_.sampled.front().name, E, out.Ex, out.Ey);
}

void MirrorKnots::add_separable(std::size_t d, double factor, double* Ex, double* Ey) {
  const MirrorField& E = separable_[d];
  for (std::size_t i = 0; i < modes(); ++i) Ex[i] += factor * E.Ex[i], Ey[i] += factor * E.Ey[i];
}

void MirrorKnots::settle() {
  for_each_row([&](const MirrorRates& mode, std::size_t at) {
    for (int j = 0; j < mirror_group; ++j) {
      const double L = mode.ux[j] * Ex_[at + j] + mode.uy[j] * Ey_[at + j];
      y_[at + j] = mode.rate[j] > 0 ? L / mode.rate[j] : 0;
    }
  });
}

void MirrorKnots::advance() {
  if (!std::isfinite(length())) return;
  for_each_row([&](const MirrorRates& mode, std::size_t at) {
    MirrorKnot knot = row(at, 0);
    knot.tau = length(), knot.u = 1;
    MirrorSum sum{};
    add_knot(mode, knot, sum);
    std::copy(sum.y.begin(), sum.y.end(), y_.begin() + static_cast<std::ptrdiff_t>(at));
  });
}

/// A coefficient s stands for 1, 2 or 4 modes of the size s, s/2 or s/4.
KnotRates MirrorKnots::rates() const {
  KnotRates out;
  for (int block = 0; block < film_.blocks(); ++block)
    for (int ky = 0; ky < ny_; ++ky) {
      const MirrorRates row = mirror_rates(box_, block, ky);
      for (int j = 0; j < mirror_group; ++j) {
        const std::size_t at = film_.at(block, ky) + j;
        const DiffusionMode mode{row.q[j], row.ux[j], row.uy[j], 1, 1, row.rate[j]};
        const int count = (block * mirror_group + j > 0 ? 2 : 1) * (ky > 0 ? 2 : 1);
        add_knot_mode(out, box_, mode, count, knot_mode(mode, at, 1.0 / count), length());
      }
    }
  return out;
}

}  // namespace kubomag
