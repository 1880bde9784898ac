#pragma once
// Formulas of the columns of a table (muParser).
#include <memory>
#include <string>
#include <vector>

#include "io/table.hpp"

namespace kubomag::io {

class ColumnFormula {
 public:
  /// A formula of the columns' names, numbers, + - * / ^, comparisons, a ? b : c, functions such as
  /// sqrt(x) and pi. Throws InputError with the formula and the reason.
  ColumnFormula(std::string text, const std::vector<Column>& columns);

  /// The value for one row, a number for each column.
  double operator()(const std::vector<double>& row) const;

  /// The unit of the column if the formula is nothing but its name, "" otherwise.
  const std::string& unit() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace kubomag::io
