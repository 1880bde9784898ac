// Domain walls in fields and currents: Walker's exact solution and what lies beyond it, the speed
// of a wall in a spin-polarised current, and the checks of other codes for it.
#include <algorithm>

#include "support/backends.hpp"
#include "support/macrospin.hpp"
#include "support/validation.hpp"

namespace kubomag::test {
namespace {

constexpr double pi = constants::pi, Aex = 1.3e-11;

FieldSource constant_source(Vec3<double> value) { return {"", value, {}, Signal::constant()}; }

/// A wall across x between domains along +y on the left and -y on the right, as of Schryer and
/// Walker, J. Appl. Phys. 45, 5406 (1974). The hard axis z is that of a static potential psi on a
/// Dirac surface, B = -B_diff_per_psi psi m_z z (docs/physics.md): local, as the theory has it.
struct WalkerWall {
  static constexpr double Ms = 8e5, alpha = 0.3, ratio = 0.1;  // hard over easy anisotropy
  static constexpr double B_hard = 1;                          // 2 K_hard/Ms [T]
  static constexpr double Ku1 = B_hard * Ms / 2 / ratio;
  const double Delta_0 = std::sqrt(Aex / Ku1);
  const double B_W = alpha * B_hard / 2;

  Problem film(double B) const {
    Problem p = plain_film(300, 1, Delta_0 / 6, 4e-9);
    p.material.set("Aex", Aex);
    p.material.set("Ku1", Ku1);
    p.material.set("anisU_y", 1), p.material.set("anisU_z", 0);
    p.material.set("alpha", alpha);
    p.surface = DiracSurface{0, 1, 0, 0, 0, 0, 1, 0, 0};
    p.drive.psi = {{"hard axis", ScalarMap(B_hard), Signal::constant()}};
    p.integrator.scheme = Scheme::bogacki_shampine;
    p.B_ext = {constant_source({0, B, 0})};
    p.m = texture(p.grid, [&](double x, double) {
      const double s = (x + 0.4 * p.grid.size_x()) / Delta_0;
      return Vec3<double>{1 / std::cosh(s), -std::tanh(s), 0};
    });
    return p;
  }

