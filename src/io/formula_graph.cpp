#include "io/formula_graph.hpp"

#include <fmt/format.h>

#include <cctype>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "io/excerpt.hpp"
#include "io/units.hpp"
#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"

namespace kubomag::io {
namespace {

using Op = FormulaOp;

FormulaVariables variables_of_films() {
  return {
      {{"x", Op::x}, {"y", Op::y}, {"t", Op::t}, {"mx", Op::mx}, {"my", Op::my}, {"mz", Op::mz}},
      "x, y, t, mx, my, mz, the names of `parameters` and of [material]"};
}

/// Functions with the number of their arguments; 0: one or more, folded from the left.
const std::map<std::string, std::pair<Op, int>>& functions() {
  static const std::map<std::string, std::pair<Op, int>> all{
      {"sin", {Op::sin, 1}},     {"cos", {Op::cos, 1}},     {"tan", {Op::tan, 1}},
      {"asin", {Op::asin, 1}},   {"acos", {Op::acos, 1}},   {"atan", {Op::atan, 1}},
      {"sinh", {Op::sinh, 1}},   {"cosh", {Op::cosh, 1}},   {"tanh", {Op::tanh, 1}},
      {"asinh", {Op::asinh, 1}}, {"acosh", {Op::acosh, 1}}, {"atanh", {Op::atanh, 1}},
      {"exp", {Op::exp, 1}},     {"ln", {Op::ln, 1}},       {"log", {Op::ln, 1}},
      {"log2", {Op::log2, 1}},   {"log10", {Op::log10, 1}}, {"sqrt", {Op::sqrt, 1}},
      {"abs", {Op::abs, 1}},     {"sign", {Op::sign, 1}},   {"rint", {Op::rint, 1}},
      {"erf", {Op::erf, 1}},     {"erfc", {Op::erfc, 1}},   {"atan2", {Op::atan2, 2}},
      {"min", {Op::min, 0}},     {"max", {Op::max, 0}},     {"sum", {Op::add, 0}},
      {"avg", {Op::divide, 0}}};
  return all;
}

bool starts_name(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool in_name(char c) { return starts_name(c) || std::isdigit(static_cast<unsigned char>(c)) != 0; }

}  // namespace

/// Recursive descent over one formula; the precedence is that of muParser.
class FormulaParser {
 public:
  FormulaParser(FormulaGraphBuilder& builder, const std::string& text)
      : builder_(builder), text_(text) {}

  int operator()() {
    skip();
    if (at_end()) fail("it is empty");
    const int value = choice();
    if (!at_end()) fail_here();
    return value;
  }

 private:
  static constexpr int deepest = 200;

  [[noreturn]] void fail(const std::string& reason) const { fail_at(place_, reason); }
  [[noreturn]] void fail_at(std::size_t place, const std::string& reason) const {
    throw InputError(
        fmt::format("formula \"{}\", character {}: {}; allowed are {}, numbers, + - * / ^, "
                    "comparisons, && ||, a ? b : c, functions such as sin(x), pi and units such as "
                    "nm",
                    excerpt(text_, place), place + 1, reason, builder_.variables_.allowed));
  }
  [[noreturn]] void fail_here() const {
    if (at_end()) fail("it ends too early");
    if (text_[place_] == '=') fail("a comparison is written ==");
    fail(fmt::format("'{}' is out of place", text_[place_]));
  }

  bool at_end() const { return place_ >= text_.size(); }
  void skip() {
    while (!at_end() && std::isspace(static_cast<unsigned char>(text_[place_])) != 0) ++place_;
  }
  bool take(std::string_view token) {
    if (text_.compare(place_, token.size(), token) != 0) return false;
    place_ += token.size();
    skip();
    return true;
  }

