#include "solver/mirror_modes.hpp"

#include "kubomag/constants.hpp"

namespace kubomag {

template <>
CosineFilm<double>& MirrorModes::sums() {
  return film_;
}
template <>
CosineFilm<float>& MirrorModes::sums() {
  if (!single_) single_ = std::make_unique<CosineFilm<float>>(nx_, ny_, threads_);
  return *single_;
}

bool MirrorModes::possible(const FilmBox& box) {
  constexpr int fewest = mirror_group / 2;  // cells along an axis that are worth a row of modes
  return box.x.edge == Edge::no_flux && box.y.edge == Edge::no_flux &&
         std::min(box.x.n, box.y.n) >= fewest;
}

MirrorModes::MirrorModes(const DrivePlan& plan, const ModeBox& box, int threads)
    : box_(box),
      nx_(plan.fields.nx),
      ny_(plan.fields.ny),
      threads_(threads),
      signals_(plan),
      film_(nx_, ny_, threads),
      knots_(plan, box, separable_, film_, threads) {
  for (const PlannedDrive& drive : plan.separable)
    separable_.push_back({coefficients(drive.E.Ex), coefficients(drive.E.Ey)});
}

/// F(kx, ky) = -i exp(i pi (kx/2nx + ky/2ny)) s/m with s, the coefficient of
/// the sum over kx, ky
/// >= 0, and m the number of modes that are equal but for signs.
std::vector<double> MirrorModes::coefficients(
    const std::vector<std::complex<double>>& spectrum) const {
  std::vector<double> out(film_.at(film_.blocks(), 0));
  for (int ky = 0; ky < ny_; ++ky) {
    const Complex turn_y = polar(ky > 0 ? 2 : 1, 0.5 * constants::pi * ky / ny_);
    const auto* row = spectrum.data() + static_cast<std::size_t>(ky) * box_.modes_x();
    for (int kx = 0; kx < nx_; ++kx) {
      const Complex turn = polar(kx > 0 ? 2 : 1, 0.5 * constants::pi * kx / nx_) * turn_y;
      out[film_.at(kx / mirror_group, ky) + kx % mirror_group] =
          turn.im * row[kx].real() - turn.re * row[kx].imag();
    }
  }
  return out;
}

std::vector<MirrorModes::Active> MirrorModes::active(const std::vector<SignalAt>& now) const {
  std::vector<Active> found;
  for (std::size_t d = 0; d < separable_.size(); ++d) {
    const Active drive{d, signals_.first(d), signals_.first(d + 1)};
    if (std::any_of(now.begin() + drive.first, now.begin() + drive.last,
                    [](const SignalAt& signal) { return signal.on; }))
      found.push_back(drive);
  }
  return found;
}

/// As fields_of() of kernels/diffusion_mode.hpp; no mode here is a Nyquist
/// mode.
MirrorModes::Fields MirrorModes::fields(int block, int ky, const std::vector<Active>& active,
                                        const std::vector<SignalAt>& now, double t) const {
  const MirrorRates mode = mirror_rates(box_, block, ky);
  MirrorSum sum{};
  for (const Active& drive : active) add_drive(mode, drive, now, film_.at(block, ky), sum);
  if (knots_.any()) add_knot(mode, knots_.row(film_.at(block, ky), t), sum);
  Fields out;
  for (int j = 0; j < mirror_group; ++j) {
    const double exchange =
        sum.y_rate[j] + box_.rate_c * sum.y[j] - (mode.ux[j] * sum.Ex[j] + mode.uy[j] * sum.Ey[j]);
    out.psi[j] = box_.D * mode.q[j] * sum.y[j];
    out.Ex[j] = sum.Ex[j] + mode.ux[j] * exchange;
    out.Ey[j] = sum.Ey[j] + mode.uy[j] * exchange;
  }
  return out;
}

template <class Real>
void MirrorModes::evaluate(double t, double t_inside, const std::array<Real*, 3>& film) {
  constexpr int group = CosineFilm<Real>::group, parts = group / mirror_group;
  knots_.move_to(t_inside);
  const std::vector<SignalAt>& now = signals_.at(t, t_inside);
  const std::vector<Active> drives = active(now);
  const auto fill = [&](int block, const std::array<Real*, 3>& out) {
    for (int ky = 0; ky < ny_; ++ky)
      for (int part = 0; part < parts; ++part) {
        const int at = block * parts + part, to = ky * group + part * mirror_group;
        const Fields row = at < film_.blocks() ? fields(at, ky, drives, now, t) : Fields{};
        std::copy(row.psi.begin(), row.psi.end(), out[0] + to);
        std::copy(row.Ex.begin(), row.Ex.end(), out[1] + to);
        std::copy(row.Ey.begin(), row.Ey.end(), out[2] + to);
      }
  };
  sums<Real>().sum({{{false, false}, {true, false}, {false, true}}}, fill, film);
}

template void MirrorModes::evaluate(double, double, const std::array<double*, 3>&);
template void MirrorModes::evaluate(double, double, const std::array<float*, 3>&);

void MirrorModes::add_drive(const MirrorRates& mode, const Active& drive,
                            const std::vector<SignalAt>& now, std::size_t at,
                            MirrorSum& sum) const {
  const double *Ex = separable_[drive.drive].Ex.data() + at,
               *Ey = separable_[drive.drive].Ey.data() + at;
  for (int s = drive.first; s < drive.last; ++s)
    for (int j = 0; j < mirror_group; ++j) {
      const ModeResponse r = mode_response(now[s], mode.rate[j]);
      const double L = mode.ux[j] * Ex[j] + mode.uy[j] * Ey[j];
      sum.Ex[j] += now[s].value * Ex[j], sum.Ey[j] += now[s].value * Ey[j];
      sum.y[j] += r.y * L, sum.y_rate[j] += r.y_rate * L;
    }
}

}  // namespace kubomag
