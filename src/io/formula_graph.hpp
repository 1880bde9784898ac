#pragma once
// Formulas of x, y, t and m typed by the user, as data that the devices evaluate
// (include/kubomag/formula_graph.hpp). The language is that of io/formula.hpp: the same operators
// and precedence, functions, units.
#include <map>
#include <string>
#include <tuple>

#include "kubomag/formula_graph.hpp"
#include "kubomag/parameters.hpp"

namespace kubomag::io {

/// The variables of formulas, and how messages list what is allowed beside numbers, operators,
/// functions, pi and units.
struct FormulaVariables {
  std::map<std::string, FormulaOp> ops;
  std::string allowed;
};

/// Builds one graph from several formulas, which share what they have in common. Known are the
/// variables, pi, units, the functions of docs/config.md, named numbers and the parameters of the
/// film (kernels/terms.hpp), which may be maps.
class FormulaGraphBuilder {
 public:
  /// Of x, y [m], t [s], mx, my, mz. `numbers` come before units and parameters of the same name.
  /// Throws InputError for one that hides a variable or a function.
  FormulaGraphBuilder(std::map<std::string, double> numbers, const Parameters& film);
  /// Of other variables, without a film.
  FormulaGraphBuilder(std::map<std::string, double> numbers, FormulaVariables variables);

  /// The node of a formula's value. Throws InputError with formula, place and reason.
  int add(const std::string& text);

  const FormulaGraph& graph() const { return graph_; }

 private:
  friend class FormulaParser;

  int node(FormulaOp op, int a = -1, int b = -1, int c = -1);
  int number(double value);
  int map(const std::string& name);
  int power(int base, int exponent);
  int insert(const FormulaNode& node);

  using Key = std::tuple<FormulaOp, double, int, int, int>;

  std::map<std::string, double> numbers_;
  FormulaVariables variables_;
  const Parameters* film_ = nullptr;
  FormulaGraph graph_;
  std::map<Key, int> known_;
  std::map<std::string, int> map_places_;
};

}  // namespace kubomag::io
