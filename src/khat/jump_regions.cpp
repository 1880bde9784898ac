#include "khat/jump_regions.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "khat/parallel.hpp"
#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"
#include "kubomag/local_tables.hpp"

namespace kubomag {
namespace {

using constants::pi;
using Eigen::Vector3d;

constexpr int powers = LocalTables::Chart::powers;
constexpr double largest = 0.25;  // of a rectangle [rad]: no curve is closed within one
constexpr std::size_t samples = 24, lines = 7;
constexpr double margin = 0.25;  // of a rectangle: no curve is so close outside
constexpr double steepest = 2;   // of the curves of a chart
constexpr std::size_t most = 20000;

/// Which of the three an edge was seen to be.
struct Seen {
  bool above = false, below = false, absent = false;
};

/// Where the sides of the edges change on a line.
class LineJumps {
 public:
  LineJumps(const ElectronModel& model, const TableFrame& frame, int across, double t)
      : model_(model), frame_(frame), across_(across), t_(t) {}

  std::vector<Seen> seen;      // of every edge
  std::vector<int> beginning;  // the sides where the line begins

  /// Ascending; nothing where a change cannot be told.
  std::optional<std::vector<double>> between(double low, double high) {
    std::vector<double> out;
    std::vector<int> left = beginning = sides(low);
    note(left);
    for (std::size_t i = 0; i < samples; ++i) {
      const double a = low + (high - low) * double(i) / samples;
      const double b = low + (high - low) * double(i + 1) / samples;
      const std::vector<int> right = sides(b);
      note(right);
      if (!add(a, b, left, right, out)) return {};
      left = right;
    }
    std::sort(out.begin(), out.end());
    return out;
  }

  /// Whether one changes into the other by a jump.
  static bool differ(const std::vector<int>& a, const std::vector<int>& b) {
    for (std::size_t edge = 0; edge < a.size(); ++edge)
      if (differ(a[edge], b[edge])) return true;
    return false;
  }

 private:
  const ElectronModel& model_;
  const TableFrame& frame_;
  int across_;
  double t_;

  static bool differ(int a, int b) { return a != b && a != 0 && b != 0; }

  std::vector<int> sides(double s) const {
    const double u = across_ == 0 ? s : t_, v = across_ == 0 ? t_ : s;
    return model_.sides(frame_.direction(pi * u, v));
  }

  void note(const std::vector<int>& sides) {
    seen.resize(sides.size());
    for (std::size_t i = 0; i < seen.size(); ++i)
      (sides[i] > 0 ? seen[i].above : sides[i] < 0 ? seen[i].below : seen[i].absent) = true;
  }

  /// The last of the sides is the number of contours, which changes with any one of the others: it
  /// is asked only where none of them is there on both sides.
  bool add(double a, double b, const std::vector<int>& left, const std::vector<int>& right,
           std::vector<double>& out) const {
    bool any = false;
    for (std::size_t edge = 0; edge + 1 < left.size(); ++edge) {
      if (!differ(left[edge], right[edge])) continue;
      any = true;
      const std::optional<double> jump = change(edge, a, b, left, right);
      if (!jump) return false;
      out.push_back(*jump);
    }
    if (any || left.back() == right.back()) return true;
    const std::optional<double> jump = change(left.size() - 1, a, b, left, right);
    if (jump) out.push_back(*jump);
    return jump.has_value();
  }

