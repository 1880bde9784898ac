#pragma once
// The drive on the GPU: every mode's closed solution in double (kernels/diffusion_mode.hpp), then
// an inverse transform in the precision of the run; a harmonic drive past its transient is a sum
// of fixed fields.
#include <algorithm>
#include <limits>
#include <vector>

#include "backend/cuda_backend.cuh"
#include "backend/cuda_fft.cuh"
#include "solver/basis_sum.hpp"
#include "solver/drive_evaluator.hpp"
#include "solver/drive_field.hpp"
#include "solver/signals.hpp"
#include "solver/source_sum.hpp"

namespace kubomag {
namespace cuda {

template <class Complex>
__global__ void mode_kernel(ModeBox box, DriveSpectra spectra, Complex* psi, Complex* Ex,
                            Complex* Ey) {
  const int kx = blockIdx.x * blockDim.x + threadIdx.x, ky = blockIdx.y;
  if (kx >= box.modes_x()) return;
  const ModeFields f = mode_fields(box, spectra, kx, ky);
  const std::size_t q = kx + static_cast<std::size_t>(box.modes_x()) * ky;
  using Real = decltype(Complex::x);
  psi[q] = {static_cast<Real>(f.psi.re), static_cast<Real>(f.psi.im)};
  Ex[q] = {static_cast<Real>(f.Ex.re), static_cast<Real>(f.Ex.im)};
  Ey[q] = {static_cast<Real>(f.Ey.re), static_cast<Real>(f.Ey.im)};
}

}  // namespace cuda

template <class Real>
class DriveField<CudaBackend, Real> {
  using Types = cuda::CufftTypes<Real>;
  using CufftComplex = typename Types::Complex;

 public:
  DriveField(const Problem& problem, const CudaBackend& backend)
      : backend_(backend),
        grid_(problem.grid),
        events_(signal_events(problem.drive)),
        plan_(make_drive_plan(problem.grid, problem.diffusion, problem.drive, 0)),
        box_(mode_box(plan_)),
        signals_(plan_),
        knotted_(plan_, 0),
        basis_(backend, grid_, plan_, 0),
        now_(backend, grid_.cells()) {
    for (std::size_t d = 0; d < plan_.separable.size(); ++d) {
      const FieldSpectrum& E = plan_.separable[d].E;
      spectra_.push_back({upload_new(E.Ex), upload_new(E.Ey)});
      drives_.push_back({complex(spectra_.back().Ex), complex(spectra_.back().Ey),
                         signals_.first(d), signals_.first(d + 1)});
    }
    device_drives_ = backend.make_buffer<DriveSpectrum>(drives_.size());
    if (!drives_.empty()) backend.upload(device_drives_, drives_);
    for (const PlannedPsi& given : plan_.psi) add_prescribed(given);
    make_transforms();
  }

  DriveSample<Real> sample(double t, double t_inside) {
    if (basis_.covers(t)) return basis_.at({t, t}, now_);
    const std::vector<SignalAt>& now = signals_.at(t, t_inside);
    if (device_signals_.size() < now.size())
      device_signals_ = backend_.make_buffer<SignalAt>(now.size());
    if (!now.empty()) backend_.upload(device_signals_, now);
    evaluate_modes(device_signals_.data(), knotted_at(t, t_inside));
    return on_film({t, t_inside});
  }

  /// Whether the harmonic basis holds at time t, and until when that does not change [s].
  bool steady(double t) const { return basis_.covers(t); }
  double steady_from(double t) const {
    return steady(t) ? std::numeric_limits<double>::infinity() : basis_.valid_from();
  }
  /// Which of the two forms is recorded from here on.
  void record_as(bool steady) { recorded_steady_ = steady; }
  /// For steps that the device takes by itself.
  DriveSample<Real> sample(const Instant& now) {
    if (recorded_steady_) return basis_.at(now, now_);
    if (knotted_.any()) now.late->refuse();
    evaluate_modes(now.late->pieces(now, signals_.pieces()), {});
    return on_film(now);
  }

  DriveSample<Real> silence() const {
    const auto view = now_.view();
    return {view, view, Real(0), Real(0)};
  }

  std::vector<double> electric_field(double t) {
    DriveEvaluator host(plan_, 0);
    std::vector<double> E(2 * grid_.cells());
    host.external_E(t, E.data(), E.data() + grid_.cells());
    return E;
  }

  double next_event(double t) {
    const double event = events_.next(t);
    if (!knotted_.any()) return event;
    move_to(t);
    return std::min(event, knotted_.end());
  }
  std::size_t bytes() const {
    return basis_.bytes() + now_.bytes() + 3 * work_[0].size() * sizeof(CufftComplex) +
           rows_out_.size() * sizeof(Real) + columns_.bytes() + rows_.bytes() +
           2 * spectra_.size() * modes() * sizeof(Complex);
  }

