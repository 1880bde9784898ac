#include <fmt/format.h>

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <span>

#include "khat/band_contour.hpp"
#include "khat/gauss.hpp"
#include "khat/plane_integral.hpp"
#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"

namespace kubomag {
namespace {

using namespace constants;
using Eigen::Vector2d;
using Eigen::Vector4d;

// Components of the density of states at one energy, -Im g0/pi, to ten digits: each doubling of the
// nodes squares the error of the trapezoid rule.
Vector4d density(const Bands& bands, const std::vector<BandLoop>& loops, double energy) {
  std::vector<LoopSamples> samples;
  samples.reserve(loops.size());
  for (const BandLoop& loop : loops) samples.emplace_back(bands, loop, energy);
  const auto sum = [&] {
    std::vector<FermiState> states;
    for (const LoopSamples& of_loop : samples) of_loop.append_to(states);
    return Im_g0_of(states);
  };
  Vector4d coarse = sum();
  for (int count = 64; count <= 16384; count *= 2) {
    for (LoopSamples& of_loop : samples) of_loop.refine();
    const Vector4d fine = sum();
    if (are_enough(samples) && (fine - coarse).norm() < 1e-6 * fine.norm()) return -fine / pi;
    coarse = fine;
  }
  throw InputError("the Fermi contour is too finely bent (no 10 digits with 16384 nodes)");
}

using Edges = std::vector<BandContours::Edge>;

constexpr double exact_enough = 2e-8;  // of the density of states
constexpr double reach_of_gauss = 5;   // widths: exp(-25) is nothing
constexpr double safety = 2;           // of what two sums differ by

BandLoop pocket(const BandContours& contours, const BandContours::Edge& edge, double energy,
                double cutoff) {
  const auto seed = contours.pocket_seed(edge, energy, 0);
  if (!seed) throw InputError(edge_too_close);
  return {contours.bands(), edge.band, energy, cutoff, *seed};
}

// The density of states of one pocket over y = side (E - edge), from 0 to `length`, as a Chebyshev
// series through its extrema: every refinement keeps the contours before. At y = 0 it is that of
// one state.
class PocketDensity {
 public:
  PocketDensity(const BandContours& contours, const BandContours::Edge& edge, double length,
                double cutoff)
      : contours_(contours), edge_(edge), length_(length), cutoff_(cutoff) {
    for (int j = 0; j < first_parts; ++j) values_.push_back(at(j, first_parts));
    const Eigen::Vector3d spin = contours.bands().state(edge.k, edge.band).spin;
    values_.emplace_back(Vector4d(1, spin.x(), spin.y(), spin.z()) / (4 * pi) /
                         std::sqrt(contours.curvature(edge).determinant()));
  }

  int parts() const { return int(values_.size()) - 1; }

  void refine() {
    std::vector<Vector4d> values;
    for (int j = 0; j < parts(); ++j) {
      values.push_back(values_[std::size_t(j)]);
      values.push_back(at(2 * j + 1, 2 * parts()));
    }
    values.push_back(values_.back());
    values_ = std::move(values);
  }

  std::vector<Vector4d> coefficients() const {
    std::vector<Vector4d> out;
    for (int m = 0; m <= parts(); ++m) {
      Vector4d sum = Vector4d::Zero();
      for (int j = 0; j <= parts(); ++j)
        sum += share(j) * std::cos(pi * m * j / parts()) * values_[std::size_t(j)];
      out.emplace_back(2.0 / parts() * share(m) * sum);
    }
    return out;
  }

 private:
  static constexpr int first_parts = 8;
  const BandContours& contours_;
  BandContours::Edge edge_;
  double length_, cutoff_;
  std::vector<Vector4d> values_;  // from y = length to 0

  double share(int j) const { return j == 0 || j == parts() ? 0.5 : 1; }

