// The diffusive field with the conductivities of the local mz (docs/physics-texture.md), with m at
// rest: closed solutions, an independent reference, orders in space and time, edges, screening.
#include <complex>

#include "khat/local_charge.hpp"
#include "kubomag/error.hpp"
#include "support/backends.hpp"
#include "support/dirac_reference.hpp"
#include "support/local_film.hpp"
#include "support/reference_entry.hpp"

namespace kubomag::test {
namespace {

using constants::e_abs;
using constants::epsilon_0;
using constants::pi;
using testing::sine_signal;
using testing::step_signal;

// Strong exchange and a large velocity: D falls to 1/4 of its value from mz = 0 to mz = 1.
const HandMadeSurface strong = frozen({0.2 * e_abs, 5e5, 0.13 * e_abs, 0.02, 1.4e5, 5e-9});

class LocalDiffusionAtRest : public OnEveryBackend {
 protected:
  void SetUp() override {
    OnEveryBackend::SetUp();
    if (single()) GTEST_SKIP() << "psi is computed in double in either precision";
  }
};
KUBOMAG_ON_EVERY_BACKEND(LocalDiffusionAtRest);

Problem film_at_rest(const Grid& grid, Vec3<double> m, HallParts hall = HallParts::full) {
  Problem p = film_on(strong, grid, {hall, true, true, true});
  p.m = uniform(p.grid, m);
  make_local(p, strong);
  return p;
}

/// psi of `texture_1d` in tests/data/reference-ti.json at its 16 points, by a film of n cells and
/// `steps` steps per period: real and imaginary parts of psi exp(-i omega t).
std::vector<double> steady_texture(const OnEveryBackend&, const Target& target, int n, int steps) {
  const auto& reference = reference::ti()["texture_1d"];
  const double L = reference["L"], omega = reference["omega"], k = 2 * pi / L;
  HandMadeSurface s{reference["eps_eV"].get<double>() * e_abs,
                    reference["v"],
                    reference["Delta_eV"].get<double>() * e_abs,
                    reference["alpha_dis"],
                    1.4e5,
                    5e-9};
  s = frozen(s);
  Problem p = film_on(s, {n, 1, L / n, L / n, 5e-9, true, true});
  const double shift = p.grid.x(0);  // cell 0 lies at the reference's x = 0
  p.m = texture(p.grid, [&](double x, double) {
    const double mz = 0.3 + 0.6 * std::cos(k * (x - shift));
    return Vec3<double>{std::sqrt(1 - mz * mz), 0, mz};
  });
  make_local(p, s);
  p.drive.separable = {drive_of(
      [=](double x, double) {
        return Vec2<double>{1e5 * std::cos(2 * k * (x - shift)) + 2e4 * std::sin(k * (x - shift)),
                            0};
      },
      sine_signal(omega, 0, -INFINITY))};
  const double h = p.integrator.FixDt = 2 * pi / omega / steps;
  const auto film = make_engine_on(target, p);
  take_steps(*film, h, steps);  // what is left of the beginning: exp(-17) of its error
  const auto real = film->quantity("psi");
  take_steps(*film, h, steps / 4);
  const auto imaginary = film->quantity("psi");
  std::vector<double> psi;
  for (int i = 0; i < 16; ++i) psi.push_back(real[i * (n / 16)]);
  for (int i = 0; i < 16; ++i) psi.push_back(imaginary[i * (n / 16)]);
  return psi;
}

// Errors of second order in cell and step are halved together and extrapolated.
TEST_P(LocalDiffusionAtRest, ATextureFollowsTheReference) {
  const auto& points = reference::ti()["texture_1d"]["psi"];
  std::vector<double> expected;
  for (const int part : {0, 1})
    for (const auto& point : points) expected.push_back(point[part]);
  const auto coarse = steady_texture(*this, GetParam(), 96, 160);
  const auto fine = steady_texture(*this, GetParam(), 192, 320);
  std::vector<double> extrapolated;
  for (std::size_t i = 0; i < fine.size(); ++i)
    extrapolated.push_back((4 * fine[i] - coarse[i]) / 3);
  const double coarse_error = relative_difference(coarse, expected);
  const double fine_error = relative_difference(fine, expected);
  EXPECT_LT(fine_error, 5e-4);
  EXPECT_NEAR(coarse_error / fine_error, 4, 0.2);
  ReferenceEntry("reference-ti.json", "texture_1d")
      .within(relative_difference(extrapolated, expected), 1e-6);
}

/// The wave E0 sin(kx X) cos(ky Y) along x (and 0 along y) that the film's cells see, its
/// divergence and Laplacian on the grid: a mean of neighbours and the five-point stencil.
struct GridWave {
  Grid grid;
  double kx, ky, E0;
  double X(double x) const { return x + 0.5 * grid.size_x(); }
  double Y(double y) const { return y + 0.5 * grid.size_y(); }
  Vec2<double> E(double x, double y) const {
    return {E0 * std::sin(kx * X(x)) * std::cos(ky * Y(y)), 0};
  }
  double qx() const { return std::sin(kx * grid.dx) / grid.dx; }
  double qy() const { return std::sin(ky * grid.dy) / grid.dy; }
  double laplace() const {
    const double a = 2 / grid.dx * std::sin(kx * grid.dx / 2),
                 b = 2 / grid.dy * std::sin(ky * grid.dy / 2);
    return a * a + b * b;
  }
  /// a cos(kx X) cos(ky Y) + b sin(kx X) sin(ky Y)
  std::vector<double> pattern(double a, double b = 0) const {
    std::vector<double> out;
    for (int iy = 0; iy < grid.ny; ++iy)
      for (int ix = 0; ix < grid.nx; ++ix) {
        const double phase = kx * X(grid.x(ix)), psi = ky * Y(grid.y(iy));
        out.push_back(a * std::cos(phase) * std::cos(psi) + b * std::sin(phase) * std::sin(psi));
      }
    return out;
  }
};

/// y of dy/dt = -lambda y + cos(omega t) from y(0) = 0 (docs/drive.md, closed solution b).
double switched_on(double lambda, double omega, double t) {
  return (lambda * std::cos(omega * t) + omega * std::sin(omega * t) -
          lambda * std::exp(-lambda * t)) /
         (lambda * lambda + omega * omega);
}

// Both kinds of edges, with a charge leak. The field is no gradient: on the periodic film its Hall
// current, with div J_H = sigma_H (dEy/dx - dEx/dy), moves charge, too.
TEST_P(LocalDiffusionAtRest, AWaveOnAUniformFilmIsOfSecondOrderInTime) {
  for (const bool periodic : {true, false}) {
    const Grid grid{20, 12, 20e-9, 25e-9, 5e-9, periodic, periodic};
    const double turn = periodic ? 2 * pi : pi;
    const GridWave wave{grid, turn / grid.size_x(), turn / grid.size_y(), 1e5};
    const double omega = 6e11, t = 3e-12, rate_c = 5e11, D = strong.D(0.6);
    const double D_H = periodic ? D * strong.sigma_H(0.6) / strong.sigma_0(0.6) : 0;
    const double response = wave.E0 * switched_on(D * wave.laplace() + rate_c, omega, t);
    const auto expected = wave.pattern(D * wave.qx() * response, D_H * wave.qy() * response);
    std::vector<double> errors;
    for (const int steps : {50, 100, 200}) {
      Problem p = film_at_rest(grid, {0.8, 0, 0.6}, periodic ? HallParts::full : HallParts::none);
      p.drive.separable = {
          drive_of([wave](double x, double y) { return wave.E(x, y); }, sine_signal(omega, 0, 0))};
      p.integrator.FixDt = t / steps, p.diffusion.rate_c = rate_c;
      const auto film = engine(p);
      take_steps(*film, t / steps, steps);
      errors.push_back(relative_difference(film->quantity("psi"), expected));
    }
    EXPECT_LT(errors[2], 3e-4);
    EXPECT_NEAR(errors[0] / errors[1], 4, 0.5);
    EXPECT_NEAR(errors[1] / errors[2], 4, 0.3);
  }
}

// Against the exact psi of uniform D, which the spectral engine has, for a field of many waves that
// is no gradient and does not vanish at the walls.
TEST_P(LocalDiffusionAtRest, AUniformFilmIsOfSecondOrderInSpace) {
  const double L = 0.4e-6, t = 1.5e-12;
  std::vector<double> errors;
  for (const int n : {16, 32, 64}) {
    Problem p = film_at_rest({n, n, L / n, L / n, 5e-9, false, true}, {0, 0, 1}, HallParts::none);
    p.drive.separable = {drive_of(
        [L](double x, double y) {
          return Vec2<double>{1e5 * (0.4 + std::sin(7 * x / L) * std::cos(2 * pi * y / L)),
                              5e4 * std::exp(x / L) * std::sin(4 * pi * y / L + 0.3)};
        },
        sine_signal(2e11, 0.4, 0))};
    p.integrator.FixDt = t / 60;
    p.diffusion.D = strong.D(1);
    const auto film = engine(p);
    p.diffusion.local.reset();
    const auto exact = engine(p);
    take_steps(*film, t / 60, 60), run_to(*exact, t);
    errors.push_back(relative_difference(film->quantity("psi"), exact->quantity("psi")));
  }
  EXPECT_LT(errors[2], 3e-3);
  EXPECT_NEAR(errors[0] / errors[1], 4, 0.8);
  EXPECT_NEAR(errors[1] / errors[2], 4, 0.8);
}

// A static uniform field between walls is balanced, psi = -E.r, whatever the texture; E' and J
// vanish in every cell, also at the walls.
TEST_P(LocalDiffusionAtRest, AStaticFieldBetweenWallsIsBalancedInEveryCell) {
  Problem p = film_at_rest({14, 10, 8e-9, 6e-9, 5e-9, false, false}, {0, 0, 1});
  p.m = wavy(p.grid);
  p.drive.separable = {drive_of(
      [](double, double) {
        return Vec2<double>{3e4, -2e4};
      },
      step_signal(0))};
  p.integrator.FixDt = 2e-13;
  const auto film = engine(p);
  take_steps(*film, 2e-13, 100);
  std::vector<double> expected;
  for (int iy = 0; iy < p.grid.ny; ++iy)
    for (int ix = 0; ix < p.grid.nx; ++ix)
      expected.push_back(-3e4 * p.grid.x(ix) + 2e4 * p.grid.y(iy));
  EXPECT_LT(relative_difference(film->quantity("psi"), expected), 1e-8);
  EXPECT_LT(largest(film->quantity("E_prime")), 1e-7 * 3e4);
  EXPECT_LT(largest(film->quantity("J")), 1e-7 * constants::e2_over_h * strong.sigma_0(0) * 3e4);
}

// A current along a strip: J_y = 0 asks for the Hall voltage grad_y psi = (sigma_H/sigma_0) E_x.
TEST_P(LocalDiffusionAtRest, AStripHasItsHallVoltage) {
  for (const double mz : {0.8, -0.8}) {
    Problem p = film_at_rest({6, 12, 8e-9, 6e-9, 5e-9, true, false}, tilted(mz));
    p.drive.separable = {drive_of(
        [](double, double) {
          return Vec2<double>{5e4, 0};
        },
        Signal::constant())};
    p.integrator.FixDt = 1e-13;
    const auto film = engine(p);
    take_steps(*film, 1e-13, 100);
    std::vector<double> expected;
    for (int iy = 0; iy < p.grid.ny; ++iy)
      for (int ix = 0; ix < p.grid.nx; ++ix)
        expected.push_back(strong.sigma_H(mz) / strong.sigma_0(mz) * 5e4 * p.grid.y(iy));
    EXPECT_LT(relative_difference(film->quantity("psi"), expected), 1e-8) << mz;
    EXPECT_GT(expected.back() * mz, 0);
  }
}

// psi of a screened wave has the rate D k^2 (1 + s), E' = E + grad (1 + s) psi.
TEST_P(LocalDiffusionAtRest, AGateScreensTheMovedCharge) {
  const Grid grid{24, 8, 20e-9, 25e-9, 5e-9, false, true};
  const GridWave wave{grid, 2 * pi / grid.size_x(), 2 * pi / grid.size_y(), 1e5};
  const double q = std::hypot(wave.kx, wave.ky), t = 2e-12, omega = 2e11;
  for (const double distance : {50e-9, double(INFINITY)}) {
    const double permittivity = 4 * epsilon_0;
    const double s = e2_nu(strong) / (2 * permittivity * q) * (1 - std::exp(-2 * q * distance));
    const double D = strong.D(0.6), lambda = D * wave.laplace() * (1 + s);
    Problem p = film_at_rest(grid, {0.8, 0, 0.6}, HallParts::none);
    p.diffusion.screening = Screening{e2_nu(strong), permittivity, distance};
    p.drive.separable = {
        drive_of([wave](double x, double y) { return wave.E(x, y); }, sine_signal(omega, 0, 0))};
    p.integrator.FixDt = 5e-15;
    const auto film = engine(p);
    take_steps(*film, 5e-15, 400);
    const double amplitude = D * wave.qx() * wave.E0 * switched_on(lambda, omega, t);
    EXPECT_GT(s, 5);
    EXPECT_LT(relative_difference(film->quantity("psi"), wave.pattern(amplitude)), 1e-4);
    auto E = film->quantity("E_prime");
    E.resize(grid.cells());
    std::vector<double> expected(grid.cells());
    for (int iy = 0; iy < grid.ny; ++iy)
      for (int ix = 1; ix + 1 < grid.nx; ++ix)
        expected[grid.index(ix, iy)] = std::cos(omega * t) * wave.E(grid.x(ix), grid.y(iy)).x -
                                       (1 + s) * amplitude * wave.qx() *
                                           std::sin(wave.kx * wave.X(grid.x(ix))) *
                                           std::cos(wave.ky * wave.Y(grid.y(iy)));
    for (int iy = 0; iy < grid.ny; ++iy) {
      E[grid.index(0, iy)] = 0;
      E[grid.index(grid.nx - 1, iy)] = 0;
    }
    EXPECT_LT(relative_difference(E, expected), 1e-3);
  }
}

/// psi of a screened film of n x n cells at t, by local D with 6 n steps or (`exact`) by the engine
/// of uniform D, whose psi is exact in space and time: the closed solution of every mode.
std::vector<double> screened_film(const Target& target, int n, bool walls, double distance,
                                  bool exact) {
  const double L = 0.4e-6, t = 1.5e-12;
  Problem p =
      film_at_rest({n, n, L / n, L / n, 5e-9, !walls, true}, {0.8, 0, 0.6}, HallParts::none);
  p.diffusion.screening = Screening{e2_nu(strong), 10 * epsilon_0, distance};
  p.diffusion.D = strong.D(0.6), p.diffusion.rate_c = 2e11;
  p.drive.separable = {drive_of(
      [L](double x, double y) {
        const double a = 2 * pi * x / L, b = 2 * pi * y / L;
        return Vec2<double>{1e5 * (0.4 + std::sin(a) * std::cos(b) + 0.3 * std::cos(2 * a)),
                            5e4 * std::sin(a + b + 0.3)};
      },
      sine_signal(2e11, 0.4, 0))};
  const int steps = 6 * n;
  p.integrator.FixDt = t / steps;
  if (exact) p.diffusion.local.reset();
  const auto film = make_engine_on(target, p);
  if (exact)
    run_to(*film, t);
  else
    take_steps(*film, t / steps, steps);
  return film->quantity("psi");
}

/// What psi of 27 x 27 and of 81 x 81 cells tends to with an error of second order, in the centres
/// of the larger cells.
std::vector<double> extrapolated(const std::vector<double>& coarse,
                                 const std::vector<double>& fine) {
  std::vector<double> out;
  for (std::size_t iy = 1; iy < 81; iy += 3)
    for (std::size_t ix = 1; ix < 81; ix += 3)
      out.push_back((9 * fine[iy * 81 + ix] - coarse[out.size()]) / 8);
  return out;
}

// Cells and steps are made a third as large together, and the error a ninth: that of differences,
// some (k dx)^2/12 of a wave. Without it the film is that of the exact solver, whose walls take E
// as the cells sample it, to second order, too.
TEST_P(LocalDiffusionAtRest, AScreenedUniformFilmTendsToTheExactSolver) {
  for (const auto& [walls, distance] :
       {std::pair(false, 30e-9), std::pair(false, double(INFINITY)), std::pair(true, 30e-9)}) {
    std::vector<std::vector<double>> psi, exact;
    std::vector<double> errors;
    for (const int n : {9, 27, 81}) {
      exact.push_back(screened_film(GetParam(), n, walls, distance, true));
      psi.push_back(screened_film(GetParam(), n, walls, distance, false));
      errors.push_back(relative_difference(psi.back(), exact.back()));
    }
    EXPECT_LT(errors[2], 1e-3) << walls << distance;
    EXPECT_NEAR(errors[0] / errors[1], 9, 1.7) << walls << distance;
    EXPECT_NEAR(errors[1] / errors[2], 9, 1) << walls << distance;
    const double left =
        relative_difference(extrapolated(psi[1], psi[2]), extrapolated(exact[1], exact[2]));
    EXPECT_LT(left, walls ? 1e-4 : 5e-6) << walls << distance;
  }
}

// By hand; their reciprocals are the torque and the damping (Ms t: areal moment).
TEST(LocalDiffusion, CoefficientsOfTheCharge) {
  HandMadeSurface s = strong;
  s.gamma = constants::GammaLL;
  const LocalCharge charge = local_charge(maps_of(s), {});
  EXPECT_NEAR(charge.e2_nu(0), e2_nu(s), 1e-12 * e2_nu(s));
  EXPECT_NEAR(charge.pumped(0), pumped(s), 1e-12 * pumped(s));
  EXPECT_NEAR(charge.emf(0), emf(s), 1e-12 * emf(s));
  // 0.2 eV, 5e5 m/s: nu = eps / (2 pi hbar^2 v^2), e^2 nu = 47.08 mF/m^2
  EXPECT_NEAR(charge.e2_nu(0), 4.708e-2, 1e-5);
  const DiracSurface torques = dirac_surface(maps_of(s), s.thickness, s.gamma, {});
  EXPECT_NEAR(charge.pumped(0), torques.B_diff_per_psi(0) * s.moment(), 1e-12 * pumped(s));
  EXPECT_NEAR(charge.emf(0) * s.gamma * torques.B_FL_per_E(0), torques.c0(0),
              1e-12 * torques.c0(0));
  const LocalCharge none = local_charge(maps_of(s), {HallParts::full, true, false, false});
  EXPECT_EQ(none.pumped(0), 0);
  EXPECT_EQ(none.emf(0), 0);
  DiracMaps partly = maps_of(s);
  partly.Msat = ScalarMap(std::vector<double>{s.Ms, 0});
  const LocalCharge beside = local_charge(partly, {});
  EXPECT_EQ(beside.pumped(1), 0);
  EXPECT_EQ(beside.e2_nu(1), beside.e2_nu(0));
}

TEST(LocalDiffusion, RefusesWhatItCannotDo) {
  Problem p = film_at_rest({8, 6, 8e-9, 8e-9, 5e-9, false, true}, {0, 0, 1});
  const auto refused = [](const Problem& problem) {
    try {
      make_engine(problem, {"cpu", Precision::double_precision, 1});
    } catch (const InputError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(refused(p), "");
  Problem infinite = p, open = p, given = p;
  infinite.diffusion.edge_x = Edge::infinite;
  EXPECT_NE(refused(infinite).find("infinite"), std::string::npos);
  open.diffusion.edge_y = Edge::no_flux;
  EXPECT_NE(refused(open).find("along y"), std::string::npos);
  given.drive.psi = {{"psi", 1e-3, Signal::constant()}};
  EXPECT_NE(refused(given).find("psi given by hand"), std::string::npos);
}

}  // namespace
}  // namespace kubomag::test
