#pragma once
// Field files that belong together: the same field at many times.
#include <filesystem>
#include <vector>

#include "io/ovf.hpp"

namespace kubomag::io {

struct OvfSeries {
  OvfField mesh;                             // of the first file, without its values
  std::vector<std::filesystem::path> files;  // in the order of time
  std::vector<double> times;                 // [s]
  /// [component][frame][cell], first layer alone.
  std::vector<std::vector<std::vector<float>>> values;
  std::vector<char> inside;  // per cell: some component of the first frame is not 0
};

/// Reads files of one size and sorts them by the time that they state; of files that are the same
/// in time and values one is kept. Throws InputError for files without a time, of different sizes,
/// or of the same time with different values.
OvfSeries read_ovf_series(const std::vector<std::filesystem::path>& files);

}  // namespace kubomag::io
