#include "setup/formula_plan.hpp"

#include <algorithm>

#include "kubomag/error.hpp"

namespace kubomag {
namespace {

enum Dependence : unsigned { on_space = 1, on_time = 2, on_m = 4 };

std::vector<int> operands(const FormulaNode& node) {
  std::vector<int> all;
  if (node.op != FormulaOp::map)
    for (const int operand : {node.a, node.b, node.c})
      if (operand >= 0) all.push_back(operand);
  return all;
}

std::vector<unsigned> dependences(const FormulaGraph& graph) {
  std::vector<unsigned> all;
  for (const FormulaNode& node : graph.nodes) {
    unsigned own = 0;
    if (node.op == FormulaOp::x || node.op == FormulaOp::y || node.op == FormulaOp::map)
      own = on_space;
    if (node.op == FormulaOp::t) own = on_time;
    if (node.op == FormulaOp::mx || node.op == FormulaOp::my || node.op == FormulaOp::mz)
      own = on_m;
    for (const int operand : operands(node)) own |= all[operand];
    all.push_back(own);
  }
  return all;
}

/// Hands out registers; one is free again after the last instruction that reads it.
class Registers {
 public:
  Registers(int first_free, std::size_t nodes) : count_(first_free), of_node_(nodes, -1) {}

  void hold(int node, int where) { of_node_[node] = where; }
  bool known(int node) const { return of_node_[node] >= 0; }
  unsigned char of(int node) const { return static_cast<unsigned char>(of_node_[node]); }
  int count() const { return count_; }

  unsigned char take(int node) {
    int where = count_;
    if (free_.empty()) {
      if (++count_ > FormulaPlan::max_registers)
        throw InputError(
            "the formulas have more intermediate results and numbers than the 64 that are "
            "possible; shorter ones, or several terms, are expected");
    } else {
      where = free_.back();
      free_.pop_back();
    }
    of_node_[node] = where;
    return of(node);
  }
  void release(int node) { free_.push_back(of_node_[node]); }

 private:
  int count_;
  std::vector<int> of_node_, free_;
};

class Planner {
 public:
  Planner(const FormulaGraph& graph, const std::vector<int>& outputs)
      : graph_(graph), outputs_(outputs), depends_(dependences(graph)) {
    find_needed();
  }

  FormulaPlan operator()() {
    const int first_m = static_cast<int>(plan_.scalars.size());
    if (first_m + 3 > FormulaPlan::max_registers)
      throw InputError(
          "the formulas have more than 61 different numbers; shorter ones, or several "
          "terms, are expected");
    Registers registers(first_m + 3, graph_.nodes.size());
    for (int k = 0; k < first_m; ++k) registers.hold(plan_.scalars[k], k);
    for (std::size_t node = 0; node < graph_.nodes.size(); ++node)
      if (needed_[node]) emit(static_cast<int>(node), first_m, registers);
    for (const int node : outputs_) plan_.outputs.push_back(registers.of(node));
    plan_.registers = registers.count();
    return plan_;
  }

 private:
  bool is_scalar(int node) const { return (depends_[node] & ~on_time) == 0; }
  bool is_map(int node) const { return depends_[node] == on_space; }

  /// Backwards from the outputs, not beyond what the host computes. An output is read at the end.
  void find_needed() {
    needed_.assign(graph_.nodes.size(), false);
    readers_.assign(graph_.nodes.size(), 0);
    for (const int node : outputs_) {
      needed_[node] = true;
      ++readers_[node];
    }
    for (int node = static_cast<int>(graph_.nodes.size()) - 1; node >= 0; --node) {
      if (!needed_[node]) continue;
      if (is_scalar(node)) {
        plan_.scalars.push_back(node);
      } else if (is_map(node)) {
        plan_.maps.push_back(node);
      } else {
        for (const int operand : operands(graph_.nodes[node])) {
          needed_[operand] = true;
          ++readers_[operand];
        }
      }
    }
  }

  void emit(int node, int first_m, Registers& registers) {
    const FormulaNode& now = graph_.nodes[node];
    if (registers.known(node)) return;
    if (now.op == FormulaOp::mx || now.op == FormulaOp::my || now.op == FormulaOp::mz) {
      registers.hold(node, first_m + static_cast<int>(now.op) - static_cast<int>(FormulaOp::mx));
      return;
    }
    FormulaInstruction instruction{now.op, 0, 0, 0, 0};
    if (is_map(node)) {
      const auto found = std::find(plan_.maps.begin(), plan_.maps.end(), node);
      const auto number = found - plan_.maps.begin();
      if (number > 255) throw InputError("the formulas have more than 256 parts in x and y");
      instruction = {FormulaOp::map, 0, static_cast<unsigned char>(number), 0, 0};
    } else {
      if (now.a >= 0) instruction.a = registers.of(now.a);
      if (now.b >= 0) instruction.b = registers.of(now.b);
      if (now.c >= 0) instruction.c = registers.of(now.c);
      for (const int operand : operands(now))
        if (--readers_[operand] == 0 && !is_scalar(operand) && !is_m(operand))
          registers.release(operand);
    }
    instruction.out = registers.take(node);
    plan_.code.push_back(instruction);
  }

  bool is_m(int node) const {
    const FormulaOp op = graph_.nodes[node].op;
    return op == FormulaOp::mx || op == FormulaOp::my || op == FormulaOp::mz;
  }

  const FormulaGraph& graph_;
  const std::vector<int>& outputs_;
  std::vector<unsigned> depends_;
  std::vector<bool> needed_;
  std::vector<int> readers_;
  FormulaPlan plan_;
};

double leaf(const FormulaGraph& graph, const FormulaNode& node, const FormulaPoint& at) {
  switch (node.op) {
    case FormulaOp::x:
      return at.x;
    case FormulaOp::y:
      return at.y;
    case FormulaOp::t:
      return at.t;
    case FormulaOp::mx:
      return at.m.x;
    case FormulaOp::my:
      return at.m.y;
    case FormulaOp::mz:
      return at.m.z;
    case FormulaOp::map:
      return graph.maps[node.a](at.cell);
    default:
      return node.number;
  }
}

}  // namespace

FormulaPlan plan_formula(const FormulaGraph& graph, const std::vector<int>& outputs) {
  return Planner(graph, outputs)();
}

void evaluate_nodes(const FormulaGraph& graph, const FormulaPoint& point,
                    std::vector<double>& values) {
  values.resize(graph.nodes.size());
  evaluate_graph(graph.nodes.data(), static_cast<int>(values.size()), values.data(),
                 [&](const FormulaNode& node) { return leaf(graph, node, point); });
}

FormulaPoint point_of_cell(const Grid& grid, std::size_t cell, double t, Vec3<double> m) {
  const auto nx = static_cast<std::size_t>(grid.nx);
  return {grid.x(static_cast<int>(cell % nx)), grid.y(static_cast<int>(cell / nx)), t, m, cell};
}

}  // namespace kubomag
