#pragma once
// The file of a sweep (docs/sweeps.md): a case, axes of values that are put into it, and what is
// kept of each point.
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "io/case_text.hpp"
#include "io/config.hpp"

namespace kubomag::io {

/// One key of the case with its values.
struct SweepKey {
  std::string key;
  std::string unit;                   // SI, of `values`
  std::vector<std::string> literals;  // as they are put into the case (TOML)
  std::vector<double> values;         // in SI; of values that are no numbers: 0, 1, 2, ...
  bool numbers = true;                // the values are
};

/// Keys that change together.
struct SweepAxis {
  std::vector<SweepKey> keys;
  bool logarithmic = false;
  std::size_t count() const { return keys.front().values.size(); }
};

/// One number that is kept of each point, made of the rows of its table.
struct Observe {
  enum class Take { last, mean, min, max, crossing };
  std::string name, unit;
  std::string of;  // a formula of the table's columns
  Take take = Take::last;
  double from = -std::numeric_limits<double>::infinity();  // of the first column
  double to = std::numeric_limits<double>::infinity();
  double level = 0;   // of a crossing
  std::string along;  // a formula: its value at the crossing is kept; empty: the first column
};

struct SweepConfig {
  std::filesystem::path file, case_file;
  std::string text;  // the sweep file as it is
  std::string title;
  std::optional<CaseText> cases;
  std::vector<SweepAxis> axes;
  std::vector<Observe> observe;
  bool zip = false;     // the axes advance together instead of being crossed
  bool save_m = false;  // m of every point as OVF

  std::size_t points() const;
  /// The place of a point on each axis; the last axis goes fastest.
  std::vector<std::size_t> place(std::size_t point) const;
  /// The values of the keys at a point, axis by axis.
  std::vector<double> values(std::size_t point) const;
  /// "material.Ku1 = 1.2 MJ/m3, ..." of a point.
  std::string describe(std::size_t point) const;
  /// The configuration of a point as it could be run by itself.
  std::string case_text(std::size_t point) const;
  /// The same, read. Throws InputError that names the point.
  RunConfig read_case(std::size_t point) const;
};

/// Whether the file has a section of a sweep. Throws InputError if it cannot be read.
bool is_sweep(const std::filesystem::path& path);

/// Reads a sweep and the text of its case; the points' cases are not read yet. Throws InputError
/// with one line "file:line: key: what is wrong; what is allowed" per error.
SweepConfig read_sweep(const std::filesystem::path& path);

}  // namespace kubomag::io
