#pragma once
// What the parts of `kubomag spectrum` share.
#include <limits>
#include <string>
#include <vector>

#include "analysis/spectrum.hpp"

namespace kubomag::cli {

struct SpectrumArguments {
  std::vector<std::string> files;
  std::vector<std::string> columns = {"mx", "my", "mz"};  // of a table
  std::vector<std::string> components;                    // of fields; none: all
  std::string output;                                     // the files' name without ending
  std::string window = "hann", detrend = "linear", space_window = "none";
  int padding = 0;  // 0: 4 for spectra, 1 for maps
  std::string from, to, f_max;
  std::string axis, line;  // of a dispersion map
  int peaks = 10;
};

SpectralWindow read_window(const std::string& name);
SpectrumOptions read_spectrum_options(const SpectrumArguments& arguments);

/// The option `text` [unit], or `fallback` if it was not given.
double optional_quantity(const std::string& option, const std::string& text, const char* unit,
                         double fallback);

/// A spectrum with the name and unit of its signal.
struct NamedSpectrum {
  std::string name, unit;
  Spectrum spectrum;
};

/// Writes <output>.txt and <output>.png up to f_max, and prints the peaks of each.
void write_spectra(const std::vector<NamedSpectrum>& spectra, const SpectrumArguments& arguments);

/// Spectra of field files, or with an axis their dispersion map.
void field_spectra(const SpectrumArguments& arguments);
void field_dispersion(const SpectrumArguments& arguments);

}  // namespace kubomag::cli
