// Energy of a film on a Dirac surface (docs/physics.md, "Equation of motion" and "Torques and
// damping"): without drives tensor damping takes it away at the rate
//   dE/dt = -sum_cells (Ms V / gamma) (alpha |dm/dt|^2 + A0 |dm_par/dt|^2),
// and a static psi is a gate-controlled anisotropy of the areal energy
//   +|e| psi Delta^2 mz^2 / (4 pi hbar^2 v^2).
#include "support/backends.hpp"
#include "support/dirac_film.hpp"

namespace kubomag::test {
namespace {

using constants::e_abs;
using constants::pi;

const HandMadeSurface surface{0.2 * e_abs, 3e5, 0.12 * e_abs, 0.015, 1.4e5, 2e-9};

/// Exchange, anisotropy, demagnetisation, a field, tensor damping; no drive.
Problem undriven_film() {
  Problem p = film_on(surface, {12, 9, 5e-9, 4e-9});
  p.material.set("Aex", 4e-12), p.material.set("Ku1", 3e4), p.material.set("alpha", 0.01);
  p.demag.enabled = true;
  p.B_ext = {constant_field({0.05, -0.02, 0.04})};
  p.m = wavy(p.grid);
  return p;
}

class SurfaceEnergy : public OnEveryBackend {};
KUBOMAG_ON_EVERY_BACKEND(SurfaceEnergy);

TEST_P(SurfaceEnergy, NeverRisesWithoutDrives) {
  Problem p = undriven_film();
  p.m = scrambled(p.grid);
  p.integrator.MaxErr = tolerance(1e-7, 1e-5);
  const auto film = engine(p);
  const double first = observable(film->observables(), "E_total");
  double energy = first;
  while (film->time() < 0.2e-9) {
    film->step(0.2e-9);
    const double now = observable(film->observables(), "E_total");
    EXPECT_LE(now, energy + tolerance(1e-13, 1e-7) * std::abs(first)) << film->time();
    energy = now;
  }
  EXPECT_LT(energy, first - 0.5 * std::abs(first));
}

/// sum (Ms V / gamma) (alpha |dm/dt|^2 + A0 |dm_par/dt|^2) at the present state [W].
double heating(Engine& film, const Problem& p) {
  const auto torque = film.quantity("torque"), m = film.m();
  double sum = 0;
  for (std::size_t i = 0; i < p.grid.cells(); ++i) {
    const Vec3<double> T = at(torque, p.grid, i);
    const double A0 = surface.c0() * surface.sigma_0(at(m, p.grid, i).z);
    sum += 0.01 * dot(T, T) + A0 * (T.x * T.x + T.y * T.y);
  }
  return p.GammaLL * surface.Ms * p.grid.cell_volume() * sum;
}

// A1 does no work: with a Hall response a hundred times too strong, A1 up to 0.16, the balance is
// the same.
TEST_P(SurfaceEnergy, FallsAtTheRateOfTheTensor) {
  if (single()) GTEST_SKIP() << "differences of energies need double precision";
  for (const double hall : {1.0, 100.0}) {
    Problem p = undriven_film();
    p.surface->hall_3 = hall * 8;
    const double h = p.integrator.FixDt = 2e-14;
    const auto film = engine(p);
    std::vector<double> energy;
    double power = 0;
    for (int i = 0; i < 5; ++i) {
      energy.push_back(observable(film->observables(), "E_total"));
      if (i == 2) power = heating(*film, p);
      film->step(1);
    }
    const double slope = (8 * (energy[3] - energy[1]) - (energy[4] - energy[0])) / (12 * h);
    EXPECT_NEAR(slope, -power, 1e-5 * power) << hall;
    EXPECT_GT(power, 0);
  }
}

/// Areal energy of psi over |e| psi mz^2 [J/m^2 per J].
double areal_energy_per_psi() {
  const double k = surface.Delta / (constants::hbar * surface.v);
  return k * k / (4 * pi);
}

ScalarMap bump(const Grid& grid, double peak) {
  std::vector<double> cells(grid.cells());
  for (int iy = 0; iy < grid.ny; ++iy)
    for (int ix = 0; ix < grid.nx; ++ix)
      cells[grid.index(ix, iy)] =
          peak * (0.3 + std::cos(8e7 * grid.x(ix)) * std::sin(5e7 * grid.y(iy) + 1));
  return ScalarMap(std::move(cells));
}

// The potential is a Ku1 of -|e| psi Delta^2 / (4 pi hbar^2 v^2 t): for psi > 0, z is hard.
TEST_P(SurfaceEnergy, StaticPsiIsAnAnisotropy) {
  const SurfaceParts parts{HallParts::full, false, true, true};  // no torque of grad psi
  Problem driven = undriven_film();
  driven.surface = dirac_surface(maps_of(surface), surface.thickness, surface.gamma, parts);
  driven.drive.psi = {{"gate", bump(driven.grid, 4e-3), Signal::constant()}};
  Problem anisotropic = undriven_film();
  const double per_psi = e_abs * areal_energy_per_psi() / surface.thickness;
  anisotropic.material.set(
      "Ku1",
      ScalarMap::combine([&](double psi) { return 3e4 - per_psi * psi; }, driven.drive.psi[0].psi));
  const auto got = engine(driven)->quantity("torque");
  const auto expected = engine(anisotropic)->quantity("torque");
  EXPECT_LT(relative_difference(got, expected), tolerance(1e-12, 1e-5));
  const auto without = engine(undriven_film())->quantity("torque");
  EXPECT_GT(relative_difference(without, expected), 1e-2);
}

// Without damping the energy of the film and that of psi are exchanged, their sum is kept.
TEST_P(SurfaceEnergy, StaticPsiConservesEnergyWithItsAnisotropy) {
  if (single()) GTEST_SKIP() << "differences of energies need double precision";
  Problem p = undriven_film();
  p.surface = dirac_surface(maps_of(surface), surface.thickness, surface.gamma,
                            {HallParts::full, false, true, false});
  p.material.set("alpha", 0.0);
  p.drive.psi = {{"gate", bump(p.grid, 4e-3), Signal::constant()}};
  p.integrator.MaxErr = 1e-10;
  const auto film = engine(p);
  const auto energy_of_psi = [&] {
    const auto m = film->m();
    double sum = 0;
    for (std::size_t i = 0; i < p.grid.cells(); ++i)
      sum += p.drive.psi[0].psi(i) * std::pow(m[2 * p.grid.cells() + i], 2);
    return e_abs * areal_energy_per_psi() * p.grid.dx * p.grid.dy * sum;
  };
  const double film_before = observable(film->observables(), "E_total");
  const double psi_before = energy_of_psi();
  double most = 0;
  for (int i = 1; i <= 10; ++i) {
    run_to(*film, i * 1e-11);
    const double change = observable(film->observables(), "E_total") - film_before;
    const double exchanged = energy_of_psi() - psi_before;
    most = std::max(most, std::abs(exchanged));
    EXPECT_NEAR(change, -exchanged, 1e-6 * most) << film->time();
  }
  EXPECT_GT(most, 0.01 * std::abs(film_before));
}

}  // namespace
}  // namespace kubomag::test
