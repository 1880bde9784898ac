#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "khat/band_contour.hpp"
#include "khat/gauss.hpp"
#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"

namespace kubomag {
namespace {

using namespace constants;
using Eigen::Vector2d;
using Eigen::Vector4d;

constexpr const char* edge_too_close =
    "fermi_energy is too close to a band edge for the real part of g0 (must be further away)";

const Rule& legendre() {
  static const Rule rule = legendre_rule(10);
  return rule;
}

// F(H) for F(E) = (1 - exp(-(x/W)^2))/x, x = eps - E: an entire function of the matrix.
Vector4d regular_part(const BandPoint& p, double eps, double W) {
  const auto F = [&](double E) {
    const double y = (eps - E) / W;
    return std::abs(y) < 1e-150 ? 0 : -std::expm1(-y * y) / (y * W);
  };
  const double size = p.h.norm(), half = std::max(size, 1e-4 * W);  // a difference near a crossing
  const double up = F(p.h0 + half), down = F(p.h0 - half);
  Vector4d out;
  out << 0.5 * (up + down), 0.5 * (up - down) / half * p.h;
  return out;
}

// k = scale sinh(t) (cos phi, sin phi): the trapezoid rule in phi, doubled until it stands, within
// an adaptive rule in t.
class PlaneIntegral {
 public:
  PlaneIntegral(const Bands& bands, const BandGrid& grid, double eps, double W, double tolerance)
      : bands_(bands), grid_(grid), eps_(eps), W_(W), scale_(grid.scale()), tolerance_(tolerance) {}

  RealGreen up_to(double cutoff) {
    const int parts = 8;
    const double dt = std::asinh(cutoff / scale_) / parts;
    RealGreen out{Vector4d::Zero(), 0};
    for (int i = 0; i < parts; ++i) refine(i * dt, dt, panel(i * dt, dt), 0, out);
    return out;
  }

 private:
  const Bands& bands_;
  const BandGrid& grid_;
  double eps_, W_, scale_, tolerance_;
  long points_ = 0;

  // Around the ring, d phi included.
  Vector4d ring(double t) {
    const double r = scale_ * std::sinh(t), jacobian = scale_ * std::cosh(t) * r / (4 * pi * pi);
    const auto sum = [&](int count, double first) {
      Vector4d out = Vector4d::Zero();
      if ((points_ += count) > 10'000'000) throw InputError(edge_too_close);
      const auto points = grid_.ring(r, count, first);
      for (const BandPoint& p : *points) out += regular_part(bands_.with_exchange(p), eps_, W_);
      return Vector4d(out * (2 * pi / count * jacobian));
    };
    Vector4d coarse = sum(16, 0);
    for (int count = 16; count <= 1 << 16; count *= 2) {
      const Vector4d fine = 0.5 * (coarse + sum(count, 0.5));
      if ((fine - coarse).norm() < tolerance_) return fine;
      coarse = fine;
    }
    return coarse;
  }

  Vector4d panel(double t, double dt) {
    Vector4d out = Vector4d::Zero();
    const Rule& gauss = legendre();
    for (int i = 0; i < gauss.nodes.size(); ++i)
      out += 0.5 * dt * gauss.weights[i] * ring(t + 0.5 * dt * (1 + gauss.nodes[i]));
    return out;
  }

  void refine(double t, double dt, const Vector4d& value, int depth, RealGreen& out) {
    const Vector4d left = panel(t, dt / 2), right = panel(t + dt / 2, dt / 2);
    const double change = (left + right - value).norm();
    if (change < tolerance_ || depth == 20) {
      out.Re_g0 += left + right;
      out.error += change;
      return;
    }
    refine(t, dt / 2, left, depth + 1, out);
    refine(t + dt / 2, dt / 2, right, depth + 1, out);
  }
};

// Components of the density of states at one energy, -Im g0/pi, to ten digits.
Vector4d density(const Bands& bands, const std::vector<BandLoop>& loops, double energy) {
  std::vector<LoopSamples> samples;
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
    if ((fine - coarse).norm() < 1e-10 * fine.norm()) return -fine / pi;
    coarse = fine;
  }
  throw InputError("the Fermi contour is too finely bent (no 10 digits with 16384 nodes)");
}

// Sums over contours at eps - W t, all of which have the topology of those at eps.
class HermiteSum {
 public:
  HermiteSum(const BandContours& contours, const std::vector<BandLoop>& loops, double eps)
      : contours_(contours), loops_(loops), eps_(eps), topology_(contours.topology(eps)) {}

  /// Nothing where a band edge or a saddle is among the contours or one of them cannot be resolved.
  std::optional<Vector4d> with(const Rule& rule, double W) const {
    Vector4d sum = Vector4d::Zero();
    const int last = int(rule.nodes.size()) - 1;
    for (int n = 0; n <= last; ++n) {
      const int node = n % 2 ? last - n / 2 : n / 2;  // the outermost first
      const double energy = eps_ - W * rule.nodes[node];
      if (contours_.topology(energy) != topology_) return {};
      const std::optional<Vector4d> states = density_at(energy);
      if (!states) return {};
      sum += rule.weights[node] / rule.nodes[node] * *states;
    }
    return sum;
  }

 private:
  const BandContours& contours_;
  const std::vector<BandLoop>& loops_;
  double eps_;
  int topology_;

  // The contours at eps moved along their normals, or if these do not reach traced anew.
  std::optional<Vector4d> density_at(double energy) const {
    try {
      return density(contours_.bands(), loops_, energy);
    } catch (const InputError&) {
    }
    try {
      const std::vector<BandLoop> own = contours_.loops(energy);
      if (own.size() != loops_.size()) return {};
      return density(contours_.bands(), own, energy);
    } catch (const InputError&) {
      return {};
    }
  }
};

}  // namespace

RealGreen real_green(const BandModel& model, const BandContours& contours,
                     const std::vector<BandLoop>& loops) {
  static const Rule fine = hermite_rule(10), coarse = hermite_rule(6);
  const double eps = model.fermi_energy, scale = std::max(std::abs(eps), std::abs(model.Delta_sd));
  const HermiteSum sums(contours, loops, eps);
  const double unit = density(contours.bands(), loops, eps).norm();
  const double widest = fine.nodes[fine.nodes.size() - 1];
  std::optional<RealGreen> best;
  double best_W = 0;
  for (double W = 0.1 * scale; W > 1e-6 * scale; W *= 0.6) {
    if (contours.has_edge(eps - widest * W, eps + widest * W)) continue;
    const auto singular = sums.with(fine, W);
    const auto check = singular ? sums.with(coarse, W) : singular;
    if (!check) continue;
    const double error = (*singular - *check).norm();
    if (!best || error < best->error) best = RealGreen{*singular, error}, best_W = W;
    if (error < 1e-8 * unit || W < 0.01 * best_W) break;
  }
  if (!best) throw InputError(edge_too_close);
  const RealGreen regular =
      PlaneIntegral(contours.bands(), contours.grid(), eps, best_W, 1e-6 * unit)
          .up_to(model.cutoff);
  return {best->Re_g0 + regular.Re_g0, best->error + regular.error};
}

}  // namespace kubomag
