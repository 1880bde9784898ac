#include "khat/band_contour.hpp"

#include <fmt/format.h>

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>

#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"

namespace kubomag {
namespace {

using Eigen::Matrix2d;
using Eigen::Vector2d;

constexpr double closest = 1e-11;  // to an edge

const BandModel& checked(const BandModel& model, const Eigen::Vector3d& m) {
  check_bands(model);
  if (!(std::abs(m.norm() - 1) < 1e-9))
    throw InputError(fmt::format("|m| = {:g} (must be a unit vector)", m.norm()));
  return model;
}

double spacing(const BandGrid& grid, int node) {
  return (grid.nodes()[grid.around(node)[0]].k - grid.nodes()[node].k).norm();
}

// Curvature of a band by differences of its velocity over `step`.
Matrix2d curvature_at(const Bands& bands, int band, const Vector2d& k, double step) {
  Matrix2d out;
  for (int axis = 0; axis < 2; ++axis) {
    const Vector2d shift = step * Vector2d::Unit(axis);
    out.col(axis) =
        (bands.state(k + shift, band).velocity - bands.state(k - shift, band).velocity) /
        (2 * step);
  }
  return 0.5 * (out + out.transpose());
}

// Newton's way down side * E, along |curvature| where it has the wrong sign.
Vector2d polished(const Bands& bands, int band, int side, Vector2d k, double reach) {
  double energy = side * bands.energy(k, band);
  for (int n = 0; n < 60; ++n) {
    const Vector2d slope = side * bands.state(k, band).velocity;
    Eigen::SelfAdjointEigenSolver<Matrix2d> curvature(side *
                                                      curvature_at(bands, band, k, 1e-4 * reach));
    const Vector2d size = curvature.eigenvalues().cwiseAbs().cwiseMax(slope.norm() / reach);
    Vector2d step = -(curvature.eigenvectors() *
                      (curvature.eigenvectors().transpose() * slope).cwiseQuotient(size));
    double next = side * bands.energy(k + step, band);
    while (!(next < energy) && step.norm() > 1e-12 * reach)
      step /= 4, next = side * bands.energy(k + step, band);
    if (!(next < energy)) return k;
    k += step, energy = next;
    if (step.norm() < 1e-10 * reach) return k;
  }
  return k;
}

}  // namespace

BandContours::BandContours(const BandModel& model, const BandGrid& grid, const Eigen::Vector3d& m)
    : model_(checked(model, m)), grid_(grid), bands_(model, m, model.cutoff) {
  for (auto& of_band : energies_) of_band.reserve(grid.nodes().size());
  for (const BandGrid::Node& node : grid.nodes()) {
    const BandPoint p = bands_.with_exchange(node.point);
    const double size = p.h.norm();
    energies_[0].push_back(p.h0 - size);
    energies_[1].push_back(p.h0 + size);
  }
  bands_ = Bands(model, m, varying_length());
  for (const int band : {-1, 1}) find_extrema(band);
}

// The smallest |k| at which a band passes the Fermi energy on the grid: there the bands vary.
double BandContours::varying_length() const {
  double smallest = model_.cutoff;
  for (const std::vector<double>& energies : energies_)
    for (const auto& [a, b] : grid_.edges())
      if ((energies[a] > model_.fermi_energy) != (energies[b] > model_.fermi_energy))
        smallest = std::min(smallest, grid_.nodes()[b].k.norm());
  return smallest;
}

void BandContours::find_extrema(int band) {
  const std::vector<double>& energies = energies_[band > 0];
  for (int node = 0; node < int(grid_.nodes().size()); ++node) {
    const std::vector<int>& around = grid_.around(node);
    if (around.empty()) continue;
    const double here = energies[node], flat = 1e-13 * std::abs(here);
    for (const int side : {-1, 1}) {
      double most = -INFINITY;
      const bool least = std::all_of(around.begin(), around.end(), [&](int other) {
        const double rise = side * (energies[other] - here);
        most = std::max(most, rise);
        return rise >= -flat;
      });
      if (least && most > 0) extrema_.push_back({node, band, side, here, most, {}});
    }
  }
}

int BandContours::topology(double energy) const {
  int out = 0;
  for (const int band : {-1, 1})
    out = 1000 * out + grid_.euler_characteristic(energies_[band > 0], energy);
  return out;
}

std::pair<int, int> BandContours::pockets() const {
  std::pair<int, int> out;
  for (const Extremum& x : extrema_) {
    double energy = x.energy;
    if (std::abs(energy - model_.fermi_energy) <= 2 * x.depth)
      energy = bands_.energy(place_of(x), x.band);
    if (x.side * (energy - model_.fermi_energy) < 0) ++(x.band > 0 ? out.second : out.first);
  }
  return out;
}

void BandContours::add_loop(double energy, int band, const LoopSeed& seed,
                            std::vector<BandLoop>& out) const {
  // To the contour: down the gradient, or not at all where there is none.
  Vector2d k = seed.k;
  for (int n = 0; n < 8; ++n) {
    const Bands::State s = bands_.state(k, band);
    k += (energy - s.energy) / s.velocity.squaredNorm() * s.velocity;
  }
  if (!k.allFinite()) throw InputError("the Fermi contour has a point without velocity");
  const Vector2d v = bands_.state(k, band).velocity;
  for (const BandLoop& loop : out)
    if (loop.band() == band && loop.contains(k, v, 0.01 * seed.step)) return;
  out.emplace_back(bands_, band, energy, model_.cutoff, LoopSeed{k, seed.step});
}

void BandContours::grid_loops(double energy, int band, std::vector<BandLoop>& out) const {
  for (const auto& [a, b] : grid_.edges()) {
    const double Ea = energy_at(a, band) - energy, Eb = energy_at(b, band) - energy;
    if ((Ea > 0) == (Eb > 0)) continue;
    const Vector2d from = grid_.nodes()[a].k, edge = grid_.nodes()[b].k - from;
    double low = 0, high = 1;
    const Vector2d rough = from + Ea / (Ea - Eb) * edge, rise = Ea < 0 ? edge : Vector2d(-edge);
    const bool known = std::any_of(out.begin(), out.end(), [&](const BandLoop& loop) {
      return loop.band() == band && loop.contains(rough, rise, 0.3 * edge.norm());
    });
    if (known) continue;
    for (int n = 0; n < 12; ++n) {
      const double mid = 0.5 * (low + high);
      ((bands_.energy(from + mid * edge, band) > energy) == (Ea > 0) ? low : high) = mid;
    }
    add_loop(energy, band, {from + 0.5 * (low + high) * edge, 0.1 * edge.norm()}, out);
  }
}

const Vector2d& BandContours::place_of(const Extremum& x) const {
  if (!x.found)
    x.found = polished(bands_, x.band, x.side, grid_.nodes()[x.node].k, spacing(grid_, x.node));
  return *x.found;
}

BandContours::Edge BandContours::edge_of(const Extremum& x) const {
  const Vector2d& k = place_of(x);
  return {x.band, x.side, bands_.energy(k, x.band), k, x.energy, spacing(grid_, x.node)};
}

std::vector<BandContours::Edge> BandContours::edges(double low, double high) const {
  std::vector<Edge> out;
  for (const Extremum& x : extrema_) {
    if (x.energy < low - 2 * x.depth || x.energy > high + 2 * x.depth) continue;
    const Edge edge = edge_of(x);
    const bool known = std::any_of(out.begin(), out.end(), [&](const Edge& other) {
      return other.band == edge.band && (other.k - edge.k).norm() < 1e-3 * edge.reach;
    });
    if (edge.energy > low && edge.energy < high && !known) out.push_back(edge);
  }
  return out;
}

double BandContours::scale_at(double energy) const {
  return std::max(std::abs(energy), std::abs(model_.Delta_sd));
}

bool BandContours::at_edge(double energy) const {
  const double distance = closest * scale_at(energy);
  return !edges(energy - distance, energy + distance).empty();
}

std::optional<LoopSeed> BandContours::pocket_seed(const Edge& edge, double energy, int ray) const {
  Eigen::SelfAdjointEigenSolver<Matrix2d> axes(
      curvature_at(bands_, edge.band, edge.k, 1e-4 * edge.reach));
  const Vector2d direction = (ray < 2 ? 1 : -1) * axes.eigenvectors().col(ray % 2);
  const auto inside = [&](double r) {
    return edge.side * (bands_.energy(edge.k + r * direction, edge.band) - energy) < 0;
  };
  double low = 0, high = 1e-7 * edge.reach;
  while (inside(high) && high < model_.cutoff) low = high, high *= 1.3;
  if (inside(high)) return {};
  for (int n = 0; n < 20; ++n) (inside(0.5 * (low + high)) ? low : high) = 0.5 * (low + high);
  return LoopSeed{edge.k + high * direction, 0.05 * high};
}

void BandContours::pocket_loops(double energy, const Extremum& x,
                                std::vector<BandLoop>& out) const {
  const double away = x.side * (x.energy - energy);  // of the node, on the far side of the energy
  if (away < -1e-6 * scale_at(energy) || away > 2 * x.depth) return;
  const Edge edge = edge_of(x);
  const double depth = x.side * (energy - edge.energy);
  if (std::abs(depth) < closest * scale_at(energy))
    throw InputError(fmt::format(
        "fermi_energy is at the edge {:.9g} meV of a band, where the response jumps (must be 1e-11 "
        "of it away)",
        energy / constants::e_abs * 1e3));
  if (depth < 0) return;
  for (int ray = 0; ray < 4; ++ray)
    if (const auto seed = pocket_seed(edge, energy, ray)) add_loop(energy, x.band, *seed, out);
}

std::vector<BandLoop> BandContours::loops(double energy) const {
  std::vector<BandLoop> out;
  for (int band : {-1, 1}) grid_loops(energy, band, out);
  for (const Extremum& extremum : extrema_) pocket_loops(energy, extremum, out);
  return out;
}

std::vector<FermiState> BandContours::states(const std::vector<BandLoop>& loops, int count) const {
  std::vector<FermiState> out;
  for (const BandLoop& loop : loops) {
    LoopSamples samples(bands_, loop, loop.energy());
    while (samples.count() < count) samples.refine();
    samples.append_to(out);
  }
  return out;
}

}  // namespace kubomag
