#pragma once
// Formulas of position, time and m as plain data: a list of operations on the results of earlier
// ones. src/io/formula_graph.cpp makes it from text, src/setup/formula_plan.cpp splits it by what
// the results depend on, kernels/formula_code.hpp runs what is left for every cell.
#include <cmath>
#include <cstddef>
#include <vector>

#include "kubomag/host_device.hpp"
#include "kubomag/scalar_map.hpp"

namespace kubomag {

enum class FormulaOp : unsigned char {
  // what a formula is made of: a number, position [m], time [s], m, a map over the film
  number,
  x,
  y,
  t,
  mx,
  my,
  mz,
  map,
  // of one operand
  negate,
  sin,
  cos,
  tan,
  asin,
  acos,
  atan,
  sinh,
  cosh,
  tanh,
  asinh,
  acosh,
  atanh,
  exp,
  ln,
  log2,
  log10,
  sqrt,
  abs,
  sign,
  rint,
  erf,
  erfc,
  // of two
  add,
  subtract,
  multiply,
  divide,
  power,
  atan2,
  min,
  max,
  less,
  less_equal,
  greater,
  greater_equal,
  equal,
  not_equal,
  both,
  either,
  // of three: the second if the first is not 0, else the third
  choose
};

struct FormulaNode {
  FormulaOp op = FormulaOp::number;
  double number = 0;
  int a = -1, b = -1, c = -1;  // operands: earlier nodes; of a map: its place in `maps`
};

struct FormulaGraph {
  std::vector<FormulaNode> nodes;
  std::vector<ScalarMap> maps;
};

/// What is done for every cell: register[out] = op(register[a], register[b], register[c]). With
/// op = map: register[out] = the map number a.
struct FormulaInstruction {
  FormulaOp op;
  unsigned char out, a, b, c;
};

/// Calls visit(f) with the function f(a, b, c) of an operation on numbers of one type. Comparisons
/// give 1 or 0. Not for what formulas are made of.
template <class Visit>
KUBOMAG_HD void with_operation(FormulaOp op, Visit&& visit) {
  using std::abs, std::sin, std::cos, std::tan, std::asin, std::acos, std::atan, std::sinh,
      std::cosh, std::tanh, std::asinh, std::acosh, std::atanh, std::exp, std::log, std::log2,
      std::log10, std::sqrt, std::floor, std::erf, std::erfc, std::pow, std::atan2;
  using Op = FormulaOp;
  switch (op) {
    case Op::negate:
      return visit([](auto a, auto, auto) { return -a; });
    case Op::sin:
      return visit([](auto a, auto, auto) { return sin(a); });
    case Op::cos:
      return visit([](auto a, auto, auto) { return cos(a); });
    case Op::tan:
      return visit([](auto a, auto, auto) { return tan(a); });
    case Op::asin:
      return visit([](auto a, auto, auto) { return asin(a); });
    case Op::acos:
      return visit([](auto a, auto, auto) { return acos(a); });
    case Op::atan:
      return visit([](auto a, auto, auto) { return atan(a); });
    case Op::sinh:
      return visit([](auto a, auto, auto) { return sinh(a); });
    case Op::cosh:
      return visit([](auto a, auto, auto) { return cosh(a); });
    case Op::tanh:
      return visit([](auto a, auto, auto) { return tanh(a); });
    case Op::asinh:
      return visit([](auto a, auto, auto) { return asinh(a); });
    case Op::acosh:
      return visit([](auto a, auto, auto) { return acosh(a); });
    case Op::atanh:
      return visit([](auto a, auto, auto) { return atanh(a); });
    case Op::exp:
      return visit([](auto a, auto, auto) { return exp(a); });
    case Op::ln:
      return visit([](auto a, auto, auto) { return log(a); });
    case Op::log2:
      return visit([](auto a, auto, auto) { return log2(a); });
    case Op::log10:
      return visit([](auto a, auto, auto) { return log10(a); });
    case Op::sqrt:
      return visit([](auto a, auto, auto) { return sqrt(a); });
    case Op::abs:
      return visit([](auto a, auto, auto) { return abs(a); });
    case Op::sign:
      return visit([](auto a, auto, auto) { return decltype(a)((a > 0) - (a < 0)); });
    case Op::rint:
      return visit([](auto a, auto, auto) { return floor(a + decltype(a)(0.5)); });
    case Op::erf:
      return visit([](auto a, auto, auto) { return erf(a); });
    case Op::erfc:
      return visit([](auto a, auto, auto) { return erfc(a); });
    case Op::add:
      return visit([](auto a, auto b, auto) { return a + b; });
    case Op::subtract:
      return visit([](auto a, auto b, auto) { return a - b; });
    case Op::multiply:
      return visit([](auto a, auto b, auto) { return a * b; });
    case Op::divide:
      return visit([](auto a, auto b, auto) { return a / b; });
    case Op::power:
      return visit([](auto a, auto b, auto) { return pow(a, b); });
    case Op::atan2:
      return visit([](auto a, auto b, auto) { return atan2(a, b); });
    case Op::min:
      return visit([](auto a, auto b, auto) { return b < a ? b : a; });
    case Op::max:
      return visit([](auto a, auto b, auto) { return a < b ? b : a; });
    case Op::less:
      return visit([](auto a, auto b, auto) { return decltype(a)(a < b); });
    case Op::less_equal:
      return visit([](auto a, auto b, auto) { return decltype(a)(a <= b); });
    case Op::greater:
      return visit([](auto a, auto b, auto) { return decltype(a)(a > b); });
    case Op::greater_equal:
      return visit([](auto a, auto b, auto) { return decltype(a)(a >= b); });
    case Op::equal:
      return visit([](auto a, auto b, auto) { return decltype(a)(a == b); });
    case Op::not_equal:
      return visit([](auto a, auto b, auto) { return decltype(a)(a != b); });
    case Op::both:
      return visit([](auto a, auto b, auto) { return decltype(a)(a != 0 && b != 0); });
    case Op::either:
      return visit([](auto a, auto b, auto) { return decltype(a)(a != 0 || b != 0); });
    case Op::choose:
      return visit([](auto a, auto b, auto c) { return a != 0 ? b : c; });
    default:
      return;
  }
}

/// The values of the nodes of a graph; leaf(node) gives those of what formulas are made of.
template <class Leaf>
KUBOMAG_HD void evaluate_graph(const FormulaNode* nodes, int count, double* values,
                               const Leaf& leaf) {
  const auto operand = [values](int index) { return index < 0 ? 0 : values[index]; };
  for (int k = 0; k < count; ++k) {
    const FormulaNode& node = nodes[k];
    if (node.op <= FormulaOp::map) {
      values[k] = leaf(node);
      continue;
    }
    const double a = operand(node.a), b = operand(node.b), c = operand(node.c);
    with_operation(node.op, [&](auto f) { values[k] = f(a, b, c); });
  }
}

/// The same at time t [s]. What depends on anything but time becomes nonsense, which nobody asks
/// for.
KUBOMAG_HD void evaluate_in_time(const FormulaNode* nodes, int count, double t, double* values) {
  evaluate_graph(nodes, count, values, [t](const FormulaNode& node) {
    return node.op == FormulaOp::t ? t : node.number;
  });
}

/// A formula of time alone.
struct FormulaOfTime {
  FormulaGraph graph;
  int value = 0;  // node

  double operator()(double t) const {
    std::vector<double> values(graph.nodes.size());
    evaluate_in_time(graph.nodes.data(), static_cast<int>(values.size()), t, values.data());
    return values[static_cast<std::size_t>(value)];
  }
};

}  // namespace kubomag
