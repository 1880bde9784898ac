#pragma once
// A smooth curve through numbers at given times, as plain data.
#include <vector>

#include "kubomag/knot_search.hpp"

namespace kubomag {

/// Between two of `times` the cubic through `values` with `slopes` there (Hermite); the end values
/// are held. No times: there is no curve.
struct CubicCode {
  const double *times = nullptr, *values = nullptr, *slopes = nullptr;
  int count = 0;

  KUBOMAG_HD double operator()(double t) const {
    const int after = first_later(times, count, t);
    if (after == 0) return values[0];
    if (after == count) return values[count - 1];
    const int i = after - 1;
    const double h = times[after] - times[i], u = (t - times[i]) / h, w = 1 - u;
    return w * w * ((1 + 2 * u) * values[i] + u * h * slopes[i]) +
           u * u * ((1 + 2 * w) * values[after] - w * h * slopes[after]);
  }
};

/// One that keeps its numbers: as many rising times [s] as values and slopes [1/s], at least one.
struct CubicOfTime {
  std::vector<double> times, values, slopes;

  double operator()(double t) const {
    return CubicCode{times.data(), values.data(), slopes.data(), static_cast<int>(times.size())}(t);
  }
};

}  // namespace kubomag
