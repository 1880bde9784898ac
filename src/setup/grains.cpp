#include "setup/grains.hpp"

#include <Random123/philox.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"
#include "kubomag/vec3.hpp"

namespace kubomag {
namespace {

// Philox4x32-10 (Salmon et al., SC11) with seed and purpose as key and the grain as counter.
using Words = r123::Philox4x32::ctr_type;
enum class Purpose : std::uint32_t { count = 1, place = 2, parameter = 3 };

Words random_words(std::uint64_t seed, Purpose purpose, const GrainName& grain,
                   std::uint32_t more = 0) {
  const auto mixed =
      static_cast<std::uint32_t>(seed >> 32) ^ (static_cast<std::uint32_t>(purpose) << 24);
  return r123::Philox4x32()({{grain.tile_x, grain.tile_y, grain.number, more}},
                            {{static_cast<std::uint32_t>(seed), mixed}});
}

/// In (0, 1).
double uniform(std::uint32_t word) { return std::ldexp(word + 0.5, -32); }

/// The centres of one axis' tiles: about four grains to a tile; a whole number of tiles along a
/// periodic axis.
struct TileAxis {
  double size = 0;
  long period = 0;  // tiles, 0: not periodic

  TileAxis(double grain, double length, bool periodic) : size(2 * grain) {
    if (!periodic) return;
    period = std::max(1L, std::lround(length / size));
    size = length / static_cast<double>(period);
  }
  std::uint32_t name(long tile) const {
    const long wrapped = period > 0 ? ((tile % period) + period) % period : tile;
    return static_cast<std::uint32_t>(wrapped);
  }
  long tile(double x) const { return static_cast<long>(std::floor(x / size)); }
};

struct Centre {
  double x, y;
  GrainName grain;
};

class Plane {
 public:
  Plane(const Grid& grid, const Grains& grains)
      : grains_(grains),
        x_(grains.size, grid.size_x(), grid.periodic_x),
        y_(grains.size, grid.size_y(), grid.periodic_y) {}

  GrainName nearest(double x, double y) {
    const long tx = x_.tile(x), ty = y_.tile(y);
    const double tile = std::min(x_.size, y_.size);
    double best = INFINITY;
    GrainName grain;
    // Centres of the ring of tiles number `ring` are at least (ring - 1) tiles away.
    for (long ring = 0; best > std::max(0.0, (static_cast<double>(ring) - 1) * tile); ++ring)
      for (long i = -ring; i <= ring; ++i)
        for (long j = -ring; j <= ring; ++j) {
          if (std::max(std::abs(i), std::abs(j)) != ring) continue;
          for (const Centre& centre : centres(tx + i, ty + j)) {
            const double distance = std::hypot(centre.x - x, centre.y - y);
            if (distance < best) best = distance, grain = centre.grain;
          }
        }
    return grain;
  }

 private:
  const std::vector<Centre>& centres(long tx, long ty) {
    const auto [found, is_new] = known_.try_emplace({tx, ty});
    if (is_new) found->second = make_centres(tx, ty);
    return found->second;
  }

  std::vector<Centre> make_centres(long tx, long ty) const {
    GrainName grain{x_.name(tx), y_.name(ty), 0};
    // Poisson by inversion: the probabilities of 0, 1, 2, ... centres are summed up
    const double mean = x_.size * y_.size / (grains_.size * grains_.size);
    double left = uniform(random_words(grains_.seed, Purpose::count, grain)[0]);
    std::uint32_t count = 0;
    for (double p = std::exp(-mean); left > p && count < 100; p *= mean / ++count) left -= p;
    std::vector<Centre> all;
    for (; grain.number < count; ++grain.number) {
      const Words place = random_words(grains_.seed, Purpose::place, grain);
      all.push_back({(static_cast<double>(tx) + uniform(place[0])) * x_.size,
                     (static_cast<double>(ty) + uniform(place[1])) * y_.size, grain});
    }
    return all;
  }

  Grains grains_;
  TileAxis x_, y_;
  std::map<std::pair<long, long>, std::vector<Centre>> known_;
};

/// FNV-1a: the stream of a parameter is named by the parameter.
std::uint32_t hash(const std::string& name) {
  std::uint32_t value = 2166136261U;
  for (const char c : name) value = (value ^ static_cast<unsigned char>(c)) * 16777619U;
  return value;
}

}  // namespace

std::vector<GrainName> grain_of_cells(const Grid& grid, const Grains& grains) {
  if (!(grains.size > 0) || std::isinf(grains.size))
    throw InputError(
        fmt::format("size = {} m of the grains: a finite length above 0 is allowed", grains.size));
  Plane plane(grid, grains);
  std::vector<GrainName> names;
  names.reserve(grid.cells());
  for (int iy = 0; iy < grid.ny; ++iy)
    for (int ix = 0; ix < grid.nx; ++ix) names.push_back(plane.nearest(grid.x(ix), grid.y(iy)));
  return names;
}

double grain_factor(const GrainName& grain, const Grains& grains, const std::string& name,
                    double spread) {
  for (std::uint32_t attempt = 0;; ++attempt) {
    const Words words = random_words(grains.seed, Purpose::parameter, grain, hash(name) + attempt);
    const double radius = std::sqrt(-2 * std::log(uniform(words[0])));  // Box and Muller (1958)
    const double g = radius * std::cos(2 * constants::pi * uniform(words[1]));
    if (std::abs(g) <= 3) return 1 + spread * g;
  }
}

}  // namespace kubomag
