#include "solver/mirror_knots.hpp"

#include "solver/decay_functions.hpp"

namespace kubomag {

void add_knot(const MirrorRates& mode, const MirrorKnot& knot, MirrorSum& sum) {
  const double tau = knot.tau;
  for (int j = 0; j < mirror_group; ++j) {
    const double change_x = knot.weight * (knot.Ex_1[j] - knot.Ex_0[j]);
    const double change_y = knot.weight * (knot.Ey_1[j] - knot.Ey_0[j]);
    const double L = mode.ux[j] * knot.Ex_0[j] + mode.uy[j] * knot.Ey_0[j];
    const double change = mode.ux[j] * change_x + mode.uy[j] * change_y;
    const DecayFunctions f = decay_functions(-mode.rate[j] * tau);
    sum.Ex[j] += knot.Ex_0[j] + change_x, sum.Ey[j] += knot.Ey_0[j] + change_y;
    sum.y[j] += f.exp * knot.y[j] + tau * (f.phi_1 * L + f.phi_2 * change);
    sum.y_rate[j] += f.exp * (L - mode.rate[j] * knot.y[j]) + f.phi_1 * change;
  }
}

MirrorKnots::MirrorKnots(const DrivePlan& plan, const ModeBox& box,
                         const std::vector<MirrorField>& separable, CosineFilm<double>& film,
                         int threads)
    : KnottedModes(plan, film.at(film.blocks(), 0)),
      box_(box),
      separable_(separable),
      film_(film),
      ny_(plan.grid.ny),
      threads_(threads),
      transform_(plan.box, film) {}

template <class F>
void MirrorKnots::for_each_row(const F& f) const {
#pragma omp parallel for schedule(static) num_threads(threads_)
  for (int block = 0; block < film_.blocks(); ++block)
    for (int ky = 0; ky < ny_; ++ky) f(mirror_rates(box_, block, ky), film_.at(block, ky));
}

MirrorKnot MirrorKnots::row(std::size_t at, double t) const {
  const double tau = since(t);
  return {E_0_.Ex.data() + at, E_0_.Ey.data() + at, E_1_.Ex.data() + at,
          E_1_.Ey.data() + at, y_.data() + at,      tau,
          tau / length()};
}

void MirrorKnots::transform(const std::string& name, const FieldFunction& E, Field& out) {
  transform_(name, E, out.Ex, out.Ey);
}

void MirrorKnots::add_separable(std::size_t d, double factor, Field& out) {
  add(out.Ex, factor, separable_[d].Ex);
  add(out.Ey, factor, separable_[d].Ey);
}

void MirrorKnots::settle() {
  for_each_row([&](const MirrorRates& mode, std::size_t at) {
    for (int j = 0; j < mirror_group; ++j) {
      const double L = mode.ux[j] * E_0_.Ex[at + j] + mode.uy[j] * E_0_.Ey[at + j];
      y_[at + j] = mode.rate[j] > 0 ? L / mode.rate[j] : 0;
    }
  });
}

void MirrorKnots::advance() {
  if (!std::isfinite(length())) return;
  for_each_row([&](const MirrorRates& mode, std::size_t at) {
    MirrorKnot knot = row(at, 0);
    knot.tau = length(), knot.weight = 1;
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
        const double share = 1.0 / count, Ex = share * E_1_.Ex[at], Ey = share * E_1_.Ey[at];
        const double L_0 = share * (mode.ux * E_0_.Ex[at] + mode.uy * E_0_.Ey[at]);
        const double L_1 = mode.ux * Ex + mode.uy * Ey;
        const double across_x = Ex - mode.ux * L_1, across_y = Ey - mode.uy * L_1;
        add_knot_mode(out, box_, mode, count, across_x * across_x + across_y * across_y,
                      KnotMode<double>{L_0, L_1, share * y_[at]}, length());
      }
    }
  return out;
}

}  // namespace kubomag
