// The CUDA plug-in's sources on the emulation of CUDA (tests/cuda_emulation/cuda_runtime.h): what a
// device does not promise must not matter.
#include "support/busy_film.hpp"
#include "support/custom_terms.hpp"
#include "support/emulated_cuda.hpp"
#include "support/films_of_every_kind.hpp"

#include <gmock/gmock.h>

namespace kubomag::test {
namespace {

class Emulation : public ::testing::TestWithParam<bool> {
 protected:
  void TearDown() override {
    reverse_order(false);
    guard_memory(false);
    old_driver(false);
    no_graphs(false);
    ignore_fills(false);
  }
  static void reverse_order(bool reversed) { control("cuda_emulation_reverse_order", reversed); }
  static void old_driver(bool old) { control("cuda_emulation_old_driver", old); }
  static void no_graphs(bool none) { control("cuda_emulation_no_graphs", none); }
  static void ignore_fills(bool ignore) { control("cuda_emulation_ignore_fills", ignore); }
  static void guard_memory(bool guard) { control("cuda_emulation_guard_memory", guard); }

 private:
  static void control(const char* name, bool on) {
    EmulatedCuda::instance().find<void (*)(bool)>(name)(on);
  }
};
INSTANTIATE_TEST_SUITE_P(Precisions, Emulation, ::testing::Bool(), [](const auto& precision) {
  return precision.param ? "emulated_single" : "emulated_double";
});

TEST_P(Emulation, IsNoDeviceOfTheProgram) {
  const auto film = make_emulated_engine(plain_film(3, 2), GetParam());
  EXPECT_THAT(film->device(), ::testing::HasSubstr("CUDA emulation"));
  EXPECT_THAT(find_devices().cuda_devices, ::testing::Not(::testing::Contains("CUDA emulation")));
}

TEST_P(Emulation, TheOrderOfThreadsAndBlocksDoesNotMatter) {
  const Problem p = busy_film();
  std::vector<double> m[2], energies[2];
  for (const bool reversed : {false, true}) {
    reverse_order(reversed);
    const auto film = make_emulated_engine(p, GetParam());
    take_steps(*film, 20);
    m[reversed] = film->m();
    for (const Observable& observable : film->observables())
      energies[reversed].push_back(observable.value);
  }
  EXPECT_TRUE(same_bits(m[0], m[1]));
  EXPECT_TRUE(same_bits(energies[0], energies[1]));
}

// Buffers are zero when they are made, so that initcheck finds nothing in them. Without that:
// nobody reads what nobody has written, but for local diffusion, which begins with a psi of zero,
// films that relax without their drive, which is zero times a field, and cuFFT, whose padded rows
// stay zero.
TEST_P(Emulation, NothingIsReadBeforeItIsWritten) {
  const auto results = [](const Problem& p) {
    const auto film = make_emulated_engine(p, GetParam());
    film->advance(0.25e-12, 3);
    std::vector<std::vector<double>> all;
    for (const Quantity& quantity : film->quantities())
      all.push_back(film->quantity(quantity.name));
    Relax options;
    options.max_steps = 2;
    for (const Descent descent : {Descent::in_time, Descent::barzilai_borwein}) {
      options.descent = descent;
      if (!p.surface) film->relax(options, {});
    }
    film->step(0.5e-12);
    all.push_back({});
    for (const Observable& observable : film->observables()) all.back().push_back(observable.value);
    all.push_back(film->m());
    return all;
  };
  for (const films::Case& one : films::cases) {
    const Problem p = one.problem();
    if (p.diffusion.local) continue;
    ignore_fills(false);
    const auto with = results(p);
    ignore_fills(true);
    const auto without = results(p);
    ASSERT_EQ(with.size(), without.size());
    for (std::size_t i = 0; i < with.size(); ++i)
      EXPECT_TRUE(same_bits(with[i], without[i])) << one.name << ", " << i;
  }
}

TEST_P(Emulation, TheHostDoesNotTouchTheDevicesMemory) {
  guard_memory(true);
  const Problem p = busy_film();
  const auto film = make_emulated_engine(p, GetParam());
  take_steps(*film, 3);
  film->advance(1, 5);
  film->observables();
  for (const Quantity& quantity : film->quantities()) film->quantity(quantity.name);
  const auto state = film->checkpoint();
  Relax options;
  options.max_steps = 3;
  for (const Descent descent : {Descent::in_time, Descent::barzilai_borwein}) {
    options.descent = descent;
    film->relax(options, {});
  }
  film->restore(state);
  take_steps(*film, 1);
}

TEST_P(Emulation, ADriverWithoutConditionalNodesTakesTheSameSteps) {
  Problem p = plain_film(9, 7);
  p.material.set("Aex", 1.3e-11);
  p.m = wavy(p.grid);
  p.integrator.InitialDt = 1e-12;  // too long: attempts are refused
  const auto expected = make_emulated_engine(p, GetParam());
  old_driver(true);
  const auto film = make_emulated_engine(p, GetParam());
  for (int leap = 0; leap < 3; ++leap) {
    const AdvanceInfo with_nodes = expected->advance(1, 6), without = film->advance(1, 6);
    EXPECT_EQ(without.steps, 6);
    EXPECT_EQ(without.rejected, with_nodes.rejected);
  }
  EXPECT_TRUE(film->checkpoint() == expected->checkpoint());
}

// For both attempts, the mean conductivity, how far psi was mispredicted, and once for either of
// the two linear systems; without conditional nodes twice for either, and thrice for each
// iteration. (The torque at the beginning has been asked for.)
TEST_P(Emulation, LocalDiffusionWaitsForNoIteration) {
  const auto waits = EmulatedCuda::instance().find<long (*)()>("cuda_emulation_waits");
  std::vector<std::byte> results[2];
  for (const bool old : {false, true}) {
    old_driver(old);
    const auto film = make_emulated_engine(films::coupled_film(), GetParam());
    for (int step = 0; step < 4; ++step) {
      film->observables();
      const long before = waits();
      EXPECT_EQ(film->advance(1, 1).rejected, 0);
      const long waited = waits() - before;
      const auto iterations = static_cast<long>(observable(film->observables(), "psi_iterations"));
      EXPECT_GE(iterations, 2);
      EXPECT_EQ(waited, old ? 4 + 2 * 2 + 3 * iterations : 6);
    }
    results[old] = film->checkpoint();
  }
  EXPECT_TRUE(results[0] == results[1]);
}

/// Kernels that 20 further steps of a film take.
long kernels_of_steps(const Problem& p, bool single) {
  const auto film = make_emulated_engine(p, single);
  const auto count = EmulatedCuda::instance().find<long (*)()>("cuda_emulation_kernels_run");
  film->advance(1, 5);
  const long before = count();
  EXPECT_EQ(film->advance(1, 20).steps, 20);
  return count() - before;
}

// Torques, formulas, voltage and fields with a map are evaluated in the passes of a step.
TEST_P(Emulation, WhatIsAddedToTheFieldCostsNoLaunch) {
  Problem plain = plain_film(9, 7);
  plain.material.set("Aex", 1.3e-11);
  plain.m = wavy(plain.grid);
  plain.integrator.FixDt = 1e-14;
  plain.integrator.scheme = Scheme::heun;
  Problem full = plain;
  for (const char* name : {"theta_SH", "Pol", "xi"}) full.material.set(name, 0.1);
  full.material.set("xi_VCMA", 3e-14);
  const FieldSource map{"", {}, std::vector<Vec3<double>>(63, {1e-3, 2e-3, 0}), Signal::constant()};
  full.B_ext = full.current = full.E_z = {map};
  full.custom = {custom_term(full.material, CustomTerm::Kind::torque, "own", {"mz", "0", "0"})};
  EXPECT_EQ(kernels_of_steps(full, GetParam()), kernels_of_steps(plain, GetParam()));
}

// docs/performance-gpu.md, "Passes": the stages but for the first, and the end of the step; with
// the demagnetising field three kernels for each evaluation, or the seven calls of cuFFT's way, of
// which four are its transforms.
TEST_P(Emulation, AStepTakesFewLaunches) {
  const std::pair<Scheme, int> schemes[] = {{Scheme::dormand_prince, 6},
                                            {Scheme::bogacki_shampine, 3},
                                            {Scheme::rk4, 4},
                                            {Scheme::heun, 2}};
  for (const auto& [scheme, stages] : schemes) {
    Problem p = plain_film(9, 7);
    p.material.set("Aex", 1.3e-11);
    p.m = wavy(p.grid);
    p.integrator.FixDt = 1e-14;
    p.integrator.scheme = scheme;
    const int begin = 1;  // for all 20 steps together
    EXPECT_EQ(kernels_of_steps(p, GetParam()), begin + 20 * stages);
    p.demag.enabled = true;
    EXPECT_EQ(kernels_of_steps(p, GetParam()), begin + 20 * (stages + 3 * stages));
    setenv("KUBOMAG_CUDA_CONVOLUTION", "batched", 1);
    EXPECT_EQ(kernels_of_steps(p, GetParam()), begin + 20 * (stages + 3 * stages));
    p.grid =
        Grid{10, 8, p.grid.dx, p.grid.dy, p.grid.dz, true, true};  // m goes to cuFFT as it lies
    p.m = wavy(p.grid);
    EXPECT_EQ(kernels_of_steps(p, GetParam()), begin + 20 * (1 + stages + stages));
    unsetenv("KUBOMAG_CUDA_CONVOLUTION");
  }
}

/// A busy film in steps of one length whose drive is never harmonic.
Problem film_with_transients() {
  Problem p = busy_film(18);
  p.demag.enabled = false;
  p.integrator.FixDt = 0.05e-12;
  p.B_ext.clear();
  SignalTerm pulse;
  pulse.kind = SignalTerm::Kind::pulse;
  pulse.centre = 1e-12, pulse.width = 1e-12;
  p.drive.separable.resize(1);
  p.drive.separable[0].signal.terms = {pulse};
  return p;
}

// docs/performance-gpu.md, "Passes": modes with their columns, and rows; by cuFFT the modes, a call
// for the columns and one for the rows of all three fields, and the film's part of them.
TEST_P(Emulation, ADriveInItsTransientTakesTwoLaunches) {
  const auto given = [](const Problem& p) {
    const auto film = make_emulated_engine(p, GetParam());
    const auto count =
        EmulatedCuda::instance().find<std::size_t (*)()>("cuda_emulation_work_count");
    film->advance(1, 1);
    const std::size_t before = count();
    EXPECT_EQ(film->advance(1, 7).steps, 7);
    return count() - before;
  };
  setenv("KUBOMAG_CUDA_GRAPHS", "off", 1);
  const Problem driven = film_with_transients();
  Problem silent = driven;
  silent.drive = {};
  for (const auto& [method, launches] : {std::pair("fused", 2), std::pair("batched", 4)}) {
    setenv("KUBOMAG_CUDA_CONVOLUTION", method, 1);
    EXPECT_EQ(given(driven) - given(silent), 7 * 6 * launches) << method;
  }
  unsetenv("KUBOMAG_CUDA_CONVOLUTION");
  unsetenv("KUBOMAG_CUDA_GRAPHS");
}

// Where a drive's interval ends, the next one's fields take its place.
TEST_P(Emulation, AChangeOfKnotsAllocatesNothing) {
  const auto made = EmulatedCuda::instance().find<long (*)()>("cuda_emulation_allocations_made");
  Problem p = film_with_transients();
  p.drive.separable.push_back(busy_film(18).drive.separable[1]);
  p.drive.sampled = {{"sampled",
                      [](double x, double, double t) {
                        return Vec2<double>{1e5 * std::sin(1e8 * x + 1e12 * t), 0};
                      },
                      0.1e-12}};
  for (const bool sampled : {true, false}) {
    if (!sampled) p.drive.sampled.clear();
    const auto film = make_emulated_engine(p, GetParam());
    film->step(1);
    const long before = made();
    take_steps(*film, 30);
    EXPECT_GT(film->time(), 1.2e-12) << "not beyond knots of the table and the samples";
    EXPECT_EQ(made(), before);
  }
}

// KUBOMAG_CUDA_GRAPHS=off is for machines and tools that take no graphs: none is made.
TEST_P(Emulation, WithGraphsOffNoneIsMade) {
  Problem p = plain_film(9, 7);
  p.material.set("Aex", 1.3e-11);
  p.m = wavy(p.grid);
  setenv("KUBOMAG_CUDA_GRAPHS", "off", 1);
  const auto film = make_emulated_engine(p, GetParam());
  setenv("KUBOMAG_CUDA_GRAPHS", "never", 1);
  EXPECT_THROW(make_emulated_engine(p, GetParam()), InputError);
  unsetenv("KUBOMAG_CUDA_GRAPHS");
  no_graphs(true);
  EXPECT_EQ(film->advance(1, 6).steps, 6) << "the device did not take its steps by itself";
}

}  // namespace
}  // namespace kubomag::test
