#include "khat/table_leaves.hpp"

#include <algorithm>
#include <cmath>

namespace kubomag {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr int deepest = 20;  // halvings of a patch

/// The seven places of a cubic along one variable, from its nodes and its checks.
VectorXd places(double low, double high) {
  VectorXd out(7);
  for (int i = 0; i < 4; ++i) out[i] = low + cubic_nodes[i] * (high - low);
  for (int i = 0; i < 3; ++i) out[4 + i] = low + cubic_checks[i] * (high - low);
  return out;
}

double power_sum(const double* c, double w) { return c[0] + w * (c[1] + w * (c[2] + w * c[3])); }

/// 16 coefficients, of the powers of w (slow) and x, from the values at 4 x 4 nodes.
void to_bicubic(const MatrixXd& values, double* c) {
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 4; ++j) c[4 * i + j] = values(i, j);
  for (int i = 0; i < 4; ++i) to_cubic(c[4 * i], c[4 * i + 1], c[4 * i + 2], c[4 * i + 3]);
  for (int j = 0; j < 4; ++j) to_cubic(c[j], c[4 + j], c[8 + j], c[12 + j]);
}

/// Errors of a bicubic at the checks along u, along v and along both.
struct BicubicErrors {
  double along[2] = {0, 0}, both = 0;

  void add(const MatrixXd& values, const double* c, double scale) {
    for (int i = 0; i < 7; ++i)
      for (int j = 0; j < 7; ++j) {
        if (i < 4 && j < 4) continue;
        const double w = i < 4 ? cubic_nodes[i] : cubic_checks[i - 4];
        const double x = j < 4 ? cubic_nodes[j] : cubic_checks[j - 4];
        const double rows[] = {power_sum(c, x), power_sum(c + 4, x), power_sum(c + 8, x),
                               power_sum(c + 12, x)};
        const double error = std::abs(power_sum(rows, w) - values(i, j)) / scale;
        double& worst = i >= 4 && j >= 4 ? both : along[i < 4 ? 1 : 0];
        worst = std::max(worst, error);
      }
  }
  double largest() const { return std::max({both, along[0], along[1]}); }
};

}  // namespace

TableLeaves::TableLeaves(const TableFrame& frame, const double* scales, double tolerance)
    : frame_(frame), scales_(scales), tolerance_(tolerance) {
  nodes_.emplace_back();
  splits_.push_back(0);
}

/// The nodes of the tree with leaves below its patches; u_0, u_1: of the node.
void TableLeaves::copy(const PatchTree& tree, int from, int to, double u_0, double u_1) {
  const PatchTree::Node node = tree.nodes()[std::size_t(from)];
  if (node.along < 0) {
    const Patch& patch = tree.patch(node.next);
    // no finer than what the patch itself is good for
    const double tolerance =
        std::max(attainable(tolerance_, patch.model_error()), 0.1 * patch.error());
    cover(patch, tolerance, to, patch.range(), u_0, u_1, 0);
    return;
  }
  const int next = halve(to, node.along, node.split);
  const double middle = node.along == 0 ? node.split : 0;
  copy(tree, node.next, next, u_0, node.along == 0 ? middle : u_1);
  copy(tree, node.next + 1, next + 1, node.along == 0 ? middle : u_0, u_1);
}

int TableLeaves::halve(int node, int along, double split) {
  const int next = int(nodes_.size());
  nodes_[std::size_t(node)] = {next, along};
  splits_[std::size_t(node)] = split;
  nodes_.resize(nodes_.size() + 2);
  splits_.resize(nodes_.size());
  return next;
}

int TableLeaves::add_chart(int node, const JumpChart& chart) {
  const int root = int(nodes_.size());
  nodes_[std::size_t(node)] = {int(charts_.size()), LocalTables::Node::chart};
  nodes_.emplace_back();
  splits_.push_back(0);
  charts_.push_back(chart);
  chart_roots_.push_back(root);
  return root;
}

