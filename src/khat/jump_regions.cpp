#include "khat/jump_regions.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <ranges>

#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"
#include "kubomag/local_tables.hpp"

namespace kubomag {
namespace {

using constants::pi;
using Eigen::Vector3d;

constexpr int powers = LocalTables::Chart::powers;
constexpr double largest = 0.25;  // of a rectangle [rad]: no curve is closed within one
constexpr double margin = 0.25;   // of a rectangle: no curve is so close outside
constexpr double looked_at = 2,
                 longest_span = 0.5;  // of a rectangle: spans no longer than that there
constexpr double steepest = 2;        // of the curves of a chart
constexpr std::size_t most = 20000;

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
  for (const double power : std::views::reverse(c)) out = power + x * out;
  return out;
}

/// Where a curve is compared with its polynomial: Chebyshev's places, and some more.
const std::vector<double>& fit_places() {
  static const std::vector<double> places = [] {
    std::vector<double> out(power_fit().at.begin(), power_fit().at.end());
    for (const double check : {-1.0, -0.54, 0.07, 0.77, 1.0}) out.push_back(check);
    return out;
  }();
  return places;
}

/// Whether the curves of a chart stay in their order, farther than `least` from each other.
bool are_apart(const JumpChart& chart, double least) {
  constexpr int places = 100;
  for (std::size_t k = 1; k < chart.curves.size(); ++k)
    for (int i = 0; i <= places; ++i) {
      const double x = 2.0 * i / places - 1;
      if (power_sum(chart.curves[k], x) - power_sum(chart.curves[k - 1], x) < least) return false;
    }
  return true;
}

}  // namespace

JumpRegionFinder::JumpRegionFinder(const std::vector<JumpCurve>& curves, const TableFrame& frame,
                                   double accuracy, const ElectronModel::Closest& closest)
    : frame_(frame),
      accuracy_(accuracy),
      closest_(closest),
      spans_(curves, frame),
      cusps_(cusps_of(curves)) {}

JumpRegions JumpRegionFinder::all() { return within({0, 1, 0, 1.0 / frame_.fold}); }

JumpRegions JumpRegionFinder::within(const JumpRectangle& rectangle) {
  out_ = {};
  out_.nodes.emplace_back();
  divide(0, rectangle);
  return std::move(out_);
}

/// Whether no curve runs through the rectangle and its margin.
bool JumpRegionFinder::is_smooth(const JumpRectangle& r) const {
  const JumpRectangle around = r.grown(margin);
  for (std::size_t curve = 0; curve < spans_.curves(); ++curve)
    for (const JumpSpan& span : spans_.of(curve))
      if (span.meets(around)) return false;
  return true;
}

/// Whether a part of the rectangle may be too close to a cusp.
bool JumpRegionFinder::is_at_cusp(const JumpRectangle& r) const {
  const Vector3d centre = frame_.direction(0.5 * pi * (r.u_0 + r.u_1), 0.5 * (r.v_0 + r.v_1));
  const double reach = closest_.around_cusps + 0.5 * r.lengths().norm();
  return std::any_of(cusps_.begin(), cusps_.end(),
                     [&](const JumpCusp& cusp) { return (cusp.at - centre).norm() < reach; });
}

/// The cusps whose tangents run through the rectangle or its margin, ahead of it at a few of its
/// sizes: farther away the response varies slowly enough.
std::vector<JumpCusp> JumpRegionFinder::cusps_behind(const JumpRectangle& r) const {
  constexpr double sizes = 16;
  const double longest = r.lengths().maxCoeff();
  const Vector3d centre = frame_.direction(0.5 * pi * (r.u_0 + r.u_1), 0.5 * (r.v_0 + r.v_1));
  std::vector<JumpCusp> out;
  for (const JumpCusp& cusp : cusps_) {
    const double ahead = (centre - cusp.at).dot(cusp.ahead);
    if (ahead < 0 || (centre - cusp.at).norm() > sizes * longest) continue;
    const auto meets = [&](int across, double part) {
      const double low = r.low(1 - across), ds = r.high(across) - r.low(across);
      const std::optional<double> s =
          tangent(cusp, r, across, low + part * (r.high(1 - across) - low));
      return s && *s > r.low(across) - margin * ds && *s < r.high(across) + margin * ds;
    };
    bool near = false;
    for (const int across : {0, 1})
      for (const double part : {0.0, 0.5, 1.0}) near = near || meets(across, part);
    if (near) out.push_back(cusp);
  }
  return out;
}

