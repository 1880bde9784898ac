#pragma once
// A field or a torque that the user gives as formulas (docs/physics-terms.md).
#include <array>
#include <string>

#include "kubomag/formula_graph.hpp"

namespace kubomag {

struct CustomTerm {
  enum class Kind { field, torque };
  Kind kind = Kind::field;
  std::string name;  // of the output B_<name> and, with an energy, E_<name>
  FormulaGraph graph;
  std::array<int, 3> vector = {};  // nodes: B [T], or the torque over gamma [T]
  int energy = -1;                 // node: energy density [J/m3]; -1: none is given
};

}  // namespace kubomag
