#include "khat/band_contour.hpp"

#include <fmt/format.h>

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>

#include "khat/axis_edge.hpp"
#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"

namespace kubomag {
namespace {

using Eigen::Matrix2d;
using Eigen::Vector2d;

constexpr double closest = 1e-11;          // to an edge, over the larger of energy and exchange
constexpr double closest_at_axis = 1e-25;  // 1e-12 rad beside an AxisEdge
constexpr double shallow = 1e-9;
constexpr double near_axis = 1e-3;  // [rad]
constexpr double rounding = 1e-15;  // of an energy

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
    const Vector2d whole = step;
    double next = side * bands.energy(k + step, band);
    while (!(next < energy) && step.norm() > 1e-12 * reach)
      step /= 4, next = side * bands.energy(k + step, band);
    if (!(next < energy)) {  // or the energies are those of rounding, and velocities tell better
      const BandPoint p = bands.at(k);
      const bool is_close =
          std::abs(slope.dot(whole)) < 10 * rounding * (std::abs(p.h0) + p.h.norm());
      const bool is_flatter = bands.state(k + whole, band).velocity.norm() < slope.norm();
      return is_close && is_flatter ? Vector2d(k + whole) : k;
    }
    k += step, energy = next;
    if (step.norm() < 1e-10 * reach) return k;
  }
  return k;
}

// Newton's way to a stationary point of the band; nothing where it leads far away.
std::optional<Vector2d> stationary(const Bands& bands, int band, const Vector2d& start,
                                   double reach) {
  constexpr double farthest = 8, closest_step = 1e-10;
  Vector2d k = start;
  for (int n = 0; n < 30; ++n) {
    const Vector2d slope = bands.state(k, band).velocity;
    Vector2d step = -curvature_at(bands, band, k, 1e-4 * reach).inverse() * slope;
    if (!step.allFinite()) return {};
    const double size = step.norm();
    if (size > reach) step *= reach / size;
    k += step;
    if ((k - start).norm() > farthest * reach) return {};
    if (size < closest_step * reach) return k;
  }
  return {};
}

}  // namespace

BandContours::BandContours(const BandModel& model, const BandGrid& grid, const Eigen::Vector3d& m)
    : model_(checked(model, m)),
      grid_(grid),
      m_(m),
      bands_(model, m, model.cutoff),
      energies_(grid.energies(model.Delta_sd * m)) {
  bands_ = Bands(model, m, varying_length());
  for (const int band : {-1, 1}) find_extrema(band);
  find_flat_nodes();
}

// The smallest |k| at which a band passes the Fermi energy on the grid: there the bands vary.
double BandContours::varying_length() const {
  double smallest = model_.cutoff;
  for (const std::vector<double>& energies : energies_)
    for (const auto& [a, b] : BandGrid::crossings(energies, model_.fermi_energy))
      smallest = std::min(smallest, grid_.nodes()[b].k.norm());
  return smallest;
}

void BandContours::find_extrema(int band) {
  const std::vector<double>& energies = energies_[band > 0];
  for (const int node : BandGrid::turning_points(energies)) {
    const std::vector<int>& around = grid_.around(node);
    const double here = energies[node], flat = 1e-13 * std::abs(here);
    for (const int side : {-1, 1}) {
      double most = -INFINITY;
      const bool least = std::all_of(around.begin(), around.end(), [&](int other) {
        const double rise = side * (energies[other] - here);
        most = std::max(most, rise);
        return rise >= -flat;
      });
      if (least && most > 0) extrema_.push_back({node, band, side, here, most, true, {}});
    }
  }
}

void BandContours::find_flat_nodes() {
  const std::array<std::vector<int>, 2> flattest = grid_.flattest(model_.Delta_sd * m_);
  for (const int band : {-1, 1})
    for (const int node : flattest[band > 0]) {
      double most = 0;
      for (const int other : grid_.around(node))
        most = std::max(most, std::abs(energy_at(other, band) - energy_at(node, band)));
      flat_nodes_.push_back({node, band, energy_at(node, band), most, false, {}});
    }
}