  Vector4d at(int j, int parts) const {
    const double y = 0.5 * length_ * (1 + std::cos(pi * j / parts));
    const double energy = edge_.energy + edge_.side * y;
    return density(contours_.bands(), {pocket(contours_, edge_, energy, cutoff_)}, energy);
  }
};

// Principal value of int e^{-(x/W)^2} rho/x over a pocket, x = eps - E = side (depth - y): less
// rho at eps the integrand is smooth, and of that it is an exponential integral.
Vector4d pocket_sum(std::span<const Vector4d> rho, const BandContours::Edge& edge, double W,
                    double length) {
  static const Rule rule = legendre_rule(48);
  const double depth = edge.depth, x0 = 2 * depth / length - 1;
  const bool beyond = depth < -0.3 * W;  // no singularity within reach
  const auto series = [&](double x, double T0, double T1, double fixed) {  // T, or (T - T(x0))/...
    Vector4d sum = T0 * rho[0];
    double S0 = 1, S1 = x0;
    for (std::size_t m = 1; m < rho.size(); ++m) {
      sum += T1 * rho[m];
      const double next = 2 * x * T1 - T0 + fixed * 2 * S1, S = 2 * x0 * S1 - S0;
      T0 = T1, T1 = next, S0 = S1, S1 = S;
    }
    return sum;
  };
  Vector4d sum = Vector4d::Zero();
  if (!beyond) sum = 0.5 * std::expint(-std::pow(depth / W, 2)) * series(x0, 1, x0, 0);
  for (int q = 0; q < rule.nodes.size(); ++q) {
    const double x = rule.nodes[q], from_eps = depth - 0.5 * length * (1 + x);
    const double weight = 0.5 * length * rule.weights[q] * std::exp(-std::pow(from_eps / W, 2));
    sum += beyond ? Vector4d(weight / from_eps * series(x, 1, x, 0))
                  : Vector4d(-2 * weight / length * series(x, 0, 1, 1));
  }
  return edge.side * sum;
}

// The singular part of one W: contours at eps - W t, all of which have the topology of those at eps
// but for pockets that begin or end in between.
class SingularPart {
 public:
  /// Throws InputError where a pocket cannot be told from the other contours.
  SingularPart(const BandContours& contours, const std::vector<BandLoop>& loops,
               const BandModel& model, double W)
      : contours_(contours), eps_(model.fermi_energy), W_(W), cutoff_(model.cutoff) {
    edges_ = contours.edges(eps_ - reach_of_gauss * W, eps_ + reach_of_gauss * W);
    constexpr std::size_t most_pockets = 4;
    if (edges_.size() > most_pockets) throw InputError(edge_too_close);
    topology_ = topology(eps_);
    for (const BandLoop& loop : loops)
      if (!is_pocket(loop, eps_)) rest_.push_back(loop);
  }

  /// Of the contours but the pockets; nothing where a saddle is among them or one of them cannot be
  /// resolved.
  std::optional<Vector4d> rest(const Rule& rule) const {
    Vector4d sum = Vector4d::Zero();
    const int last = int(rule.nodes.size()) - 1;
    for (int n = 0; n <= last; ++n) {
      const int node = n % 2 ? last - n / 2 : n / 2;  // the outermost first
      const double energy = eps_ - W_ * rule.nodes[node];
      if (n < 2 && topology(energy) != topology_ && !has_same_loops(energy)) return {};
      if (rest_.empty()) continue;
      const std::optional<Vector4d> states = density_at(energy);
      if (!states) return {};
      sum += rule.weights[node] / rule.nodes[node] * *states;
    }
    return sum;
  }

  /// Of the pockets, to `enough` each if 33 contours do that and can be traced.
  RealGreen pockets(double enough) const {
    RealGreen out{Vector4d::Zero(), 0};
    for (const BandContours::Edge& edge : edges_) {
      const double length = edge.depth + reach_of_gauss * W_;
      PocketDensity density(contours_, edge, length, cutoff_);
      RealGreen of_pocket = pocket_of(density, edge, length);
      constexpr int most_parts = 32;
      while (of_pocket.error > enough && density.parts() < most_parts) try {
          density.refine();
          of_pocket = pocket_of(density, edge, length);
        } catch (const InputError&) {
          break;
        }
      out.Re_g0 += of_pocket.Re_g0, out.error += of_pocket.error;
    }
    return out;
  }

 private:
  const BandContours& contours_;
  double eps_, W_, cutoff_;
  Edges edges_;
  std::vector<BandLoop> rest_;  // of the contours at eps
  int topology_ = 0;

  // Its error is what the last quarter of the series adds.
  RealGreen pocket_of(const PocketDensity& density, const BandContours::Edge& edge,
                      double length) const {
    const std::vector<Vector4d> rho = density.coefficients();
    const Vector4d value = pocket_sum(rho, edge, W_, length);
    const auto most = std::span(rho).first(rho.size() * 3 / 4);
    return {value, safety * (value - pocket_sum(most, edge, W_, length)).norm()};
  }

  // Of the contours without the pockets.
  int topology(double energy) const {
    int out = contours_.topology(energy);
    for (const BandContours::Edge& edge : edges_)
      if (energy > edge.on_grid) out -= BandContours::one_region(edge.band);
    return out;
  }

