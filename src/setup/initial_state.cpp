#include "setup/initial_state.hpp"

#include <Random123/philox.h>
#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "kubomag/error.hpp"

namespace kubomag {
namespace {

using Philox = r123::Philox4x32;  // ten rounds

// Two of the generator's 32-bit words give a number in (-1, 1), symmetric about 0.
double symmetric_uniform(std::uint32_t high, std::uint32_t low) {
  const std::uint64_t bits = (static_cast<std::uint64_t>(high) << 32 | low) >> 12;  // 52 bits
  return std::ldexp(static_cast<double>(bits) + 0.5, -51) - 1;
}

Philox::ctr_type philox(std::uint64_t seed, std::uint64_t cell, std::uint32_t attempt) {
  const auto low = [](std::uint64_t v) { return static_cast<std::uint32_t>(v); };
  const auto high = [](std::uint64_t v) { return static_cast<std::uint32_t>(v >> 32); };
  return Philox()({{low(cell), high(cell), attempt, 0}}, {{low(seed), high(seed)}});
}

void require_sign(int value, const char* name) {
  if (value != 1 && value != -1)
    throw InputError(fmt::format("{} = {} of the vortex: allowed are 1 and -1", name, value));
}

}  // namespace

std::vector<double> make_initial_state(const Grid& grid, const ScalarMap& Msat,
                                       const StateFunction& state) {
  const std::size_t cells = grid.cells();
  std::vector<double> m(3 * cells, 0);
  for (int iy = 0; iy < grid.ny; ++iy)
    for (int ix = 0; ix < grid.nx; ++ix) {
      const std::size_t cell = grid.index(ix, iy);
      if (Msat(cell) == 0) continue;
      const Vec3<double> direction = state(cell, grid.x(ix), grid.y(iy));
      const double length = std::hypot(direction.x, direction.y, direction.z);
      if (!(length > 0) || !std::isfinite(length))
        throw InputError(fmt::format(
            "the initial m at x = {} m, y = {} m is ({}, {}, {}): it must have a direction",
            grid.x(ix), grid.y(iy), direction.x, direction.y, direction.z));
      m[cell] = direction.x / length;
      m[cells + cell] = direction.y / length;
      m[2 * cells + cell] = direction.z / length;
    }
  return m;
}

StateFunction uniform_state(Vec3<double> direction) {
  return [direction](std::size_t, double, double) { return direction; };
}

StateFunction random_state(std::uint64_t seed) {
  return [seed](std::size_t cell, double, double) -> Vec3<double> {
    for (std::uint32_t attempt = 0;; ++attempt) {
      const auto words = philox(seed, cell, attempt);
      const double u = symmetric_uniform(words[0], words[1]);
      const double v = symmetric_uniform(words[2], words[3]);
      const double s = u * u + v * v;
      if (s >= 1) continue;
      const double in_plane = 2 * std::sqrt(1 - s);
      return {in_plane * u, in_plane * v, 1 - 2 * s};
    }
  };
}

StateFunction vortex_state(const Grid& grid, int circulation, int polarity) {
  require_sign(circulation, "circulation");
  require_sign(polarity, "polarity");
  const double core = 2 * grid.dx * grid.dx;
  return [=](std::size_t, double x, double y) -> Vec3<double> {
    const double r = std::hypot(x, y);
    if (r == 0) return {0, 0, static_cast<double>(polarity)};
    return {-circulation * y / r, circulation * x / r, 1.5 * polarity * std::exp(-r * r / core)};
  };
}

StateFunction two_domain_state(const Grid& grid, Vec3<double> left, Vec3<double> wall,
                               Vec3<double> right) {
  const double width = 2 * grid.dx;
  return [=](std::size_t, double x, double) {
    const double g = std::exp(-(x / width) * (x / width));
    return (1 - g) * (x < 0 ? left : right) + g * wall;
  };
}

StateFunction formula_state(PlaneFunction mx, PlaneFunction my, PlaneFunction mz) {
  return [mx = std::move(mx), my = std::move(my), mz = std::move(mz)](std::size_t, double x,
                                                                      double y) -> Vec3<double> {
    return {mx(x, y), my(x, y), mz(x, y)};
  };
}

}  // namespace kubomag