// The stationary point beside a node or, if that is a saddle, the one that it would annihilate
// along its flat direction.
std::optional<BandContours::Extremum> BandContours::extremum_beside(const FlatNode& flat) const {
  const double reach = spacing(grid_, flat.node);
  std::optional<Vector2d> k = stationary(bands_, flat.band, grid_.nodes()[flat.node].k, reach);
  if (!k) return {};
  const auto bend = [&](const Vector2d& at) {
    return curvature_at(bands_, flat.band, at, 1e-4 * reach);
  };
  if (bend(*k).determinant() < 0) {
    const Eigen::SelfAdjointEigenSolver<Matrix2d> axes(bend(*k));
    const int soft = std::abs(axes.eigenvalues()[0]) < std::abs(axes.eigenvalues()[1]) ? 0 : 1;
    const Vector2d along = axes.eigenvectors().col(soft);
    const double shift = 1e-2 * reach;
    const double slope =
        along.dot((bend(*k + shift * along) - bend(*k - shift * along)) * along) / (2 * shift);
    const double away = -2 * axes.eigenvalues()[soft] / slope;
    if (!(std::abs(away) < 4 * reach)) return {};
    k = stationary(bands_, flat.band, *k + away * along, reach);
    if (!k || bend(*k).determinant() < 0) return {};
  }
  const int side = bend(*k).trace() > 0 ? 1 : -1;
  return Extremum{flat.node, flat.band, side, flat.energy, flat.depth, false, k};
}

std::vector<const BandContours::Extremum*> BandContours::extrema_near(double low,
                                                                      double high) const {
  std::vector<const Extremum*> out;
  const auto is_near = [&](double energy, double depth) {
    return energy >= low - 2 * depth && energy <= high + 2 * depth;
  };
  for (const Extremum& x : extrema_)
    if (is_near(x.energy, x.depth)) out.push_back(&x);
  for (const FlatNode& flat : flat_nodes_) {
    if (!is_near(flat.energy, flat.depth)) continue;
    if (!flat.looked_at) flat.extremum = extremum_beside(flat), flat.looked_at = true;
    if (!flat.extremum) continue;
    const double close = 1e-3 * spacing(grid_, flat.node);
    const bool known = std::any_of(out.begin(), out.end(), [&](const Extremum* x) {
      return x->band == flat.band && (place_of(*x) - *flat.extremum->found).norm() < close;
    });
    if (!known) out.push_back(&*flat.extremum);
  }
  return out;
}

int BandContours::topology(double energy) const {
  int out = 0;
  for (const int band : {-1, 1})
    out = 1000 * out + BandGrid::euler_characteristic(energies_[band > 0], energy);
  return out;
}

