#pragma once
// From the polynomials of a patch tree to the bicubic leaves of a torque table.
#include "khat/patch_tree.hpp"
#include "khat/table_frame.hpp"
#include "kubomag/local_tables.hpp"

namespace kubomag {

class TableLeaves {
 public:
  /// As many bicubics as `tolerance`, of the scales, asks for. `tree` covers one turn of the frame.
  TableLeaves(const PatchTree& tree, const TableFrame& frame, const double* scales,
              double tolerance);

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

  void copy(const PatchTree& tree, int from, int to, double u_0, double u_1);
  void cover(const Patch& patch, double tolerance, int node, const PatchRange& part, double u_0,
             double u_1, int depth);
  void halve(int node, int along, double split);
  void add_turns(LocalTables& data, int node, int first, int last) const;
  void add_turn(LocalTables& data, int node, int from, int turn) const;
};

/// The breaks of `data`'s only table, and the buckets to find an interval in.
void add_breaks(const std::vector<double>& breaks, LocalTables& data);

}  // namespace kubomag
