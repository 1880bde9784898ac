#pragma once
// Spectra of a field that was recorded at equal intervals: power averaged over cells, and maps over
// wave number and frequency (docs/drivers.md, "Spectra").
#include <cstddef>
#include <vector>

#include "analysis/spectrum.hpp"
#include "kubomag/bonds.hpp"

namespace kubomag {

/// One component of a field on nx x ny cells (row-major, x fastest) at equal intervals.
struct FieldSeries {
  int nx = 0, ny = 0;
  double dx = 0, dy = 0;                   // [m]
  double interval = 0;                     // [s]
  std::vector<std::vector<float>> frames;  // [frame][cell]
};

/// The cells that the spectra are taken of: those where the first frame is a number and `magnetic`.
struct FieldSpectrum {
  Spectrum average;  // of the mean over the cells
  Spectrum local;    // mean power of the cells; amplitude: root of their mean square amplitude
};

/// `inside[i]`: whether cell i counts; at least one must. Throws InputError otherwise.
FieldSpectrum field_spectrum(const FieldSeries& series, const std::vector<char>& inside,
                             const SpectrumOptions& options);

/// Squared amplitudes of the plane waves A cos(k s - 2 pi f t + phase) along one axis, averaged
/// over the rows across it. Waves that run towards positive s are at k > 0.
struct DispersionMap {
  std::vector<double> k;          // rising, from -pi/ds on [rad/m]
  std::vector<double> frequency;  // [Hz]
  std::vector<double> power;      // A^2, [frequency][k]
};

/// `space` is the window along the axis: none for a periodic film. `rows`: the first and the last
/// row that counts.
DispersionMap dispersion_map(const FieldSeries& series, Axis axis, int first_row, int last_row,
                             const SpectrumOptions& options, SpectralWindow space);

/// The frequency with the largest power at each k, between the samples as in find_peaks; 0 where
/// there is no maximum inside.
std::vector<Peak> strongest_modes(const DispersionMap& map);

}  // namespace kubomag
