// Many steps at a time: a device that takes them by itself must take the steps, bit by bit, that
// the host would have had it take one by one.
#include <functional>

#include "kubomag/error.hpp"
#include "support/backends.hpp"
#include "support/busy_film.hpp"
#include "support/custom_terms.hpp"

namespace kubomag::test {
namespace {

class Advance : public OnEveryBackend {
 protected:
  bool by_itself() const { return !GetParam().is("cpu"); }

  /// All that a checkpoint holds.
  void expect_same(const Engine& leaping, const Engine& stepping, long steps) const {
    if (!GetParam().is("cuda")) {
      ASSERT_TRUE(leaping.checkpoint() == stepping.checkpoint()) << "after " << steps << " steps";
      return;
    }
    // Host and device round sines differently. The error of a step is a small difference of slopes;
    // what their rounding leaves uncertain of it goes into the length of the next step.
    ASSERT_NEAR(leaping.time(), stepping.time(), 1e-9 * stepping.time());
    ASSERT_LT(relative_difference(leaping.m(), stepping.m()), tolerance(1e-10, 1e-5));
  }

  /// Advances one engine in leaps and another in single steps through the same times.
  void expect_same_steps(const Problem& p, const std::vector<double>& stops, long at_once = 7) {
    const auto leaping = engine(p), stepping = engine(p);
    long leaps = 0, steps = 0, refused = 0;
    for (const double stop : stops)
      while (leaping->time() < stop) {
        const AdvanceInfo info = leaping->advance(stop, at_once);
        ASSERT_TRUE(info.steps >= 1 && info.steps <= at_once);
        ++leaps;
        long rejected = 0;
        StepInfo last;
        for (long i = 0; i < info.steps; ++i, ++steps) {
          last = stepping->step(stop);
          rejected += last.rejected;
        }
        ASSERT_EQ(info.rejected, rejected);
        ASSERT_NEAR(info.dt, last.dt, GetParam().is("cuda") ? 1e-6 * last.dt : 0);
        ASSERT_NEAR(info.max_torque, last.max_torque,
                    GetParam().is("cuda") ? 1e-4 * last.max_torque : 0);
        expect_same(*leaping, *stepping, steps);
        refused += rejected;
      }
    steps_ = steps, refused_ = refused;
    EXPECT_GE(steps, 8);
    if (by_itself() && at_once > 1) {
      EXPECT_LE(leaps, steps / 4 + 6) << "the device was asked too often";
    }
  }

