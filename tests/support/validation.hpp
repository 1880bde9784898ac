#pragma once
// Comparisons with the world: record() asserts one and leaves it for docs/validation.md. With the
// environment variable KUBOMAG_VALIDATION = a folder, every comparison is appended there as a line
// of JSON, and plot() draws curves there; scripts/validate makes the page of them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "io/plot.hpp"

namespace kubomag::test {

/// What is compared. `expected` and `tolerance` (absolute) are in `unit`.
struct Expectation {
  std::string problem, quantity;
  double expected = 0, tolerance = 0;
  std::string source;
  std::string unit = "";
};

namespace validation {

/// The value of the polygon through (x, y) at `at`, NaN beyond its ends. x ascends.
double on_polygon(const std::vector<double>& x, const std::vector<double>& y, double at);

}  // namespace validation

/// |achieved - expected| <= tolerance, and a row of docs/validation.md.
void record(const Expectation& e, double achieved);

/// The largest absolute value of all that it is given, to be recorded when they are through. A NaN
/// stays.
class Worst {
 public:
  void operator()(double error) {
    if (!std::isnan(value_) && !(std::abs(error) <= value_)) value_ = std::abs(error);
  }
  operator double() const { return value_; }

 private:
  double value_ = 0;
};

/// A row of docs/validation.md for a number that nothing is known to compare with.
void note(const std::string& problem, const std::string& quantity, double achieved,
          const std::string& unit);

/// A curve, or single points, of a plot; x ascends.
struct Series {
  std::string name;
  std::vector<double> x, y;
  bool points = false;
};

/// Draws the series over one axis x as `name`.png for docs/validation.md.
void plot(const std::string& name, const std::string& title, const io::Column& x_axis,
          const std::string& y_unit, const std::vector<Series>& series);

}  // namespace kubomag::test
