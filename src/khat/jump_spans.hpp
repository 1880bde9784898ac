#pragma once
// Curves of jumps in the coordinates of a table, as short pieces with bounds: as short as the
// rectangle asks for that they are compared with.
#include <vector>

#include "khat/jump_curve.hpp"
#include "khat/jump_rectangle.hpp"
#include "khat/table_frame.hpp"

namespace kubomag {

/// A piece of a curve, within one of its steps (JumpCurve::at).
struct JumpSpan {
  std::size_t step;
  double part_0, part_1;
  Eigen::Vector3d first, middle, last;  // m at its ends and between them
  Eigen::Vector2d from, to;             // u, v of the ends
  Eigen::Vector2d margin;               // what it may bulge beyond them

  /// From end to end, and as much more as it goes there and back (at a cusp) [rad].
  double extent() const;
  /// With v within half a turn of the middle of the rectangle.
  JumpSpan near(const JumpRectangle& r) const;
  /// Whether the range of u (0) or v (1) has a part in common with that of the rectangle.
  bool meets(const JumpRectangle& r, int axis) const;
  bool meets(const JumpRectangle& r) const { return meets(r, 0) && meets(r, 1); }
};

class JumpSpans {
 public:
  /// Those between the vertices. Keeps references.
  JumpSpans(const std::vector<JumpCurve>& curves, const TableFrame& frame);

  std::size_t curves() const { return spans_.size(); }
  /// Around a curve, one after the other.
  const std::vector<JumpSpan>& of(std::size_t curve) const { return spans_[curve]; }
  /// Halves what meets the rectangle until it is no longer than `longest` [rad].
  void refine(const JumpRectangle& r, double longest);
  /// Where a span meets the plane q.m = c, which is between its ends; nothing where that is not
  /// found.
  std::optional<Eigen::Vector3d> on_plane(std::size_t curve, const JumpSpan& span,
                                          const Eigen::Vector3d& q, double c) const;
  /// u, v of m, with v within half a turn of `near`.
  Eigen::Vector2d place_of(const Eigen::Vector3d& m, double near) const;

 private:
  const std::vector<JumpCurve>& curves_;
  const TableFrame& frame_;
  std::vector<std::vector<JumpSpan>> spans_;  // of each curve

  JumpSpan completed(std::size_t curve, JumpSpan ends) const;
  void append_halves(std::size_t curve, const JumpSpan& span, const JumpRectangle& r,
                     double longest, std::vector<JumpSpan>& out) const;
};

}  // namespace kubomag
