#pragma once
// The sphere of m in rectangles on which jumps are simple: none at all, or curves from end to end.
// Where curves meet, cross or turn back, rectangles are halved until they are too small to matter.
#include <optional>
#include <vector>

#include "khat/electron_model.hpp"
#include "khat/jump_cusps.hpp"
#include "khat/jump_spans.hpp"

namespace kubomag {

/// A rectangle that contains another one, with all curves around that, and the tangent of a cusp
/// ahead of it as one more: LocalTables::Chart.
struct JumpChart {
  int across = 0;  // s is u (0) or v (1), t the other one
  double t_0 = 0, t_1 = 1, low = 0, high = 1;
  /// Per curve the coefficients of the powers of 2 (t - t_0)/(t_1 - t_0) - 1.
  std::vector<std::vector<double>> curves;
  double error = 0;  // of the curves, as far as rounding is seen [rad]

  /// low, the curves at v' = (t - t_0)/(t_1 - t_0), high.
  void ends(double v, std::vector<double>& out) const;
};

struct JumpRegion {
  enum class Kind { smooth, chart, tiny } kind;
  JumpRectangle at;
  JumpChart chart;
};

/// One turn of a frame.
struct JumpRegions {
  struct Node {
    int along = -1, next = 0;  // 0, 1: halves `next` and `next` + 1; -1: region `next`
    double split = 0;
  };
  std::vector<Node> nodes;
  std::vector<JumpRegion> regions;
};

class JumpRegionFinder {
 public:
  /// Rectangles shorter than `closest` are tiny. Polynomials meet curves within `accuracy` [rad].
  /// Keeps references.
  JumpRegionFinder(const std::vector<JumpCurve>& curves, const TableFrame& frame, double accuracy,
                   const ElectronModel::Closest& closest);

  /// Throws InputError where more than 20000 would be needed.
  JumpRegions all();
  /// The same of a rectangle alone.
  JumpRegions within(const JumpRectangle& rectangle);

 private:
  /// Spans `first` to `last`, counted on beyond the end of the curve, through a strip.
  struct Run {
    std::size_t curve, first, last;
  };

  struct Plane {  // q.m = c
    Eigen::Vector3d q;
    double c;
  };

  const TableFrame& frame_;
  double accuracy_;
  ElectronModel::Closest closest_;
  JumpSpans spans_;
  std::vector<JumpCusp> cusps_;
  JumpRegions out_;

  bool is_smooth(const JumpRectangle& r) const;
  bool is_at_cusp(const JumpRectangle& r) const;
  std::vector<JumpCusp> cusps_behind(const JumpRectangle& r) const;
  std::optional<JumpChart> chart(const JumpRectangle& r, const std::vector<JumpCusp>& cusps) const;
  std::optional<JumpChart> chart(const JumpRectangle& r, const std::vector<JumpCusp>& cusps,
                                 int across, double reach) const;
  std::optional<std::vector<Run>> runs(const JumpRectangle& strip, int across) const;
  std::vector<Run> runs_of(std::size_t curve, const JumpRectangle& strip, int across) const;
  bool goes_through(const Run& run, const JumpRectangle& strip, int across) const;
  Plane plane_of(int across, double t) const;
  std::optional<double> tangent(const JumpCusp& cusp, const JumpRectangle& r, int across,
                                double t) const;
  std::optional<double> jump(const Run& run, const JumpRectangle& strip, int across,
                             double t) const;
  std::optional<double> add_curve(const JumpRectangle& r, const std::vector<double>& jumps,
                                  JumpChart& chart) const;
  void set(int node, JumpRegion region);
  void divide(int node, const JumpRectangle& r);
  void merge(int node, const JumpRectangle& r);
};

}  // namespace kubomag
