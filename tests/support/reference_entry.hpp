#pragma once
// What a test achieves against an entry of tests/data/reference-*.json: the column "achieved" of
// docs/validation.md, "Reference numbers".
#include <string>
#include <utility>

#include "support/validation.hpp"

namespace kubomag::test {

/// Collects the comparisons of a test with an entry, named as in docs/validation.md. The one that
/// takes most of its tolerance is recorded when the object ends.
class ReferenceEntry {
 public:
  ReferenceEntry(std::string file, std::string name)
      : file_(std::move(file)), name_(std::move(name)) {}
  ReferenceEntry(const ReferenceEntry&) = delete;
  ReferenceEntry& operator=(const ReferenceEntry&) = delete;
  ~ReferenceEntry() {
    if (compared_) record({file_, name_, 0, tolerance_, "the file"}, error_);
  }

  /// Asserts 0 <= error <= tolerance, both relative, or both in one unit.
  void within(double error, double tolerance) {
    EXPECT_LE(error, tolerance) << file_ << ": " << name_;
    if (compared_ && error * tolerance_ <= error_ * tolerance) return;
    error_ = error, tolerance_ = tolerance, compared_ = true;
  }

 private:
  std::string file_, name_;
  double error_ = 0, tolerance_ = 0;
  bool compared_ = false;
};

}  // namespace kubomag::test
