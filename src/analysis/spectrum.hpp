#pragma once
// Spectra of signals sampled at equal intervals (docs/drivers.md, "Spectra").
#include <complex>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace kubomag {

enum class SpectralWindow { none, hann, blackman };
enum class Detrend { none, mean, linear };

struct SpectrumOptions {
  SpectralWindow window = SpectralWindow::hann;
  Detrend detrend = Detrend::linear;  // what is taken away before the window
  int padding = 4;                    // length with the zeros behind the signal, in its own length
};

struct Spectrum {
  std::vector<double> frequency;  // 0 to 1/(2 interval) [Hz]
  std::vector<double> amplitude;  // a sine of amplitude A has A at its frequency
  std::vector<double> power;      // one-sided density, its integral the mean square [1/Hz]
};

struct Peak {
  double frequency = 0;  // [Hz]
  double amplitude = 0;
};

/// The interval of `times` [s]. Throws InputError for fewer than four times and for intervals that
/// differ by more than 1e-4 from their median; `name(i)` stands for the i-th sample in the message.
double equal_interval(const std::vector<double>& times,
                      const std::function<std::string(std::size_t)>& name);

/// Transforms any number of signals of one length: detrend, window, zeros, FFT.
class SignalTransform {
 public:
  /// `samples` values `interval` [s] apart; options.padding from 1.
  SignalTransform(std::size_t samples, double interval, const SpectrumOptions& options);

  const std::vector<double>& frequency() const { return frequency_; }

  /// X_k = sum_n w_n x_n exp(-2 pi i k n/M) of the detrended signal; valid until the next call.
  const std::vector<std::complex<double>>& operator()(const std::vector<double>& signal);

  /// |X_k| to the amplitude of a sine, and |X_k|^2 to the power density.
  double to_amplitude(std::size_t k) const { return sides(k) / window_sum_; }
  double to_power(std::size_t k) const { return sides(k) * interval_ / window_squares_; }

 private:
  struct Plan;
  double sides(std::size_t k) const { return k == 0 || 2 * k == length_ ? 1 : 2; }

  double interval_;
  Detrend detrend_;
  std::size_t length_;  // M
  std::vector<double> window_, frequency_, in_;
  std::vector<std::complex<double>> out_;
  double window_sum_ = 0, window_squares_ = 0;
  std::shared_ptr<Plan> plan_;
};

/// The spectrum of one signal.
Spectrum make_spectrum(const std::vector<double>& signal, double interval,
                       const SpectrumOptions& options);

/// The local maxima of at least `least` times the largest, the strongest first; between the samples
/// by the parabola through the logarithms of the three highest.
std::vector<Peak> find_peaks(const std::vector<double>& frequency,
                             const std::vector<double>& amplitude, double least = 0.01);

/// Weights of a window over `samples` points, taken at their middles: symmetric, none of them 0.
std::vector<double> window_weights(SpectralWindow window, std::size_t samples);

}  // namespace kubomag