  int choice() {
    if (++depth_ > deepest) fail("it is nested too deeply");
    int value = either();
    if (take("?")) {
      const int yes = choice();
      if (!take(":")) at_end() ? fail("a ':' is missing after '?'") : fail_here();
      value = builder_.node(Op::choose, value, yes, choice());
    }
    --depth_;
    return value;
  }

  using Level = int (FormulaParser::*)();
  /// Operators of one precedence, from the left. Longer tokens come first in `operators`.
  int chain(Level next, std::initializer_list<std::pair<std::string_view, Op>> operators) {
    int value = (this->*next)();
    for (bool found = true; found;) {
      found = false;
      for (const auto& [token, op] : operators)
        if (take(token)) {
          value = builder_.node(op, value, (this->*next)());
          found = true;
          break;
        }
    }
    return value;
  }
  int either() { return chain(&FormulaParser::both, {{"||", Op::either}}); }
  int both() { return chain(&FormulaParser::comparison, {{"&&", Op::both}}); }
  int comparison() {
    return chain(&FormulaParser::sum, {{"<=", Op::less_equal},
                                       {">=", Op::greater_equal},
                                       {"==", Op::equal},
                                       {"!=", Op::not_equal},
                                       {"<", Op::less},
                                       {">", Op::greater}});
  }
  int sum() { return chain(&FormulaParser::product, {{"+", Op::add}, {"-", Op::subtract}}); }
  int product() { return chain(&FormulaParser::factor, {{"*", Op::multiply}, {"/", Op::divide}}); }

  /// A sign binds weaker than a power: -x^2 = -(x^2).
  int factor() {
    if (++depth_ > deepest) fail("it is nested too deeply");
    int value = -1;
    if (take("-"))
      value = builder_.node(Op::negate, factor());
    else if (take("+"))
      value = factor();
    else
      value = power();
    --depth_;
    return value;
  }
  int power() {
    const int base = primary();
    return take("^") ? builder_.power(base, factor()) : base;
  }

  int primary() {
    if (take("(")) {
      const int value = choice();
      close();
      return value;
    }
    if (at_end()) fail("it ends too early");
    if (starts_name(text_[place_])) return named();
    if (std::isdigit(static_cast<unsigned char>(text_[place_])) == 0 && text_[place_] != '.')
      fail_here();
    char* end = nullptr;
    const double value = std::strtod(text_.c_str() + place_, &end);
    if (end == text_.c_str() + place_) fail_here();
    place_ = static_cast<std::size_t>(end - text_.c_str());
    skip();
    return builder_.number(value);
  }

  void close() {
    if (take(")")) return;
    at_end() ? fail("a closing parenthesis is missing") : fail_here();
  }

  int named() {
    const std::size_t begin = place_;
    while (!at_end() && in_name(text_[place_])) ++place_;
    const std::string name = text_.substr(begin, place_ - begin);
    skip();
    if (const auto found = functions().find(name); found != functions().end()) {
      if (!take("("))
        fail_at(begin, fmt::format("'{}' is a function; ({}) is missing", name, name));
      return call(name, found->second.first, found->second.second, begin);
    }
    const std::map<std::string, Op>& variables = builder_.variables_.ops;
    if (const auto found = variables.find(name); found != variables.end())
      return builder_.node(found->second);
    if (const auto found = builder_.numbers_.find(name); found != builder_.numbers_.end())
      return builder_.number(found->second);
    if (name == "pi" || name == "_pi") return builder_.number(constants::pi);
    if (name == "_e") return builder_.number(std::exp(1.0));
    for (const auto& [unit, factor] : unit_constants())
      if (unit == name) return builder_.number(factor);
    if (builder_.film_ && builder_.film_->contains(name)) return builder_.map(name);
    fail_at(begin, fmt::format("unknown name '{}'", name));
  }