std::pair<int, int> BandContours::pockets() const {
  std::pair<int, int> out;
  const double eps = model_.fermi_energy;
  const auto count = [&](const Extremum& x, double energy) {
    if (x.side * (energy - eps) < 0) ++(x.band > 0 ? out.second : out.first);
  };
  for (const Extremum& x : extrema_)
    if (std::abs(x.energy - eps) > 2 * x.depth) count(x, x.energy);
  for (const Extremum* x : extrema_near(eps, eps)) count(*x, bands_.energy(place_of(*x), x->band));
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

// What the grid sees of pockets that are not traced, to rounding of the energies.
std::vector<BandContours::Disk> BandContours::disks_of_shallow_pockets(double energy) const {
  const double deepest = shallow * scale_at(energy);
  std::vector<Disk> out;
  for (const Edge& edge : edges(energy - 2 * deepest, energy + 2 * deepest)) {
    const double bend =
        Eigen::SelfAdjointEigenSolver<Matrix2d>(curvature(edge), Eigen::EigenvaluesOnly)
            .eigenvalues()
            .cwiseAbs()
            .minCoeff();
    out.push_back({edge.band, edge.k, std::sqrt(2 * deepest / bend)});
  }
  return out;
}

void BandContours::grid_loops(double energy, int band, const std::vector<Disk>& left_out,
                              std::vector<BandLoop>& out) const {
  const auto is_left_out = [&](int node) {
    return std::any_of(left_out.begin(), left_out.end(), [&](const Disk& disk) {
      return disk.band == band && (grid_.nodes()[node].k - disk.centre).norm() < disk.radius;
    });
  };
  for (const auto& [a, b] : BandGrid::crossings(energies_[band > 0], energy)) {
    if (is_left_out(a) || is_left_out(b)) continue;
    const double Ea = energy_at(a, band) - energy, Eb = energy_at(b, band) - energy;
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
  const double energy = bands_.energy(k, x.band), eps = model_.fermi_energy;
  const double depth = x.side * (eps - energy);
  Edge out{x.band,
           x.side,
           energy,
           k,
           x.on_grid ? x.energy : HUGE_VAL,
           spacing(grid_, x.node),
           depth,
           false,
           std::abs(depth) < shallow * scale_at(eps)};
  if (!out.is_shallow) return out;
  const AxisEdge* same = nullptr;
  for (const AxisEdge& edge : grid_.axis_edges()) {
    const double angle = (edge.axis - m_).norm();
    // Where an expansion to second order in the angle is better than a difference of energies.
    if (edge.band == x.band && edge.side == x.side && angle < near_axis &&
        angle * std::abs(out.depth) < rounding * scale_at(eps) &&
        (!same || (edge.k - k).norm() < (same->k - k).norm()))
      same = &edge;
  }
  out.of_axis = same != nullptr;
  if (same) out.depth = same->depth(m_);
  return out;
}

std::vector<BandContours::Edge> BandContours::edges(double low, double high) const {
  std::vector<Edge> out;
  for (const Extremum* x : extrema_near(low, high)) {
    const Edge edge = edge_of(*x);
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

std::vector<BandContours::Edge> BandContours::edges_at(double energy) const {
  const double distance = closest * scale_at(energy);
  return edges(energy - distance, energy + distance);
}

Matrix2d BandContours::curvature(const Edge& edge) const {
  // By a step that is short on the scale of the band, whatever that of the grid is.
  const double rough = curvature_at(bands_, edge.band, edge.k, 1e-4 * edge.reach).norm();
  const double length = std::sqrt(scale_at(model_.fermi_energy) / rough);
  const auto by = [&](double step) { return curvature_at(bands_, edge.band, edge.k, step); };
  return (4 * by(1e-4 * length) - by(2e-4 * length)) / 3;  // to the fourth order
}

std::vector<FermiState> BandContours::shallow_pockets() const {
  const double eps = model_.fermi_energy, distance = 2 * shallow * scale_at(eps);
  std::vector<FermiState> out;
  for (const Edge& edge : edges(eps - distance, eps + distance)) {
    if (!edge.is_shallow || edge.depth < 0) continue;
    const Bands::State s = bands_.state(edge.k, edge.band);
    const double density = 1 / (2 * constants::pi * std::sqrt(curvature(edge).determinant()));
    out.push_back({s.spin, Vector2d::Zero(), density, edge.k, s.B});
  }
  return out;
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
  // A node within the pocket shows it.
  if (x.on_grid && x.side * (x.energy - energy) < -1e-6 * scale_at(energy)) return;
  const Edge edge = edge_of(x);
  const double depth = edge.depth + x.side * (energy - model_.fermi_energy);
  if (std::abs(depth) < (edge.of_axis ? closest_at_axis : closest) * scale_at(energy))
    throw InputError(fmt::format(
        "fermi_energy is at the edge {:.9g} meV of a band, where the response jumps (must be 1e-11 "
        "of it away)",
        energy / constants::e_abs * 1e3));
  if (depth < shallow * scale_at(energy)) return;
  for (int ray = 0; ray < 4; ++ray)
    if (const auto seed = pocket_seed(edge, energy, ray)) add_loop(energy, x.band, *seed, out);
}

std::vector<BandLoop> BandContours::loops(double energy) const {
  std::vector<BandLoop> out;
  const std::vector<Disk> left_out = disks_of_shallow_pockets(energy);
  for (int band : {-1, 1}) grid_loops(energy, band, left_out, out);
  for (const Extremum* x : extrema_near(energy, energy)) pocket_loops(energy, *x, out);
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
