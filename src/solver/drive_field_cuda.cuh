#pragma once
// The drive on the GPU: every mode's closed solution in double (kernels/diffusion_mode.hpp), then
// an inverse transform in the precision of the run; a harmonic drive past its transient is a sum
// of fixed fields.
#include <algorithm>
#include <limits>
#include <vector>

#include "backend/cuda_backend.cuh"
#include "backend/cuda_inverse.cuh"
#include "solver/basis_sum.hpp"
#include "solver/drive_evaluator.hpp"
#include "solver/drive_field.hpp"
#include "solver/drive_memory.hpp"
#include "solver/signals.hpp"
#include "solver/source_sum.hpp"

namespace kubomag {
namespace cuda {

/// psi and E' side by side.
template <class CufftComplex>
__global__ void mode_kernel(ModeBox box, DriveSpectra spectra, SpectrumShape shape,
                            CufftComplex* out) {
  const int kx = blockIdx.x * blockDim.x + threadIdx.x, ky = blockIdx.y;
  if (kx >= shape.modes()) return;
  const ModeFields f = mode_fields(box, spectra, kx, ky);
  const auto store = [&](int component, const Complex& value) {
    using Real = decltype(CufftComplex::x);
    out[shape.row(ky, component) + kx] = {static_cast<Real>(value.re), static_cast<Real>(value.im)};
  };
  store(0, f.psi), store(1, f.Ex), store(2, f.Ey);
}

}  // namespace cuda

template <class Real>
class DriveField<CudaBackend, Real> {
  using CufftComplex = typename CufftInverse<Real>::Complex;

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
        now_(backend, grid_.cells()),
        device_signals_(backend.make_buffer<SignalAt>(signals_.pieces().size())),
        knots_(backend.make_buffer<Complex>(
            static_cast<std::size_t>(knot_spectra(drive_parts(plan_))) * modes())),
        to_film_({plan_.box.x.n, plan_.box.y.n, box_.px, box_.py}, grid_.nx, grid_.ny,
                 backend.stream()) {
    for (std::size_t d = 0; d < plan_.separable.size(); ++d) {
      const FieldSpectrum& E = plan_.separable[d].E;
      spectra_.push_back({upload_new(E.Ex), upload_new(E.Ey)});
      drives_.push_back({complex(spectra_.back().Ex), complex(spectra_.back().Ey),
                         signals_.first(d), signals_.first(d + 1)});
    }
    device_drives_ = backend.make_buffer<DriveSpectrum>(drives_.size());
    if (!drives_.empty()) backend.upload(device_drives_, drives_);
    for (const PlannedPsi& given : plan_.psi) add_prescribed(given);
  }

  DriveSample<Real> sample(double t, double t_inside) {
    if (basis_.covers(t)) return basis_.at({t, t}, now_);
    const std::vector<SignalAt>& now = signals_.at(t, t_inside);
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
    return basis_.bytes() + now_.bytes() + to_film_.bytes() +
           (2 * spectra_.size() * modes() + knots_.size()) * sizeof(Complex);
  }

 private:
  /// From the modes to the film.
  DriveSample<Real> on_film(const Instant& now) {
    to_film_({now_.view().x, now_.view().y, now_.view().z});
    for (std::size_t j = 0; j < prescribed_.size(); ++j) {
      const auto view = std::as_const(prescribed_[j]).view();
      backend_.for_each_cell<Stencil>(
          grid_, WeightedSumPass<Real>{view, view, now_.view(), Real(1),
                                       value_at<Real>(now, plan_.psi[j].signal), Real(0)});
    }
    return whole(now_);
  }

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

  void add_prescribed(const PlannedPsi& given) {
    std::vector<double> parts = given.psi;
    parts.insert(parts.end(), given.Ex.begin(), given.Ex.end());
    parts.insert(parts.end(), given.Ey.begin(), given.Ey.end());
    prescribed_.emplace_back(backend_, grid_.cells());
    prescribed_.back().upload(backend_, parts);
  }

  void evaluate_modes(const SignalAt* signals, const KnottedSpectrum& knotted) {
    DriveSpectra spectra{device_drives_.data(), signals, static_cast<int>(drives_.size()), knotted};
    const SpectrumShape& shape = to_film_.shape();
    cuda::launch(cuda::mode_kernel<CufftComplex>, cuda::film_rows(shape.modes(), shape.py, 1),
                 backend_.stream(), box_, spectra, shape, to_film_.spectrum());
  }

  void move_to(double t_inside) {
    if (knotted_.move_to(t_inside)) knots_known_ = false;
  }

  /// The interval's spectra on the device, one after the other; they are copied when the interval
  /// changes.
  KnottedSpectrum knotted_at(double t, double t_inside) {
    if (!knotted_.any()) return {};
    move_to(t_inside);
    KnottedSpectrum k = knotted_.at(t);
    const std::size_t n = modes(), terms = k.terms;
    if (!knots_known_) {
      backend_.upload(knots_, 0, k.y, n);
      for (std::size_t j = 0; j < terms; ++j) {
        backend_.upload(knots_, (1 + j) * n, k.Ex + j * k.stride, n);
        backend_.upload(knots_, (1 + terms + j) * n, k.Ey + j * k.stride, n);
      }
      knots_known_ = true;
    }
    k.y = knots_.data(), k.Ex = k.y + n, k.Ey = k.Ex + terms * n, k.stride = n;
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
  DeviceBuffer<Complex> knots_;
  std::vector<VectorBuffer<CudaBackend, Real>> prescribed_;
  CufftInverse<Real> to_film_;
};

}  // namespace kubomag