  long steps_ = 0, refused_ = 0;  // of the last comparison
};
KUBOMAG_ON_EVERY_BACKEND(Advance);

Problem moving_film() {
  Problem p = plain_film(21, 13);
  p.material.set("Aex", 1.3e-11);
  p.material.set("alpha", 0.02);
  p.m = wavy(p.grid);
  return p;
}

FieldSource uniform_source(Vec3<double> value, std::vector<SignalTerm> terms) {
  FieldSource source;
  source.value = value;
  source.signal = {std::move(terms)};
  return source;
}

TEST_P(Advance, EverySchemeTakesTheSameSteps) {
  for (const Scheme scheme :
       {Scheme::dormand_prince, Scheme::bogacki_shampine, Scheme::rk4, Scheme::heun}) {
    Problem p = moving_film();
    p.demag.enabled = true;
    p.integrator.scheme = scheme;
    p.integrator.InitialDt = 1e-12;  // too long: the first attempts are refused
    expect_same_steps(p, {1.4e-12, 4e-12});
    EXPECT_GE(refused_, 1);
  }
}

TEST_P(Advance, FixedStepsAreTheSame) {
  Problem p = moving_film();
  p.integrator.FixDt = 0.1e-12;
  expect_same_steps(p, {1.23e-12, 4e-12});
}

TEST_P(Advance, FieldsThatChangeInTime) {
  Problem p = moving_film();
  SignalTerm table, pulse;
  table.kind = SignalTerm::Kind::table;
  table.times = {0, 1.1e-12, 4e-12}, table.values = {0, 1, -0.5};
  pulse.kind = SignalTerm::Kind::pulse;
  pulse.centre = 2e-12, pulse.width = 0.7e-12;
  p.B_ext = {uniform_source({0.5, -0.2, 0.3}, {sine_term(80e9), pulse}),
             uniform_source({0, 0.4, 0}, {table})};
  FieldSource mapped = uniform_source({}, {sine_term(50e9)});
  for (std::size_t i = 0; i < p.grid.cells(); ++i)
    mapped.map.push_back({0, 0.01 * static_cast<double>(i % 17), 0.1});
  p.B_ext.push_back(mapped);
  expect_same_steps(p, {0.9e-12, 5e-12});
}

TEST_P(Advance, NoiseIsTheSame) {
  Problem p = moving_film();
  p.material.set("Temp", 300);
  p.integrator.scheme = Scheme::heun;
  p.integrator.FixDt = 0.05e-12;
  p.B_ext = {uniform_source({0.5, -0.2, 0.3}, {sine_term(80e9)})};
  expect_same_steps(p, {0.52e-12, 2e-12});
}

// A path that refused attempts divide by Brownian bridges.
TEST_P(Advance, NoiseAtAdaptiveStepsIsTheSame) {
  Problem p = moving_film();
  p.demag.enabled = true;
  p.material.set("Temp", 300);
  p.material.set("alpha", 0.1);
  p.integrator.InitialDt = 1e-12;  // too long
  p.B_ext = {uniform_source({0.5, -0.2, 0.3}, {sine_term(80e9)})};
  for (const Scheme scheme : {Scheme::dormand_prince, Scheme::heun}) {
    p.integrator.scheme = scheme;
    p.integrator.MaxErr = scheme == Scheme::heun ? 1e-4 : 1e-7;
    expect_same_steps(p, {0.9e-12, 1.5e-12});
    EXPECT_GE(refused_, 1);
  }
}

// A first step that is refused more often than there is room for pieces at first.
TEST_P(Advance, NoiseInManyPiecesIsTheSame) {
  Problem p = moving_film();
  p.material.set("Temp", 300);
  p.integrator.InitialDt = p.integrator.MaxDt = 1e-7;
  p.integrator.MaxErr = 1e-8;
  const auto leaping = engine(p), stepping = engine(p);
  const std::size_t plain = leaping->checkpoint().size();
  for (int leap = 0; leap < 4; ++leap) {
    const AdvanceInfo info = leaping->advance(1, 3);
    EXPECT_EQ(info.steps, by_itself() ? 3 : 1);
    for (long i = 0; i < info.steps; ++i) stepping->step(1);
    expect_same(*leaping, *stepping, info.steps);
    const std::size_t pieces = (leaping->checkpoint().size() - plain) / (24 * p.grid.cells());
    EXPECT_GT(pieces, 4u);
  }
}

// More maps than a pass of a GPU takes: the noise is one too many.
TEST_P(Advance, NoiseBesideManyMapsIsTheSame) {
  Problem p = moving_film();
  p.material.set("Temp", 300);
  p.integrator.scheme = Scheme::heun;
  p.integrator.FixDt = 0.05e-12;
  for (int k = 0; k < 6; ++k) {
    FieldSource mapped = uniform_source({}, {sine_term(50e9)});
    for (std::size_t i = 0; i < p.grid.cells(); ++i)
      mapped.map.push_back({0, 0.01 * static_cast<double>(i % 17), 0.1 * k});
    p.B_ext.push_back(mapped);
  }
  expect_same_steps(p, {0.52e-12, 2e-12});
}

TEST_P(Advance, ASurfaceAndItsDriveFromTheFirstMomentOn) {
  SignalTerm pulse;
  pulse.kind = SignalTerm::Kind::pulse;
  pulse.centre = 2e-12, pulse.width = 0.7e-12;
  for (const int nx : {18, 19}) {
    Problem p = busy_film(nx);
    p.drive.separable.pop_back();  // a table: it has no end of transients
    p.diffusion.rate_c = 1e13;     // transients that die out while the film is watched
    expect_same_steps(p, {0.2e-12, 8e-12});
    p.drive.separable[0].signal.terms.push_back(pulse);
    expect_same_steps(p, {0.2e-12, 8e-12});
  }
}

// Tables and samples: the device has the fields between two knots, whoever asked for something
// beyond them meanwhile.
TEST_P(Advance, DrivesWithKnots) {
  Problem p = busy_film();
  p.integrator.scheme = Scheme::bogacki_shampine;
  expect_same_steps(p, {0.2e-12, 5e-12});
  p = busy_film(18);
  p.drive.sampled = {{"sampled",
                      [](double x, double, double t) {
                        return Vec2<double>{1e5 * std::sin(1e8 * x + 1e12 * t), 0};
                      },
                      0.4e-12}};
  expect_same_steps(p, {0.2e-12, 5e-12});
  const auto leaping = engine(p), stepping = engine(p);
  for (Engine* film : {leaping.get(), stepping.get()}) {
    film->advance(0.5e-12, 1);
    const std::vector<std::byte> then = film->checkpoint();
    film->set_time(3e-12);
    film->quantity("psi");  // of another interval
    film->restore(then);
    film->observables();  // the slope is found again
  }
  for (const double stop : {1.7e-12, 2.5e-12}) {
    while (leaping->time() < stop) leaping->advance(stop, 5);
    while (stepping->time() < stop) stepping->step(stop);
  }
  expect_same(*leaping, *stepping, 0);
}

TEST_P(Advance, FormulasOfTimePlaceAndM) {
  Problem p = moving_film();
  p.custom = {custom_term(p.material, CustomTerm::Kind::field, "wave",
                          {"0.1*sin(2e8*x - 3e11*t)", "0.2*exp(-t/2e-12)", "0.3*mz*cos(4e11*t)"}),
              custom_term(p.material, CustomTerm::Kind::torque, "push", {"0.05", "0", "0.1*mx"})};
  expect_same_steps(p, {0.6e-12, 4e-12});
}

// Fields and currents, alone, beside other pieces, with and without maps.
TEST_P(Advance, SignalsThatAreFormulas) {
  Problem p = moving_film();
  p.material.set("Pol", 0.5);
  SignalTerm table;
  table.kind = SignalTerm::Kind::table;
  table.times = {0, 1.1e-12, 4e-12}, table.values = {0, 1, -0.5};
  const SignalTerm chirp = formula_term("cos(2*pi*(5*t + 20*t^2/ps)*GHz)*exp(-t/(2*ps))", 0.7);
  const SignalTerm gate = formula_term("t < 1.5*ps ? 1 : -erf(t/ps - 1.5)", 0.3);
  p.B_ext = {uniform_source({0.5, -0.2, 0.3}, {chirp}),
             uniform_source({0, 0.4, 0}, {gate, sine_term(80e9), chirp, table})};
  FieldSource mapped = uniform_source({}, {formula_term("sin(3e11*t)")});
  for (std::size_t i = 0; i < p.grid.cells(); ++i)
    mapped.map.push_back({0, 0.01 * static_cast<double>(i % 17), 0.1});
  p.B_ext.push_back(mapped);
  p.current = {uniform_source({1e13, 0, 0}, {gate})};
  expect_same_steps(p, {0.6e-12, 4e-12});
}

// What a file with interpolation = "cubic" is made into, to beyond its last knot.
TEST_P(Advance, SignalsThatAreCubics) {
  Problem p = moving_film();
  p.B_ext = {uniform_source({0.5, -0.2, 0.3}, {cubic_term(0.8e-12, 1.3)}),
             uniform_source({0, 0.4, 0}, {cubic_term(0.3e-12), sine_term(80e9)})};
  FieldSource mapped = uniform_source({}, {cubic_term(0.5e-12)});
  for (std::size_t i = 0; i < p.grid.cells(); ++i)
    mapped.map.push_back({0, 0.01 * static_cast<double>(i % 17), 0.1});
  p.B_ext.push_back(mapped);
  expect_same_steps(p, {0.6e-12, 4e-12});
}

// With the numbers of all evaluations there is room for some 1000 nodes.
TEST_P(Advance, FormulasTooLongForADeviceAreStepped) {
  Problem p = moving_film();
  std::string formula = "0";
  for (int k = 1; k <= 600; ++k) formula.append("+cos(").append(std::to_string(k)).append("e8*t)");
  p.B_ext = {uniform_source({0.5, -0.2, 0.3}, {formula_term(formula, 1.0 / 600)})};
  expect_same_steps(p, {1e-12}, 1);
}

TEST_P(Advance, WhatADeviceDoesNotComputeIsStepped) {
  Problem p = moving_film();
  SignalTerm formula;
  formula.kind = SignalTerm::Kind::formula;
  formula.formula = [](double t) { return std::cos(3e11 * t); };
  p.B_ext = {uniform_source({0.5, -0.2, 0.3}, {formula})};
  expect_same_steps(p, {1e-12}, 1);
}

TEST_P(Advance, GoesOnAfterTheFilmWasTakenInHand) {
  Problem p = moving_film();
  p.B_ext = {uniform_source({0.5, -0.2, 0.3}, {sine_term(80e9)})};
  const auto leaping = engine(p), stepping = engine(p);
  Relax options;
  options.descent = Descent::barzilai_borwein;
  options.max_steps = 3;
  for (int round = 0; round < 3; ++round) {
    for (long steps = 0; steps < 15;) {
      const AdvanceInfo info = leaping->advance(1, 5);
      for (long i = 0; i < info.steps; ++i) stepping->step(1);
      steps += info.steps;
    }
    for (Engine* film : {leaping.get(), stepping.get()}) {
      film->relax(options, {});
      std::vector<double> m = film->m();
      std::rotate(m.begin(), m.begin() + 2,
                  m.begin() + static_cast<std::ptrdiff_t>(p.grid.cells()));
      film->set_m(m);
      film->set_time(0.3e-12);
      film->restore(film->checkpoint());
    }
    expect_same(*leaping, *stepping, 15 * (round + 1));
  }
}

// KUBOMAG_CUDA_GRAPHS=off: the same kernels, launched one by one.
TEST_P(Advance, TheSameWithoutGraphs) {
  Problem adaptive = moving_film(), warm = moving_film(), driven = busy_film();
  adaptive.demag.enabled = true;
  adaptive.integrator.InitialDt = 1e-12;  // too long: the first attempts are refused
  warm.material.set("Temp", 300);
  warm.integrator.scheme = Scheme::heun;
  warm.integrator.FixDt = 0.05e-12;
  Problem knotted = driven, path = warm;
  path.integrator.FixDt = 0;
  path.integrator.MaxErr = 1e-4;
  path.B_ext = {uniform_source({0.5, -0.2, 0.3}, {formula_term("cos(3e11*t)")})};
  driven.drive.separable.pop_back();  // a table: it has no end of transients
  driven.diffusion.rate_c = 1e13;     // transients that die out while the film is watched
  for (const Problem& p : {adaptive, warm, path, driven, knotted}) {
    const auto with = engine(p);
    setenv("KUBOMAG_CUDA_GRAPHS", "off", 1);
    const auto without = engine(p);
    unsetenv("KUBOMAG_CUDA_GRAPHS");
    for (const double stop : {0.3e-12, 3e-12})
      for (int leap = 0; leap < 6 && with->time() < stop; ++leap) {
        const AdvanceInfo graphs = with->advance(stop, 7), launches = without->advance(stop, 7);
        EXPECT_EQ(graphs.steps, launches.steps);
        EXPECT_EQ(graphs.rejected, launches.rejected);
        ASSERT_TRUE(with->checkpoint() == without->checkpoint()) << "at " << with->time();
        ASSERT_EQ(observable(with->observables(), "E_total"),
                  observable(without->observables(), "E_total"));
      }
    EXPECT_GT(with->time(), 0.3e-12);
  }
}

TEST_P(Advance, FailsAsAStepDoes) {
  Problem p = moving_film();
  p.integrator.FixDt = 0.1e-12;
  SignalTerm table;  // a field that grows beyond all numbers
  table.kind = SignalTerm::Kind::table;
  table.times = {0, 1e-12, 1.5e-12}, table.values = {0, 1, 1e300};
  p.B_ext = {uniform_source({1e3, 0, 0}, {table})};
  const auto leaping = engine(p), stepping = engine(p);
  std::string reasons[2];
  try {
    while (leaping->time() < 1e-11) leaping->advance(1e-11, 100);
  } catch (const RunError& error) {
    reasons[0] = error.what();
  }
  try {
    while (stepping->time() < 1e-11) stepping->step(1e-11);
  } catch (const RunError& error) {
    reasons[1] = error.what();
  }
  EXPECT_NE(reasons[0], "");
  EXPECT_EQ(reasons[0], reasons[1]);
}

}  // namespace
}  // namespace kubomag::test
