#include "setup/texture_state.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <complex>

#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"

using namespace kubomag;

namespace {

constexpr double nm = 1e-9, pi = constants::pi;
constexpr Vec3<double> up{0, 0, 1}, down{0, 0, -1};

void expect_near(Vec3<double> a, Vec3<double> b, double tolerance) {
  EXPECT_NEAR(a.x, b.x, tolerance);
  EXPECT_NEAR(a.y, b.y, tolerance);
  EXPECT_NEAR(a.z, b.z, tolerance);
}

Grid open_film() { return {100, 100, nm, nm, nm, false, false}; }

Skyrmion neel(double x = 0, double y = 0) { return {{x, y}, 10 * nm, 4 * nm, 0, -1, -1}; }

/// m at the polar coordinates (rho, phi) about the skyrmion, from the defining angles.
Vec3<double> expected(const Skyrmion& s, double rho, double phi) {
  const double theta = 2 * std::atan(std::sinh(s.radius / s.width) / std::sinh(rho / s.width));
  const double Phi = s.charge * s.polarity * phi + s.helicity;
  return {std::sin(theta) * std::cos(Phi), std::sin(theta) * std::sin(Phi),
          -s.polarity * std::cos(theta)};
}

}  // namespace

TEST(SkyrmionLayer, HasTheProfileHelicityAndWinding) {
  for (const int polarity : {1, -1})
    for (const int charge : {1, -1, 2})
      for (const double helicity : {0.0, pi / 2, 2.0}) {
        Skyrmion s = neel(5 * nm, -8 * nm);
        s.polarity = polarity, s.charge = charge, s.helicity = helicity;
        const StateLayer add = skyrmion_layer(open_film(), s);
        const Vec3<double> film{0, 0, -1.0 * polarity};
        expect_near(add(film, 5 * nm, -8 * nm), {0, 0, 1.0 * polarity}, 1e-15);
        for (const double rho : {0.3 * nm, 7 * nm, 10 * nm, 25 * nm})
          for (const double phi : {0.0, 0.7, 3.0, 5.0}) {
            const double x = 5 * nm + rho * std::cos(phi), y = -8 * nm + rho * std::sin(phi);
            expect_near(add(film, x, y), expected(s, rho, phi), 1e-12);
          }
      }
}

// By hand: a Neel skyrmion of helicity 0 points outward where mz = 0, a Bloch one of pi/2 runs
// counter-clockwise.
TEST(SkyrmionLayer, PointsWhereTheHelicitySays) {
  Skyrmion s = neel();
  expect_near(skyrmion_layer(open_film(), s)(up, 0, 10 * nm), {0, 1, 0}, 1e-12);
  s.helicity = pi / 2;
  expect_near(skyrmion_layer(open_film(), s)(up, 0, 10 * nm), {-1, 0, 0}, 1e-12);
  s.helicity = 0, s.charge = 1;  // antiskyrmion: the in-plane part winds backwards
  expect_near(skyrmion_layer(open_film(), s)(up, 0, 10 * nm), {0, -1, 0}, 1e-12);
}

TEST(SkyrmionLayer, AddsUpInAnyOrderAndLeavesTheRestAlone) {
  const StateLayer a = skyrmion_layer(open_film(), neel(-12 * nm, 0));
  const StateLayer b = skyrmion_layer(open_film(), neel(12 * nm, 3 * nm));
  for (const double x : {-12 * nm, -3 * nm, 1 * nm, 20 * nm})
    expect_near(a(b(up, x, nm), x, nm), b(a(up, x, nm), x, nm), 1e-12);
  const Vec3<double> below{0.6, 0, -0.8};
  expect_near(a(below, 150 * nm, 0), below, 1e-12);
  expect_near(a(below, -12 * nm, 0), down, 1e-15);  // the core wins over any texture
  expect_near(a(3.0 * up, 0, 0), a(up, 0, 0), 1e-15);
  EXPECT_NEAR(norm(a(b(up, nm, nm), nm, nm)), 1, 1e-14);
}

