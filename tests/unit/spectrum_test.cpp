// Spectra of signals and fields that are known in closed form.
#include "analysis/spectrum.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "analysis/field_spectrum.hpp"
#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"
#include "support/validation.hpp"

namespace kubomag {
namespace {

using test::record;
using test::Worst;

constexpr double pi = constants::pi;
constexpr double dt = 5e-12;

/// Sum of A cos(2 pi f t + phase), N samples from t = 0 on.
struct Tone {
  double bins, amplitude, phase;  // f in units of 1/(N dt)
};

std::vector<double> sampled(const std::vector<Tone>& tones, std::size_t count) {
  std::vector<double> x(count);
  for (std::size_t n = 0; n < count; ++n)
    for (const Tone& tone : tones)
      x[n] += tone.amplitude *
              std::cos(2 * pi * tone.bins * static_cast<double>(n) / static_cast<double>(count) +
                       tone.phase);
  return x;
}

SpectrumOptions options_with(SpectralWindow window, Detrend detrend = Detrend::linear,
                             int padding = 4) {
  SpectrumOptions options;
  options.window = window, options.detrend = detrend, options.padding = padding;
  return options;
}

TEST(Spectrum, FindsAToneToAThousandthOfABin) {
  constexpr std::size_t count = 1000;
  const double bin = 1 / (count * dt);
  Worst frequency, amplitude;
  for (const SpectralWindow window : {SpectralWindow::hann, SpectralWindow::blackman})
    for (const double bins : {37.0, 37.13, 120.318, 250.5, 391.77}) {
      std::vector<double> x = sampled({{bins, 0.3, 0.7}}, count);
      for (std::size_t n = 0; n < count; ++n) x[n] += 2 + 1e-3 * static_cast<double>(n);
      const Spectrum spectrum = make_spectrum(x, dt, options_with(window));
      const auto peaks = find_peaks(spectrum.frequency, spectrum.amplitude);
      ASSERT_FALSE(peaks.empty());
      frequency(peaks[0].frequency / bin - bins), amplitude(peaks[0].amplitude / 0.3 - 1);
    }
  record({"tones between the bins of 1/(N dt), 37 to 392 of them",
          "largest error of the frequency, in bins", 0, 1e-3, "the tone"},
         frequency);
  record({"tones between the bins of 1/(N dt), 37 to 392 of them",
          "largest relative error of the amplitude", 0, 1e-3, "the tone"},
         amplitude);
}

TEST(Spectrum, TellsTwoTonesApartAndRanksThem) {
  constexpr std::size_t count = 2000;
  const Spectrum spectrum = make_spectrum(sampled({{60.3, 0.1, 0}, {75.8, 1, 2}}, count), dt,
                                          options_with(SpectralWindow::hann));
  const auto peaks = find_peaks(spectrum.frequency, spectrum.amplitude, 0.05);
  ASSERT_EQ(peaks.size(), 2u);
  const double bin = 1 / (count * dt);
  EXPECT_NEAR(peaks[0].frequency / bin, 75.8, 2e-3);
  EXPECT_NEAR(peaks[1].frequency / bin, 60.3, 2e-3);
  EXPECT_NEAR(peaks[1].amplitude, 0.1, 1e-3);
}

TEST(Spectrum, AmplitudeOfWholePeriodsIsExact) {
  const SpectrumOptions plain = options_with(SpectralWindow::none, Detrend::none, 1);
  const Spectrum spectrum =
      make_spectrum(sampled({{0, 0.5, 0}, {7, 0.25, 1}, {32, 0.125, 0}}, 64), dt, plain);
  ASSERT_EQ(spectrum.amplitude.size(), 33u);
  for (std::size_t k = 0; k < 33; ++k)
    EXPECT_NEAR(spectrum.amplitude[k], k == 0 ? 0.5 : k == 7 ? 0.25 : k == 32 ? 0.125 : 0, 1e-14);
  EXPECT_NEAR(spectrum.frequency[32], 1 / (2 * dt), 1);
}

TEST(Spectrum, PowerAddsUpToTheMeanSquare) {
  // Parseval: the integral of the density is the mean of x^2, weighted by the squared window.
  std::vector<double> x;
  for (int n = 0; n < 501; ++n) x.push_back(std::sin(0.37 * n * n));
  for (const SpectralWindow window :
       {SpectralWindow::none, SpectralWindow::hann, SpectralWindow::blackman}) {
    const std::vector<double> w = window_weights(window, x.size());
    double mean_square = 0, weight = 0, sum = 0;
    for (std::size_t n = 0; n < x.size(); ++n) {
      mean_square += w[n] * w[n] * x[n] * x[n];
      weight += w[n] * w[n];
    }
    const Spectrum spectrum = make_spectrum(x, dt, options_with(window, Detrend::none, 3));
    for (const double power : spectrum.power) sum += power * spectrum.frequency[1];
    EXPECT_NEAR(sum, mean_square / weight, 1e-12);
  }
}

TEST(Spectrum, DetrendTakesALineAway) {
  std::vector<double> line;
  for (int n = 0; n < 100; ++n) line.push_back(3 - 0.2 * n);
  for (const double a : make_spectrum(line, dt, options_with(SpectralWindow::hann)).amplitude)
    EXPECT_LT(a, 1e-13);
  const std::vector<double> constant(100, -4.0);
  for (const double a :
       make_spectrum(constant, dt, options_with(SpectralWindow::none, Detrend::mean)).amplitude)
    EXPECT_LT(a, 1e-13);
}

TEST(Spectrum, RefusesUnequalIntervals) {
  const auto name = [](std::size_t i) { return "row " + std::to_string(i + 1); };
  EXPECT_NEAR(equal_interval({0, 1e-12, 2e-12, 3e-12 * (1 + 1e-9)}, name), 1e-12, 1e-20);
  try {
    equal_interval({0, 1e-12, 2e-12, 3e-12, 3.5e-12}, name);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("row 5 is 5e-13 s after the one before"));
    EXPECT_THAT(error.what(), testing::HasSubstr("equal intervals"));
  }
  EXPECT_THROW(equal_interval({0, 1, 2}, name), InputError);
}

/// A cos(k s - w t) along an axis with j periods over the film and `bins` periods in time.
FieldSeries plane_wave(Axis axis, int j, double bins, double amplitude) {
  FieldSeries series{24, 20, 4e-9, 5e-9, dt, {}};
  constexpr int frames = 200;
  for (int n = 0; n < frames; ++n) {
    std::vector<float> frame;
    for (int iy = 0; iy < series.ny; ++iy)
      for (int ix = 0; ix < series.nx; ++ix) {
        const double part = axis == Axis::x ? double(ix) / series.nx : double(iy) / series.ny;
        frame.push_back(static_cast<float>(
            amplitude * std::cos(2 * pi * (j * part - bins * n / frames) + 0.3)));
      }
    series.frames.push_back(frame);
  }
  return series;
}

TEST(FieldSpectrum, APlaneWaveIsAtItsWaveNumberAndFrequency) {
  Worst wave_number, frequency, power, ghost;
  for (const Axis axis : {Axis::x, Axis::y})
    for (const int j : {3, -5}) {
      const FieldSeries series = plane_wave(axis, j, 40, 0.2);
      const int rows = axis == Axis::x ? series.ny : series.nx;
      const DispersionMap map = dispersion_map(series, axis, 0, rows - 1,
                                               options_with(SpectralWindow::hann, Detrend::mean, 1),
                                               SpectralWindow::none);
      const std::size_t n = map.k.size();
      const auto top = static_cast<std::size_t>(
          std::max_element(map.power.begin(), map.power.end()) - map.power.begin());
      const double size = axis == Axis::x ? 24 * 4e-9 : 20 * 5e-9;
      wave_number(map.k[top % n] * size / (2 * pi) - j);
      frequency(map.frequency[top / n] * 200 * dt - 40);
      power(map.power[top] / 0.04 - 1);
      for (std::size_t i = 0; i < map.power.size(); ++i)
        if (i % n != top % n) ghost(map.power[i] / 0.04);
    }
  const std::string waves = "plane waves along x and y, both ways";
  record({waves, "largest error of k, in steps of the map", 0, 1e-3, "the wave"}, wave_number);
  record({waves, "largest error of f, in bins", 0, 1e-9, "the wave"}, frequency);
  record({waves, "largest relative error of the power A^2", 0, 2.5e-5, "the wave"}, power);
  record({waves, "largest power at any other k, of A^2", 0, 2.5e-11, "nothing is there"}, ghost);
}

TEST(FieldSpectrum, ModesLieBetweenTheSamples) {
  const FieldSeries series = plane_wave(Axis::x, 2, 30.37, 0.1);
  const DispersionMap map = dispersion_map(
      series, Axis::x, 4, 4, options_with(SpectralWindow::hann), SpectralWindow::none);
  const std::vector<Peak> modes = strongest_modes(map);
  const std::size_t at = 12 + 2;
  EXPECT_NEAR(modes[at].frequency * 200 * dt, 30.37, 1e-3);
  EXPECT_NEAR(modes[at].amplitude, 0.1, 1e-4);
}

TEST(FieldSpectrum, LocalPowerStaysWhereTheAverageCancels) {
  // One whole wave over the film: its mean vanishes, while each cell swings by 0.2.
  const FieldSeries series = plane_wave(Axis::x, 1, 25, 0.2);
  const std::vector<char> all(24 * 20, 1);
  const FieldSpectrum spectrum = field_spectrum(series, all, options_with(SpectralWindow::hann));
  const auto peaks = find_peaks(spectrum.local.frequency, spectrum.local.amplitude);
  ASSERT_FALSE(peaks.empty());
  EXPECT_NEAR(peaks[0].frequency * 200 * dt, 25, 1e-3);
  EXPECT_NEAR(peaks[0].amplitude, 0.2, 1e-4);
  EXPECT_LT(*std::max_element(spectrum.average.amplitude.begin(), spectrum.average.amplitude.end()),
            1e-7);
  std::vector<char> one(24 * 20, 0);
  one[7] = 1;
  const FieldSpectrum alone = field_spectrum(series, one, options_with(SpectralWindow::hann));
  EXPECT_NEAR(find_peaks(alone.average.frequency, alone.average.amplitude)[0].amplitude, 0.2, 1e-4);
  EXPECT_THROW(field_spectrum(series, std::vector<char>(24 * 20, 0), {}), InputError);
}

}  // namespace
}  // namespace kubomag
