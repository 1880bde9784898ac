// What a film of interacting moments must keep: |m| = 1, the energy without damping, and with
// damping the balance dE/dt = -(alpha Ms V/gamma) sum |dm/dt|^2.
#include "support/backends.hpp"
#include "support/macrospin.hpp"
#include "support/validation.hpp"

namespace kubomag::test {
namespace {

Problem interacting_film(double alpha) {
  Problem p = plain_film(6, 5, 5e-9, 4e-9, 3e-9);
  p.material.set("Aex", 1.3e-11);
  p.material.set("Ku1", 5e5);
  p.material.set("anisU_x", 0.6);
  p.material.set("anisU_z", 0.8);
  p.material.set("alpha", alpha);
  p.demag.enabled = true;
  FieldSource source;
  source.value = {0.05, -0.02, 0.03};
  source.signal = Signal::constant();
  p.B_ext = {source};
  p.m = wavy(p.grid);
  return p;
}

double total_energy(Engine& film) { return observable(film.observables(), "E_total"); }

/// sum over cells of |dm/dt|^2 [1/s^2]
double sum_of_squared_rates(Engine& film, double gamma) {
  double sum = 0;
  for (const double rate : film.quantity("torque")) sum += rate * rate;
  return gamma * gamma * sum;
}

class Conservation : public OnEveryBackend {};
KUBOMAG_ON_EVERY_BACKEND(Conservation);

TEST_P(Conservation, MomentsKeepTheirLength) {
  Worst worst;
  for (const Scheme scheme : {Scheme::dormand_prince, Scheme::bogacki_shampine, Scheme::rk4}) {
    Problem p = interacting_film(0.02);
    p.integrator.scheme = scheme;
    p.integrator.MaxErr = 1e-4;
    const auto film = engine(p);
    for (int i = 0; i < 200; ++i) film->step(1);
    const auto m = film->m();
    for (std::size_t i = 0; i < p.grid.cells(); ++i) worst(norm(at(m, p.grid, i)) - 1);
  }
  record({"length of m", "largest error after 200 steps of each scheme", 0, tolerance(1e-14, 3e-7),
          "|m| = 1"},
         worst);
}

TEST_P(Conservation, EnergyIsKeptWithoutDamping) {
  Problem p = interacting_film(0);
  p.integrator.MaxErr = tolerance(1e-12, 1e-7);
  const auto film = engine(p);
  const double before = total_energy(*film);
  run_to(*film, 1e-9);
  record({"film without damping", "relative change of the energy in 1 ns", 0, tolerance(1e-8, 1e-4),
          "conservation"},
         total_energy(*film) / before - 1);
}

TEST_P(Conservation, DampingTakesWhatTheRatesSay) {
  Problem p = interacting_film(0.05);
  const double h = p.integrator.FixDt = 0.05e-12;
  const auto film = engine(p);
  const double before = total_energy(*film);
  double energy = before, integral = 0;  // int sum |dm/dt|^2 dt, Simpson's rule
  double rise = -HUGE_VAL;
  constexpr int steps = 400;
  for (int i = 0; i <= steps; ++i) {
    const double weight = i == 0 || i == steps ? 1 : (i % 2 == 1 ? 4 : 2);
    integral += weight * h / 3 * sum_of_squared_rates(*film, p.GammaLL);
    if (i == steps) break;
    ASSERT_EQ(film->step(1).dt, h);
    const double after = total_energy(*film);
    rise = std::max(rise, (after - energy) / std::abs(before));
    energy = after;
  }
  const double moment = 8e5 * p.grid.cell_volume();
  const double expected = -0.05 * moment / p.GammaLL * integral;
  EXPECT_LT(expected, -0.1 * std::abs(before)) << "too little was dissipated to test anything";
  record(
      {"film with damping", "energy lost in 20 ps over (alpha Ms V/gamma) int sum of |dm/dt|^2 dt",
       1, tolerance(1e-5, 1e-4), "equation of motion"},
      (energy - before) / expected);
  record({"film with damping", "largest rise of the energy in a step, of the energy", 0,
          tolerance(0, 1e-7), "the energy does not rise"},
         std::max(0.0, rise));
}

}  // namespace
}  // namespace kubomag::test
