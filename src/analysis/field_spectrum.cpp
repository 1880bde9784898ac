#include "analysis/field_spectrum.hpp"

#include <fftw3.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"

namespace kubomag {
namespace {

std::vector<double> signal_of(const FieldSeries& series, std::size_t cell) {
  std::vector<double> signal;
  signal.reserve(series.frames.size());
  for (const auto& frame : series.frames) signal.push_back(frame[cell]);
  return signal;
}

/// A transform in place along the axis, exp(-i k s).
class RowTransform {
 public:
  explicit RowTransform(std::size_t cells)
      : row_(cells),
        plan_(
            fftw_plan_dft_1d(static_cast<int>(cells), raw(), raw(), FFTW_FORWARD, FFTW_ESTIMATE)) {}
  RowTransform(const RowTransform&) = delete;
  RowTransform& operator=(const RowTransform&) = delete;
  ~RowTransform() { fftw_destroy_plan(plan_); }

  std::vector<std::complex<double>>& row() { return row_; }
  void execute() { fftw_execute(plan_); }

 private:
  fftw_complex* raw() { return reinterpret_cast<fftw_complex*>(row_.data()); }

  std::vector<std::complex<double>> row_;
  fftw_plan plan_;
};

}  // namespace

FieldSpectrum field_spectrum(const FieldSeries& series, const std::vector<char>& inside,
                             const SpectrumOptions& options) {
  const std::size_t frames = series.frames.size();
  SignalTransform transform(frames, series.interval, options);
  const std::size_t count = transform.frequency().size();
  std::vector<double> mean(frames, 0.0), squares(count, 0.0);
  double cells = 0;
  for (std::size_t i = 0; i < inside.size(); ++i) {
    if (!inside[i]) continue;
    ++cells;
    const std::vector<double> signal = signal_of(series, i);
    for (std::size_t n = 0; n < frames; ++n) mean[n] += signal[n];
    const auto& X = transform(signal);
    for (std::size_t k = 0; k < count; ++k) squares[k] += std::norm(X[k]);
  }
  if (cells == 0) throw InputError("a spectrum of no cells (the field is zero everywhere)");
  for (double& value : mean) value /= cells;
  FieldSpectrum all{make_spectrum(mean, series.interval, options), {}};
  all.local.frequency = transform.frequency();
  for (std::size_t k = 0; k < count; ++k) {
    all.local.amplitude.push_back(transform.to_amplitude(k) * std::sqrt(squares[k] / cells));
    all.local.power.push_back(transform.to_power(k) * squares[k] / cells);
  }
  return all;
}

DispersionMap dispersion_map(const FieldSeries& series, Axis axis, int first_row, int last_row,
                             const SpectrumOptions& options, SpectralWindow space) {
  const bool along_x = axis == Axis::x;
  const auto n = static_cast<std::size_t>(along_x ? series.nx : series.ny);
  const auto stride = static_cast<std::size_t>(along_x ? 1 : series.nx);
  const auto next_row = static_cast<std::size_t>(along_x ? series.nx : 1);
  SignalTransform in_time(series.frames.size(), series.interval, options);
  RowTransform in_space(n);
  const std::vector<double> window = window_weights(space, n);
  double window_sum = 0;
  for (const double w : window) window_sum += w;

  DispersionMap map;
  map.frequency = in_time.frequency();
  const std::size_t count = map.frequency.size(), below = n / 2;  // negative wave numbers
  const double step =
      2 * constants::pi / (static_cast<double>(n) * (along_x ? series.dx : series.dy));
  for (std::size_t j = 0; j < n; ++j)
    map.k.push_back(step * (static_cast<double>(j) - static_cast<double>(below)));
  map.power.assign(count * n, 0.0);
  std::vector<std::complex<double>> modes(count * n);  // [frequency][cell]
  for (int row = first_row; row <= last_row; ++row) {
    for (std::size_t j = 0; j < n; ++j) {
      const auto& X =
          in_time(signal_of(series, static_cast<std::size_t>(row) * next_row + j * stride));
      for (std::size_t f = 0; f < count; ++f) modes[f * n + j] = window[j] * X[f];
    }
    for (std::size_t f = 0; f < count; ++f) {
      std::copy_n(&modes[f * n], n, in_space.row().data());
      in_space.execute();
      const double scale = in_time.to_amplitude(f) / window_sum;
      // exp(+i w t) belongs to exp(-i k s): the wave number is that of the bin, reversed
      for (std::size_t j = 0; j < n; ++j)
        map.power[f * n + j] +=
            std::norm(scale * in_space.row()[(n + below - j) % n]) / (last_row - first_row + 1);
    }
  }
  return map;
}

std::vector<Peak> strongest_modes(const DispersionMap& map) {
  const std::size_t n = map.k.size();
  std::vector<Peak> modes;
  for (std::size_t j = 0; j < n; ++j) {
    std::vector<double> amplitude;
    for (std::size_t f = 0; f < map.frequency.size(); ++f)
      amplitude.push_back(std::sqrt(map.power[f * n + j]));
    const std::vector<Peak> peaks = find_peaks(map.frequency, amplitude, 0);
    modes.push_back(peaks.empty() ? Peak{} : peaks.front());
  }
  return modes;
}

}  // namespace kubomag
