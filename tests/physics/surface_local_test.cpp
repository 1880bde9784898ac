// Torques and damping act at the local mz: a domain wall on a surface whose electrons differ from
// cell to cell, and a uniform field at several mz, against the formulas written out by hand.
#include "support/backends.hpp"
#include "support/dirac_film.hpp"
#include "support/film_drive.hpp"

namespace kubomag::test {
namespace {

using constants::e_abs;
using constants::pi;

SeparableDrive uniform_E(double Ex, double Ey) {
  return {"uniform", [=](double, double) { return Vec2<double>{Ex, Ey}; }, Signal::constant()};
}

class SurfaceLocal : public OnEveryBackend {};
KUBOMAG_ON_EVERY_BACKEND(SurfaceLocal);

/// Two components per cell.
Vec3<double> in_plane(const std::vector<double>& field, const Grid& grid, std::size_t cell) {
  return {field[cell], field[grid.cells() + cell], 0};
}

// Sokolewicz 2019 (3): a uniform field moves no charge on an infinite film, psi = 0, E' = E.
TEST_P(SurfaceLocal, UniformFieldGivesTheFieldLikeTorqueAlone) {
  const HandMadeSurface s{0.2 * e_abs, -4e5, -0.12 * e_abs, 0.03, 3e5, 2e-9};
  for (const double mz : {0.95, 0.3, -0.7}) {
    Problem p = film_on(s, {6, 5, 5e-9, 4e-9, 0, true, true});
    p.m = uniform(p.grid, tilted(mz));
    p.diffusion.D = s.D(mz);
    p.drive.separable = {uniform_E(7e4, -3e4)};
    const auto film = engine(p);
    film->set_time(1e-10);
    EXPECT_LT(largest(film->quantity("psi")), 1e-12 * 7e4 * p.grid.size_x());
    EXPECT_LT(largest(film->quantity("B_diff")), 1e-12);
    const Vec3<double> J = s.J(mz, 7e4, -3e4), B = s.B_FL(J);
    const Vec3<double> torque = implicit_gilbert(tilted(mz), cross(B, tilted(mz)), 0,
                                                 s.c0() * s.sigma_0(mz), s.c0() * s.sigma_H(mz));
    const auto Js = film->quantity("J"), Bs = film->quantity("B_FL"), Ts = film->quantity("torque");
    for (const std::size_t i : {std::size_t{0}, std::size_t{29}}) {
      EXPECT_LT(norm(in_plane(Js, p.grid, i) - J), tolerance(1e-12, 1e-6) * norm(J));
      EXPECT_LT(norm(at(Bs, p.grid, i) - B), tolerance(1e-12, 1e-6) * norm(B));
      EXPECT_LT(norm(at(Ts, p.grid, i) - torque), tolerance(1e-12, 1e-6) * norm(torque));
    }
  }
}

// The local torque of the same surface by another paper's route, Ndiaye 2017 (11)-(14) corrected:
//   T = tau_perp m x (z x E) + tau_par mz m x E
// for v = 5e5 m/s in its helicity (the opposite of ours), eps = 0.2 eV, Delta = 20 meV,
// tau = 20 fs with hbar/tau = 2 pi alpha eps, mz = 0.7, Ms = 1e6 A/m, t = 2 nm, E = 1e5 V/m.
// Numbers to six or seven digits by a separate calculation; tau_par with and without crossed
// diagrams.
TEST_P(SurfaceLocal, AgreesWithTheLocalTorqueOfAnotherPaper) {
  const double mz = 0.7, tau = 20e-15, eps = 0.2 * e_abs;
  const HandMadeSurface s{eps, -5e5, 0.02 * e_abs, constants::hbar / (2 * pi * tau * eps),
                          1e6, 2e-9};
  const struct {
    HallParts hall;
    double tau_par;
  } versions[] = {{HallParts::ladder, -5.322204e6}, {HallParts::full, -5.19033e4}};
  for (const auto& [hall, tau_par] : versions)
    for (const bool along_y : {false, true}) {
      Problem p = film_on(s, {2, 2, 5e-9, 5e-9, 0, true, true}, {hall, true, true, false});
      p.m = uniform(p.grid, tilted(mz));
      p.drive.separable = {uniform_E(along_y ? 0 : 1e5, along_y ? 1e5 : 0)};
      const auto film = engine(p);
      const Vec3<double> e = along_y ? Vec3<double>{0, 1, 0} : Vec3<double>{1, 0, 0};
      const Vec3<double> across = cross(Vec3<double>{0, 0, 1}, e);
      const Vec3<double> B = at(film->quantity("B_FL"), p.grid, 3);
      EXPECT_NEAR(dot(B, across), 0.923524e-3, 2e-6 * 0.923524e-3);
      EXPECT_NEAR(p.GammaLL * dot(B, e), -tau_par * mz, 2e-6 * std::abs(tau_par));
      const Vec3<double> m = tilted(mz);
      const Vec3<double> expected =
          -1.624940e8 * cross(m, across) + tau_par * mz * cross(m, e);  // [1/s]
      const Vec3<double> got = p.GammaLL * at(film->quantity("torque"), p.grid, 3);
      EXPECT_LT(norm(got - expected), 1e-6 * norm(expected));
    }
}

/// What each cell is made of; vacuum has Ms = 0.
HandMadeSurface electrons_of(std::size_t cell) {
  const double a = 1.3 * static_cast<double>(cell);
  HandMadeSurface s{(0.2 + 0.03 * std::sin(a)) * e_abs, 5e5,
                    (0.1 - 0.02 * std::cos(a)) * e_abs, 0.02 + 0.005 * std::sin(2 * a),
                    2e5 * (1 + 0.2 * std::cos(3 * a)),  3e-9};
  if (cell % 11 == 5) s.Ms = 0;
  return s;
}

template <class F>
ScalarMap map_over(const Grid& grid, F value) {
  std::vector<double> cells(grid.cells());
  for (std::size_t i = 0; i < cells.size(); ++i) cells[i] = value(electrons_of(i));
  return ScalarMap(std::move(cells));
}

/// A Neel wall across x, from mz near 1 to mz near -1, under uniform and oscillating fields.
Problem patchy_wall() {
  Problem p = film_on(electrons_of(0), {24, 6, 4e-9, 5e-9, 0, false, false});
  p.m = texture(p.grid, [](double x, double y) {
    return Vec3<double>{1 / std::cosh(x / 9e-9), 0.2 * std::sin(2e8 * y), -std::tanh(x / 9e-9)};
  });
  using S = HandMadeSurface;
  const DiracMaps maps{map_over(p.grid, [](const S& s) { return s.eps; }),
                       map_over(p.grid, [](const S& s) { return s.v; }),
                       map_over(p.grid, [](const S& s) { return s.Delta; }),
                       map_over(p.grid, [](const S& s) { return s.disorder; }),
                       map_over(p.grid, [](const S& s) { return s.Ms; })};
  p.surface = dirac_surface(maps, p.grid.dz, p.GammaLL, {});
  p.material.set("Msat", maps.Msat);
  p.material.set("Aex", 4e-12), p.material.set("Ku1", 2e4), p.material.set("alpha", 0.02);
  p.diffusion.D = 8e-3;
  p.diffusion.edge_x = Edge::no_flux, p.diffusion.edge_y = Edge::no_flux;
  p.drive.separable = {{"",
                        [](double x, double y) {
                          return Vec2<double>{6e4 + 1e12 * x, 4e4 - 2e12 * y};
                        },
                        testing::sine_signal(6e11, 0.4, 0)}};
  p.drive.psi = {{"", ScalarMap(2e-3), Signal::constant()}};
  return p;
}

TEST_P(SurfaceLocal, DomainWallOnPatchyElectronsCellByCell) {
  const Problem p = patchy_wall();
  const auto film = engine(p);
  film->set_time(3e-12);
  const auto m = film->m(), psi = film->quantity("psi"), E = film->quantity("E_prime");
  const auto J = film->quantity("J"), B_FL = film->quantity("B_FL");
  const auto B_diff = film->quantity("B_diff"), B_eff = film->quantity("B_eff");
  const auto torque = film->quantity("torque");
  const double close = tolerance(1e-12, 3e-6);
  for (std::size_t i = 0; i < p.grid.cells(); ++i) {
    HandMadeSurface s = electrons_of(i);
    const Vec3<double> n = at(m, p.grid, i), e = in_plane(E, p.grid, i);
    const bool vacuum = s.Ms == 0;
    const Vec3<double> here = s.J(vacuum ? 0 : n.z, e.x, e.y);
    EXPECT_LT(norm(in_plane(J, p.grid, i) - here), close * norm(here)) << i;
    if (vacuum) {  // the surface state goes on without a film
      EXPECT_EQ(norm(at(B_FL, p.grid, i)) + norm(at(B_diff, p.grid, i)), 0) << i;
      EXPECT_EQ(norm(at(torque, p.grid, i)), 0) << i;
      continue;
    }
    const Vec3<double> like = s.B_FL(here), diff = s.B_diff(n.z, psi[i]);
    EXPECT_LT(norm(at(B_FL, p.grid, i) - like), close * norm(like)) << i;
    EXPECT_LT(norm(at(B_diff, p.grid, i) - diff), close * norm(diff)) << i;
    const Vec3<double> B = at(B_eff, p.grid, i) + like + diff;
    const Vec3<double> T =
        implicit_gilbert(n, cross(B, n), 0.02, s.c0() * s.sigma_0(n.z), s.c0() * s.sigma_H(n.z));
    EXPECT_LT(norm(at(torque, p.grid, i) - T), close * norm(B)) << i;
  }
}

// The test above proves something only if the coefficients differ along the wall.
TEST(SurfaceLocalFilm, WallHasBothSignsOfTheHallConductivityAndUnequalCells) {
  const Problem p = patchy_wall();
  const std::size_t n = p.grid.cells();
  EXPECT_GT(electrons_of(0).sigma_H(p.m[2 * n]), 0.05);
  EXPECT_LT(electrons_of(23).sigma_H(p.m[2 * n + 23]), -0.05);
  EXPECT_GT(electrons_of(11).sigma_0(p.m[2 * n + 11]), 1.4 * electrons_of(0).sigma_0(1));
  EXPECT_GT(p.surface->sigma_s.max(), 1.3 * p.surface->sigma_s.min());
}

}  // namespace
}  // namespace kubomag::test
