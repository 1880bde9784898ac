#pragma once
// A formula split by what its parts depend on: what depends on position alone is computed once,
// what depends on time alone once per evaluation, both on the host and in double; instructions for
// every cell remain.
#include <cstddef>
#include <vector>

#include "kubomag/formula_graph.hpp"
#include "kubomag/grid.hpp"
#include "kubomag/vec3.hpp"

namespace kubomag {

/// Instructions for every cell. Registers 0, 1, ... hold the scalars, the next three m; they write
/// those above.
struct FormulaPlan {
  static constexpr int max_registers = 64;

  std::vector<int> scalars;  // nodes that depend on time alone, or on nothing
  std::vector<int> maps;     // nodes that depend on position alone
  std::vector<FormulaInstruction> code;
  std::vector<unsigned char> outputs;  // registers of the results
  int registers = 0;
};

/// The plan for the nodes `outputs` of a graph. Throws InputError for a formula of more
/// intermediate results than there are registers.
FormulaPlan plan_formula(const FormulaGraph& graph, const std::vector<int>& outputs);

/// Where and when a formula is evaluated.
struct FormulaPoint {
  double x = 0, y = 0, t = 0;  // [m], [m], [s]
  Vec3<double> m;
  std::size_t cell = 0;
};

/// The values of all nodes of a graph at one point, into `values`.
void evaluate_nodes(const FormulaGraph& graph, const FormulaPoint& point,
                    std::vector<double>& values);

/// The same with memory of its own.
class FormulaValues {
 public:
  explicit FormulaValues(const FormulaGraph& graph) : graph_(graph) {}
  const std::vector<double>& operator()(const FormulaPoint& point) {
    evaluate_nodes(graph_, point, values_);
    return values_;
  }

 private:
  const FormulaGraph& graph_;
  std::vector<double> values_;
};

/// A point in the middle of a cell.
FormulaPoint point_of_cell(const Grid& grid, std::size_t cell, double t, Vec3<double> m);

}  // namespace kubomag