  std::optional<double> change(std::size_t edge, double a, double b, const std::vector<int>& left,
                               const std::vector<int>& right) const {
    constexpr double resolution = 1e-13;
    while (b - a > resolution) {
      const double middle = 0.5 * (a + b);
      const int side = sides(middle)[edge];
      if (side == left[edge])
        a = middle;
      else if (side == right[edge])
        b = middle;
      else
        return {};
    }
    return 0.5 * (a + b);
  }
};

/// Chebyshev's places from -1 to 1, and the coefficients of powers from the values there.
struct PowerFit {
  std::array<double, powers> at;
  Eigen::Matrix<double, powers, powers> from_values;
  PowerFit() {
    Eigen::Matrix<double, powers, powers> T = Eigen::Matrix<double, powers, powers>::Zero(), values;
    T(0, 0) = 1, T(1, 1) = 1;  // T(j, i): of the power i in the polynomial j
    for (int j = 2; j < powers; ++j) {
      T.row(j) = -T.row(j - 2);
      T.row(j).tail(powers - 1) += 2 * T.row(j - 1).head(powers - 1);
    }
    for (int k = 0; k < powers; ++k) {
      const double angle = pi * (k + 0.5) / powers;
      at[std::size_t(k)] = std::cos(angle);
      for (int j = 0; j < powers; ++j)
        values(j, k) = (j == 0 ? 1.0 : 2.0) / powers * std::cos(j * angle);
    }
    from_values = T.transpose() * values;
  }
};

const PowerFit& power_fit() {
  static const PowerFit rule;
  return rule;
}

double power_sum(const std::vector<double>& c, double x) {
  double out = 0;
  for (auto power = c.rbegin(); power != c.rend(); ++power) out = *power + x * out;
  return out;
}

}  // namespace

JumpRegions JumpRegionFinder::all() { return within({0, 1, 0, 1.0 / frame_.fold}); }

JumpRegions JumpRegionFinder::within(const JumpRectangle& rectangle) {
  out_ = {};
  out_.nodes.emplace_back();
  divide(0, rectangle);
  return std::move(out_);
}

/// Jumps on the lines t (one each), s from low to high; nothing where one is not told. Nothing
/// either where an edge crosses the Fermi energy and is not everywhere: two edges that meet at the
/// Fermi energy end in a cusp there, which lines do not see; nor do they see a curve between two of
/// them, but that they begin on different sides of it.
std::optional<JumpRegionFinder::Jumps> JumpRegionFinder::scan(int across,
                                                              const std::vector<double>& t,
                                                              double low, double high) const {
  std::vector<std::optional<std::vector<double>>> found(t.size());
  std::vector<LineJumps> on;
  for (const double at : t) on.emplace_back(model_, frame_, across, at);
  in_parallel(t.size(), [&](std::size_t i) { found[i] = on[i].between(low, high); });
  Jumps out;
  std::vector<Seen> all(on.front().seen.size());
  for (std::size_t i = 0; i < t.size(); ++i) {
    for (std::size_t edge = 0; edge < all.size(); ++edge) {
      Seen& seen = all[edge];
      const Seen& here = on[i].seen[edge];
      seen = {seen.above || here.above, seen.below || here.below, seen.absent || here.absent};
      if (seen.above && seen.below && seen.absent) return {};
    }
    if (!found[i] || LineJumps::differ(on[i].beginning, on.front().beginning)) return {};
    out.push_back(*std::move(found[i]));
  }
  return out;
}

/// Whether no line through the rectangle and its margin meets a jump.
bool JumpRegionFinder::is_smooth(const JumpRectangle& r) const {
  for (const int across : {0, 1}) {
    const int along = 1 - across;
    const double ds = margin * (r.high(across) - r.low(across));
    const double dt = r.high(along) - r.low(along);
    std::vector<double> t;
    for (std::size_t i = 0; i < lines; ++i)
      t.push_back(r.low(along) + dt * ((1 + 2 * margin) * double(i) / (lines - 1) - margin));
    const auto jumps = scan(across, t, r.low(across) - ds, r.high(across) + ds);
    if (!jumps) return false;
    for (const std::vector<double>& line : *jumps)
      if (!line.empty()) return false;
  }
  return true;
}

std::optional<JumpChart> JumpRegionFinder::chart(const JumpRectangle& r) const {
  for (const int across : {0, 1})
    for (const double reach : {0.4, 0.9, 1.6})
      if (std::optional<JumpChart> out = chart(r, across, reach)) return out;
  return {};
}

/// With s to `reach` of the rectangle beyond it: what is within, or close outside, must be the same
/// number of curves everywhere.
std::optional<JumpChart> JumpRegionFinder::chart(const JumpRectangle& r, int across,
                                                 double reach) const {
  const double ds = r.high(across) - r.low(across), beyond = 0.5 * margin * ds;
  JumpChart out{across,
                r.low(1 - across),
                r.high(1 - across),
                r.low(across) - reach * ds,
                r.high(across) + reach * ds,
                {}};
  std::vector<double> x(power_fit().at.begin(), power_fit().at.end()), t;
  for (const double check : {-1 - 0.5 * margin, -0.54, 0.07, 0.77, 1 + 0.5 * margin})
    x.push_back(check);
  for (const double at : x) t.push_back(out.t_0 + 0.5 * (1 + at) * (out.t_1 - out.t_0));
  const auto well_inside = [&](const std::vector<double>& line) {
    return !line.empty() && line.front() > out.low + beyond && line.back() < out.high - beyond;
  };
  const auto jumps_on = [&](const std::vector<double>& places) {
    std::optional<Jumps> jumps = scan(across, places, out.low - beyond, out.high + beyond);
    if (jumps && !std::all_of(jumps->begin(), jumps->end(), well_inside)) jumps.reset();
    return jumps;
  };
  if (!jumps_on({t.front(), t[powers / 2], t[powers]})) return {};
  const std::optional<Jumps> jumps = jumps_on(t);
  if (!jumps || !add_curves(r, x, *jumps, out)) return {};
  return out;
}

/// Polynomials through the jumps at the first places x, if they are as many on every line, nowhere
/// steep, and meet those at the other places.
bool JumpRegionFinder::add_curves(const JumpRectangle& r, const std::vector<double>& x,
                                  const Jumps& jumps, JumpChart& chart) const {
  const std::size_t count = jumps.front().size();
  for (const std::vector<double>& line : jumps)
    if (line.size() != count) return false;
  const Eigen::Vector2d length = r.lengths();
  const double ds = r.high(chart.across) - r.low(chart.across);
  const double per_s = length[chart.across] / ds;  // [rad]
  for (std::size_t k = 0; k < count; ++k) {
    Eigen::Matrix<double, powers, 1> values;
    for (int i = 0; i < powers; ++i) values[i] = jumps[std::size_t(i)][k];
    const double rise = (values.maxCoeff() - values.minCoeff()) * per_s;
    if (!(rise < steepest * length[1 - chart.across])) return false;
    const Eigen::Matrix<double, powers, 1> c = power_fit().from_values * values;
    chart.curves.emplace_back(c.begin(), c.end());
    for (std::size_t i = powers; i < x.size(); ++i) {
      if (std::abs(x[i]) > 1) continue;
      const double gap = k > 0 ? jumps[i][k] - jumps[i][k - 1] : ds;
      const double error = std::abs(power_sum(chart.curves[k], x[i]) - jumps[i][k]) * per_s;
      if (!(error < std::min(10 * model_.jump_accuracy(), 1e-4 * gap * per_s))) return false;
    }
  }
  return true;
}

void JumpRegionFinder::set(int node, JumpRegion region) {
  if (out_.regions.size() == most)
    throw InputError(
        "fermi_energy: the response jumps on curves of m that are too intricate for a table");
  out_.nodes[std::size_t(node)] = {-1, int(out_.regions.size()), 0};
  out_.regions.push_back(std::move(region));
}

void JumpRegionFinder::divide(int node, const JumpRectangle& r) {
  const double longest = r.lengths().maxCoeff();
  if (longest < largest) {
    if (is_smooth(r)) return set(node, {JumpRegion::Kind::smooth, r, {}});
    if (std::optional<JumpChart> found = chart(r))
      return set(node, {JumpRegion::Kind::chart, r, *std::move(found)});
    if (longest < smallest_) return set(node, {JumpRegion::Kind::tiny, r, {}});
  }
  const std::array<JumpRectangle, 2> halves = r.halves();
  const int along = r.longer_side(), next = int(out_.nodes.size());
  out_.nodes[std::size_t(node)] = {along, next, halves[1].low(along)};
  out_.nodes.resize(out_.nodes.size() + 2);
  for (const int half : {0, 1}) divide(next + half, halves[std::size_t(half)]);
  if (longest >= largest) merge(node, r);
}

/// Halves without jumps become one again.
void JumpRegionFinder::merge(int node, const JumpRectangle& r) {
  const int next = out_.nodes[std::size_t(node)].next;
  if (next + 2 != int(out_.nodes.size())) return;
  for (const int half : {0, 1}) {
    const JumpRegions::Node& part = out_.nodes[std::size_t(next + half)];
    if (part.along >= 0 || out_.regions[std::size_t(part.next)].kind != JumpRegion::Kind::smooth)
      return;
  }
  out_.nodes.resize(std::size_t(next));
  out_.regions.resize(out_.regions.size() - 2);
  set(node, {JumpRegion::Kind::smooth, r, {}});
}

Eigen::Vector2d JumpRectangle::lengths() const {
  const bool equator = u_0 < 0.5 && u_1 > 0.5;
  const double widest = equator ? 1 : std::max(std::sin(pi * u_0), std::sin(pi * u_1));
  return {pi * (u_1 - u_0), 2 * pi * widest * (v_1 - v_0)};
}

int JumpRectangle::longer_side() const { return lengths()[1] > lengths()[0] ? 1 : 0; }

std::array<JumpRectangle, 2> JumpRectangle::halves() const {
  std::array<JumpRectangle, 2> out{*this, *this};
  if (longer_side() == 0)
    out[0].u_1 = out[1].u_0 = 0.5 * (u_0 + u_1);
  else
    out[0].v_1 = out[1].v_0 = 0.5 * (v_0 + v_1);
  return out;
}

void JumpChart::ends(double v, std::vector<double>& out) const {
  out.assign(1, low);
  for (const std::vector<double>& curve : curves) out.push_back(power_sum(curve, 2 * v - 1));
  out.push_back(high);
}

}  // namespace kubomag
