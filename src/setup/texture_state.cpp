#include "setup/texture_state.hpp"

#include <fmt/format.h>

#include <cmath>
#include <complex>

#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"

namespace kubomag {
namespace {

using Complex = std::complex<double>;

void require_above_0(double length, const char* name) {
  if (!(length > 0) || std::isinf(length))
    throw InputError(fmt::format("{} = {} m: a finite length above 0 is allowed", name, length));
}

void require_polarity(int polarity) {
  if (polarity != 1 && polarity != -1)
    throw InputError(fmt::format("polarity = {}: allowed are 1 and -1", polarity));
}

void require_skyrmion(const Skyrmion& skyrmion) {
  require_above_0(skyrmion.radius, "radius");
  require_above_0(skyrmion.width, "width");
  require_polarity(skyrmion.polarity);
  if (skyrmion.charge == 0)
    throw InputError("charge = 0: a whole number other than 0 is allowed (1 or -1 as a rule)");
}

double nearest_image(double distance, double period) {
  return distance - period * std::round(distance / period);
}

/// tan(theta/2) exp(i Phi) at the distance (x, y) from the core; infinite at the core itself.
Complex stereographic(const Skyrmion& s, double x, double y) {
  const double rho = std::hypot(x, y);
  // sinh(R/w) / sinh(rho/w) without the overflow of either
  const double ratio = std::exp((s.radius - rho) / s.width) * std::expm1(-2 * s.radius / s.width) /
                       std::expm1(-2 * rho / s.width);
  if (!std::isfinite(ratio)) return {INFINITY, 0};
  return std::polar(ratio, s.charge * s.polarity * std::atan2(y, x) + s.helicity);
}

/// The direction whose stereographic coordinate about the background is that of `below` plus
/// `added`.
Vec3<double> add(Vec3<double> below, Complex added, int polarity) {
  const Vec3<double> core{0, 0, static_cast<double>(polarity)};
  const double length = norm(below);
  const double lower = length - polarity * below.z;  // 0 where `below` is the core's direction
  if (!std::isfinite(added.real()) || lower <= 1e-15 * length) return core;
  const Complex u = Complex(below.x, below.y) / lower + added;
  const double square = std::norm(u);
  if (!std::isfinite(square)) return core;
  const double scale = 1 / (1 + square);
  return {2 * scale * u.real(), 2 * scale * u.imag(), polarity * scale * (square - 1)};
}

}  // namespace

StateLayer skyrmion_layer(const Grid& grid, const Skyrmion& skyrmion) {
  require_skyrmion(skyrmion);
  return [=](Vec3<double> below, double x, double y) {
    x -= skyrmion.position.x, y -= skyrmion.position.y;
    if (grid.periodic_x) x = nearest_image(x, grid.size_x());
    if (grid.periodic_y) y = nearest_image(y, grid.size_y());
    return add(below, stereographic(skyrmion, x, y), skyrmion.polarity);
  };
}

StateLayer skyrmion_lattice_layer(const SkyrmionLattice& lattice) {
  const Skyrmion& motif = lattice.motif;
  require_skyrmion(motif);
  require_above_0(lattice.period, "period");
  const double opening = lattice.hexagonal ? constants::pi / 3 : constants::pi / 2;
  const Complex a = std::polar(lattice.period, lattice.direction);
  const Complex b = std::polar(lattice.period, lattice.direction + opening);
  const double area = std::imag(std::conj(a) * b);
  // Beyond this reach a skyrmion tilts m by less than 1e-8.
  const double reach = motif.radius + 20 * motif.width;
  const int count = 1 + static_cast<int>(std::ceil(reach / (lattice.period * std::sin(opening))));
  return [=](Vec3<double> below, double x, double y) {
    const Complex r(x - motif.position.x, y - motif.position.y);
    const double ia = std::round(std::imag(std::conj(r) * b) / area);
    const double ib = std::round(std::imag(std::conj(a) * r) / area);
    Complex sum = 0;
    for (int i = -count; i <= count; ++i)
      for (int j = -count; j <= count; ++j) {
        const Complex d = r - (ia + i) * a - (ib + j) * b;
        if (std::abs(d) < reach) sum += stereographic(motif, d.real(), d.imag());
      }
    return add(below, sum, motif.polarity);
  };
}

StateFunction wall_state(const Walls& walls) {
  require_above_0(walls.width, "width");
  require_polarity(walls.polarity);
  if (walls.positions.empty()) throw InputError("no position of a wall; at least one is expected");
  const Complex along = std::polar(1.0, walls.direction);
  const Complex plane = std::polar(1.0, walls.direction + walls.helicity);
  return [=](std::size_t, double x, double y) -> Vec3<double> {
    const double s = x * along.real() + y * along.imag();
    double theta = 0;
    for (const double position : walls.positions)
      theta += 2 * std::atan(std::exp((s - position) / walls.width));
    return {std::sin(theta) * plane.real(), std::sin(theta) * plane.imag(),
            walls.polarity * std::cos(theta)};
  };
}

StateFunction helix_state(const Helix& helix) {
  require_above_0(helix.period, "period");
  const double q = 2 * constants::pi / helix.period;
  const Complex along = std::polar(1.0, helix.direction);
  const Complex plane = std::polar(1.0, helix.direction + helix.helicity);
  return [=](std::size_t, double x, double y) -> Vec3<double> {
    const double angle = q * (x * along.real() + y * along.imag()) + helix.phase;
    return {std::sin(angle) * plane.real(), std::sin(angle) * plane.imag(), std::cos(angle)};
  };
}

}  // namespace kubomag
