// Zhang-Li and Slonczewski torque: numbers by hand in directions without symmetry, and the motion
// of a domain wall in a current.
#include "kubomag/bonds.hpp"
#include "support/backends.hpp"
#include "support/films.hpp"

namespace kubomag::test {
namespace {

FieldSource current(Vec3<double> j) { return {"", j, {}, Signal::constant()}; }

class SpinTransferTorque : public OnEveryBackend {};
KUBOMAG_ON_EVERY_BACKEND(SpinTransferTorque);

// mu_B j/(|e| Ms) = 72.3548 m/s for j = 1e12 A/m2 and Ms = 8e5 A/m (standard problem 5 of muMAG).
TEST_P(SpinTransferTorque, ZhangLiByHand) {
  constexpr double Pol = 0.5, xi = 0.2, u = -72.3548 * Pol / (1 + xi * xi);
  const double dx = 4e-9, dy = 5e-9;
  Problem p = plain_film(3, 3, dx, dy);
  p.material.set("Pol", Pol);
  p.material.set("xi", xi);
  p.current = {current({1e12, -2e12, 7e12})};  // the part along z has no part in it
  p.material.set("FixedLayer_x", 1.0), p.material.set("FixedLayer_z", 0.0);
  p.m = scrambled(p.grid);
  const Vec3<double> m = at(p.m, p.grid, 4);
  const Vec3<double> slope = (u / (2 * dx)) * (at(p.m, p.grid, 5) - at(p.m, p.grid, 3)) +
                             (-2 * u / (2 * dy)) * (at(p.m, p.grid, 7) - at(p.m, p.grid, 1));
  const Vec3<double> across = slope - dot(slope, m) * m;
  const Vec3<double> expected = 1 / p.GammaLL * (xi * cross(m, slope) - across);  // T/gamma
  const auto film = engine(p);
  const Vec3<double> B = at(film->quantity("B_ZL"), p.grid, 4);
  EXPECT_LT(norm(cross(B, m) - expected), 1e-6 * norm(expected));
  p.current = {current({1e12, -2e12, 0})};
  const Vec3<double> torque = at(engine(p)->quantity("torque"), p.grid, 4);
  EXPECT_LT(norm(torque - expected), 2e-6 * norm(expected));
}

TEST_P(SpinTransferTorque, ZhangLiAtEdgesAndBesideVacuum) {
  // dm/dn = 0: of the two neighbours along x only one is left, at the edge and beside the hole
  Problem p = plain_film(4, 1);
  p.material.set("Pol", 1.0);
  p.material.set("Msat", ScalarMap(std::vector<double>{8e5, 8e5, 0, 8e5}));
  p.current = {current({1e12, 0, 0})};
  p.m = {1, 0, 0, 0, 0, 0.6, 0, 0, 0, 0.8, 0, 1};
  const auto B = engine(p)->quantity("B_ZL");
  const double half = 72.3548 / p.GammaLL / (2 * p.grid.dx);
  // B = -m x (u.grad) m/gamma with u = -72.3548 m/s along x
  const Vec3<double> first{1, 0, 0}, second{0, 0.6, 0.8};
  const Vec3<double> expected[] = {
      half * cross(first, second - first), half * cross(second, second - first), {}, {}};
  for (std::size_t i = 0; i < 4; ++i)
    EXPECT_LT(norm(at(B, p.grid, i) - expected[i]), 1e-6 * half) << "cell " << i;
}

TEST_P(SpinTransferTorque, ZhangLiIsCarriedAcrossInterfaces) {
  // The current flows as it is given, and with it the spin: a bond whose exchange is weak,
  // antiferromagnetic or cut is none to the electrons. Only vacuum is.
  Problem p = plain_film(6, 3);
  p.material.set("Aex", 1.3e-11);
  p.material.set("Dind", 1e-3);
  p.material.set("Pol", 0.5);
  p.material.set("xi", 0.2);
  p.current = {current({1e12, -2e12, 0})};
  p.m = scrambled(p.grid);
  const auto expected = engine(p)->quantity("B_ZL"), exchange = engine(p)->quantity("B_exch");
  for (const double scale : {0.3, 0.0, -0.5}) {
    for (const Axis axis : {Axis::x, Axis::y}) {
      const auto across = [&](std::size_t i, std::size_t j) { return i % 6 == 2 && j % 6 == 3; };
      const auto bonds = [&](double usual, double factor) {
        return ScalarMap(over_bonds(p.grid, axis, [&](std::size_t i, std::size_t j) {
          return usual * (across(i, j) ? factor : 1);
        }));
      };
      p.material.set(bond_key("Aex", axis), bonds(1.3e-11, scale));
      p.material.set(bond_key("DMI", axis), bonds(1, std::max(scale, 0.0)));
    }
    const auto film = engine(p);
    EXPECT_LT(relative_difference(film->quantity("B_ZL"), expected), tolerance(1e-14, 1e-6));
    EXPECT_GT(relative_difference(film->quantity("B_exch"), exchange), 0.1);
  }
}

/// Where the wall is, from the mean of my: a domain along +y on the left and one along -y [m].
double wall_position(Engine& film, const Problem& p) {
  return 0.5 * p.grid.size_x() * observable(film.observables(), "my");
}

TEST_P(SpinTransferTorque, ADomainWallDriftsAtXiOverAlphaTimesU) {
  // Thiaville et al., Europhys. Lett. 69, 990 (2005): v = u for xi = alpha; v = xi u/alpha below
  // the breakdown. Domains along y in a film that is infinite along y have no charges at its edges:
  // no force but the current's acts on the wall.
  constexpr double alpha = 0.2, Pol = 0.5, Ms = 8e5;
  for (const double xi : {0.2, 0.3}) {
    Problem p = plain_film(120, 1, 2e-9, 4e-9, 3e-9);
    p.grid.periodic_y = true;
    p.demag.enabled = true;
    p.material.set("Msat", Ms);
    p.material.set("Aex", 1.3e-11);
    p.material.set("Ku1", 2e5);
    p.material.set("anisU_y", 1.0), p.material.set("anisU_z", 0.0);
    p.material.set("alpha", alpha);
    p.material.set("Pol", Pol);
    p.material.set("xi", xi);
    p.current = {current({-4e11, 0, 0})};
    p.integrator.MaxErr = 1e-4;
    p.m = texture(p.grid, [](double x, double) {
      return Vec3<double>{1 / std::cosh(x / 7e-9), -std::tanh(x / 7e-9), 0};
    });
    const auto film = engine(p);
    Relax relaxed;
    relaxed.stop_torque = 1e-4;
    ASSERT_LT(film->relax(relaxed, {}).max_torque, 2e-4);
    const auto run_to = [&](double t) {
      test::run_to(*film, t);
      return wall_position(*film, p);
    };
    const double begin = run_to(0.5e-9), end = run_to(1.5e-9);
    const double u = 72.3548 * 0.4 * Pol / (1 + xi * xi);  // electrons flow along +x
    // Central differences see a wall of width Delta = 8.06 nm slower by h^2/(6 Delta^2).
    const double stencil = 1 - 2e-9 * 2e-9 / (6 * 8.06e-9 * 8.06e-9);
    EXPECT_NEAR((end - begin) / 1e-9 / (u * xi / alpha), stencil, 0.004) << "xi = " << xi;
  }
}

/// hbar j/(|e| Ms d) = 0.6582120 T for j = 2e12 A/m2, Ms = 1e6 A/m, d = 2 nm.
constexpr double beta = 0.6582120;

Problem valve(Vec3<double> m) {
  Problem p = plain_film(1, 1, 2e-9, 2e-9, 2e-9);
  p.material.set("Msat", 1e6);
  p.material.set("Pol", 0.4);
  p.current = {current({0, 0, 2e12})};
  p.m = {m.x, m.y, m.z};
  return p;
}

TEST_P(SpinTransferTorque, SlonczewskiByHand) {
  // p = (0.6, 0, 0.8), m = (2, -3, 6)/7: m.p = 6/7, epsilon = 0.4 * 4/(5 + 3 * 6/7) = 11.2/53,
  // m x p = (-2.4, 2.0, 1.8)/7
  Problem p = valve({2, -3, 6});
  p.material.set("Lambda", 2.0), p.material.set("EpsilonPrime", 0.1);
  p.material.set("FixedLayer_x", 0.6), p.material.set("FixedLayer_z", 0.8);
  const double e = 11.2 / 53 / 7;
  const Vec3<double> expected = beta * Vec3<double>{-2.4 * e + 0.06, 2.0 * e, 1.8 * e + 0.08};
  EXPECT_LT(norm(at(engine(p)->quantity("B_SL"), p.grid, 0) - expected), 1e-6 * beta);
  p.material.set("FreeLayerThickness", 4e-9);
  EXPECT_LT(norm(at(engine(p)->quantity("B_SL"), p.grid, 0) - 0.5 * expected), 1e-6 * beta);
}

TEST_P(SpinTransferTorque, SlonczewskiPullsTowardsTheFixedLayer) {
  const Problem p = valve({1, 0, 0});  // p = z, epsilon = Pol/2 for Lambda = 1
  const Vec3<double> torque = at(engine(p)->quantity("torque"), p.grid, 0);
  EXPECT_LT(norm(torque - Vec3<double>{0, 0, 0.2 * beta}), 1e-6 * beta);
}

}  // namespace
}  // namespace kubomag::test
