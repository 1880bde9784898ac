// The thermal field: its numbers, its strength, what it does to a moment, and that the same run has
// the same numbers; cells that are held.
#include "kernels/thermal.hpp"
#include "kubomag/error.hpp"
#include "support/backends.hpp"
#include "support/films.hpp"

namespace kubomag::test {
namespace {

TEST(NormalNumbers, AreBoxMullerOfPhilox) {
  // Random123, tests/kat_vectors: what ten rounds make of these numbers
  const r123::Philox4x32 philox;
  const auto known =
      philox({{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}}, {{0xa4093822, 0x299f31d0}});
  constexpr std::uint32_t expected[] = {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1};
  for (std::size_t k = 0; k < 4; ++k) EXPECT_EQ(known[k], expected[k]);
  const auto bits = philox({{6, 1, 5, 2}}, {{7, 3}});
  const auto uniform = [&](int k) { return (bits[k] + 0.5) / 4294967296.0; };
  const Vec3<double> eta = normal_triple((3ull << 32) + 7, (2ull << 32) + 5, 6);
  const double r = std::sqrt(-2 * std::log(uniform(0))), phi = 2 * constants::pi * uniform(1);
  EXPECT_NEAR(eta.x, r * std::cos(phi), 1e-14);
  EXPECT_NEAR(eta.y, r * std::sin(phi), 1e-14);
  EXPECT_NEAR(eta.z,
              std::sqrt(-2 * std::log(uniform(2))) * std::cos(2 * constants::pi * uniform(3)),
              1e-14);
}

TEST(NormalNumbers, AreNormalAndIndependent) {
  constexpr int cells = 400, steps = 500;
  constexpr double n = cells * steps;
  double sum[3] = {}, square[3] = {}, fourth[3] = {}, mixed[5] = {};
  for (int step = 0; step < steps; ++step)
    for (int cell = 0; cell < cells; ++cell) {
      const Vec3<double> v = normal_triple(7, step, cell), next = normal_triple(7, step + 1, cell);
      const Vec3<double> beside = normal_triple(7, step, cell + 1);
      const double value[] = {v.x, v.y, v.z};
      for (int c = 0; c < 3; ++c) {
        const double q = value[c] * value[c];
        sum[c] += value[c], square[c] += q, fourth[c] += q * q;
      }
      const double products[] = {v.x * v.y, v.y * v.z, v.z * v.x, v.x * next.x, v.x * beside.x};
      for (int k = 0; k < 5; ++k) mixed[k] += products[k];
    }
  for (int c = 0; c < 3; ++c) {  // four standard errors; the fourth power has the variance 96
    EXPECT_NEAR(sum[c] / n, 0, 4 / std::sqrt(n));
    EXPECT_NEAR(square[c] / n, 1, 4 * std::sqrt(2 / n));
    EXPECT_NEAR(fourth[c] / n, 3, 4 * std::sqrt(96 / n));
  }
  for (const double product : mixed) EXPECT_NEAR(product / n, 0, 4 / std::sqrt(n));
}

constexpr double Ms = 8e5, dt = 20e-15;

/// Uncoupled moments along z at a temperature, without any other field.
Problem warm_film(int nx, int ny, double Temp, double alpha) {
  Problem p = plain_film(nx, ny);
  p.material.set("Msat", Ms);
  p.material.set("Temp", Temp);
  p.material.set("alpha", alpha);
  p.integrator.scheme = Scheme::heun;
  p.integrator.FixDt = dt;
  return p;
}

class Thermal : public OnEveryBackend {};
KUBOMAG_ON_EVERY_BACKEND(Thermal);

TEST_P(Thermal, MomentsDiffuseAtTheRateOfTheTheory) {
  // Small angles, no field: <mx^2> = <my^2> = 2 alpha gamma kB T t/(Ms V (1 + alpha^2)).
  constexpr double T = 100;
  constexpr int steps = 3;
  for (const double alpha : {0.1, 1.0}) {
    const Problem p = warm_film(150, 140, T, alpha);
    const auto film = engine(p);
    for (int step = 0; step < steps; ++step) film->step(1e-9);
    const double expected = 2 * alpha * p.GammaLL * constants::k_B * T * steps * dt /
                            (Ms * p.grid.cell_volume() * (1 + alpha * alpha));
    ASSERT_LT(expected, 1e-2);
    const auto m = film->m();
    const auto n = static_cast<double>(p.grid.cells());
    for (std::size_t c = 0; c < 2; ++c) {
      double square = 0;
      for (std::size_t i = 0; i < p.grid.cells(); ++i)
        square += std::pow(m[c * p.grid.cells() + i], 2);
      EXPECT_NEAR(square / n / expected, 1, 4 * std::sqrt(2 / n) + expected);
    }
  }
}

TEST_P(Thermal, TheNoiseFollowsTemperatureDampingAndMoment) {
  // One step from z in four cells with the numbers of Philox: m moves by a thermal field of given
  // strength; dm = gamma dt (B x z + alpha z x (B x z))/(1 + alpha^2) to first order
  constexpr double alpha[] = {0.2, 0.05, 0.2, 0.4}, T[] = {10, 10, 40, 0},
                   M[] = {8e5, 8e5, 4e5, 8e5};
  Problem p = warm_film(4, 1, 0, 0);
  p.material.set("alpha", ScalarMap(std::vector<double>(alpha, alpha + 4)));
  p.material.set("Temp", ScalarMap(std::vector<double>(T, T + 4)));
  p.material.set("Msat", ScalarMap(std::vector<double>(M, M + 4)));
  p.integrator.FixDt = 1e-16;
  p.integrator.seed = 5;
  const auto film = engine(p);
  film->step(1e-9);
  const auto m = film->m();
  for (std::size_t i = 0; i < 4; ++i) {
    const double a = alpha[i],
                 strength = std::sqrt(2 * constants::k_B * T[i] * a /
                                      (M[i] * p.GammaLL * p.grid.cell_volume() * 1e-16));
    const Vec3<double> B = strength * normal_triple(5, 0, static_cast<std::uint32_t>(i));
    const double angle = p.GammaLL * 1e-16 / (1 + a * a);
    EXPECT_NEAR(m[i], angle * (B.y + a * B.x), tolerance(0.01, 0.01) * angle * strength);
    EXPECT_NEAR(m[4 + i], angle * (a * B.y - B.x), tolerance(0.01, 0.01) * angle * strength);
  }
}

/// A film with everything that a run can have, warm.
Problem busy_warm_film() {
  Problem p = warm_film(13, 9, 200, 0.05);
  p.material.set("Aex", 1e-11);
  p.material.set("Dind", 1e-3);
  p.demag.enabled = true;
  p.m = wavy(p.grid);
  return p;
}

TEST_P(Thermal, AResumedRunHasTheSameBits) {
  const Problem p = busy_warm_film();
  const auto all = engine(p), first = engine(p), second = engine(p, 1);
  for (int step = 0; step < 20; ++step) all->step(1e-9);
  for (int step = 0; step < 9; ++step) first->step(1e-9);
  first->observables();  // looking at a run does not change it
  second->restore(first->checkpoint());
  for (int step = 9; step < 20; ++step) second->step(1e-9);
  EXPECT_EQ(all->m(), second->m());
}

TEST_P(Thermal, TheSeedChoosesTheNoise) {
  Problem p = busy_warm_film();
  const auto same = engine(p), again = engine(p, 1);
  p.integrator.seed = 2;
  const auto other = engine(p);
  for (Engine* each : {same.get(), again.get(), other.get()}) each->step(1e-9);
  EXPECT_EQ(same->m(), again->m());
  EXPECT_NE(same->m(), other->m());
}

TEST_P(Thermal, BothPrecisionsHaveTheSameNoise) {
  const Problem p = busy_warm_film();
  const auto here = engine(p);
  const auto reference = make_engine(p, {"cpu", Precision::double_precision, 1});
  for (int step = 0; step < 10; ++step) here->step(1e-9), reference->step(1e-9);
  EXPECT_LT(relative_difference(here->m(), reference->m()), tolerance(1e-12, 1e-5));
}

TEST_P(Thermal, FieldsAndRelaxationAreFreeOfNoise) {
  const Problem warm = busy_warm_film();
  Problem cold = warm;
  cold.material.set("Temp", 0.0);
  const auto film = engine(warm);
  film->step(1e-9);
  cold.m = film->m();
  const auto reference = engine(cold);
  EXPECT_LT(relative_difference(film->quantity("B_eff"), reference->quantity("B_eff")),
            tolerance(1e-12, 1e-5));
  Relax to;
  to.stop_torque = tolerance(1e-6, 1e-4);
  EXPECT_TRUE(film->relax(to, {}).converged);
}

TEST_P(Thermal, SlowMomentsInAFieldFollowBoltzmann) {
  // <mz> = coth x - 1/x with x = Ms V B/(kB T), whatever the damping
  constexpr double B = 0.2, T = 300, alpha = 0.5;
  Problem p = warm_film(48, 48, T, alpha);
  p.integrator.FixDt = 50e-15;
  FieldSource source;
  source.value = {0, 0, B};
  source.signal = Signal::constant();
  p.B_ext = {source};
  const std::size_t n = p.grid.cells();
  const double x = Ms * p.grid.cell_volume() * B / (constants::k_B * T);
  const auto film = engine(p);
  std::vector<double> mean(n, 0);
  constexpr int samples = 6;
  for (int sample = 0; sample < samples; ++sample) {
    const double end = (400 + 60 * sample) * 1e-12;
    run_to(*film, end);
    const auto m = film->m();
    for (std::size_t i = 0; i < n; ++i) mean[i] += m[2 * n + i] / samples;
  }
  double average = 0, variance = 0;
  for (const double mz : mean) average += mz / static_cast<double>(n);
  for (const double mz : mean) variance += std::pow(mz - average, 2) / static_cast<double>(n - 1);
  const double standard_error = std::sqrt(variance / static_cast<double>(n));
  EXPECT_LT(standard_error, 0.006);
  EXPECT_NEAR(average, 1 / std::tanh(x) - 1 / x, 3 * standard_error);
}

TEST_P(Thermal, FrozenCellsAreHeldAndStillSeen) {
  Problem p = busy_warm_film();
  p.material.set("Temp", 0.0);
  const auto expected = engine(p)->quantity("torque");
  std::vector<double> frozen(p.grid.cells());
  for (std::size_t i = 0; i < frozen.size(); ++i) frozen[i] = i % 3 == 0 ? 1 : 0;
  p.material.set("frozen", ScalarMap(frozen));
  const auto film = engine(p);
  const auto torque = film->quantity("torque");
  const double scale = largest(expected);
  for (std::size_t i = 0; i < p.grid.cells(); ++i) {
    const Vec3<double> wanted = frozen[i] > 0 ? Vec3<double>{} : at(expected, p.grid, i);
    EXPECT_LT(norm(at(torque, p.grid, i) - wanted), tolerance(1e-13, 1e-5) * scale);
  }
  const auto before = film->m();
  for (int step = 0; step < 100; ++step) film->step(1e-9);
  const auto after = film->m();
  double moved = 0;
  for (std::size_t i = 0; i < p.grid.cells(); ++i) {
    const double distance = norm(at(after, p.grid, i) - at(before, p.grid, i));
    if (frozen[i] > 0) {
      EXPECT_LT(distance, tolerance(1e-15, 3e-7));
    }
    moved = std::max(moved, distance);
  }
  EXPECT_GT(moved, 0.1);
}

}  // namespace
}  // namespace kubomag::test