  bool is_pocket(const BandLoop& loop, double energy) const {
    return std::any_of(edges_.begin(), edges_.end(), [&](const BandContours::Edge& edge) {
      const bool open = edge.depth + edge.side * (energy - eps_) > 0;
      if (loop.band() != edge.band || !open || (energy == eps_ && edge.is_shallow)) return false;
      const auto seed = contours_.pocket_seed(edge, energy, 0);
      if (!seed) throw InputError(edge_too_close);
      const Vector2d v = contours_.bands().state(seed->k, edge.band).velocity;
      return loop.contains(seed->k, v, 0.01 * seed->step);
    });
  }

  // The contours at eps moved along their normals, or if these do not reach traced anew.
  std::optional<Vector4d> density_at(double energy) const {
    try {
      return density(contours_.bands(), rest_, energy);
    } catch (const InputError&) {
    }
    try {
      const std::vector<BandLoop> own = loops_at(energy);
      if (!is_like_rest(own)) return {};
      return density(contours_.bands(), own, energy);
    } catch (const InputError&) {
      return {};
    }
  }

  std::vector<BandLoop> loops_at(double energy) const {  // without the pockets
    std::vector<BandLoop> out;
    for (const BandLoop& loop : contours_.loops(energy))
      if (!is_pocket(loop, energy)) out.push_back(loop);
    return out;
  }

  bool is_like_rest(const std::vector<BandLoop>& own) const {
    int balance = 0;
    for (const BandLoop& loop : own) balance += BandContours::one_region(loop.band());
    for (const BandLoop& loop : rest_) balance -= BandContours::one_region(loop.band());
    return balance == 0;
  }

  // Where the grid is coarse it sees regions that there are not.
  bool has_same_loops(double energy) const {
    try {
      return is_like_rest(loops_at(energy));
    } catch (const InputError&) {
      return false;
    }
  }
};

// The nodes of Hermite's rule at which exp(-t^2) is something.
Rule within_reach(int count) {
  const Rule all = hermite_rule(count);
  const int most = int((all.nodes.array().abs() <= reach_of_gauss).count()),
            first = (count - most) / 2;
  return {all.nodes.segment(first, most), all.weights.segment(first, most)};
}

// By ten nodes, and if they are too few by 24 or 48. The error of the coarser of two rules is close
// to what they differ by, and the finer one's is smaller, but not by a power that could be relied
// on: of 8, 10 and 16 nodes the last two may differ more than the first two. Twice the difference
// bounds it.
std::optional<RealGreen> rest_of(const SingularPart& part, double enough) {
  static const std::pair<Rule, Rule> pairs[] = {{within_reach(10), within_reach(8)},
                                                {within_reach(24), within_reach(16)},
                                                {within_reach(48), within_reach(32)}};
  std::optional<RealGreen> out;
  for (const auto& [fine, coarse] : pairs) {
    const auto value = part.rest(fine), check = value ? part.rest(coarse) : value;
    if (!check) return out;
    const double error = safety * (*value - *check).norm();
    if (!out || error < out->error) out = RealGreen{*value, error};
    if (out->error < enough) return out;
  }
  return out;
}

std::optional<RealGreen> singular_part(const BandContours& contours,
                                       const std::vector<BandLoop>& loops, const BandModel& model,
                                       double W, double unit) {
  const double enough = 0.5 * exact_enough * unit;
  try {
    const SingularPart part(contours, loops, model, W);
    std::optional<RealGreen> out = rest_of(part, enough);
    if (!out) return {};
    const RealGreen pockets = part.pockets(enough);
    return RealGreen{out->Re_g0 + pockets.Re_g0, out->error + pockets.error};
  } catch (const InputError&) {
    return {};
  }
}

}  // namespace

RealGreen real_green(const BandModel& model, const BandContours& contours,
                     const std::vector<BandLoop>& loops) {
  const double eps = model.fermi_energy, scale = std::max(std::abs(eps), std::abs(model.Delta_sd));
  double unit = density(contours.bands(), loops, eps).norm();
  for (const FermiState& pocket : contours.shallow_pockets()) unit += pocket.weight;
  std::optional<RealGreen> best;
  double best_W = 0;
  for (double W = 0.1 * scale; W > 1e-6 * scale; W *= 0.6) {
    const std::optional<RealGreen> part = singular_part(contours, loops, model, W, unit);
    if (!part) continue;
    if (!best || part->error < best->error) best = part, best_W = W;
    if (part->error < exact_enough * unit || W < 0.01 * best_W) break;
  }
  if (!best) throw InputError(edge_too_close);
  const RealGreen regular =
      regular_green(contours.bands(), contours.grid(), model, best_W, 2e-7 * unit);
  return {best->Re_g0 + regular.Re_g0, best->error + regular.error};
}

}  // namespace kubomag
