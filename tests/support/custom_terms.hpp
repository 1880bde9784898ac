#pragma once
// Custom terms and signals from formulas, as the configuration makes them.
#include <map>
#include <string>

#include "io/formula_graph.hpp"
#include "kubomag/cubic_of_time.hpp"
#include "kubomag/custom_term.hpp"
#include "kubomag/signal.hpp"

namespace kubomag::test {

/// `energy` empty: none.
inline CustomTerm custom_term(const Parameters& film, CustomTerm::Kind kind,
                              const std::string& name, const std::array<std::string, 3>& formulas,
                              const std::string& energy = "",
                              const std::map<std::string, double>& numbers = {}) {
  io::FormulaGraphBuilder builder(numbers, film);
  CustomTerm term;
  term.kind = kind;
  term.name = name;
  for (std::size_t c = 0; c < 3; ++c) term.vector[c] = builder.add(formulas[c]);
  if (!energy.empty()) term.energy = builder.add(energy);
  term.graph = builder.graph();
  return term;
}

/// A formula of t.
inline SignalTerm formula_term(const std::string& formula, double amplitude = 1) {
  const Parameters no_film;
  io::FormulaGraphBuilder builder({}, no_film);
  SignalTerm term;
  term.kind = SignalTerm::Kind::formula;
  term.amplitude = amplitude;
  const int value = builder.add(formula);
  term.formula = FormulaOfTime{builder.graph(), value};
  return term;
}

/// A cubic through four knots that lie `apart`, 2 `apart` and 1.5 `apart` after each other.
inline SignalTerm cubic_term(double apart, double amplitude = 1) {
  SignalTerm term;
  term.kind = SignalTerm::Kind::formula;
  term.amplitude = amplitude;
  term.formula = CubicOfTime{{0, apart, 3 * apart, 4.5 * apart},
                             {0.2, 1, -0.7, 0.4},
                             {1 / apart, 0.3 / apart, -0.4 / apart, 2 / apart}};
  return term;
}

}  // namespace kubomag::test
