#pragma once
// The value of a signal from plain data, on host and device: tables and analytic pieces.
#include "mode_response.hpp"

namespace kubomag {

/// Piecewise linear through (times, amplitude * values); the end values are held.
struct SignalTable {
  const double *times = nullptr, *values = nullptr;
  int count = 0;
  double amplitude = 1;

  KUBOMAG_HD double operator()(double t) const {
    int after = 0, end = count;  // the first knot later than t
    while (after < end) {
      const int middle = (after + end) / 2;
      if (times[middle] > t)
        end = middle;
      else
        after = middle + 1;
    }
    if (after == 0) return amplitude * values[0];
    if (after == count) return amplitude * values[count - 1];
    const double weight = (t - times[after - 1]) / (times[after] - times[after - 1]);
    return amplitude * (values[after - 1] + weight * (values[after] - values[after - 1]));
  }
};

struct SignalCode {
  const SignalTable* tables = nullptr;
  const SignalPiece* pieces = nullptr;
  int table_count = 0, piece_count = 0;

  /// At time t; pieces are on or off by t_inside.
  KUBOMAG_HD double operator()(double t, double t_inside) const {
    double sum = 0;
    for (int i = 0; i < table_count; ++i) sum += tables[i](t);
    for (int i = 0; i < piece_count; ++i) sum += signal_at(pieces[i], t, t_inside).value;
    return sum;
  }
};

}  // namespace kubomag
