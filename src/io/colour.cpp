#include "io/colour.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "kubomag/constants.hpp"

namespace kubomag::io {
namespace {

std::uint8_t byte(double value) {
  return static_cast<std::uint8_t>(std::lround(255 * std::clamp(value, 0.0, 1.0)));
}

/// Linear sRGB of an OKLab colour (Ottosson's matrices), components possibly outside [0, 1].
std::array<double, 3> linear_srgb(double L, double a, double b) {
  const auto cube = [](double x) { return x * x * x; };
  const double l = cube(L + 0.3963377774 * a + 0.2158037573 * b);
  const double m = cube(L - 0.1055613458 * a - 0.0638541728 * b);
  const double s = cube(L - 0.0894841775 * a - 1.2914855480 * b);
  return {4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
          -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
          -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s};
}

double gamma_encoded(double x) {
  return x <= 0.0031308 ? 12.92 * x : 1.055 * std::pow(x, 1 / 2.4) - 0.055;
}

bool displayable(const std::array<double, 3>& rgb) {
  const auto [low, high] = std::minmax_element(rgb.begin(), rgb.end());
  return *low >= 0 && *high <= 1;
}

/// The colour of this lightness and hue, its chroma reduced where the screen cannot show it.
Rgb oklch(double L, double chroma, double hue_degrees) {
  const double angle = hue_degrees * constants::pi / 180;
  const auto colour = [&](double c) {
    return linear_srgb(L, c * std::cos(angle), c * std::sin(angle));
  };
  double low = displayable(colour(chroma)) ? chroma : 0, high = chroma;
  for (int halving = 0; halving < 20; ++halving) {
    const double middle = 0.5 * (low + high);
    (displayable(colour(middle)) ? low : high) = middle;
  }
  const auto rgb = colour(low);
  return {byte(gamma_encoded(rgb[0])), byte(gamma_encoded(rgb[1])), byte(gamma_encoded(rgb[2]))};
}

}  // namespace

Rgb vector_colour(double x, double y, double z) {
  const double saturation = std::min(1.0, std::sqrt(x * x + y * y + z * z));
  const double lightness = std::clamp(0.5 * (z + 1), 0.0, 1.0);
  const double sector = std::atan2(y, x) / (constants::pi / 3);  // of 60 degrees
  const double chroma = saturation * (1 - std::abs(2 * lightness - 1));
  const auto channel = [&](double shift) {
    // Distance of the hue from the channel's own, in sectors, within [0, 3].
    double distance = std::fmod(std::abs(sector - shift), 6.0);
    distance = std::min(distance, 6 - distance);
    return byte(lightness + chroma * (std::clamp(2 - distance, 0.0, 1.0) - 0.5));
  };
  return {channel(0), channel(2), channel(4)};
}

Rgb diverging_colour(double s) {
  s = std::clamp(s, -1.0, 1.0);
  const double size = std::abs(s);
  return oklch(0.97 - 0.52 * size, 0.19 * std::min(1.0, 1.15 * size), s < 0 ? 258 : 25);
}

Rgb sequential_colour(double s) {
  s = std::clamp(s, 0.0, 1.0);
  // Teal, in the middle, cannot be shown as saturated as the ends.
  const double chroma = 0.08 + 0.06 * (2 * s - 1) * (2 * s - 1);
  return oklch(0.20 + 0.74 * s, chroma, 305 - 200 * s);
}

}  // namespace kubomag::io
