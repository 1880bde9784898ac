#include "khat/jump_spans.hpp"

#include <algorithm>
#include <cmath>

#include "kubomag/constants.hpp"

namespace kubomag {

using constants::pi;
using Eigen::Vector2d;
using Eigen::Vector3d;

namespace {
constexpr double shortest = 1e-12;  // part of a step

double deviation(const JumpSpan& s) { return (s.middle - 0.5 * (s.first + s.last)).norm(); }
}  // namespace

double JumpSpan::extent() const { return (last - first).norm() + 4 * deviation(*this); }

JumpSpan JumpSpan::near(const JumpRectangle& r) const {
  JumpSpan out = *this;
  const Vector2d turns(0, std::round(0.5 * (r.v_0 + r.v_1) - from[1]));
  out.from += turns, out.to += turns;
  return out;
}

bool JumpSpan::meets(const JumpRectangle& r, int axis) const {
  const double turns = axis == 1 ? std::round(0.5 * (r.v_0 + r.v_1) - from[1]) : 0;
  return std::min(from[axis], to[axis]) + turns - margin[axis] < r.high(axis) &&
         std::max(from[axis], to[axis]) + turns + margin[axis] > r.low(axis);
}

JumpSpans::JumpSpans(const std::vector<JumpCurve>& curves, const TableFrame& frame)
    : curves_(curves), frame_(frame) {
  for (std::size_t c = 0; c < curves.size(); ++c) {
    const std::vector<Vector3d>& vertices = curves[c].vertices;
    spans_.emplace_back();
    for (std::size_t i = 0; i < vertices.size(); ++i)
      spans_.back().push_back(completed(
          c, {i, 0, 1, vertices[i], {}, vertices[(i + 1) % vertices.size()], {}, {}, {}}));
  }
}

/// Of the ends given, all else. The margins are those of an arc, and of a way there and back.
JumpSpan JumpSpans::completed(std::size_t curve, JumpSpan ends) const {
  constexpr double bulge = 0.05, of_deviation = 2;
  const std::optional<Vector3d> middle =
      curves_[curve].at(ends.step, 0.5 * (ends.part_0 + ends.part_1));
  ends.middle = middle ? *middle : 0.5 * (ends.first + ends.last);
  ends.from = place_of(ends.first, 0.5), ends.to = place_of(ends.last, ends.from[1]);
  const double around = bulge * (ends.last - ends.first).norm() + of_deviation * deviation(ends);
  const double narrowest = std::min(std::sin(pi * ends.from[0]), std::sin(pi * ends.to[0]));
  ends.margin = {around / pi, around / (2 * pi * std::max(narrowest, 1e-6))};
  return ends;
}

void JumpSpans::refine(const JumpRectangle& r, double longest) {
  for (std::size_t c = 0; c < spans_.size(); ++c) {
    const auto is_long = [&](const JumpSpan& s) { return s.extent() > longest && s.meets(r); };
    if (std::none_of(spans_[c].begin(), spans_[c].end(), is_long)) continue;
    std::vector<JumpSpan> finer;
    for (const JumpSpan& s : spans_[c]) append_halves(c, s, r, longest, finer);
    spans_[c] = std::move(finer);
  }
}

void JumpSpans::append_halves(std::size_t curve, const JumpSpan& s, const JumpRectangle& r,
                              double longest, std::vector<JumpSpan>& out) const {
  const double part = 0.5 * (s.part_0 + s.part_1);
  const bool is_short = s.extent() <= longest || s.part_1 - s.part_0 < shortest;
  if (is_short || !s.meets(r)) return out.push_back(s);
  append_halves(curve,
                completed(curve, {s.step, s.part_0, part, s.first, {}, s.middle, {}, {}, {}}), r,
                longest, out);
  append_halves(curve, completed(curve, {s.step, part, s.part_1, s.middle, {}, s.last, {}, {}, {}}),
                r, longest, out);
}

std::optional<Vector3d> JumpSpans::on_plane(std::size_t curve, const JumpSpan& span,
                                            const Vector3d& q, double c) const {
  return curves_[curve].on_plane(span.step, span.part_0, span.part_1, q, c);
}

Vector2d JumpSpans::place_of(const Vector3d& m, double near) const {
  const Vector3d at = frame_.R * m;
  const double v = std::atan2(at.y(), at.x()) / (2 * pi);
  return {std::atan2(at.head<2>().norm(), at.z()) / pi, v + std::round(near - v)};
}

}  // namespace kubomag