  int call(const std::string& name, Op op, int wanted, std::size_t begin) {
    std::vector<int> arguments{choice()};
    while (take(",")) arguments.push_back(choice());
    close();
    const auto given = static_cast<int>(arguments.size());
    if (wanted > 0 && given != wanted)
      fail_at(begin, fmt::format("{} takes {} argument{}, {} {} given", name, wanted,
                                 wanted == 1 ? "" : "s", given, given == 1 ? "is" : "are"));
    if (wanted == 1) return builder_.node(op, arguments[0]);
    int value = arguments[0];
    for (int k = 1; k < given; ++k)
      value = builder_.node(op == Op::divide ? Op::add : op, value, arguments[k]);
    return op == Op::divide ? builder_.node(op, value, builder_.number(given)) : value;
  }

  FormulaGraphBuilder& builder_;
  const std::string& text_;
  std::size_t place_ = 0;
  int depth_ = 0;
};

FormulaGraphBuilder::FormulaGraphBuilder(std::map<std::string, double> numbers,
                                         const Parameters& film)
    : FormulaGraphBuilder(std::move(numbers), variables_of_films()) {
  film_ = &film;
}

FormulaGraphBuilder::FormulaGraphBuilder(std::map<std::string, double> numbers,
                                         FormulaVariables variables)
    : numbers_(std::move(numbers)), variables_(std::move(variables)) {
  for (const auto& [name, value] : numbers_) {
    bool fits = !name.empty() && starts_name(name[0]) && name != "pi";
    for (const char c : name) fits = fits && in_name(c);
    if (!fits || variables_.ops.contains(name) || functions().contains(name))
      throw InputError(fmt::format(
          "a parameter cannot have the name '{}'; letters, digits and _, and no name of a variable "
          "or function, are expected",
          name));
  }
}

int FormulaGraphBuilder::add(const std::string& text) { return FormulaParser(*this, text)(); }

int FormulaGraphBuilder::number(double value) {
  FormulaNode node;
  node.number = value;
  return insert(node);
}

int FormulaGraphBuilder::map(const std::string& name) {
  const ScalarMap& map = (*film_)[name];
  if (map.uniform()) return number(map(0));
  const auto [found, is_new] = map_places_.try_emplace(name, static_cast<int>(graph_.maps.size()));
  if (is_new) graph_.maps.push_back(map);
  return node(Op::map, found->second);
}

int FormulaGraphBuilder::node(FormulaOp op, int a, int b, int c) {
  FormulaNode node{op, 0, a, b, c};
  if (op <= Op::map) return insert(node);
  const auto constant = [&](int k) { return k < 0 || graph_.nodes[k].op == Op::number; };
  if (!constant(a) || !constant(b) || !constant(c)) return insert(node);
  const auto value = [&](int k) { return k < 0 ? 0 : graph_.nodes[k].number; };
  double folded = 0;
  with_operation(op, [&](auto f) { folded = f(value(a), value(b), value(c)); });
  return number(folded);
}

/// Small whole powers as products: faster, and as exact.
int FormulaGraphBuilder::power(int base, int exponent) {
  const FormulaNode& e = graph_.nodes[exponent];
  if (e.op == Op::number && e.number == 2) return node(Op::multiply, base, base);
  if (e.op == Op::number && e.number == 3)
    return node(Op::multiply, node(Op::multiply, base, base), base);
  if (e.op == Op::number && e.number == 4) {
    const int square = node(Op::multiply, base, base);
    return node(Op::multiply, square, square);
  }
  return node(Op::power, base, exponent);
}

/// A node that is there already is not made again.
int FormulaGraphBuilder::insert(const FormulaNode& node) {
  const Key key{node.op, node.number, node.a, node.b, node.c};
  if (std::isnan(node.number)) {
    graph_.nodes.push_back(node);
    return static_cast<int>(graph_.nodes.size()) - 1;
  }
  const auto [found, is_new] = known_.try_emplace(key, static_cast<int>(graph_.nodes.size()));
  if (is_new) graph_.nodes.push_back(node);
  return found->second;
}

}  // namespace kubomag::io
