#include "khat/band_grid.hpp"

#include <fmt/format.h>

#include <cmath>

#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"

namespace kubomag {
namespace {

constexpr int rings = 160, spokes = 48;
constexpr double innermost = 1e-6;  // over the cutoff

int index_of(int ring, int spoke) { return 1 + ring * spokes + (spoke + spokes) % spokes; }

}  // namespace

BandGrid::BandGrid(const BandModel& model) {
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
  connect();
}

void BandGrid::connect() {
  around_.resize(nodes_.size());
  for (int spoke = 0; spoke < spokes; ++spoke) {
    edges_.emplace_back(0, index_of(0, spoke));
    around_[0].push_back(index_of(0, spoke));
  }
  for (int ring = 0; ring < rings; ++ring)
    for (int spoke = 0; spoke < spokes; ++spoke) {
      const int here = index_of(ring, spoke);
      edges_.emplace_back(here, index_of(ring, spoke + 1));
      if (ring + 1 == rings) continue;
      edges_.emplace_back(here, index_of(ring + 1, spoke));
      for (int side = -1; side <= 1; ++side) {
        around_[here].push_back(index_of(ring + 1, spoke + side));
        if (side != 0) around_[here].push_back(index_of(ring, spoke + side));
        if (ring > 0) around_[here].push_back(index_of(ring - 1, spoke + side));
      }
      if (ring == 0) around_[here].push_back(0);
    }
}

}  // namespace kubomag
