#pragma once
// Spin density and current of the electrons under the film as tables over the direction of m: plain
// data, from src/khat/torque_table.cpp to the local torque of the right-hand side.
#include <vector>

namespace kubomag {

/// Every table is piecewise cubic in one coordinate u or in two, u and v, in pieces of any size
/// (small ones beside a jump, and none across it), of the elements
///   spin:    Delta_sd times K, the density of the Pauli vector per field [J/(V m)] or, for J, per
///            sheet current density [J/(A m)]: K_xx, K_xy, K_yx, K_yy, K_zx, K_zy
///   charge:  the sheet conductivity [1/Ohm]: sigma_xx, sigma_xy, sigma_yx, sigma_yy
/// With Frame::rotation and swapped_rotation (ElectronModel::Symmetry) they are those of
/// m = (sqrt(1 - u^2), 0, u), K_zx and K_zy divided by m_x, which makes all of them smooth at the
/// poles. `even`: the film's normal is a mirror axis; u = |m_z|, and K_xx, K_yy, K_zy, sigma_xy and
/// sigma_yx change sign with m_z. Intervals of u lie between two `breaks` each.
/// With Frame::sphere they are those of the laboratory frame, over the azimuth 2 pi v of m,
/// 0 <= v < 1, and its polar angle theta about an axis. There u = k + (theta - theta_k)/(theta_k+1
/// - theta_k), theta_k(v) the polar angle of the k-th jump (theta_0 = 0, the last one pi), cubics
/// between `breaks` of v. Leaves of a binary tree are the pieces.
/// Where the jumps go round no axis the tree holds charts instead: rectangles that curves of jumps
/// cross from end to end, with a tree of their own over coordinates of the same kind.
struct LocalTables {
  enum class Drive { E, J };
  enum class Frame { rotation, swapped_rotation, sphere };

  struct Table {
    Frame frame = Frame::rotation;
    bool even = false;
    int jumps = 0;        // round the axis, Frame::sphere only
    int intervals = 0;    // between breaks
    int buckets = 0;      // equal parts of the range of the breaks, to find the interval
    int cells = 0;        // of u and of v each, to find the leaf; Frame::sphere only
    int first_break = 0;  // in `breaks`; the other arrays follow from the tables before
    int first_bucket = 0, first_jump = 0, first_cell = 0, first_node = 0;
    int first_box = 0, first_chart = 0;
    int first_cubic = 0;        // in units of 24 numbers of `spin`, 16 of `charge`
    int first_axis = -1;        // of the rows of a rotation that takes the axis to z; none: it is z
    double begin = 0, end = 1;  // of the breaks
    double Delta_sd = 0;        // [J]
  };
  /// One of the tree: a leaf, two halves side by side in `nodes`, or a chart.
  struct Node {
    static constexpr int leaf = -1, chart = -2;
    int next = 0;   // number of the leaf, of the first half, or of the chart
    int along = 0;  // 0: halves along u, 1: along v, or one of the above
  };
  /// New coordinates below a node: the place between curves that do not meet, and the place along
  /// them. With s = u and t = v, or the other way round: u' = k + (s - s_k)/(s_k+1 - s_k), s_k(t)
  /// the k-th curve, and v' = (t - t_0)/(t_1 - t_0), both from 0 on.
  struct Chart {
    static constexpr int powers = 12;
    int root = 0;    // the node to go on from
    int across = 0;  // s is u (0) or v (1)
    int jumps = 0;
    int first_curve = 0;  // in `curves`
  };

  Drive drive = Drive::E;
  std::vector<Table> tables;
  std::vector<int> table_of_cell;   // empty: the first one everywhere
  std::vector<double> breaks;       // per table: intervals + 1, ascending
  std::vector<int> buckets;         // per table: buckets + 1, the interval at each one's beginning
  std::vector<double> jump_angles;  // per (interval, jump) of a sphere: 4 coefficients, as below
  std::vector<double> axes;         // 9 per turned table
  std::vector<int> cells;      // per sphere: cells x cells, the smallest node around it; v fast
  std::vector<Node> nodes;     // per sphere
  std::vector<double> splits;  // per node: where the halves meet
  std::vector<Chart> charts;   // per sphere without an axis
  /// Per chart t_0, 1/(t_1 - t_0), s at both ends, and per jump the coefficients of the powers of
  /// 2 v' - 1 in s_k.
  std::vector<double> curves;
  std::vector<double> boxes;  // per leaf: beginning of u, 1/length, the same of v
  /// Per interval 6 x 4, c0 + c1 w + c2 w^2 + c3 w^3, w from 0 to 1 over the interval; per leaf
  /// 6 x 4 x 4, of the powers of w (slow) and of the same along v.
  std::vector<double> spin;
  std::vector<double> charge;  // the same, 4 x 4 and 4 x 4 x 4
  double error = 0;            // largest interpolation error, of the largest element

  /// Adds the first table of `other`, with all its arrays.
  void append(const LocalTables& other);
};

inline void LocalTables::append(const LocalTables& other) {
  const auto end_of = [](const auto& all) { return static_cast<int>(all.size()); };
  Table table = other.tables.front();
  table.first_break = end_of(breaks), table.first_bucket = end_of(buckets);
  table.first_jump = end_of(jump_angles), table.first_cell = end_of(cells);
  table.first_node = end_of(nodes), table.first_box = end_of(boxes) / 4;
  table.first_cubic = end_of(spin) / 24, table.first_chart = end_of(charts);
  if (table.first_axis >= 0) table.first_axis = end_of(axes);
  tables.push_back(table);
  const auto add = [](auto& to, const auto& from) {
    to.insert(to.end(), from.begin(), from.end());
  };
  add(breaks, other.breaks), add(buckets, other.buckets), add(jump_angles, other.jump_angles);
  add(axes, other.axes), add(cells, other.cells), add(nodes, other.nodes);
  for (Chart chart : other.charts) {
    chart.first_curve += end_of(curves);
    charts.push_back(chart);
  }
  add(curves, other.curves), add(splits, other.splits), add(boxes, other.boxes);
  add(spin, other.spin), add(charge, other.charge);
  error = error > other.error ? error : other.error;
}

}  // namespace kubomag
