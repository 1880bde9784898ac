#include "analysis/spectrum.hpp"

#include <fftw3.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"

namespace kubomag {
namespace {

constexpr double interval_tolerance = 1e-4;
constexpr double steepest = -3;  // logarithm of a neighbour's height; less is no window's main lobe

/// The least-squares line (or mean) of the signal goes.
void remove_trend(std::vector<double>& x, Detrend detrend) {
  if (detrend == Detrend::none) return;
  const auto n = static_cast<double>(x.size());
  double mean = 0, slope = 0;
  for (const double value : x) mean += value / n;
  if (detrend == Detrend::linear)
    for (std::size_t i = 0; i < x.size(); ++i)
      slope += (static_cast<double>(i) - 0.5 * (n - 1)) * x[i] * 12 / (n * (n * n - 1));
  for (std::size_t i = 0; i < x.size(); ++i)
    x[i] -= mean + slope * (static_cast<double>(i) - 0.5 * (n - 1));
}

}  // namespace

struct SignalTransform::Plan {
  fftw_plan plan;
  explicit Plan(fftw_plan p) : plan(p) {}
  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;
  ~Plan() { fftw_destroy_plan(plan); }
};

double equal_interval(const std::vector<double>& times,
                      const std::function<std::string(std::size_t)>& name) {
  if (times.size() < 4)
    throw InputError(fmt::format("a spectrum of {} samples (at least 4 are needed)", times.size()));
  std::vector<double> intervals;
  for (std::size_t i = 1; i < times.size(); ++i) intervals.push_back(times[i] - times[i - 1]);
  std::vector<double> sorted = intervals;
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  if (!(*middle > 0)) throw InputError("a spectrum of samples whose times do not rise");
  for (std::size_t i = 0; i < intervals.size(); ++i)
    if (!(std::abs(intervals[i] - *middle) <= interval_tolerance * *middle))
      throw InputError(fmt::format(
          "{} is {:.6g} s after the one before (a spectrum needs equal intervals, here {:.6g} s); "
          "leave out what does not fit, or record at equal intervals",
          name(i + 1), intervals[i], *middle));
  return (times.back() - times.front()) / static_cast<double>(intervals.size());
}

std::vector<double> window_weights(SpectralWindow window, std::size_t samples) {
  std::vector<double> weights(samples, 1.0);
  for (std::size_t i = 0; i < samples && window != SpectralWindow::none; ++i) {
    const double angle =
        2 * constants::pi * (static_cast<double>(i) + 0.5) / static_cast<double>(samples);
    weights[i] = window == SpectralWindow::hann
                     ? 0.5 - 0.5 * std::cos(angle)
                     : 0.42 - 0.5 * std::cos(angle) + 0.08 * std::cos(2 * angle);
  }
  return weights;
}

SignalTransform::SignalTransform(std::size_t samples, double interval,
                                 const SpectrumOptions& options)
    : interval_(interval),
      detrend_(options.detrend),
      length_(samples * static_cast<std::size_t>(options.padding)),
      window_(window_weights(options.window, samples)),
      in_(length_, 0.0),
      out_(length_ / 2 + 1) {
  for (const double w : window_) window_sum_ += w, window_squares_ += w * w;
  for (std::size_t k = 0; k < out_.size(); ++k)
    frequency_.push_back(static_cast<double>(k) / (static_cast<double>(length_) * interval));
  plan_ = std::make_shared<Plan>(fftw_plan_dft_r2c_1d(static_cast<int>(length_), in_.data(),
                                                      reinterpret_cast<fftw_complex*>(out_.data()),
                                                      FFTW_ESTIMATE | FFTW_PRESERVE_INPUT));
}

const std::vector<std::complex<double>>& SignalTransform::operator()(
    const std::vector<double>& signal) {
  std::vector<double> x = signal;
  remove_trend(x, detrend_);
  for (std::size_t i = 0; i < window_.size(); ++i) in_[i] = window_[i] * x[i];
  fftw_execute(plan_->plan);
  return out_;
}

Spectrum make_spectrum(const std::vector<double>& signal, double interval,
                       const SpectrumOptions& options) {
  SignalTransform transform(signal.size(), interval, options);
  Spectrum spectrum;
  spectrum.frequency = transform.frequency();
  const auto& X = transform(signal);
  for (std::size_t k = 0; k < X.size(); ++k) {
    spectrum.amplitude.push_back(transform.to_amplitude(k) * std::abs(X[k]));
    spectrum.power.push_back(transform.to_power(k) * std::norm(X[k]));
  }
  return spectrum;
}

std::vector<Peak> find_peaks(const std::vector<double>& frequency,
                             const std::vector<double>& amplitude, double least) {
  std::vector<std::pair<double, Peak>> found;  // with the height of the sample
  if (amplitude.empty()) return {};
  const double threshold = least * *std::max_element(amplitude.begin(), amplitude.end());
  for (std::size_t k = 1; k + 1 < amplitude.size(); ++k) {
    const double a = amplitude[k - 1], b = amplitude[k], c = amplitude[k + 1];
    if (!(b > a && b >= c && b >= threshold)) continue;
    const double left = std::max(std::log(a / b), steepest);
    const double right = std::max(std::log(c / b), steepest);
    const double offset = 0.5 * (left - right) / (left + right);
    found.emplace_back(b, Peak{frequency[k] + offset * (frequency[k + 1] - frequency[k]),
                               b * std::exp(-0.25 * (left - right) * offset)});
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& p, const auto& q) { return p.first > q.first; });
  std::vector<Peak> peaks;
  for (const auto& [height, peak] : found) peaks.push_back(peak);
  return peaks;
}

}  // namespace kubomag
