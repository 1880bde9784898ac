#include "khat/band_grid.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "khat/axis_edge.hpp"
#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"

namespace kubomag {
namespace {

constexpr int rings = 160, spokes = 48;
constexpr double innermost = 1e-6;  // over the cutoff

int index_of(int ring, int spoke) { return 1 + ring * spokes + (spoke + spokes) % spokes; }

}  // namespace

BandGrid::BandGrid(const BandModel& model) : model_(model) {
  set_axis_edges({});
  const auto add = [&](const Eigen::Vector2d& k) {
    const BandPoint p = model.point(k.x(), k.y());
    if (!std::isfinite(p.h0) || !p.h.allFinite())
      throw InputError(fmt::format(
          "the bands are not finite at kx = {:g}, ky = {:g} 1/m (must be, up to the cutoff)", k.x(),
          k.y()));
    nodes_.push_back({k, p});
  };
  add(Eigen::Vector2d::Zero());
  for (int ring = 0; ring < rings; ++ring)
    for (int spoke = 0; spoke < spokes; ++spoke) {
      const double r = model.cutoff * std::pow(innermost, 1 - double(ring) / (rings - 1));
      // Half a step off the axes, where symmetric bands have ties.
      const double phi = 2 * constants::pi * (spoke + 0.37) / spokes;
      add(r * Eigen::Vector2d(std::cos(phi), std::sin(phi)));
    }
  for (const Node& node : nodes_) {
    columns_.h0.push_back(node.point.h0);
    columns_.hx.push_back(node.point.h.x());
    columns_.hy.push_back(node.point.h.y());
    columns_.hz.push_back(node.point.h.z());
  }
  find_slopes();
  connect();
  scale_ = 0.1 * model.cutoff;
  double largest = 0;
  for (const Node& node : nodes_)
    for (const int band : {-1, 1}) {
      const double energy = Bands::energy_of(node.point, band);
      if (std::abs(energy - model.fermi_energy) <= std::abs(model.Delta_sd))
        largest = std::max(largest, node.k.norm());
    }
  if (largest > 0) scale_ = largest;
}

std::shared_ptr<const BandGrid::Circle> BandGrid::circle(int count, double first) const {
  const std::lock_guard lock(rings_->mutex);
  std::shared_ptr<const Circle>& known = rings_->circles[first == 0 ? -count : count];
  if (known) return known;
  auto made = std::make_shared<Circle>();
  for (int j = 0; j < count; ++j) {
    const double phi = 2 * constants::pi * (j + first) / count;
    made->x.push_back(std::cos(phi)), made->y.push_back(std::sin(phi));
  }
  known = std::move(made);
  return known;
}

std::shared_ptr<const BandColumns> BandGrid::ring(double r, int count, double first) const {
  constexpr std::size_t most = 2'000'000;  // points that are kept
  const Key key{r, first == 0 ? -count : count};
  {
    const std::lock_guard lock(rings_->mutex);
    const auto found = rings_->known.find(key);
    if (found != rings_->known.end()) return found->second;
  }
  Circle at = *circle(count, first);
  for (double& x : at.x) x *= r;
  for (double& y : at.y) y *= r;
  auto points = std::make_shared<const BandColumns>(band_columns(model_, at.x, at.y));
  const std::lock_guard lock(rings_->mutex);
  const std::size_t size = points->h0.size();
  if (rings_->points + size <= most && rings_->known.try_emplace(key, points).second)
    rings_->points += size;
  return points;
}

void BandGrid::set_axis_edges(std::vector<AxisEdge> edges) {
  axis_edges_ = std::make_shared<const std::vector<AxisEdge>>(std::move(edges));
}

std::array<std::vector<double>, 2> BandGrid::energies(const Eigen::Vector3d& exchange) const {
  const std::size_t n = nodes_.size();
  const double *h0 = columns_.h0.data(), *hx = columns_.hx.data(), *hy = columns_.hy.data(),
               *hz = columns_.hz.data();
  std::array<std::vector<double>, 2> out{std::vector<double>(n), std::vector<double>(n)};
  double *lower = out[0].data(), *upper = out[1].data();
  for (std::size_t i = 0; i < n; ++i) {
    const double x = hx[i] - exchange.x(), y = hy[i] - exchange.y(), z = hz[i] - exchange.z();
    const double size = std::sqrt(x * x + y * y + z * z);
    lower[i] = h0[i] - size;
    upper[i] = h0[i] + size;
  }
  return out;
}

void BandGrid::find_slopes() {
  const double smallest = innermost * model_.cutoff;
  for (const Node& node : nodes_) {
    const double length = std::max(node.k.norm(), smallest);
    const BandGradient g = Bands(model_, Eigen::Vector3d::Zero(), length).gradient(node.k);
    for (const int axis : {0, 1}) {
      BandColumns& own = slopes_[std::size_t(axis)];
      own.h0.push_back(g.h0[axis]);
      own.hx.push_back(g.h(0, axis)), own.hy.push_back(g.h(1, axis)),
          own.hz.push_back(g.h(2, axis));
    }
  }
}

std::array<std::vector<int>, 2> BandGrid::flattest(const Eigen::Vector3d& exchange) const {
  const std::size_t n = nodes_.size();
  const double *hx = columns_.hx.data(), *hy = columns_.hy.data(), *hz = columns_.hz.data();
  std::array<std::vector<double>, 2> steepness{std::vector<double>(n), std::vector<double>(n)};
  double *lower = steepness[0].data(), *upper = steepness[1].data();  // |dE/dk|^2
  const double exchange_x = exchange.x(), exchange_y = exchange.y(), exchange_z = exchange.z();
  for (const BandColumns& slope : slopes_) {
    const double *d0 = slope.h0.data(), *dx = slope.hx.data(), *dy = slope.hy.data(),
                 *dz = slope.hz.data();
#pragma GCC ivdep
    for (std::size_t i = 0; i < n; ++i) {
      const double x = hx[i] - exchange_x, y = hy[i] - exchange_y, z = hz[i] - exchange_z;
      const double size = std::sqrt(x * x + y * y + z * z + 1e-300);
      const double spin_part = (x * dx[i] + y * dy[i] + z * dz[i]) / size;
      lower[i] += (d0[i] - spin_part) * (d0[i] - spin_part);
      upper[i] += (d0[i] + spin_part) * (d0[i] + spin_part);
    }
  }
  return {least_of(steepness[0]), least_of(steepness[1])};
}

/// Nodes, neither innermost nor on the cutoff, of no more than those around them.
std::vector<int> BandGrid::least_of(const std::vector<double>& values) const {
  std::vector<unsigned char> on_ray(values.size());
  const int first = index_of(1, 0), last = index_of(rings - 1, 0);
  const double* value = values.data();
  unsigned char* least = on_ray.data();
#pragma GCC ivdep
  for (int node = first; node < last; ++node)
    least[node] = (value[node] <= value[node - spokes]) & (value[node] <= value[node + spokes]);
  std::vector<int> out;
  for (int node = first; node < last; ++node) {
    if (!on_ray[node]) continue;
    const std::vector<int>& around = around_[node];
    if (std::all_of(around.begin(), around.end(),
                    [&](int other) { return values[node] <= values[other]; }))
      out.push_back(node);
  }
  return out;
}

std::vector<std::pair<int, int>> BandGrid::crossings(const std::vector<double>& energies,
                                                     double energy) {
  std::vector<unsigned char> above(energies.size());
  for (std::size_t i = 0; i < energies.size(); ++i) above[i] = energies[i] > energy;
  std::vector<std::pair<int, int>> out;
  const auto add = [&](int a, int b) {
    if (above[a] != above[b]) out.emplace_back(a, b);
  };
  for (int spoke = 0; spoke < spokes; ++spoke) add(0, index_of(0, spoke));
  for (int ring = 0; ring < rings; ++ring) {
    const unsigned char* own = &above[index_of(ring, 0)];
    const bool is_last = ring + 1 == rings;
    // Most rings are on one side, and so is the next one.
    if (std::equal(own, own + spokes - 1, own + 1) &&
        (is_last || std::equal(own, own + spokes, own + spokes)))
      continue;
    for (int spoke = 0; spoke < spokes; ++spoke) {
      add(index_of(ring, spoke), index_of(ring, spoke + 1));
      if (!is_last) add(index_of(ring, spoke), index_of(ring + 1, spoke));
    }
  }
  return out;
}

std::vector<int> BandGrid::turning_points(const std::vector<double>& energies) {
  constexpr double rounding = 1e-12;
  std::vector<int> out(std::size_t(index_of(1, 0)));
  std::iota(out.begin(), out.end(), 0);
  for (int node = index_of(1, 0); node < index_of(rings - 1, 0); ++node) {
    const double here = energies[node], least = rounding * std::abs(here);
    const double inwards = here - energies[node - spokes],
                 outwards = energies[node + spokes] - here;
    const bool rises = inwards > least && outwards > least;
    const bool falls = inwards < -least && outwards < -least;
    if (!rises && !falls) out.push_back(node);
  }
  return out;
}

int BandGrid::euler_characteristic(const std::vector<double>& energies, double energy) {
  std::vector<unsigned char> below(energies.size());
  for (std::size_t i = 0; i < energies.size(); ++i) below[i] = energies[i] < energy;
  int out = below[0];
  for (int spoke = 0; spoke < spokes; ++spoke) {
    const int here = index_of(0, spoke), next = index_of(0, spoke + 1);
    out += (below[0] & below[here] & below[next]) - (below[0] & below[here]);
  }
  for (int ring = 0; ring < rings; ++ring)
    for (int spoke = 0; spoke < spokes; ++spoke) {
      const int a = index_of(ring, spoke), b = index_of(ring, spoke + 1);
      out += below[a] - (below[a] & below[b]);
      if (ring + 1 == rings) continue;
      const int c = index_of(ring + 1, spoke), d = index_of(ring + 1, spoke + 1);
      out += (below[a] & below[b] & below[c] & below[d]) - (below[a] & below[c]);
    }
  return out;
}

void BandGrid::connect() {
  around_.resize(nodes_.size());
  for (int spoke = 0; spoke < spokes; ++spoke) around_[0].push_back(index_of(0, spoke));
  for (int ring = 0; ring + 1 < rings; ++ring)
    for (int spoke = 0; spoke < spokes; ++spoke) {
      std::vector<int>& around = around_[index_of(ring, spoke)];
      for (int side = -1; side <= 1; ++side) {
        around.push_back(index_of(ring + 1, spoke + side));
        if (side != 0) around.push_back(index_of(ring, spoke + side));
        if (ring > 0) around.push_back(index_of(ring - 1, spoke + side));
      }
      if (ring == 0) around.push_back(0);
    }
}

}  // namespace kubomag