void TableLeaves::add_constant(int node, const JumpRectangle& at,
                               const std::vector<double>& elements) {
  nodes_[std::size_t(node)] = {int(leaves_.size()), LocalTables::Node::leaf};
  boxes_.push_back({at.u_0, at.u_1, at.v_0, at.v_1});
  leaves_.emplace_back(16 * table_elements, 0.0);
  for (std::size_t c = 0; c < table_elements; ++c) leaves_.back()[16 * c] = elements[c];
}

/// A node by one bicubic, or by halves of it.
void TableLeaves::cover(const Patch& patch, double tolerance, int node, const PatchRange& part,
                        double u_0, double u_1, int depth) {
  if (!part.constant) u_0 = part.variable.u(part.s_0), u_1 = part.variable.u(part.s_1);
  VectorXd s = places(u_0, u_1);
  for (double& place : s) place = part.constant ? part.s_0 : part.variable.s(place);
  std::vector<MatrixXd> values;
  patch.sample(s, places(part.v_0, part.v_1), values);
  Cubics cubics(16 * table_elements);
  BicubicErrors errors;
  for (int c = 0; c < table_elements; ++c) {
    to_bicubic(values[std::size_t(c)], &cubics[std::size_t(16 * c)]);
    errors.add(values[std::size_t(c)], &cubics[std::size_t(16 * c)], scales_[c]);
  }
  if (errors.largest() <= 0.5 * tolerance || depth == deepest) {
    error_ = std::max(error_, errors.largest());
    nodes_[std::size_t(node)] = {int(leaves_.size()), LocalTables::Node::leaf};
    boxes_.push_back({u_0, u_1, part.v_0, part.v_1});
    leaves_.push_back(std::move(cubics));
    return;
  }
  const int along = errors.along[1] > errors.along[0] ? 1 : 0;
  PatchRange left = part, right = part;
  const double v = 0.5 * (part.v_0 + part.v_1), middle = 0.5 * (part.s_0 + part.s_1);
  if (along == 0)
    left.s_1 = right.s_0 = middle;
  else
    left.v_1 = right.v_0 = v;
  const int next = halve(node, along, along == 0 ? part.variable.u(middle) : v);
  cover(patch, tolerance, next, left, u_0, u_1, depth + 1);
  cover(patch, tolerance, next + 1, right, u_0, u_1, depth + 1);
}

void TableLeaves::append_to(LocalTables& data) const {
  LocalTables::Table& head = data.tables.front();
  data.nodes.emplace_back();
  data.splits.push_back(0);
  add_turns(data, 0, 0, frame_.fold);
  head.cells =
      std::clamp(2 * static_cast<int>(std::sqrt(double(leaves_.size()) * frame_.fold)), 8, 512);
  const double segments = head.jumps + 1;
  for (int iu = 0; iu < head.cells; ++iu)
    for (int iv = 0; iv < head.cells; ++iv) {
      const double low[] = {segments * iu / head.cells, double(iv) / head.cells};
      const double high[] = {segments * (iu + 1) / head.cells, double(iv + 1) / head.cells};
      constexpr double margin = 1e-6;  // of rounding in single precision
      int node = 0;
      for (;;) {
        const auto [next, along] = data.nodes[std::size_t(node)];
        if (along < 0) break;
        const double split = data.splits[std::size_t(node)];
        if (high[along] + margin < split)
          node = next;
        else if (low[along] - margin >= split)
          node = next + 1;
        else
          break;
      }
      data.cells.push_back(node);
    }
}

void TableLeaves::add_turns(LocalTables& data, int node, int first, int last) const {
  if (last - first == 1) {
    add_turn(data, node, 0, first, double(first) / frame_.fold);
    return;
  }
  const int middle = (first + last) / 2, next = int(data.nodes.size());
  data.nodes[std::size_t(node)] = {next, 1};
  data.splits[std::size_t(node)] = double(middle) / frame_.fold;
  data.nodes.resize(data.nodes.size() + 2);
  data.splits.resize(data.nodes.size());
  add_turns(data, next, first, middle);
  add_turns(data, next + 1, middle, last);
}

