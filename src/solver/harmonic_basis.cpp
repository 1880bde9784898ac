#include "solver/harmonic_basis.hpp"

#include <omp.h>

#include <algorithm>
#include <complex>
#include <limits>
#include <set>

#include "kernels/diffusion_mode.hpp"
#include "solver/knotted_drive.hpp"
#include "solver/signals.hpp"

namespace kubomag {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double forgotten = 1e-17;  // what is left of a transient, relative to the largest mode

using Spectrum = std::vector<std::complex<double>>;

bool harmonic(const Signal& signal) {
  return std::all_of(signal.terms.begin(), signal.terms.end(), [](const SignalTerm& term) {
    return term.kind == SignalTerm::Kind::constant || term.kind == SignalTerm::Kind::step ||
           term.kind == SignalTerm::Kind::sine;
  });
}

bool harmonic(const DrivePlan& plan) {
  const auto is_harmonic = [](const auto& part) { return harmonic(part.signal); };
  return plan.sampled.empty() &&
         std::all_of(plan.separable.begin(), plan.separable.end(), is_harmonic) &&
         std::all_of(plan.psi.begin(), plan.psi.end(), is_harmonic);
}

/// The signal's complex amplitude at one frequency: s(t) = sum Re{c exp(i omega t)}.
Complex amplitude(const Signal& signal, double omega) {
  Complex sum;
  for (const SignalPiece& piece : analytic_pieces(signal))
    if (piece.omega == omega) sum += polar(piece.amplitude, piece.phase);
  return sum;
}

double last_start(const Signal& signal) {
  double start = -infinity;
  for (const SignalPiece& piece : analytic_pieces(signal)) start = std::max(start, piece.start);
  return start;
}

std::set<double> frequencies(const DrivePlan& plan) {
  std::set<double> all;
  const auto collect = [&](const auto& parts) {
    for (const auto& part : parts)
      for (const SignalPiece& piece : analytic_pieces(part.signal)) all.insert(piece.omega);
  };
  collect(plan.separable);
  collect(plan.psi);
  return all;
}

/// The coefficient of cos(omega t) or sin(omega t) in Re{c exp(i omega t)}.
double part(Complex c, bool sine) { return sine ? -c.im : c.re; }

class BasisBuilder {
 public:
  BasisBuilder(const DrivePlan& plan, int threads)
      : plan_(plan),
        threads_(threads > 0 ? threads : omp_get_max_threads()),
        box_(mode_box(plan)),
        transform_(plan.box, threads) {
    for (Spectrum& spectrum : work_) spectrum.resize(plan.box.modes());
  }

  BasisField field(double omega, bool sine) {
    BasisField out{omega, sine, {}, {}, {}};
    std::vector<Complex> amplitudes;
    for (const PlannedDrive& drive : plan_.separable)
      amplitudes.push_back(amplitude(drive.signal, omega));
#pragma omp parallel for schedule(static) num_threads(threads_)
    for (int iy = 0; iy < box_.py; ++iy)
      for (int ix = 0; ix < box_.modes_x(); ++ix) set_mode(amplitudes, omega, sine, ix, iy);
    std::vector<double>* films[] = {&out.psi, &out.Ex, &out.Ey};
    for (int c = 0; c < 3; ++c) {
      films[c]->resize(plan_.fields.cells());
      transform_.inverse(work_[c], films[c]->data());
    }
    for (const PlannedPsi& given : plan_.psi) {
      const double factor = part(amplitude(given.signal, omega), sine);
      for (std::size_t i = 0; i < out.psi.size(); ++i) {
        out.psi[i] += factor * given.psi[i];
        out.Ex[i] += factor * given.Ex[i];
        out.Ey[i] += factor * given.Ey[i];
      }
    }
    return out;
  }

  /// When the last transient of one drive is forgotten, in psi and in E'.
  double settled(const PlannedDrive& drive) {
    const double start = last_start(drive.signal);
    if (start == -infinity) return start;
    double largest[2] = {0, 0}, longest = 0;
    for_each_source(drive, [&](double field, double psi, double) {
      largest[0] = std::max(largest[0], field), largest[1] = std::max(largest[1], psi);
    });
    for_each_source(drive, [&](double field, double psi, double rate) {
      const double share = std::max(field / largest[0], psi / largest[1]);
      if (share > forgotten) longest = std::max(longest, std::log(share / forgotten) / rate);
    });
    return start + longest;
  }

 private:
  std::size_t index(int ix, int iy) const {
    return static_cast<std::size_t>(iy) * box_.modes_x() + ix;
  }

  Complex spectrum_at(const Spectrum& s, int ix, int iy) const {
    const std::complex<double> value = s[index(ix, iy)];
    return {value.real(), value.imag()};
  }

  void set_mode(const std::vector<Complex>& amplitudes, double omega, bool sine, int ix, int iy) {
    const DiffusionMode mode = diffusion_mode(box_, ix, iy);
    ModeSum sum;
    for (std::size_t d = 0; d < amplitudes.size(); ++d) {
      const PlannedDrive& drive = plan_.separable[d];
      const Complex c = amplitudes[d];
      const HarmonicResponse r = harmonic_response(c, omega, mode.rate);
      const Complex Ex = spectrum_at(drive.E.Ex, ix, iy), Ey = spectrum_at(drive.E.Ey, ix, iy);
      const Complex L = longitudinal(mode, Ex, Ey);
      sum.Ex += part(c, sine) * Ex, sum.Ey += part(c, sine) * Ey;
      sum.y += part(r.y, sine) * L, sum.y_rate += part(r.y_rate, sine) * L;
    }
    const ModeFields fields = fields_of(box_, mode, sum);
    work_[0][index(ix, iy)] = {fields.psi.re, fields.psi.im};
    work_[1][index(ix, iy)] = {fields.Ex.re, fields.Ex.im};
    work_[2][index(ix, iy)] = {fields.Ey.re, fields.Ey.im};
  }

  /// f(|L|, |psi| of the static response in units of D, rate) for every mode that has a source.
  template <class F>
  void for_each_source(const PlannedDrive& drive, const F& f) const {
    for (int iy = 0; iy < box_.py; ++iy)
      for (int ix = 0; ix < box_.modes_x(); ++ix) {
        const DiffusionMode mode = diffusion_mode(box_, ix, iy);
        const double L = std::sqrt(norm2(
            longitudinal(mode, spectrum_at(drive.E.Ex, ix, iy), spectrum_at(drive.E.Ey, ix, iy))));
        if (L > 0) f(L, L * mode.q / mode.rate, mode.rate);
      }
  }

  const DrivePlan& plan_;
  int threads_;
  ModeBox box_;
  FilmTransform transform_;
  Spectrum work_[3];
};

}  // namespace

std::optional<HarmonicBasis> make_harmonic_basis(const DrivePlan& plan, int threads) {
  if (!harmonic(plan)) return {};
  BasisBuilder builder(plan, threads);
  HarmonicBasis basis{-infinity, {}};
  for (const PlannedDrive& drive : plan.separable)
    basis.valid_from = std::max(basis.valid_from, builder.settled(drive));
  for (const PlannedPsi& given : plan.psi)
    basis.valid_from = std::max(basis.valid_from, last_start(given.signal));
  for (double omega : frequencies(plan)) {
    basis.fields.push_back(builder.field(omega, false));
    if (omega > 0) basis.fields.push_back(builder.field(omega, true));
  }
  return basis;
}

}  // namespace kubomag
