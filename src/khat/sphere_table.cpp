#include "khat/sphere_table.hpp"

#include <algorithm>
#include <cmath>

#include "khat/parallel.hpp"
#include "khat/patch_tree.hpp"
#include "khat/table_frame.hpp"
#include "khat/table_leaves.hpp"
#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"

namespace kubomag {
namespace {

using constants::pi;
using Drive = LocalTables::Drive;
using Eigen::Vector2d;
using Eigen::Vector3d;

class SphereTable {
 public:
  SphereTable(const ElectronModel& model, Drive drive, double tolerance)
      : model_(model), drive_(drive), tolerance_(tolerance), where_(frame_of(model, drive)) {}

  TorqueTable make(const std::function<void(double)>& report) {
    const TableFrame& frame = where_.frame;
    find_scales();
    PatchOptions options;
    options.tolerance = tolerance_;
    options.scales = scales_.data();
    options.report = report;
    options.lengths = [this](double u, double v) { return lengths(u, v); };
    const PatchFunction f = [&](double u, double v, double* elements) {
      std::vector<double> values;
      const double error = append_elements(model_, drive_, direction(u, v), false, 1, values);
      std::copy(values.begin(), values.end(), elements);
      return error;
    };
    const PatchTree tree(f, ranges(), options);
    TorqueTable table;
    add_head(table.data);
    TableLeaves leaves(tree, frame, scales_.data(), tolerance_);
    leaves.append_to(table.data);
    table.data.error = tree.error() + leaves.error();
    table.sharpest = direction(tree.error_at()[0], tree.error_at()[1]);
    table.model_error = tree.model_error();
    table.model_error_at = direction(tree.model_error_at()[0], tree.model_error_at()[1]);
    return table;
  }

 private:
  const ElectronModel& model_;
  Drive drive_;
  double tolerance_;
  FrameWithJumps where_;
  std::vector<double> scales_;

  int segments() const { return where_.curves.count + 1; }

  /// The ends of the segment of u at v, and its number.
  int segment(double u, double v, double& low, double& high) const {
    std::vector<double> angles;
    where_.curves.angles(v, angles);
    const auto k = std::min(static_cast<std::size_t>(u), angles.size() - 2);
    low = angles[k], high = angles[k + 1];
    return static_cast<int>(k);
  }

  Vector3d direction(double u, double v) const {
    double low = 0, high = 0;
    const int k = segment(u, v, low, high);
    return where_.frame.direction(low + (u - k) * (high - low), v);
  }

  Vector2d lengths(double u, double v) const {
    double low = 0, high = 0;
    const int k = segment(u, v, low, high);
    const double theta = low + (u - k) * (high - low);
    return {high - low, 2 * pi * std::sin(theta)};
  }

  void find_scales() {
    const VectorFunction f = [this](double u, std::vector<double>& out) {
      out.clear();
      for (const double v : {0.03, 0.17, 0.31, 0.46, 0.71, 0.88})
        append_elements(model_, drive_, direction(u, v), false, 1, out);
    };
    scales_ = scales_of(f, 0, segments());
  }

  /// Ranges of u over one turn of the symmetry, with logarithms beside the jumps.
  std::vector<PatchRange> ranges() const {
    std::vector<PatchRange> out;
    const JumpCurves& curves = where_.curves;
    for (int k = 0; k < segments(); ++k) {
      const bool first = k > 0 || curves.first_pole, last = k + 1 < segments() || curves.last_pole;
      add_segment(k, first, last, out);
    }
    for (PatchRange& range : out) range.v_1 = 1.0 / where_.frame.fold;
    return out;
  }

  void add_segment(double begin, bool first, bool last, std::vector<PatchRange>& out) const {
    constexpr int parts = 3;
    constexpr double middle_of_two = 0.5;
    const double end = begin + 1;
    const double reach = first && last ? middle_of_two : 1;
    const auto logarithms = [&](const FitVariable& variable, double s_0, double s_1) {
      for (int i = 0; i < parts; ++i) {
        const double from = s_0 + (s_1 - s_0) * i / parts;
        out.push_back({variable.u(from), variable, from, s_0 + (s_1 - s_0) * (i + 1) / parts});
      }
    };
    if (!first && !last) out.push_back({begin, {}, begin, end});
    if (first) {
      const FitVariable variable{FitVariable::Kind::from_begin, begin};
      const double gap = nearest(begin, 1);
      out.push_back({begin, {}, begin + gap, begin + gap, 0, 1, true});
      logarithms(variable, std::log(gap), std::log(reach));
    }
    if (last) {
      const FitVariable variable{FitVariable::Kind::from_end, end};
      const double gap = nearest(end, -1);
      logarithms(variable, std::log(reach), std::log(gap));
      out.push_back({end - gap, {}, end - gap, end - gap, 0, 1, true});
    }
  }

  /// The smallest distance to a jump, up to 1e-2 (0.1 of a short segment), at which the model has
  /// an answer everywhere: from where the curve of the jump does not blur it, and from 1e-6 of the
  /// shorter one of the segments that meet there; at a pole, where no curve is, much closer.
  double nearest(double jump, int side) const {
    constexpr std::size_t looked_at = 32;
    const double accuracy = model_.jump_accuracy();
    const Vector2d length = lengths(jump + 0.5 * side, 0);
    constexpr double nearest_to_pole = 1e-10;  // [rad]
    const bool pole = jump == 0 || jump == segments();
    double gap = nearest_to_pole / length[0];
    if (!pole) {
      gap = 10 * accuracy / length[0];
      const double other = lengths(jump - 0.5 * side, 0)[0];
      gap = std::max(gap, std::min(1.0, other / length[0]) * std::max(1e-6, 1e4 * accuracy));
    }
    for (;; gap *= 10) try {
        in_parallel(looked_at, [&](std::size_t k) {
          std::vector<double> values;
          const double v = (double(k) + 0.5) / looked_at / where_.frame.fold;
          append_elements(model_, drive_, direction(jump + side * gap, v), false, 1, values);
        });
        return gap;
      } catch (const InputError&) {
        if (gap > (length[0] < 1e-3 ? 0.05 : 0.005)) throw;
      }
  }

  void add_head(LocalTables& data) const {
    data.tables.emplace_back();
    LocalTables::Table& head = data.tables.back();
    head.frame = LocalTables::Frame::sphere;
    head.jumps = where_.curves.count;
    if (where_.frame.turned) {
      head.first_axis = 0;
      for (int row = 0; row < 3; ++row)
        for (int column = 0; column < 3; ++column) data.axes.push_back(where_.frame.R(row, column));
    }
    if (head.jumps == 0) return;
    add_breaks(where_.curves.pieces.breaks, data);
    data.jump_angles = where_.curves.pieces.coefficients;
  }
};

}  // namespace

TorqueTable make_sphere_table(const ElectronModel& model, Drive drive, double tolerance,
                              const std::function<void(double)>& report) {
  return SphereTable(model, drive, tolerance).make(report);
}

}  // namespace kubomag
