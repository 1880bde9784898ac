#include "khat/sphere_table.hpp"

#include <algorithm>
#include <cmath>

#include "khat/jump_regions.hpp"
#include "khat/patch_tree.hpp"
#include "khat/table_frame.hpp"
#include "khat/table_leaves.hpp"
#include "khat/table_sheet.hpp"
#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"

namespace kubomag {
namespace {

using constants::pi;
using Drive = LocalTables::Drive;
using Eigen::Vector2d;
using Eigen::Vector3d;
using Report = std::function<void(double)>;

class SphereTable {
 public:
  SphereTable(const ElectronModel& model, Drive drive, double tolerance)
      : model_(model),
        drive_(drive),
        tolerance_(tolerance),
        where_(frame_of(model, drive)),
        sheet_(sheet_about_axis(where_)) {}

  TorqueTable make(const Report& report) {
    find_scales();
    add_head(table_.data);
    TableLeaves leaves(where_.frame, scales_.data(), tolerance_);
    if (where_.in_charts) {
      add_in_charts(leaves, report);
    } else {
      const PatchTree tree =
          grow(sheet_, ranges_of(model_, drive_, sheet_), PatchOptions{}.most, report);
      leaves.add(tree);
    }
    leaves.append_to(table_.data);
    table_.data.error += leaves.error();
    return std::move(table_);
  }

 private:
  const ElectronModel& model_;
  Drive drive_;
  double tolerance_;
  FrameWithJumps where_;
  TableSheet sheet_;
  std::vector<double> scales_;
  TorqueTable table_;

  void find_scales() {
    const VectorFunction f = [this](double u, std::vector<double>& out) {
      out.clear();
      for (const double v : {0.03, 0.17, 0.31, 0.46, 0.71, 0.88})
        append_elements(model_, drive_, sheet_.direction(u, v), false, 1, out);
    };
    scales_ = scales_of(f, 0, sheet_.segments);
  }

  /// The polynomials of a sheet; notes how exact they are.
  PatchTree grow(const TableSheet& sheet, const std::vector<PatchRange>& ranges, int most,
                 const Report& report) {
    PatchOptions options;
    options.tolerance = tolerance_;
    options.scales = scales_.data();
    options.most = most;
    options.report = report;
    options.lengths = [&sheet](double u, double v) { return sheet.lengths(u, v); };
    PatchTree tree(patch_function(model_, drive_, sheet), ranges, options);
    const auto at = [&](const Vector2d& place) { return sheet.direction(place[0], place[1]); };
    if (tree.error() > table_.data.error) {
      table_.data.error = tree.error();
      table_.sharpest = at(tree.error_at());
    }
    if (tree.model_error() > table_.model_error) {
      table_.model_error = tree.model_error();
      table_.model_error_at = at(tree.model_error_at());
    }
    return tree;
  }

  /// One turn of the sphere where jumps go round no axis.
  void add_in_charts(TableLeaves& leaves, const Report& report) {
    JumpRegionFinder finder(model_.jump_curves(), where_.frame, curve_accuracy, model_.closest());
    add_regions(finder.all(), 0, finder, leaves, report);
  }

  /// `refused`: how often the model had no answer on a rectangle that these are a part of.
  void add_regions(const JumpRegions& found, int root, JumpRegionFinder& finder,
                   TableLeaves& leaves, const Report& report, int refused = 0) {
    std::vector<int> places(found.nodes.size(), root);
    std::size_t done = 0;
    for (std::size_t node = 0; node < found.nodes.size(); ++node) {
      const JumpRegions::Node& own = found.nodes[node];
      if (own.along >= 0) {
        const int next = leaves.halve(places[node], own.along, own.split);
        for (const int half : {0, 1})
          places[std::size_t(own.next) + std::size_t(half)] = next + half;
        continue;
      }
      add_region(found.regions[std::size_t(own.next)], places[node], finder, leaves, refused);
      ++done;
      if (report) report(double(done) / double(found.regions.size()));
    }
  }

