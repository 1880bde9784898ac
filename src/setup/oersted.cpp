#include "setup/oersted.hpp"

#include <cmath>

#include "kubomag/constants.hpp"

namespace kubomag {
namespace {

/// The double integral of a/(a^2 + b^2), up to functions of a or b alone.
double corner(double a, double b) {
  const double square = a * a + b * b;
  if (square == 0) return 0;
  return 0.5 * b * std::log(square) + (a == 0 ? 0 : a * std::atan(b / a));
}

/// The integral of a/(a^2 + b^2) over the rectangle of these widths about (a, b).
double rectangle(double a, double b, double width_a, double width_b) {
  const double a1 = a - 0.5 * width_a, a2 = a + 0.5 * width_a;
  const double b1 = b - 0.5 * width_b, b2 = b + 0.5 * width_b;
  return corner(a2, b2) - corner(a1, b2) - corner(a2, b1) + corner(a1, b1);
}

}  // namespace

Vec3<double> oersted_field(const StripCurrent& strip, double x, double y) {
  const double cos = std::cos(strip.direction), sin = std::sin(strip.direction);
  const double u = y * cos - x * sin - strip.offset, z = strip.distance;
  const double density = strip.current / (strip.width * strip.thickness);
  const double scale = constants::mu_0 * density / (2 * constants::pi);
  const double B_u = -scale * rectangle(z, u, strip.thickness, strip.width);
  return {-sin * B_u, cos * B_u, scale * rectangle(u, z, strip.width, strip.thickness)};
}

}  // namespace kubomag
