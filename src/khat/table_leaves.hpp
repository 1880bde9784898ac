#pragma once
// From the polynomials of patch trees to the bicubic leaves of a torque table.
#include "khat/jump_regions.hpp"
#include "khat/patch_tree.hpp"
#include "khat/table_frame.hpp"
#include "kubomag/local_tables.hpp"

namespace kubomag {

/// The tree of one turn of a frame, from its root, node 0, which is empty at first.
class TableLeaves {
 public:
  /// As many bicubics as `tolerance`, of the scales, asks for.
  TableLeaves(const TableFrame& frame, const double* scales, double tolerance);

  /// Divides a node, and returns the first half.
  int halve(int node, int along, double split);
  /// The nodes of a tree, and leaves below its patches, from a node on.
  void add(const PatchTree& tree, int node = 0) { copy(tree, 0, node, 0, HUGE_VAL); }
  /// Makes a chart of a node, and returns the root of what is below.
  int add_chart(int node, const JumpChart& chart);
  void add_constant(int node, const JumpRectangle& at, const std::vector<double>& elements);

  double error() const { return error_; }  // largest, of the bicubics against the polynomials
  /// Nodes, boxes, coefficients and cells of the whole sphere, to the one table of `data`.
  void append_to(LocalTables& data) const;

 private:
  struct Box {
    double u_0, u_1, v_0, v_1;
  };
  using Cubics = std::vector<double>;  // table_elements x 16

  const TableFrame& frame_;
  const double* scales_;
  double tolerance_, error_ = 0;
  std::vector<LocalTables::Node> nodes_;  // of one turn
  std::vector<double> splits_;
  std::vector<Box> boxes_;
  std::vector<Cubics> leaves_;
  std::vector<JumpChart> charts_;
  std::vector<int> chart_roots_;

  void copy(const PatchTree& tree, int from, int to, double u_0, double u_1);
  void cover(const Patch& patch, double tolerance, int node, const PatchRange& part, double u_0,
             double u_1, int depth);
  void add_turns(LocalTables& data, int node, int first, int last) const;
  void add_turn(LocalTables& data, int node, int from, int turn, double shift) const;
  void add_turned_leaf(LocalTables& data, int leaf, int turn, double shift) const;
  int add_turned_chart(LocalTables& data, int number, double shift) const;
};

/// The breaks of `data`'s only table, and the buckets to find an interval in.
void add_breaks(const std::vector<double>& breaks, LocalTables& data);

}  // namespace kubomag