  /// Beside a place where curves meet contours are so finely bent that the model may have no
  /// answer: such a region is halved some times.
  void add_region(const JumpRegion& region, int place, JumpRegionFinder& finder,
                  TableLeaves& leaves, int refused) {
    const double longest = region.at.lengths().maxCoeff();
    const bool is_tiny = region.kind == JumpRegion::Kind::tiny;
    if (!is_tiny) try {
        add_smooth_region(region, place, leaves);
        return;
      } catch (const InputError&) {
        if (longest > largest_without_answer) throw;
      }
    const bool is_small = longest < (refused < most_refusals ? model_.closest().to_crossings
                                                             : smallest_without_answer);
    if (is_tiny || is_small) return add_one_value(region.at, place, leaves);
    const std::array<JumpRectangle, 2> halves = region.at.halves();
    const int along = region.at.longer_side();
    const int next = leaves.halve(place, along, halves[1].low(along));
    for (const int half : {0, 1})
      add_regions(finder.within(halves[std::size_t(half)]), next + half, finder, leaves, {},
                  refused + 1);
  }

  void add_one_value(const JumpRectangle& r, int place, TableLeaves& leaves) {
    leaves.add_constant(place, r, elements_near(r));
    const double longest = r.lengths().maxCoeff();
    if (longest <= table_.meeting_width) return;
    table_.meeting_width = longest;
    table_.meeting = sheet_.direction(0.5 * (r.u_0 + r.u_1), 0.5 * (r.v_0 + r.v_1));
  }

  void add_smooth_region(const JumpRegion& region, int place, TableLeaves& leaves) {
    const JumpRectangle& r = region.at;
    if (region.kind == JumpRegion::Kind::chart) {
      TableSheet sheet = sheet_of(region.chart);
      const PatchTree tree = grow_beside_curves(sheet);
      leaves.add(tree, leaves.add_chart(place, region.chart));
    } else {
      const PatchRange all{r.u_0, {}, r.u_0, r.u_1, r.v_0, r.v_1};
      leaves.add(grow(sheet_, {all}, most_patches, {}), place);
    }
  }

  /// From as close to the curves as the model has answers: close to where they meet that may be not
  /// very close.
  PatchTree grow_beside_curves(TableSheet& sheet) {
    for (;; sheet.nearest *= 10) try {
        return grow(sheet, ranges_of(model_, drive_, sheet), most_patches, {});
      } catch (const InputError&) {
        if (sheet.nearest >= farthest_from_curves) throw;
      }
  }

  TableSheet sheet_of(const JumpChart& chart) const {
    const auto ends = [&chart](double v, std::vector<double>& out) { chart.ends(v, out); };
    const auto angles = [&chart](double s, double v) {
      const double t = chart.t_0 + v * (chart.t_1 - chart.t_0);
      return chart.across == 0 ? Vector2d(pi * s, t) : Vector2d(pi * t, s);
    };
    const int segments = int(chart.curves.size()) + 1;
    const double nearest = std::max(nearest_to_curves, nearest_in_errors * chart.error);
    return {where_.frame, segments, 1, ends, angles, false, false, nearest};
  }

  /// Where curves meet: the elements at the first place that has an answer, in the rectangle or
  /// beside it.
  std::vector<double> elements_near(const JumpRectangle& r) const {
    constexpr double parts[][2] = {{0.02, -0.06}, {-0.74, -0.58}, {0.66, -0.78}, {-0.62, 0.78}};
    const double longest = r.lengths().maxCoeff();
    for (double reach = 0.5;; reach *= 4)
      for (const auto& part : parts) try {
          std::vector<double> out;
          const double u = 0.5 * (r.u_0 + r.u_1) + reach * part[0] * (r.u_1 - r.u_0);
          const double v = 0.5 * (r.v_0 + r.v_1) + reach * part[1] * (r.v_1 - r.v_0);
          append_elements(model_, drive_, sheet_.direction(u, v), false, 1, out);
          return out;
        } catch (const InputError&) {
          if (reach * longest > largest_without_answer) throw;
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

  // [rad]: what polynomials of curves are good for; of the rectangles that are halved where the
  // model has no answer; and the distance to a curve within which a table is constant, up to the
  // farther one where contours are too finely bent for an answer.
  static constexpr double curve_accuracy = 1e-10, largest_without_answer = 5e-2,
                          smallest_without_answer = 4e-3, nearest_to_curves = 1e-8,
                          farthest_from_curves = 1e-4;
  static constexpr double nearest_in_errors = 100;  // of the curves of a chart
  static constexpr int most_refusals = 2;  // of rectangles around one that gets one value then
  static constexpr int most_patches = 400;
};

}  // namespace

TorqueTable make_sphere_table(const ElectronModel& model, LocalTables::Drive drive,
                              double tolerance, const std::function<void(double)>& report) {
  return SphereTable(model, drive, tolerance).make(report);
}

}  // namespace kubomag
