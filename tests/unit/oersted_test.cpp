// The Oersted field of a strip against a sum over wires and the limits of a wire and of a sheet.
#include "setup/oersted.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "kubomag/constants.hpp"

namespace kubomag {
namespace {

constexpr double mu_0 = constants::mu_0, pi = constants::pi;

/// Current along x: a wire at (0, -d) in the plane (y, z) gives B = mu_0 I/(2 pi r^2) (-z, y)
/// there.
TEST(Oersted, FarAwayTheStripIsAWire) {
  const StripCurrent strip{2e-3, 100e-9, 40e-9, 0, 0, 3e-6};
  for (const double y : {-5e-6, 0.0, 8e-6}) {
    const Vec3<double> B = oersted_field(strip, 1e-6, y);
    const double z = 3e-6, scale = mu_0 * 2e-3 / (2 * pi * (y * y + z * z));
    EXPECT_EQ(B.x, 0);
    EXPECT_NEAR(B.y, -scale * z, 1e-3 * scale * z);
    EXPECT_NEAR(B.z, scale * y, 1e-3 * scale * std::abs(y) + 1e-15);
  }
}

TEST(Oersted, CloseToAWideStripItIsASheet) {
  // B = mu_0 K/2 with the sheet current K = I/width, against the turn of the current above it
  const double K = 1e-2 / 100e-6;
  for (const double side : {1.0, -1.0}) {
    const StripCurrent strip{1e-2, 100e-6, 20e-9, 0, 0, side * 15e-9};
    const Vec3<double> B = oersted_field(strip, 0, 0);
    EXPECT_NEAR(B.y, -side * mu_0 * K / 2, 1e-3 * mu_0 * K);
    EXPECT_NEAR(B.z, 0, 1e-9 * mu_0 * K);
  }
}

TEST(Oersted, EqualsASumOverWires) {
  const double direction = 0.7;
  const StripCurrent strip{1e-3, 60e-9, 30e-9, direction, 20e-9, 25e-9};
  const int n = 400;
  for (const auto& [x, y] : {Vec2<double>{0, 0}, Vec2<double>{40e-9, -70e-9}}) {
    const double u = -x * std::sin(direction) + y * std::cos(direction);
    double B_u = 0, B_z = 0;
    for (int i = 0; i < n; ++i)
      for (int j = 0; j < n; ++j) {
        const double a = u - (20e-9 + ((i + 0.5) / n - 0.5) * 60e-9);
        const double b = 25e-9 - ((j + 0.5) / n - 0.5) * 30e-9;
        const double scale = mu_0 * 1e-3 / (n * n) / (2 * pi * (a * a + b * b));
        B_u -= scale * b, B_z += scale * a;
      }
    const Vec3<double> B = oersted_field(strip, x, y);
    const double close = 1e-5 * std::hypot(B_u, B_z);
    EXPECT_NEAR(B.x, -std::sin(direction) * B_u, close);
    EXPECT_NEAR(B.y, std::cos(direction) * B_u, close);
    EXPECT_NEAR(B.z, B_z, close);
  }
}

TEST(Oersted, InsideTheConductorItIsFinite) {
  const StripCurrent strip{1e-3, 60e-9, 30e-9, 0, 0, 0};
  const Vec3<double> centre = oersted_field(strip, 0, 0), corner = oersted_field(strip, 0, 30e-9);
  EXPECT_NEAR(norm(centre), 0, 1e-12);
  EXPECT_TRUE(std::isfinite(corner.z));
  EXPECT_GT(corner.z, 0);
}

}  // namespace
}  // namespace kubomag