TEST(SkyrmionLayer, WrapsAroundPeriodicAxes) {
  Grid grid = open_film();
  grid.periodic_x = true;
  const StateLayer add = skyrmion_layer(grid, neel(48 * nm, 0));
  expect_near(add(up, -42 * nm, 0), {1, 0, 0}, 1e-12);  // 10 nm beyond the core, through the edge
  expect_near(skyrmion_layer(open_film(), neel(48 * nm, 0))(up, -42 * nm, 0), up, 1e-8);
}

TEST(SkyrmionLayer, RefusesWhatIsNoSkyrmion) {
  for (int broken = 0; broken < 4; ++broken) {
    Skyrmion s = neel();
    if (broken == 0) s.radius = 0;
    if (broken == 1) s.width = -nm;
    if (broken == 2) s.polarity = 0;
    if (broken == 3) s.charge = 0;
    EXPECT_THROW(skyrmion_layer(open_film(), s), InputError);
  }
}

TEST(SkyrmionLattice, HasASkyrmionAtEveryPoint) {
  for (const bool hexagonal : {true, false}) {
    const double period = 60 * nm, opening = hexagonal ? pi / 3 : pi / 2, direction = 0.4;
    const StateLayer add =
        skyrmion_lattice_layer({neel(3 * nm, -2 * nm), period, direction, hexagonal});
    for (const int i : {0, 2, -1})
      for (const int j : {0, 1}) {
        const std::complex<double> p = std::complex<double>(3 * nm, -2 * nm) +
                                       std::polar(i * period, direction) +
                                       std::polar(j * period, direction + opening);
        expect_near(add(up, p.real(), p.imag()), down, 1e-12);
        // The same at every point, and close to that of one skyrmion alone: the next one, 50 nm
        // away, adds tan(theta/2) = exp(-40/4).
        expect_near(add(up, p.real() + 10 * nm, p.imag()), add(up, 13 * nm, -2 * nm), 1e-7);
        expect_near(add(up, p.real() + 10 * nm, p.imag()), {1, 0, 0}, 2e-4);
      }
    const std::complex<double> middle =
        std::complex<double>(3 * nm, -2 * nm) + 0.5 * std::polar(period, direction);
    EXPECT_GT(add(up, middle.real(), middle.imag()).z, 0.9);
  }
}

TEST(WallState, HasTheBlochProfileAndTurnsOneWay) {
  Walls walls{{-20 * nm, 30 * nm}, 5 * nm, pi / 6, pi / 2, 1};
  const StateFunction m = wall_state(walls);
  const auto at = [&](double s) { return m(0, s * std::cos(pi / 6), s * std::sin(pi / 6)); };
  expect_near(at(-200 * nm), up, 1e-12);
  expect_near(at(-20 * nm), {-0.5, std::sqrt(0.75), 0}, 1e-4);  // along direction + 90 degrees
  EXPECT_NEAR(at(-17 * nm).z, -std::tanh(0.6), 2e-4);  // 2 exp(-47 nm/5 nm) from the other wall
  EXPECT_NEAR(at(5 * nm).z, -1, 1e-3);
  expect_near(at(30 * nm), {0.5, -std::sqrt(0.75), 0}, 1e-4);
  expect_near(at(200 * nm), up, 1e-12);
  walls.polarity = -1, walls.positions = {0};
  EXPECT_NEAR(wall_state(walls)(0, -2 * nm, 0).z, -std::tanh(2 * std::cos(pi / 6) / 5), 1e-12);
  walls.positions.clear();
  EXPECT_THROW(wall_state(walls), InputError);
}

TEST(HelixState, TurnsOncePerPeriod) {
  const StateFunction bloch = helix_state({80 * nm, pi / 2, pi / 2, 0});
  expect_near(bloch(0, 7 * nm, 0), up, 1e-15);  // q is along y: x does not matter
  expect_near(bloch(0, 0, 20 * nm), {-1, 0, 0}, 1e-12);
  expect_near(bloch(0, 0, 40 * nm), down, 1e-12);
  const StateFunction cycloid = helix_state({80 * nm, pi / 2, 0, pi / 3});
  expect_near(cycloid(0, 0, 10 * nm), {0, std::sin(pi / 4 + pi / 3), std::cos(pi / 4 + pi / 3)},
              1e-12);
  EXPECT_THROW(helix_state({0, 0, 0, 0}), InputError);
}
