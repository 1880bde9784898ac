#include "khat/edge_curves.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "khat/edge_equations.hpp"
#include "khat/edge_seeds.hpp"
#include "khat/table_elements.hpp"
#include "kubomag/error.hpp"

namespace kubomag {
namespace {

using Eigen::Vector3d;

constexpr double longest = 5e-3;       // step of m [rad] ...
constexpr double of_azimuth = 0.1;     // ... and of its azimuth about the film's normal
constexpr double sharpest = 0.15;      // turn of the tangent in a step
constexpr double shortest = 1e-10;     // step of k and n
constexpr std::size_t most = 100'000;  // steps

struct Traced {
  std::vector<EdgePoint> points, along;  // and the unit vectors of the way there
  std::vector<Vector3d> m;
};

class CurveTracer {
 public:
  CurveTracer(const EdgeEquations& equations, double cutoff)
      : equations_(equations), cutoff_(cutoff / equations.length()) {}

  Traced once_around(const EdgePoint& seed) const {
    Traced out{{seed}, {equations_.tangent(seed)}, {equations_.at(seed).m.normalized()}};
    double step = longest;
    for (std::size_t i = 0; i < most; ++i) {
      step = advance(out, 1.5 * step);
      const EdgePoint& a = out.points[out.points.size() - 2];
      const EdgePoint chord = out.points.back() - a, home = seed - a;
      const double part = home.dot(chord) / chord.squaredNorm();
      if (out.points.size() < 4 || part <= 0 || part > 1 ||
          out.along.back().dot(out.along.front()) < 0.5 ||
          (home - part * chord).norm() > 0.1 * chord.norm())
        continue;
      out.points.pop_back(), out.along.pop_back(), out.m.pop_back();
      return out;
    }
    throw InputError(refusal(out.m.back(), "does not close"));
  }

 private:
  const EdgeEquations& equations_;
  double cutoff_;

  static std::string refusal(const Vector3d& m, const char* why) {
    return fmt::format(
        "fermi_energy: the curve of m on which a band edge is at the Fermi energy {} near {} (must "
        "be followed for a table whose jumps go round no axis)",
        why, direction_text(m));
  }

  /// One point more; returns the step.
  double advance(Traced& curve, double step) const {
    while (!steps(curve, step)) {
      step /= 2;
      if (step < shortest) throw InputError(refusal(curve.m.back(), "cannot be followed"));
    }
    return step;
  }

  /// Whether a step is short enough, and then it is made.
  bool steps(Traced& curve, double step) const {
    const EdgePoint here = curve.points.back(), along = curve.along.back();
    const Vector3d m = curve.m.back();
    const double m_step = std::min(longest, of_azimuth * std::max(1e-4, m.head<2>().norm()));
    const std::optional<EdgePoint> x = equations_.solved(here + step * along);
    if (!x || (*x - here - step * along).norm() > sharpest * step) return false;
    const Vector3d next_m = equations_.at(*x).m.normalized();
    EdgePoint next_along = equations_.tangent(*x);
    if (next_along.dot(along) < 0) next_along = -next_along;
    if (next_along.dot(along) < std::cos(sharpest) || (next_m - m).norm() > m_step) return false;
    if (x->head<2>().norm() > cutoff_) throw InputError(refusal(next_m, "leaves the cutoff"));
    curve.points.push_back(*x), curve.along.push_back(next_along), curve.m.push_back(next_m);
    return true;
  }
};

bool lies_on(const Traced& curve, const EdgePoint& x) {
  const std::size_t n = curve.points.size();
  for (std::size_t i = 0; i < n; ++i) {
    const EdgePoint &a = curve.points[i], chord = curve.points[(i + 1) % n] - a;
    const double part = std::clamp((x - a).dot(chord) / chord.squaredNorm(), 0.0, 1.0);
    if ((a + part * chord - x).norm() < 0.1 * chord.norm()) return true;
  }
  return false;
}

/// A traced curve with the equations to find more of its points.
class EdgeCurve {
 public:
  EdgeCurve(std::shared_ptr<const EdgeEquations> equations, Traced traced)
      : equations_(std::move(equations)), traced_(std::move(traced)) {}

  const std::vector<Vector3d>& vertices() const { return traced_.m; }

  std::optional<Vector3d> at(std::size_t i, double part) const {
    const std::optional<EdgePoint> x = point(i, part);
    if (!x) return {};
    return m_of(*x);
  }

  std::optional<Vector3d> on_plane(std::size_t i, double from, double to,
                                   const EdgeEquations::Plane& plane) const {
    const std::optional<EdgePoint> first = point(i, from), last = point(i, to);
    if (!first || !last) return {};
    const double a = plane.q.dot(m_of(*first)) - plane.c, b = plane.q.dot(m_of(*last)) - plane.c;
    const double part = a == b ? 0.5 : std::clamp(a / (a - b), 0.0, 1.0);
    const EdgePoint chord = *last - *first, start = *first + part * chord;
    const std::optional<EdgePoint> x = equations_->solved(start, &plane);
    if (!x || (*x - start).norm() > 0.5 * chord.norm()) return {};
    return m_of(*x);
  }

 private:
  std::shared_ptr<const EdgeEquations> equations_;
  Traced traced_;

  Vector3d m_of(const EdgePoint& x) const { return equations_->at(x).m.normalized(); }

  /// From where a cubic between the vertices is: much closer to this curve than to one that it
  /// crosses, unless that is where they cross.
  std::optional<EdgePoint> point(std::size_t i, double part) const {
    const std::size_t next = (i + 1) % traced_.points.size();
    const EdgePoint &a = traced_.points[i], &b = traced_.points[next];
    if (part == 0 || part == 1) return part == 0 ? a : b;
    const double length = (b - a).norm(), rest = 1 - part;
    const EdgePoint start =
        rest * rest * ((1 + 2 * part) * a + part * length * traced_.along[i]) +
        part * part * ((1 + 2 * rest) * b - rest * length * traced_.along[next]);
    std::optional<EdgePoint> x = equations_->solved(start);
    if (!x || (*x - start).norm() > 0.1 * length) return {};
    return x;
  }
};

JumpCurve packed(const std::shared_ptr<const EdgeEquations>& equations, Traced traced) {
  const auto curve = std::make_shared<const EdgeCurve>(equations, std::move(traced));
  return {curve->vertices(), [curve](std::size_t i, double part) { return curve->at(i, part); },
          [curve](std::size_t i, double from, double to, const Vector3d& q, double c) {
            return curve->on_plane(i, from, to, {q, c});
          }};
}

}  // namespace

std::vector<JumpCurve> edge_curves(const BandModel& model, const BandGrid& grid) {
  const auto equations = std::make_shared<const EdgeEquations>(model, grid.scale());
  const CurveTracer tracer(*equations, model.cutoff);
  std::vector<Traced> traced;
  for (const EdgePoint& seed : edge_seeds(*equations, model, grid))
    if (std::none_of(traced.begin(), traced.end(),
                     [&](const Traced& curve) { return lies_on(curve, seed); }))
      traced.push_back(tracer.once_around(seed));
  std::vector<JumpCurve> out;
  out.reserve(traced.size());
  for (Traced& curve : traced) out.push_back(packed(equations, std::move(curve)));
  return out;
}

}  // namespace kubomag
