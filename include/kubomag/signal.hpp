#pragma once
// Signals in time: a sum of pieces whose heat-kernel response is known in closed form
// (docs/physics.md, "Closed solutions"). Plain data, SI.
#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace kubomag {

struct SignalTerm {
  enum class Kind {
    constant,  // amplitude at all times, also before t = 0
    step,      // amplitude for t >= start
    sine,      // amplitude cos(2 pi frequency t + phase) for t >= start; start = -inf: for ever
    pulse,     // amplitude exp(-(t - centre)^2 / (2 width^2))
    table,     // piecewise linear through (times, amplitude * values), end values held
    formula    // amplitude * formula(t): for B_ext; an E with it is sampled (SampledDrive)
  };
  Kind kind = Kind::constant;
  double amplitude = 1;
  double start = -std::numeric_limits<double>::infinity();  // [s]
  double frequency = 0;                                     // [Hz]
  double phase = 0;                                         // [rad]
  double centre = 0, width = 0;                             // [s]
  std::vector<double> times, values;                        // [s], factors
  /// A FormulaOfTime (kubomag/formula_graph.hpp) is evaluated by a device itself; for any other
  /// function the host drives the steps.
  std::function<double(double)> formula;
};

struct Signal {
  std::vector<SignalTerm> terms;

  static Signal constant(double amplitude = 1) {
    SignalTerm term;
    term.amplitude = amplitude;
    return {{term}};
  }
};

}  // namespace kubomag
