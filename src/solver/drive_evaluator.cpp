#include "solver/drive_evaluator.hpp"

#include <omp.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "solver/signals.hpp"

namespace kubomag {
namespace {

Complex* plain(std::vector<std::complex<double>>& s) {
  return reinterpret_cast<Complex*>(s.data());
}
const Complex* plain(const std::vector<std::complex<double>>& s) {
  return reinterpret_cast<const Complex*>(s.data());
}

}  // namespace

DriveSignals::DriveSignals(const DrivePlan& plan) {
  for (const PlannedDrive& drive : plan.separable) {
    first_.push_back(static_cast<int>(pieces_.size()));
    for (const SignalPiece& piece : analytic_pieces(drive.signal)) pieces_.push_back(piece);
  }
  first_.push_back(static_cast<int>(pieces_.size()));
  at_.resize(pieces_.size());
}

const std::vector<SignalAt>& DriveSignals::at(double t, double t_inside) {
  for (std::size_t i = 0; i < pieces_.size(); ++i) at_[i] = signal_at(pieces_[i], t, t_inside);
  return at_;
}

DriveEvaluator::DriveEvaluator(DrivePlan plan, int threads)
    : plan_(std::move(plan)),
      threads_(threads > 0 ? threads : omp_get_max_threads()),
      box_(mode_box(plan_)),
      signals_(plan_),
      knotted_(plan_, threads),
      transform_(plan_.box, threads) {
  for (std::size_t d = 0; d < plan_.separable.size(); ++d) {
    const FieldSpectrum& E = plan_.separable[d].E;
    drives_.push_back({plain(E.Ex), plain(E.Ey), signals_.first(d), signals_.first(d + 1)});
  }
  for (auto& spectrum : work_) spectrum.resize(plan_.box.modes());
}

DriveSpectra DriveEvaluator::spectra_at(double t, double t_inside) {
  knotted_.move_to(t_inside);
  return {drives_.data(), signals_.at(t, t_inside).data(), static_cast<int>(drives_.size()),
          knotted_.at(t)};
}

void DriveEvaluator::evaluate(double t, double t_inside, double* psi, double* Ex, double* Ey) {
  const DriveSpectra spectra = spectra_at(t, t_inside);
  Complex *psi_q = plain(work_[0]), *Ex_q = plain(work_[1]), *Ey_q = plain(work_[2]);
#pragma omp parallel for schedule(static) num_threads(threads_)
  for (int iy = 0; iy < box_.py; ++iy)
    for (int ix = 0; ix < box_.modes_x(); ++ix) {
      const std::size_t at = static_cast<std::size_t>(iy) * box_.modes_x() + ix;
      const ModeFields fields = mode_fields(box_, spectra, ix, iy);
      psi_q[at] = fields.psi, Ex_q[at] = fields.Ex, Ey_q[at] = fields.Ey;
    }
  transform_.inverse(work_[0], psi);
  transform_.inverse(work_[1], Ex);
  transform_.inverse(work_[2], Ey);
  add_prescribed(t, t_inside, psi, Ex, Ey);
}

void DriveEvaluator::external_E(double t, double* Ex, double* Ey) const {
  const Grid& grid = plan_.grid;
  std::fill_n(Ex, grid.cells(), 0), std::fill_n(Ey, grid.cells(), 0);
  for (const PlannedDrive& drive : plan_.separable) {
    const double value = signal_value(drive.signal, t, t);
    for (std::size_t i = 0; i < grid.cells(); ++i)
      Ex[i] += value * drive.Ex[i], Ey[i] += value * drive.Ey[i];
  }
  for (const SampledDrive& drive : plan_.sampled) {
    if (t < 0) continue;
    const double index = std::floor(t / drive.interval), weight = t / drive.interval - index;
    const double before = index * drive.interval, after = (index + 1) * drive.interval;
    for (int iy = 0; iy < grid.ny; ++iy)
      for (int ix = 0; ix < grid.nx; ++ix) {
        const Vec2<double> a = drive.E(grid.x(ix), grid.y(iy), before);
        const Vec2<double> b = drive.E(grid.x(ix), grid.y(iy), after);
        Ex[grid.index(ix, iy)] += a.x + weight * (b.x - a.x);
        Ey[grid.index(ix, iy)] += a.y + weight * (b.y - a.y);
      }
  }
}

void DriveEvaluator::add_prescribed(double t, double t_inside, double* psi, double* Ex,
                                    double* Ey) {
  for (const PlannedPsi& given : plan_.psi) {
    const double value = signal_value(given.signal, t, t_inside);
    const auto cells = static_cast<std::ptrdiff_t>(given.psi.size());
#pragma omp parallel for schedule(static) num_threads(threads_)
    for (std::ptrdiff_t i = 0; i < cells; ++i) {
      psi[i] += value * given.psi[i];
      Ex[i] += value * given.Ex[i];
      Ey[i] += value * given.Ey[i];
    }
  }
}

}  // namespace kubomag