std::optional<JumpChart> JumpRegionFinder::chart(const JumpRectangle& r,
                                                 const std::vector<JumpCusp>& cusps) const {
  for (const int across : {0, 1})
    for (const double reach : {0.4, 0.9, 1.6})
      if (std::optional<JumpChart> out = chart(r, cusps, across, reach)) return out;
  return {};
}

/// With s to `reach` of the rectangle beyond it, where no curve may end.
std::optional<JumpChart> JumpRegionFinder::chart(const JumpRectangle& r,
                                                 const std::vector<JumpCusp>& cusps, int across,
                                                 double reach) const {
  const double ds = r.high(across) - r.low(across), t_0 = r.low(1 - across),
               t_1 = r.high(1 - across);
  JumpChart out{across, t_0, t_1, r.low(across) - reach * ds, r.high(across) + reach * ds, {}};
  const double beyond = 0.5 * margin * ds, before = 0.25 * margin * (t_1 - t_0);
  const JumpRectangle strip =
      across == 0 ? JumpRectangle{out.low - beyond, out.high + beyond, t_0 - before, t_1 + before}
                  : JumpRectangle{t_0 - before, t_1 + before, out.low - beyond, out.high + beyond};
  const std::optional<std::vector<Run>> found = runs(strip, across);
  if (!found) return {};
  std::vector<std::vector<double>> jumps;  // of each curve, at the places of the fit and its checks
  const auto follow = [&](const auto& curve) {
    std::vector<double> at;
    for (const double x : fit_places()) {
      const std::optional<double> s = curve(t_0 + 0.5 * (1 + x) * (t_1 - t_0));
      if (!s || *s < out.low + beyond || *s > out.high - beyond) return false;
      at.push_back(*s);
    }
    jumps.push_back(std::move(at));
    return true;
  };
  for (const Run& run : *found)
    if (!follow([&](double t) { return jump(run, strip, across, t); })) return {};
  for (const JumpCusp& cusp : cusps) follow([&](double t) { return tangent(cusp, r, across, t); });
  if (jumps.empty()) return {};
  std::sort(jumps.begin(), jumps.end());
  double error = 1e-16;  // in s
  for (const std::vector<double>& of_run : jumps) {
    const std::optional<double> own = add_curve(r, of_run, out);
    if (!own) return {};
    error = std::max(error, *own);
  }
  if (!are_apart(out, 1e4 * error)) return {};
  out.error = error / ds * r.lengths()[across];
  return out;
}

/// Of all curves through the strip, from end to end; nothing where one does not go so.
std::optional<std::vector<JumpRegionFinder::Run>> JumpRegionFinder::runs(const JumpRectangle& strip,
                                                                         int across) const {
  std::vector<Run> out;
  for (std::size_t curve = 0; curve < spans_.curves(); ++curve)
    for (const Run& run : runs_of(curve, strip, across)) {
      const std::vector<JumpSpan>& spans = spans_.of(curve);
      bool passes_by = true;
      for (std::size_t i = run.first; i <= run.last && passes_by; ++i)
        passes_by = !spans[i % spans.size()].meets(strip, across);
      if (passes_by) continue;
      if (!goes_through(run, strip, across)) return {};
      out.push_back(run);
    }
  return out;
}

/// The spans next to each other that meet the strip along t, whatever s.
std::vector<JumpRegionFinder::Run> JumpRegionFinder::runs_of(std::size_t curve,
                                                             const JumpRectangle& strip,
                                                             int across) const {
  const std::vector<JumpSpan>& spans = spans_.of(curve);
  const std::size_t n = spans.size();
  const auto is_in = [&](std::size_t i) { return spans[i % n].meets(strip, 1 - across); };
  std::size_t begin = 0;
  while (begin < n && is_in(begin)) ++begin;
  if (begin == n) return {{curve, 0, n - 1}};
  std::vector<Run> out;
  for (std::size_t i = begin; i < begin + n; ++i) {
    if (!is_in(i)) continue;
    if (out.empty() || out.back().last + 1 != i) out.push_back({curve, i, i});
    out.back().last = i;
  }
  return out;
}

bool JumpRegionFinder::goes_through(const Run& run, const JumpRectangle& strip, int across) const {
  const int along = 1 - across;
  const std::vector<JumpSpan>& spans = spans_.of(run.curve);
  const auto placed = [&](std::size_t i) { return spans[i % spans.size()].near(strip); };
  const JumpSpan first = placed(run.first), last = placed(run.last);
  const double rise = last.to[along] - first.from[along];
  const double low = std::min(first.from[along], last.to[along]);
  if (low > strip.low(along) || low + std::abs(rise) < strip.high(along)) return false;
  for (std::size_t i = run.first; i <= run.last; ++i) {
    const JumpSpan span = placed(i);
    if ((span.to[along] - span.from[along]) * rise <= 0) return false;
    if (i > run.first && std::abs(span.from[along] - placed(i - 1).to[along]) > 0.1) return false;
  }
  return true;
}