 private:
  /// From the modes to the film.
  DriveSample<Real> on_film(const Instant& now) {
    const std::array<Real*, 3> film{now_.view().x, now_.view().y, now_.view().z};
    const cuda::Shape rows{dim3(cuda::blocks_for(grid_.nx, threads), grid_.ny), threads};
    for (int c = 0; c < 3; ++c) {
      cuda::columns(columns_, work_[c].data(), CUFFT_INVERSE);
      cuda::inverse(rows_, work_[c].data(), rows_out_.data());
      cuda::launch(cuda::crop_kernel<Real>, rows, backend_.stream(),
                   cuda::FilmInBox{grid_.nx, grid_.ny, box_.px, box_.py}, plan_.box.y.n,
                   rows_out_.data(), film[c]);
    }
    for (std::size_t j = 0; j < prescribed_.size(); ++j) {
      const auto view = std::as_const(prescribed_[j]).view();
      backend_.for_each_cell<Stencil>(
          grid_, WeightedSumPass<Real>{view, view, now_.view(), Real(1),
                                       value_at<Real>(now, plan_.psi[j].signal), Real(0)});
    }
    return whole(now_);
  }

  static constexpr int threads = 128;
  using HostComplex = std::complex<double>;
  using Spectrum = DeviceBuffer<HostComplex>;
  struct DeviceSpectrum {
    Spectrum Ex, Ey;
  };

  std::size_t modes() const { return static_cast<std::size_t>(box_.modes_x()) * box_.py; }
  static const Complex* complex(const Spectrum& s) {
    return reinterpret_cast<const Complex*>(s.data());
  }

  Spectrum upload_new(const std::vector<HostComplex>& values) const {
    auto buffer = backend_.make_buffer<HostComplex>(values.size());
    backend_.upload(buffer, values);
    return buffer;
  }
  Spectrum upload_new(const Complex* values, std::size_t count) const {
    const auto* first = reinterpret_cast<const HostComplex*>(values);
    return upload_new(std::vector<HostComplex>(first, first + count));
  }

  void add_prescribed(const PlannedPsi& given) {
    std::vector<double> parts = given.psi;
    parts.insert(parts.end(), given.Ex.begin(), given.Ex.end());
    parts.insert(parts.end(), given.Ey.begin(), given.Ey.end());
    prescribed_.emplace_back(backend_, grid_.cells());
    prescribed_.back().upload(backend_, parts);
  }

  void make_transforms() {
    const int mx = box_.modes_x();
    for (auto& part : work_) part = DeviceBuffer<CufftComplex>(modes());
    const int rows = plan_.box.y.n;
    rows_out_ = DeviceBuffer<Real>(static_cast<std::size_t>(box_.px) * rows);
    columns_ = CufftPlan::many(box_.py, mx, 1, mx, 1, Types::columns, mx, backend_.stream());
    rows_ = CufftPlan::many(box_.px, 1, mx, 1, box_.px, Types::inverse, rows, backend_.stream());
  }

  void evaluate_modes(const SignalAt* signals, const KnottedSpectrum& knotted) {
    DriveSpectra spectra{device_drives_.data(), signals, static_cast<int>(drives_.size()), knotted};
    cuda::launch(cuda::mode_kernel<CufftComplex>,
                 {dim3(cuda::blocks_for(box_.modes_x(), threads), box_.py), threads},
                 backend_.stream(), box_, spectra, work_[0].data(), work_[1].data(),
                 work_[2].data());
  }

  void move_to(double t_inside) {
    if (knotted_.move_to(t_inside)) knots_known_ = false;
  }

  /// The interval's spectra on the device; they are copied when the interval changes.
  KnottedSpectrum knotted_at(double t, double t_inside) {
    if (!knotted_.any()) return {};
    move_to(t_inside);
    KnottedSpectrum k = knotted_.at(t);
    if (!knots_known_) {
      y_ = upload_new(k.y, modes());
      knots_ = {upload_new(k.Ex, k.terms * k.stride), upload_new(k.Ey, k.terms * k.stride)};
      knots_known_ = true;
    }
    k.y = reinterpret_cast<Complex*>(y_.data());
    k.Ex = complex(knots_.Ex), k.Ey = complex(knots_.Ey);
    return k;
  }

  const CudaBackend& backend_;
  Grid grid_;
  EventTimes events_;
  DrivePlan plan_;
  ModeBox box_;
  DriveSignals signals_;
  KnottedDrive knotted_;
  BasisSum<CudaBackend, Real> basis_;
  bool recorded_steady_ = false;
  VectorBuffer<CudaBackend, Real> now_;
  std::vector<DeviceSpectrum> spectra_;
  std::vector<DriveSpectrum> drives_;
  DeviceBuffer<DriveSpectrum> device_drives_;
  DeviceBuffer<SignalAt> device_signals_;
  bool knots_known_ = false;  // whether these are of the interval
  Spectrum y_;
  DeviceSpectrum knots_;
  std::vector<VectorBuffer<CudaBackend, Real>> prescribed_;
  std::array<DeviceBuffer<CufftComplex>, 3> work_;
  DeviceBuffer<Real> rows_out_;
  CufftPlan columns_, rows_;
};

}  // namespace kubomag
