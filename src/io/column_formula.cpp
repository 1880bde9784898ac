#include "io/column_formula.hpp"

#include <fmt/format.h>
#include <muParser.h>

#include <algorithm>

#include "io/assignment.hpp"
#include "io/excerpt.hpp"
#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"

namespace kubomag::io {

struct ColumnFormula::State {
  mu::Parser parser;
  std::vector<double> row;
  std::string unit;
};

ColumnFormula::ColumnFormula(std::string text, const std::vector<Column>& columns)
    : state_(std::make_shared<State>()) {
  if (find_assignment(text))
    throw InputError(fmt::format("formula \"{}\": a comparison is written ==", excerpt(text)));
  State& state = *state_;
  state.row.resize(columns.size());
  std::vector<std::string> names;
  try {
    state.parser.DefineConst("pi", constants::pi);
    for (std::size_t i = 0; i < columns.size(); ++i) {
      state.parser.DefineVar(columns[i].name, &state.row[i]);
      names.push_back(columns[i].name);
      if (columns[i].name == text) state.unit = columns[i].unit;
    }
    state.parser.SetExpr(text);
    state.parser.Eval();
  } catch (const mu::Parser::exception_type& error) {
    throw InputError(
        fmt::format("formula \"{}\": {}; allowed are the columns {}, numbers, + - * / "
                    "^ and functions such as sqrt(x)",
                    excerpt(text),
                    error.GetCode() == mu::ecUNASSIGNABLE_TOKEN
                        ? "there is no column '" + error.GetToken() + "'"
                        : excerpt(error.GetMsg()),
                    fmt::join(names, ", ")));
  }
}

double ColumnFormula::operator()(const std::vector<double>& row) const {
  std::copy(row.begin(), row.end(), state_->row.begin());
  return state_->parser.Eval();
}

const std::string& ColumnFormula::unit() const { return state_->unit; }

}  // namespace kubomag::io