/// A node and what is below; `shift` of v, none within a chart.
void TableLeaves::add_turn(LocalTables& data, int node, int from, int turn, double shift) const {
  const LocalTables::Node own = nodes_[std::size_t(from)];
  if (own.along == LocalTables::Node::leaf) {
    data.nodes[std::size_t(node)] = {int(data.boxes.size() / 4), own.along};
    add_turned_leaf(data, own.next, turn, shift);
    return;
  }
  const int next = int(data.nodes.size());
  const bool is_chart = own.along == LocalTables::Node::chart;
  data.nodes.resize(data.nodes.size() + (is_chart ? 1 : 2));
  data.splits.resize(data.nodes.size());
  if (is_chart) {
    data.nodes[std::size_t(node)] = {add_turned_chart(data, own.next, shift), own.along};
    data.charts.back().root = next;
    add_turn(data, next, chart_roots_[std::size_t(own.next)], turn, 0);
    return;
  }
  data.nodes[std::size_t(node)] = {next, own.along};
  data.splits[std::size_t(node)] = splits_[std::size_t(from)] + (own.along == 1 ? shift : 0);
  add_turn(data, next, own.next, turn, shift);
  add_turn(data, next + 1, own.next + 1, turn, shift);
}

int TableLeaves::add_turned_chart(LocalTables& data, int number, double shift) const {
  const JumpChart& chart = charts_[std::size_t(number)];
  const double t = chart.across == 0 ? shift : 0, s = chart.across == 0 ? 0 : shift;
  data.charts.push_back({0, chart.across, int(chart.curves.size()), int(data.curves.size())});
  data.curves.insert(data.curves.end(),
                     {chart.t_0 + t, 1 / (chart.t_1 - chart.t_0), chart.low + s, chart.high + s});
  for (const std::vector<double>& curve : chart.curves) {
    data.curves.push_back(curve.front() + s);
    data.curves.insert(data.curves.end(), curve.begin() + 1, curve.end());
  }
  return int(data.charts.size()) - 1;
}

void TableLeaves::add_turned_leaf(LocalTables& data, int leaf, int turn, double shift) const {
  const Box& box = boxes_[std::size_t(leaf)];
  const double length = box.u_1 - box.u_0;
  data.boxes.insert(data.boxes.end(), {box.u_0, std::isfinite(length) ? 1 / length : 0,
                                       box.v_0 + shift, 1 / (box.v_1 - box.v_0)});
  const Cubics& cubics = leaves_[std::size_t(leaf)];
  Cubics turned(cubics.size());
  for (std::size_t power = 0; power < 16; ++power) {
    double elements[table_elements], image[table_elements];
    for (std::size_t c = 0; c < table_elements; ++c) elements[c] = cubics[16 * c + power];
    frame_.turn(turn, elements, image);
    for (std::size_t c = 0; c < table_elements; ++c) turned[16 * c + power] = image[c];
  }
  data.spin.insert(data.spin.end(), turned.begin(), turned.begin() + 96);
  data.charge.insert(data.charge.end(), turned.begin() + 96, turned.end());
}

void add_breaks(const std::vector<double>& breaks, LocalTables& data) {
  LocalTables::Table& head = data.tables.front();
  head.intervals = static_cast<int>(breaks.size()) - 1;
  head.buckets = 2 * head.intervals;
  head.begin = breaks.front(), head.end = breaks.back();
  data.breaks = breaks;
  for (int b = 0; b <= head.buckets; ++b) {  // one more for the end
    const double at = breaks.front() + (breaks.back() - breaks.front()) * b / head.buckets;
    const auto above = std::upper_bound(breaks.begin(), breaks.end(), at);
    data.buckets.push_back(
        std::clamp(static_cast<int>(above - breaks.begin()) - 1, 0, head.intervals - 1));
  }
}

}  // namespace kubomag
