#pragma once
// The sphere of m in rectangles on which jumps are simple: none at all, or curves from end to end.
// Where curves meet, cross or turn back, rectangles are halved until they are too small to matter.
#include <array>
#include <optional>
#include <vector>

#include "khat/jump_curve.hpp"
#include "khat/table_frame.hpp"

namespace kubomag {

/// Of u = theta/pi and v, the azimuth in turns.
struct JumpRectangle {
  double u_0, u_1, v_0, v_1;
  double low(int along) const { return along == 0 ? u_0 : v_0; }
  double high(int along) const { return along == 0 ? u_1 : v_1; }
  /// Of its sides [rad].
  Eigen::Vector2d lengths() const;
  int longer_side() const;
  /// Along the longer side.
  std::array<JumpRectangle, 2> halves() const;
};

/// A rectangle that contains another one, with all curves around that: LocalTables::Chart.
struct JumpChart {
  int across = 0;  // s is u (0) or v (1), t the other one
  double t_0 = 0, t_1 = 1, low = 0, high = 1;
  /// Per curve the coefficients of the powers of 2 (t - t_0)/(t_1 - t_0) - 1.
  std::vector<std::vector<double>> curves;

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
  /// Rectangles shorter than `smallest` [rad] are tiny. Polynomials meet curves within `accuracy`
  /// [rad]. Keeps references.
  JumpRegionFinder(const std::vector<JumpCurve>& curves, const TableFrame& frame, double accuracy,
                   double smallest);

  /// Throws InputError where more than 20000 would be needed.
  JumpRegions all();
  /// The same of a rectangle alone.
  JumpRegions within(const JumpRectangle& rectangle);

 private:
  /// Of a curve between two of its vertices.
  struct Span {
    Eigen::Vector2d from, to;  // u, v
    Eigen::Vector2d margin;    // what it may bulge
    /// With v within half a turn of the middle of the rectangle.
    Span near(const JumpRectangle& r) const;
    /// Whether the range of u (0) or v (1) has a part in common with that of the rectangle.
    bool meets(const JumpRectangle& r, int axis) const;
  };
  /// Spans `first` to `last`, counted on beyond the end of the curve, through a strip.
  struct Run {
    std::size_t curve, first, last;
  };

  const std::vector<JumpCurve>& curves_;
  const TableFrame& frame_;
  double accuracy_, smallest_;
  std::vector<std::vector<Span>> spans_;  // of each curve
  JumpRegions out_;

  Span span(const Eigen::Vector3d& from, const Eigen::Vector3d& to) const;
  bool is_smooth(const JumpRectangle& r) const;
  std::optional<JumpChart> chart(const JumpRectangle& r) const;
  std::optional<JumpChart> chart(const JumpRectangle& r, int across, double reach) const;
  std::optional<std::vector<Run>> runs(const JumpRectangle& strip, int across) const;
  std::vector<Run> runs_of(std::size_t curve, const JumpRectangle& strip, int across) const;
  bool goes_through(const Run& run, const JumpRectangle& strip, int across) const;
  std::optional<double> jump(const Run& run, const JumpRectangle& strip, int across,
                             double t) const;
  std::optional<double> add_curve(const JumpRectangle& r, const std::vector<double>& jumps,
                                  JumpChart& chart) const;
  void set(int node, JumpRegion region);
  void divide(int node, const JumpRectangle& r);
  void merge(int node, const JumpRectangle& r);
};

}  // namespace kubomag
