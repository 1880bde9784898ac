#pragma once
// The value of a signal from plain data, on host and device: tables, analytic pieces, formulas.
#include "called.hpp"
#include "kubomag/cubic_of_time.hpp"
#include "kubomag/formula_graph.hpp"
#include "mode_response.hpp"

namespace kubomag {

/// Piecewise linear through (times, amplitude * values); the end values are held.
struct SignalTable {
  const double *times = nullptr, *values = nullptr;
  int count = 0;
  double amplitude = 1;

  KUBOMAG_HD double operator()(double t) const {
    const int after = first_later(times, count, t);
    if (after == 0) return amplitude * values[0];
    if (after == count) return amplitude * values[count - 1];
    const double weight = (t - times[after - 1]) / (times[after] - times[after - 1]);
    return amplitude * (values[after - 1] + weight * (values[after] - values[after - 1]));
  }
};

/// amplitude times a formula of time: a cubic, or else a graph of operations and room for the
/// values of its nodes.
struct SignalFormula {
  CubicCode cubic;
  const FormulaNode* nodes = nullptr;
  double* values = nullptr;
  int count = 0, value = 0;  // nodes; the one that is the formula
  double amplitude = 1;
};

/// The formula at time t.
KUBOMAG_CALLED inline double formula_at(const SignalFormula& f, double t) {
  if (f.cubic.count > 0) return f.cubic(t);
  evaluate_in_time(f.nodes, f.count, t, f.values);
  return f.values[f.value];
}

struct SignalCode {
  const SignalTable* tables = nullptr;
  const SignalPiece* pieces = nullptr;
  const SignalFormula* formulas = nullptr;
  int table_count = 0, piece_count = 0, formula_count = 0;

  /// At time t; pieces are on or off by t_inside. In the order of signal_value
  /// (solver/signals.hpp).
  KUBOMAG_HD double operator()(double t, double t_inside) const {
    double sum = 0;
    for (int i = 0; i < table_count; ++i) sum += tables[i](t);
    for (int i = 0; i < piece_count; ++i) sum += signal_at(pieces[i], t, t_inside).value;
    for (int i = 0; i < formula_count; ++i)
      sum += formulas[i].amplitude * formula_at(formulas[i], t);
    return sum;
  }
};

}  // namespace kubomag