  /// Width of the wall whose plane is turned by phi out of the film.
  double width(double phi) const {
    return Delta_0 / std::sqrt(1 + ratio * std::sin(phi) * std::sin(phi));
  }
  /// The exact solution below B_W: sin 2 phi = B/B_W, v = gamma Delta(phi) B/alpha.
  double steady_speed(double B) const {
    return constants::GammaLL * width(0.5 * std::asin(B / B_W)) * B / alpha;
  }
  double turning_rate(double B, double phi) const {
    return constants::GammaLL * (B - B_W * std::sin(2 * phi)) / (1 + alpha * alpha);
  }
  /// Time in which the wall's plane turns by half a turn, above B_W [s].
  double half_turn(double B) const {
    return pi * (1 + alpha * alpha) / (constants::GammaLL * std::sqrt(B * B - B_W * B_W));
  }
  /// Mean speed above B_W: alpha q'/Delta(phi) + phi' = gamma B over half a turn of phi.
  double mean_speed(double B) const {
    constexpr int points = 400;
    double way = 0;
    for (int i = 0; i < points; ++i) {
      const double phi = pi * i / points, rate = turning_rate(B, phi);
      way += width(phi) * (constants::GammaLL * B - rate) / alpha / rate * (pi / points);
    }
    return way / half_turn(B);
  }
};

/// Where the wall is, from the mean of m_y [m].
double wall_position(Engine& film, const Grid& grid) {
  return 0.5 * grid.size_x() * observable(film.observables(), "my");
}

class WallMotion : public OnEveryBackend {
 protected:
  double speed(const WalkerWall& wall, double B, double settled, double time) const {
    const Problem p = wall.film(B);
    const auto film = engine(p);
    run_to(*film, settled);
    const double begin = wall_position(*film, p.grid);
    run_to(*film, settled + time);
    return (wall_position(*film, p.grid) - begin) / time;
  }
};
KUBOMAG_ON_EVERY_BACKEND(WallMotion);

std::string in_units_of_B_W(double ratio) {
  std::string text = std::to_string(ratio);
  text.resize(3);
  return "speed in " + text + " B_W";
}

// 0.5 %: in cells of h = Delta/6 the wall is narrower by 0.13 (h/Delta)^2 = 0.36 %.
TEST_P(WallMotion, BelowTheWalkerFieldItIsExact) {
  const WalkerWall wall;
  for (const double ratio : {0.3, 0.6, 0.9}) {
    const double B = ratio * wall.B_W, v = wall.steady_speed(B);
    record({"Walker wall", in_units_of_B_W(ratio), v, 0.005 * v, "Schryer and Walker 1974", "m/s"},
           speed(wall, B, 0.3e-9, 0.1e-9));
  }
}

// 3 %: that the width follows phi at once is exact for a weak hard axis only; it is 0.1 here.
TEST_P(WallMotion, AboveTheWalkerFieldItTurnsAndLags) {
  const WalkerWall wall;
  for (const double ratio : {1.5, 3.0}) {
    const double B = ratio * wall.B_W, v = wall.mean_speed(B);
    EXPECT_LT(v, wall.steady_speed(wall.B_W));
    record({"Walker wall", in_units_of_B_W(ratio) + ", mean", v, 0.03 * v,
            "equations of the wall's centre and plane, Slonczewski 1972", "m/s"},
           speed(wall, B, 0.05e-9, 3 * wall.half_turn(B)));
  }
}

TEST_P(WallMotion, SlowSpeedsOverTheField) {
  if (single()) GTEST_SKIP() << "a plot in double precision";
  const WalkerWall wall;
  Series ours{"kubomag", {}, {}, true}, theory{"theory", {}, {}};
  for (double ratio = 0.05; ratio < 4; ratio += 0.05) {
    if (std::abs(ratio - 1) < 0.06) continue;
    theory.x.push_back(ratio);
    const double B = ratio * wall.B_W;
    theory.y.push_back(ratio < 1 ? wall.steady_speed(B) : wall.mean_speed(B));
  }
  for (const double ratio : {0.2, 0.4, 0.6, 0.8, 0.9, 1.2, 1.5, 2.0, 3.0, 3.8}) {
    const double B = ratio * wall.B_W;
    const double expected = ratio < 1 ? wall.steady_speed(B) : wall.mean_speed(B);
    ours.x.push_back(ratio);
    ours.y.push_back(ratio < 1 ? speed(wall, B, 0.3e-9, 0.1e-9)
                               : speed(wall, B, 0.05e-9, 3 * wall.half_turn(B)));
    EXPECT_NEAR(ours.y.back(), expected, 0.03 * expected) << ratio;
  }
  plot("walker", "Speed of a wall over the field, alpha = 0.3", {"B/B_W", ""}, "m/s",
       {theory, ours});
}

/// A wall without a hard axis in cells of Delta/10, and the current that drives it at u = 100 m/s.
Problem driven_wall(double alpha, double xi) {
  constexpr double Ms = 8e5, Delta = 10e-9, u_per_j = 72.3548e-12;  // mu_B/(|e| Ms) [m3/(A s)]
  Problem p = plain_film(240, 1, 1e-9, 4e-9, 3e-9);
  p.material.set("Msat", Ms);
  p.material.set("Aex", Aex);
  p.material.set("Ku1", Aex / (Delta * Delta));
  p.material.set("anisU_y", 1), p.material.set("anisU_z", 0);
  p.material.set("alpha", alpha);
  p.material.set("xi", xi);
  p.material.set("Pol", 1.0);
  p.current = {constant_source({-100 * (1 + xi * xi) / u_per_j, 0, 0})};
  p.m = texture(p.grid, [](double x, double) {
    return Vec3<double>{0, -std::tanh(x / Delta), 1 / std::cosh(x / Delta)};
  });
  return p;
}

// 5e-3: central differences see the wall 0.17 % slower, 0.03 nm of 20 nm in a slope of 1/Delta.
TEST_P(WallMotion, WithXiEqualToAlphaItTranslatesRigidly) {
  const Problem p = driven_wall(0.1, 0.1);
  const auto film = engine(p);
  run_to(*film, 0.2e-9);
  const auto expected = texture(p.grid, [](double x, double) {
    const double s = (x - 20e-9) / 10e-9;
    return Vec3<double>{0, -std::tanh(s), 1 / std::cosh(s)};
  });
  record({"wall in a current, xi = alpha", "largest difference from m(x - u t) after 20 nm", 0,
          5e-3, "m(x - u t) solves the equation of motion, Thiaville 2005"},
         relative_difference(film->m(), expected));
}

TEST_P(WallMotion, ItSetsOffAtTheInitialSpeed) {
  constexpr double alpha = 0.3, xi = 0.6;
  const Problem p = driven_wall(alpha, xi);
  const auto rate = engine(p)->quantity("torque");  // [T]
  double mean = 0;
  for (std::size_t i = 0; i < p.grid.cells(); ++i) mean += rate[p.grid.cells() + i];
  mean *= p.GammaLL / static_cast<double>(p.grid.cells());
  record({"wall in a current", "initial speed over u, alpha = 0.3, xi = 0.6",
          (1 + alpha * xi) / (1 + alpha * alpha), 0.006 * (1 + alpha * xi) / (1 + alpha * alpha),
          "MicroMagnetic.jl test_stt (its tolerance)"},
         0.5 * p.grid.size_x() * mean / 100);
}

// fidimag, tests/test_stt_dw.py: the cell with the largest |m_z| at 0, 1.0 and 1.5 ns. 1000 cells
// of 2 nm, Ms 8.6e5, K 5e4, alpha 0.05, beta 1; its u = 0.5 mu_B j/(|e| Ms), without 1 + beta^2.
TEST_P(WallMotion, ItIsInTheCellsOfFidimag) {
  Problem p = plain_film(1000, 1, 2e-9, 2e-9, 2e-9);
  p.GammaLL = 2.211e5 / constants::mu_0;
  const auto set = [&p](const char* name, double value) { p.material.set(name, value); };
  set("Msat", 8.6e5), set("Aex", Aex), set("Ku1", 5e4), set("anisU_x", 1), set("anisU_z", 0);
  set("alpha", 0.05), set("Pol", 0.5), set("xi", 1);
  p.current = {constant_source({-2e12, 0, 0})};
  p.m = texture(p.grid, [&p](double x, double) {
    const double s = x + 0.5 * p.grid.size_x();
    return s < 400e-9 ? Vec3<double>{1, 0, 0}
                      : (s < 500e-9 ? Vec3<double>{0, 1, 1} : Vec3<double>{-1, 0, 0});
  });
  const auto film = engine(p);
  Relax to;
  to.stop_torque = tolerance(1e-6, 1e-5);
  ASSERT_TRUE(film->relax(to, {}).converged);
  // at rest 224 and 225 are the same by symmetry: the wall's middle lies between them
  const std::pair<double, int> cells[] = {{0, 225}, {1e-9, 242}, {1.5e-9, 251}};
  for (const auto& [time, cell] : cells) {
    run_to(*film, time);
    const auto m = film->m();
    const auto larger = [](double a, double b) { return std::abs(a) < std::abs(b); };
    const auto mz = m.begin() + 2000;
    record({"wall in a current, fidimag test_stt_dw",
            "cell at " + std::to_string(std::lround(time * 1e12)) + " ps",
            static_cast<double>(cell), time > 0 ? 0.0 : 1.0, "fidimag"},
           static_cast<double>(std::max_element(mz, m.end(), larger) - mz));
  }
}

}  // namespace
}  // namespace kubomag::test
