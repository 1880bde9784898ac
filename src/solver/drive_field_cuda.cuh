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

/// The knots between which a drive is, in the device's memory.
struct KnotInterval {
  double begin = 0, length = 0;  // [s]
  int terms = 0;
};

/// psi and E' of a mode at time t.
struct DriveModes {
  ModeBox box;
  DriveSpectra spectra;
  const KnotInterval* interval;  // null: there are no knots; it has what spectra.knotted has not
  Number<double> t;

  template <class Store>
  __device__ void operator()(int kx, int ky, const Store& store) const {
    DriveSpectra now = spectra;
    if (interval != nullptr) {
      now.knotted.terms = interval->terms, now.knotted.length = interval->length;
      now.knotted.tau = interval->begin > -HUGE_VAL ? t() - interval->begin : 0;
    }
    const ModeFields f = mode_fields(box, now, kx, ky);
    store(0, f.psi.re, f.psi.im);
    store(1, f.Ex.re, f.Ex.im);
    store(2, f.Ey.re, f.Ey.im);
  }
};

}  // namespace cuda

template <class Real>
class DriveField<CudaBackend, Real> {
  using Modes = cuda::DriveModes;

 public:
  DriveField(const Problem& problem, const CudaBackend& backend)
      : backend_(backend),
        grid_(problem.grid),
        events_(signal_events(problem.drive)),
        plan_(make_drive_plan(problem.grid, problem.diffusion, problem.drive, 0)),
        box_(mode_box(plan_)),
        signals_(plan_),
        knotted_(plan_, 0),
        basis_(backend, plan_.fields, plan_, 0),
        now_(backend, plan_.fields.cells()),
        device_signals_(backend.make_buffer<SignalAt>(signals_.pieces().size())),
        knots_(backend.make_buffer<Complex>(
            static_cast<std::size_t>(knot_spectra(drive_parts(plan_))) * modes())),
        interval_(backend.make_buffer<cuda::KnotInterval>(knotted_.any() ? 1 : 0)),
        to_film_({plan_.box.x.n, plan_.box.y.n, box_.px, box_.py},
                 convolution_method(plan_.fields.cells()), BlockLimits::of_device(),
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
    if (basis_.covers(t)) return placed(basis_.at({t, t}, now_));
    const std::vector<SignalAt>& now = signals_.at(t, t_inside);
    if (!now.empty()) backend_.upload(device_signals_, now);
    hold_interval(t_inside);
    return on_film({t, t_inside}, device_signals_.data(), t);
  }

  /// Whether the harmonic basis holds at time t, and until when that does not change [s]. If it
  /// does not, the device has what it needs from t on, up to the next event.
  bool steady(double t) {
    hold_interval(t);
    return basis_.covers(t);
  }
  double steady_from(double t) const {
    return basis_.covers(t) ? std::numeric_limits<double>::infinity() : basis_.valid_from();
  }
  /// Which of the two forms is recorded from here on.
  void record_as(bool steady) { recorded_steady_ = steady; }
  /// For steps that the device takes by itself.
  DriveSample<Real> sample(const Instant& now) {
    if (recorded_steady_) return placed(basis_.at(now, now_));
    const SignalAt* signals = now.late->pieces(now, signals_.pieces());
    if (!knotted_.any()) return on_film(now, signals, {});
    const FormulaGraph time{{FormulaNode{FormulaOp::t}}, {}};
    return on_film(now, signals,
                   Number<double>::found_at(now.late->formulas<double>(now, time, {0})));
  }

  DriveSample<Real> silence() const {
    const auto view = now_.view();
    return placed({view, view, Real(0), Real(0)});
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
    hold_interval(t);
    return std::min(event, knotted_.end());
  }
  std::size_t bytes() const {
    return basis_.bytes() + now_.bytes() + to_film_.bytes() +
           interval_.size() * sizeof(cuda::KnotInterval) +
           (2 * spectra_.size() * modes() + knots_.size()) * sizeof(Complex);
  }

 private:
  DriveSample<Real> placed(DriveSample<Real> sum) const {
    sum.cells = drive_cells(plan_);
    return sum;
  }

  /// With the signals of an instant, and its time where there are knots.
  DriveSample<Real> on_film(const Instant& now, const SignalAt* signals, Number<double> t) {
    Modes modes{box_,
                {device_drives_.data(), signals, static_cast<int>(drives_.size()), {}},
                knotted_.any() ? interval_.data() : nullptr,
                t};
    if (knotted_.any()) modes.spectra.knotted = knots_on_device();
    to_film_(modes, {now_.view().x, now_.view().y, now_.view().z});
    for (std::size_t j = 0; j < prescribed_.size(); ++j) {
      const auto view = std::as_const(prescribed_[j]).view();
      backend_.for_each_cell<Stencil>(
          plan_.fields, WeightedSumPass<Real>{view, view, now_.view(), Real(1),
                                              value_at<Real>(now, plan_.psi[j].signal), Real(0)});
    }
    return placed(whole(now_));
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
    prescribed_.emplace_back(backend_, plan_.fields.cells());
    prescribed_.back().upload(backend_, parts);
  }

  /// y, E_0 to E_(n-1) along x, the same along y; n may be less in some intervals.
  KnottedSpectrum knots_on_device() {
    KnottedSpectrum k;
    k.y = knots_.data(), k.Ex = k.y + modes(), k.stride = modes();
    k.Ey = k.y + (knots_.size() + modes()) / 2;
    return k;
  }

  /// The device has the knots between which t_inside is; they are copied when others were there.
  void hold_interval(double t_inside) {
    if (!knotted_.any()) return;
    if (knotted_.move_to(t_inside)) knots_known_ = false;
    if (knots_known_) return;
    const KnottedSpectrum from = knotted_.at(0), to = knots_on_device();
    const std::size_t n = modes(), Ex = n, Ey = static_cast<std::size_t>(to.Ey - to.y);
    backend_.upload(knots_, 0, from.y, n);
    for (std::size_t j = 0; j < static_cast<std::size_t>(from.terms); ++j) {
      backend_.upload(knots_, Ex + j * n, from.Ex + j * from.stride, n);
      backend_.upload(knots_, Ey + j * n, from.Ey + j * from.stride, n);
    }
    backend_.upload(interval_, {{knotted_.begin(), knotted_.length(), from.terms}});
    knots_known_ = true;
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
  DeviceBuffer<cuda::KnotInterval> interval_;
  std::vector<VectorBuffer<CudaBackend, Real>> prescribed_;
  ModesToFilm<Real, Modes> to_film_;
};

}  // namespace kubomag
