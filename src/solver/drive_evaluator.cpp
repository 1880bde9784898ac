#include "solver/drive_evaluator.hpp"

#include <omp.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "backend/team.hpp"
#include "solver/drive_memory.hpp"
#include "solver/mirror_modes.hpp"

namespace kubomag {
namespace {

Complex* plain(std::vector<std::complex<double>>& s) {
  return reinterpret_cast<Complex*>(s.data());
}
const Complex* plain(const std::vector<std::complex<double>>& s) {
  return reinterpret_cast<const Complex*>(s.data());
}

}  // namespace

/// The modes of any FFT box.
class DriveEvaluator::BoxModes {
 public:
  BoxModes(const DrivePlan& plan, int threads)
      : threads_(threads),
        box_(mode_box(plan)),
        signals_(plan),
        knots_(plan, threads),
        transform_(plan.box, threads) {
    for (std::size_t d = 0; d < plan.separable.size(); ++d) {
      const FieldSpectrum& E = plan.separable[d].E;
      drives_.push_back({plain(E.Ex), plain(E.Ey), signals_.first(d), signals_.first(d + 1)});
    }
    for (auto& spectrum : work_) spectrum.resize(plan.box.modes());
  }

  KnottedDrive& knots() { return knots_; }

  void evaluate(double t, double t_inside, double* psi, double* Ex, double* Ey) {
    knots_.move_to(t_inside);
    const DriveSpectra spectra{drives_.data(), signals_.at(t, t_inside).data(),
                               static_cast<int>(drives_.size()), knots_.at(t)};
    Complex *psi_q = plain(work_[0]), *Ex_q = plain(work_[1]), *Ey_q = plain(work_[2]);
    in_shares(threads_, box_.py, [&](std::ptrdiff_t iy) {
      for (int ix = 0; ix < box_.modes_x(); ++ix) {
        const std::ptrdiff_t at = iy * box_.modes_x() + ix;
        const ModeFields fields = mode_fields(box_, spectra, ix, static_cast<int>(iy));
        psi_q[at] = fields.psi, Ex_q[at] = fields.Ex, Ey_q[at] = fields.Ey;
      }
    });
    transform_.inverse(work_[0], psi);
    transform_.inverse(work_[1], Ex);
    transform_.inverse(work_[2], Ey);
  }

 private:
  int threads_;
  ModeBox box_;
  DriveSignals signals_;
  KnottedDrive knots_;
  FilmTransform transform_;
  std::vector<DriveSpectrum> drives_;
  std::vector<std::complex<double>> work_[3];
};

DriveEvaluator::DriveEvaluator(DrivePlan plan, int threads)
    : plan_(std::move(plan)),
      threads_(threads > 0 ? threads : omp_get_max_threads()),
      has_knots_(drive_parts(plan_).knots) {}

DriveEvaluator::~DriveEvaluator() = default;

void DriveEvaluator::prepare() {
  if (mirrored_ || box_) return;
  if (MirrorModes::possible(plan_.box))
    mirrored_ = std::make_unique<MirrorModes>(plan_, mode_box(plan_), threads_);
  else
    box_ = std::make_unique<BoxModes>(plan_, threads_);
}

Knots& DriveEvaluator::knots() {
  prepare();
  if (mirrored_) return mirrored_->knots();
  return box_->knots();
}

const Knots& DriveEvaluator::knots(double t_inside) {
  Knots& found = knots();
  found.move_to(t_inside);
  return found;
}

void DriveEvaluator::evaluate(double t, double t_inside, double* psi, double* Ex, double* Ey) {
  prepare();
  if (mirrored_)
    mirrored_->evaluate<double>(t, t_inside, {psi, Ex, Ey});
  else
    box_->evaluate(t, t_inside, psi, Ex, Ey);
  add_prescribed(t, t_inside, psi, Ex, Ey);
}

void DriveEvaluator::evaluate(double t, double t_inside, float* psi, float* Ex, float* Ey) {
  prepare();
  if (mirrored_) {
    mirrored_->evaluate<float>(t, t_inside, {psi, Ex, Ey});
  } else {
    const std::size_t cells = plan_.fields.cells();
    values_.resize(3 * cells);
    double* const from = values_.data();
    box_->evaluate(t, t_inside, from, from + cells, from + 2 * cells);
    const std::size_t nx = static_cast<std::size_t>(plan_.fields.nx);
    in_shares(threads_, plan_.fields.ny, [=](std::ptrdiff_t row) {
      const std::size_t first = static_cast<std::size_t>(row) * nx;
      std::copy_n(from + first, nx, psi + first);
      std::copy_n(from + cells + first, nx, Ex + first);
      std::copy_n(from + 2 * cells + first, nx, Ey + first);
    });
  }
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
    for (int iy = 0; iy < grid.ny; ++iy)
      for (int ix = 0; ix < grid.nx; ++ix) {
        const Vec2<double> E = drive.at(grid.x(ix), grid.y(iy), t);
        Ex[grid.index(ix, iy)] += E.x, Ey[grid.index(ix, iy)] += E.y;
      }
  }
}

template <class Real>
void DriveEvaluator::add_prescribed(double t, double t_inside, Real* psi, Real* Ex,
                                    Real* Ey) const {
  for (const PlannedPsi& given : plan_.psi) {
    const double value = signal_value(given.signal, t, t_inside);
    const auto add = [value](Real* to, const double* from, int count) {
#pragma GCC ivdep
      for (int i = 0; i < count; ++i) to[i] += static_cast<Real>(value * from[i]);
    };
    const int nx = plan_.fields.nx;
    in_shares(threads_, plan_.fields.ny, [&](std::ptrdiff_t row) {
      add(psi + row * nx, given.psi.data() + row * nx, nx);
      add(Ex + row * nx, given.Ex.data() + row * nx, nx);
      add(Ey + row * nx, given.Ey.data() + row * nx, nx);
    });
  }
}

}  // namespace kubomag
