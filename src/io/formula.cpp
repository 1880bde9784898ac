#include "io/formula.hpp"

#include <fmt/format.h>
#include <muParser.h>

#include <cmath>
#include <mutex>

#include "io/assignment.hpp"
#include "io/excerpt.hpp"
#include "io/units.hpp"
#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"

namespace kubomag::io {

struct Formula::State {
  std::string text;
  mu::Parser parser;
  std::mutex mutex;  // muParser evaluates on buffers of its own
  double x = 0, y = 0, t = 0;
  std::string variables;  // those that it uses

  bool uses(char variable) const { return variables.find(variable) != std::string::npos; }
};

namespace {

[[noreturn]] void fail(const std::string& text, std::size_t place, const std::string& reason) {
  throw InputError(
      fmt::format("formula \"{}\", character {}: {}; allowed are x, y, t, numbers, "
                  "+ - * / ^, comparisons, && ||, functions such as sin(x), pi and "
                  "units such as nm",
                  excerpt(text, place), place, reason));
}

std::string reason(const mu::Parser::exception_type& error) {
  const std::string& token = error.GetToken();
  switch (error.GetCode()) {
    case mu::ecUNASSIGNABLE_TOKEN:
      return "unknown name '" + token + "'";
    case mu::ecEMPTY_EXPRESSION:
      return "it is empty";
    case mu::ecEXPRESSION_TOO_LONG:
      return "it is too long";
    case mu::ecUNEXPECTED_EOF:
      return "it ends too early";
    case mu::ecMISSING_PARENS:
      return "a closing parenthesis is missing";
    default:
      return token.empty() ? error.GetMsg() : "'" + excerpt(token) + "' is out of place";
  }
}

}  // namespace

Formula::Formula(std::string text) : state_(std::make_shared<State>()) {
  if (const auto place = find_assignment(text))
    fail(text, *place + 1, "a comparison is written ==");
  State& state = *state_;
  state.text = std::move(text);
  try {
    state.parser.DefineConst("pi", constants::pi);
    for (const auto& [name, value] : unit_constants()) state.parser.DefineConst(name, value);
    state.parser.DefineFun("erf", static_cast<double (*)(double)>(std::erf));
    state.parser.DefineFun("erfc", static_cast<double (*)(double)>(std::erfc));
    state.parser.DefineVar("x", &state.x);
    state.parser.DefineVar("y", &state.y);
    state.parser.DefineVar("t", &state.t);
    state.parser.SetExpr(state.text);
    for (const auto& [name, address] : state.parser.GetUsedVar()) state.variables += name;
    state.parser.Eval();
  } catch (const mu::Parser::exception_type& error) {
    const auto place =
        std::min(static_cast<std::size_t>(std::max(error.GetPos(), 0)), state.text.size());
    fail(state.text, place + 1, reason(error));
  }
  if (state.parser.GetNumResults() != 1) fail(state.text, state.text.size(), "one value is wanted");
}

double Formula::operator()(double x, double y, double t) const {
  State& state = *state_;
  const std::lock_guard lock(state.mutex);
  state.x = x, state.y = y, state.t = t;
  return state.parser.Eval();
}

bool Formula::uses_t() const { return state_->uses('t'); }
bool Formula::uses_x() const { return state_->uses('x'); }
bool Formula::uses_y() const { return state_->uses('y'); }
const std::string& Formula::text() const { return state_->text; }

}  // namespace kubomag::io
