#pragma once
// Custom terms from formulas, as the configuration makes them.
#include <map>
#include <string>

#include "io/formula_graph.hpp"
#include "kubomag/custom_term.hpp"

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

}  // namespace kubomag::test
