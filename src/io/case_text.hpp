#pragma once
// The text of a configuration in which a sweep puts other values. The text of a point differs from
// it in these values alone, line by line the same: it can be run by itself, and errors name its
// lines.
#include <string>
#include <vector>

#include "io/toml_source.hpp"

namespace kubomag::io {

/// A sweep file in two, each part with the lines of the other left empty: `plan` has the sections
/// [sweep], [[axis]] and [[observe]], `run` everything else.
struct SweepParts {
  std::string plan, run;
  bool sweep = false;  // there is such a section
};

/// Throws InputError with `name` and line if the text is not TOML.
SweepParts split_sweep(const std::string& name, const std::string& text);

class CaseText {
 public:
  /// `name` is the file's, for errors. Throws InputError if the text is not TOML.
  CaseText(std::string name, std::string text);

  /// Marks the value at `key` ("material.Ku1", "B_ext[0].B[2]") to be replaced. Throws InputError
  /// if the text has no such value, or if it is part of one that is marked or the other way round.
  void mark(const std::string& key);

  /// The text with `values` (TOML) at the marks, in the order of the marks.
  std::string with(const std::vector<std::string>& values) const;
  const std::string& text() const { return text_; }

 private:
  std::string name_, text_;
  toml::table root_;
  std::vector<TextRange> marks_;
};

}  // namespace kubomag::io
