// Films whose drive is a sum of fixed fields, for good or for a piece of a window in time, take
// their steps in one sweep (solver/step_sweep_cpu.hpp). Against the same film that cannot, stage by
// stage: its drive has two more frequencies, of no amplitude, which are more fields than a
// right-hand side takes, or it has two maps of a current, of no amplitude, which have to be summed.
// Tolerance: rounding of some hundred steps; the drive turns m by 1e-2. The fields themselves are
// tested against closed solutions in surface_wave_test.cpp and diffusive_waves_test.cpp.
#include <gtest/gtest.h>

#include "support/busy_film.hpp"
#include "support/custom_terms.hpp"
#include "support/local_torque_film.hpp"

namespace kubomag::test {
namespace {

constexpr double for_ever = -HUGE_VAL;

SeparableDrive wave(double frequency, double start, double amplitude) {
  SignalTerm term = sine_term(frequency);
  term.start = start;
  return {"wave",
          [=](double x, double y) {
            return Vec2<double>{amplitude * std::sin(8e7 * x + 5e7 * y), amplitude * 1e7 * x};
          },
          {{term}}};
}

Problem film(int nx = 19, int ny = 26) {
  Problem p = plain_film(nx, ny, 4e-9, 5e-9, 3e-9);
  p.material.set("Msat", 3e5);
  p.material.set("Aex", 5e-12);
  p.material.set("Ku1", 1e5);
  p.material.set("alpha", 0.01);
  p.m = wavy(p.grid);
  return p;
}

/// On a Dirac surface, under a wave of E that begins at `start`.
Problem surface_film(double start = for_ever, int nx = 19, int ny = 26) {
  Problem p = film(nx, ny);
  DiracMaps maps{0.2 * constants::e_abs, 5e5, 0.05 * constants::e_abs, 0.03, 3e5};
  p.surface = dirac_surface(maps, p.grid.dz, p.GammaLL, {});
  const DiffusionNumbers numbers = diffusion_numbers(mean_electrons(maps), 0.7);
  p.diffusion.D = numbers.D, p.diffusion.mz_reference = numbers.mz_reference;
  p.diffusion.edge_x = p.diffusion.edge_y = Edge::no_flux;
  p.drive.separable = {wave(7e9, start, 1e7)};
  return p;
}

Problem mapped_film() {
  Problem p = surface_film();
  p.material.set("Msat", varied(p.grid, 3e5));
  add_surface(p);
  return p;
}

Problem film_with_fields() {
  Problem p = surface_film();
  p.custom.push_back(custom_term(p.material, CustomTerm::Kind::field, "own",
                                 {"0.1*mx*x/1e-8", "0", "0.2*mz*exp(y/1e-7)"}));
  return p;
}

Problem film_with_every_term() {
  Problem p = film_with_fields();
  p.material.set("Kc1", 2e4);
  return p;
}

Problem mapped_film_with_every_term() {
  Problem p = mapped_film();
  p.material.set("Kc1", varied(p.grid, 2e4));
  return p;
}

Problem periodic_film() {
  Problem p = surface_film();
  p.grid.periodic_x = p.grid.periodic_y = true;
  p.diffusion.edge_x = p.diffusion.edge_y = Edge::periodic;
  return p;
}

/// Of several tiles of columns.
Problem wide_film() { return surface_film(for_ever, 1100, 24); }

Problem film_over_local_electrons() {
  Problem p = film();
  set_models(p, {rashba_gas(6 * meV)}, LocalTables::Drive::E);
  p.drive.separable = {wave(7e9, for_ever, 1e5)};
  return p;
}

/// Under a pulse, of which windows in time are made. With two maps of a current a torque reads a
/// sum of them, which is made for the whole film.
Problem pulsed_film(double width, bool staged = false) {
  Problem p = surface_film(for_ever, 41, 30);
  SignalTerm pulse;
  pulse.kind = SignalTerm::Kind::pulse;
  pulse.centre = 0.3 * width, pulse.width = width;
  p.drive.separable[0].signal = {{pulse}};
  p.material.set("theta_SH", 0.1);
  const FieldSource none{"", {}, std::vector<Vec3<double>>(p.grid.cells()), Signal::constant()};
  p.current.assign(staged ? 2 : 1, none);
  return p;
}

Problem stage_by_stage(Problem p) {
  const double start = p.drive.separable[0].signal.terms[0].start;
  for (const double frequency : {9e9, 11e9}) p.drive.separable.push_back(wave(frequency, start, 0));
  return p;
}

std::unique_ptr<Engine> cpu(const Problem& p, bool single = false, int threads = 1) {
  const Precision precision = single ? Precision::single_precision : Precision::double_precision;
  return make_engine(p, {"cpu", precision, threads});
}

void expect_the_same_motion(const char* name, Problem p) {
  p.integrator.FixDt = 2e-14;
  Problem quiet = p;
  quiet.drive = {};
  for (const bool single : {false, true}) {
    const auto swept = cpu(p, single), staged = cpu(stage_by_stage(p), single);
    const auto undriven = cpu(quiet, single);
    for (Engine* one : {swept.get(), staged.get(), undriven.get()}) run_to(*one, 1e-12);
    EXPECT_GT(swept->bytes(), staged->bytes())
        << name << ": a sweep's rows are more than this film";
    EXPECT_LT(relative_difference(swept->m(), staged->m()), single ? 5e-6 : 1e-13) << name;
    EXPECT_GT(relative_difference(swept->m(), undriven->m()), 1e-3) << name;
  }
}

TEST(DrivenSweep, IsTheMotionStageByStage) {
  expect_the_same_motion("uniform", surface_film());
  expect_the_same_motion("maps", mapped_film());
  expect_the_same_motion("fields", film_with_fields());
  expect_the_same_motion("every term", film_with_every_term());
  expect_the_same_motion("every term, maps", mapped_film_with_every_term());
  expect_the_same_motion("periodic", periodic_film());
  expect_the_same_motion("local electrons", film_over_local_electrons());
}

TEST(DrivenSweep, HasTheSameBitsForAnyNumberOfThreads) {
  for (const Problem& p : {surface_film(), mapped_film(), wide_film()}) {
    const auto one = cpu(p, false, 1);
    take_steps(*one, 20);
    for (const int threads : {2, 3}) {
      const auto other = cpu(p, false, threads);
      take_steps(*other, 20);
      EXPECT_TRUE(same_bits(one->m(), other->m())) << threads;
    }
  }
}

/// A wave from 0.3 ps on in a film whose slowest mode relaxes at some 1e13/s: the drive is harmonic
/// after some picoseconds, in the midst of the run.
TEST(DrivenSweep, BeginsWhenTheTransientsAreOver) {
  Problem p = surface_film(0.3e-12);
  p.integrator.FixDt = 5e-14;
  const auto film = cpu(p), staged = cpu(stage_by_stage(p));
  run_to(*film, 1e-12);
  const std::size_t before = film->bytes();
  for (Engine* one : {film.get(), staged.get()}) run_to(*one, 3e-11);
  EXPECT_GT(film->bytes(), before) << "no sweep has begun";
  EXPECT_LT(relative_difference(film->m(), staged->m()), 1e-12);
}

/// Over borders of pieces and of windows, and where there are none.
TEST(DrivenSweep, InWindowsIsTheMotionStageByStage) {
  Problem p = pulsed_film(1e-10), q = pulsed_film(1e-10, true);
  for (const double dt : {2e-14, 1e-13, 4e-13}) {
    p.integrator.FixDt = q.integrator.FixDt = dt;
    const auto swept = cpu(p), staged = cpu(q);
    for (Engine* one : {swept.get(), staged.get()}) run_to(*one, 1e-11);
    const std::size_t map = 3 * 8 * p.grid.cells();  // of the second current, and of the sum
    EXPECT_GT(swept->bytes() + 2 * map, staged->bytes()) << "no sweep at " << dt;
    EXPECT_LT(relative_difference(swept->m(), staged->m()), 1e-11) << dt;
  }
}

TEST(DrivenSweep, InWindowsContinuesBitByBit) {
  for (const double width : {1e-11, 1e-10}) {
    const Problem p = pulsed_film(width);
    const auto whole = cpu(p), threads = cpu(p, false, 3);
    for (int stop = 1; stop <= 40; ++stop) {
      take_steps(*whole, 1), take_steps(*threads, 1);
      const auto continued = cpu(p);
      continued->restore(whole->checkpoint());
      take_steps(*whole, 2), take_steps(*continued, 2), take_steps(*threads, 2);
      ASSERT_TRUE(same_bits(whole->m(), continued->m())) << stop;
      ASSERT_TRUE(same_bits(whole->m(), threads->m())) << stop;
      ASSERT_EQ(whole->time(), continued->time());
    }
  }
}

TEST(DrivenSweep, ContinuesBitByBitWhereverItBegins) {
  const Problem p = surface_film(0.3e-12);
  const auto film = cpu(p);
  const std::size_t before = film->bytes();
  int steps = 0;  // until the first sweep
  for (; film->bytes() == before && steps < 10000; ++steps) film->step(1);
  ASSERT_LT(steps, 10000);
  for (const int stop : {steps - 2, steps - 1, steps, steps + 1}) {
    const auto whole = cpu(p), continued = cpu(p);
    take_steps(*whole, stop);
    continued->restore(whole->checkpoint());
    take_steps(*whole, 5), take_steps(*continued, 5);
    EXPECT_TRUE(same_bits(whole->m(), continued->m())) << stop - steps;
    EXPECT_EQ(whole->time(), continued->time());
  }
}

}  // namespace
}  // namespace kubomag::test