/// The plane of all m at t.
JumpRegionFinder::Plane JumpRegionFinder::plane_of(int across, double t) const {
  if (across == 1) return {frame_.axis(), std::cos(pi * t)};
  return {frame_.R.transpose() * Vector3d(-std::sin(2 * pi * t), std::cos(2 * pi * t), 0), 0};
}

/// Where the tangent of a cusp is at t.
std::optional<double> JumpRegionFinder::tangent(const JumpCusp& cusp, const JumpRectangle& r,
                                                int across, double t) const {
  const Plane plane = plane_of(across, t);
  const std::optional<Vector3d> m = cusp.on_plane(plane.q, plane.c);
  if (!m) return {};
  return spans_.place_of(*m, 0.5 * (r.v_0 + r.v_1))[across];
}

/// Where the run is at t.
std::optional<double> JumpRegionFinder::jump(const Run& run, const JumpRectangle& strip, int across,
                                             double t) const {
  const int along = 1 - across;
  const std::vector<JumpSpan>& spans = spans_.of(run.curve);
  const Plane plane = plane_of(across, t);
  for (std::size_t i = run.first; i <= run.last; ++i) {
    const JumpSpan span = spans[i % spans.size()].near(strip);
    if ((span.from[along] > t) == (span.to[along] > t)) continue;
    const std::optional<Vector3d> m = spans_.on_plane(run.curve, span, plane.q, plane.c);
    if (!m) return {};
    return spans_.place_of(*m, 0.5 * (strip.v_0 + strip.v_1))[across];
  }
  return {};
}

/// A polynomial through the jumps at the first places, if it is nowhere steep and meets those at
/// the other places: within what it returns.
std::optional<double> JumpRegionFinder::add_curve(const JumpRectangle& r,
                                                  const std::vector<double>& jumps,
                                                  JumpChart& chart) const {
  const Eigen::Map<const Eigen::Matrix<double, powers, 1>> values(jumps.data());
  const Eigen::Vector2d length = r.lengths();
  const double per_s =
      length[chart.across] / (r.high(chart.across) - r.low(chart.across));  // [rad]
  const double rise = (values.maxCoeff() - values.minCoeff()) * per_s;
  if (!(rise < steepest * length[1 - chart.across])) return {};
  const Eigen::Matrix<double, powers, 1> c = power_fit().from_values * values;
  chart.curves.emplace_back(c.begin(), c.end());
  double error = 0;
  for (std::size_t i = powers; i < jumps.size(); ++i)
    error = std::max(error, std::abs(power_sum(chart.curves.back(), fit_places()[i]) - jumps[i]));
  if (!(error * per_s < accuracy_)) return {};
  return error;
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
  const bool at_a_cusp = longest < largest && is_at_cusp(r);
  if (at_a_cusp && longest < closest_.to_cusps) return set(node, {JumpRegion::Kind::tiny, r, {}});
  if (longest < largest && !at_a_cusp) {
    spans_.refine(r.grown(looked_at), longest_span * longest);
    const std::vector<JumpCusp> cusps = cusps_behind(r);
    const bool smooth = is_smooth(r);
    std::optional<JumpChart> found;
    if (!smooth || !cusps.empty()) found = chart(r, cusps);
    if (found) return set(node, {JumpRegion::Kind::chart, r, *std::move(found)});
    if (smooth) return set(node, {JumpRegion::Kind::smooth, r, {}});
    if (longest < closest_.to_crossings) return set(node, {JumpRegion::Kind::tiny, r, {}});
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
  const auto next = std::size_t(out_.nodes[std::size_t(node)].next);
  if (next + 2 != out_.nodes.size()) return;
  for (const std::size_t half : {0, 1}) {
    const JumpRegions::Node& part = out_.nodes[next + half];
    if (part.along >= 0 || out_.regions[std::size_t(part.next)].kind != JumpRegion::Kind::smooth)
      return;
  }
  out_.nodes.resize(next);
  out_.regions.resize(out_.regions.size() - 2);
  set(node, {JumpRegion::Kind::smooth, r, {}});
}

void JumpChart::ends(double v, std::vector<double>& out) const {
  out.assign(1, low);
  for (const std::vector<double>& curve : curves) out.push_back(power_sum(curve, 2 * v - 1));
  out.push_back(high);
}

}  // namespace kubomag
