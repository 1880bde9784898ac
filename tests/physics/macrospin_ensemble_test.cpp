// Single cells on a GPU, each taken through many steps by one thread, and the same on the emulation
// of CUDA: against the closed solution of a cell in an alternating field, against the cells in SIMD
// lanes of the CPU (which other tests hold against films and references), and in bits against
// themselves alone.
#include <gtest/gtest.h>

#include "kubomag/batch.hpp"
#include "support/backends.hpp"
#include "support/custom_terms.hpp"
#include "support/macrospin.hpp"
#include "support/symmetric_torque.hpp"
#include "support/varied_cell.hpp"

namespace kubomag::test {
namespace {

using Block = std::shared_ptr<MacrospinBlock>;

class MacrospinEnsemble : public OnEveryBackend {
 protected:
  Block ensemble(const std::vector<Problem>& problems, std::size_t most_at_once = 0) const {
    const CudaPlugin plugin = GetParam().is("cuda") ? cuda_plugin() : emulated_plugin();
    std::vector<const Problem*> cells;
    for (const Problem& problem : problems) {
      EXPECT_TRUE(is_macrospin(problem) && drives_itself(problem));
      EXPECT_EQ(macrospin_kind(problem), macrospin_kind(problems.front()));
      cells.push_back(&problem);
    }
    Block block(plugin.macrospins(&cells, 0, single(), most_at_once));
    for (std::size_t r = 0; r < problems.size(); ++r)
      make_macrospin_engine(problems[r], block, r);  // normalises m, as in a batch
    return block;
  }

  /// To t_end on this device and on the CPU in double.
  void expect_the_cells_of_the_cpu(const std::vector<Problem>& problems, double t_end,
                                   double in_double, double in_single) const {
    const Block block = ensemble(problems);
    EXPECT_TRUE(block->run(t_end, {}));
    Batch cpu(problems, {"cpu", {}, 1});
    EXPECT_TRUE(cpu.run(t_end));
    for (std::size_t r = 0; r < problems.size(); ++r) {
      EXPECT_EQ(block->failure(r) + cpu.failure(r), "");
      EXPECT_EQ(block->time(r), t_end);
      const std::vector<double> m = cpu.replica(r).m();
      const Vec3<double> apart = block->m(r) - Vec3<double>{m[0], m[1], m[2]};
      EXPECT_LT(norm(apart), tolerance(in_double, in_single)) << "cell " << r;
    }
  }
};

INSTANTIATE_TEST_SUITE_P(Devices, MacrospinEnsemble,
                         ::testing::Values(Target{"cuda", Precision::double_precision},
                                           Target{"cuda", Precision::single_precision},
                                           Target{"emulated", Precision::double_precision},
                                           Target{"emulated", Precision::single_precision}),
                         target_name);

std::vector<Problem> varied_cells(int count, bool surface) {
  std::vector<Problem> problems;
  for (int n = 0; n < count; ++n) problems.push_back(varied_cell(n, surface));
  return problems;
}

/// Each with signals of its own that are formulas, beside what it has.
std::vector<Problem> cells_of_formulas(int count, bool surface) {
  std::vector<Problem> problems = varied_cells(count, surface);
  int n = 0;
  for (Problem& p : problems) {
    const std::string rate = std::to_string(5 + 3 * ++n);
    p.B_ext.push_back({"", {0, 0.1, 0.1}, {}, {{formula_term("sin(" + rate + "e9*t)", 0.8)}}});
    p.current.push_back({"",
                         {0, 1e12, 0},
                         {},
                         {{cubic_term(3e-11 * n), p.B_ext[0].signal.terms[0],
                           formula_term("1/(1 + (t/(50*ps))^2)")}}});
  }
  return problems;
}

TEST_P(MacrospinEnsemble, FollowsTheClosedSolution) {
  std::vector<Macrospin> spins;
  for (int n = 0; n < 9; ++n)
    spins.push_back(
        {0.2 + 0.05 * n, 0.3 - 0.02 * n, (5 + n) * 1e9, 0.02 + 0.05 * n, 2.5 - 0.2 * n, 0.3 * n});
  std::vector<Problem> problems;
  for (const Macrospin& spin : spins) {
    problems.push_back(spin.problem());
    problems.back().integrator.MaxErr = tolerance(1e-10, 1e-5);
  }
  const Block block = ensemble(problems);
  for (const double t : {0.07e-9, 0.3e-9}) {
    EXPECT_TRUE(block->run(t, {}));
    for (std::size_t r = 0; r < spins.size(); ++r) {
      const std::vector<double> m = spins[r].exact(t);
      EXPECT_LT(norm(block->m(r) - Vec3<double>{m[0], m[1], m[2]}), tolerance(1e-8, 3e-4)) << r;
    }
  }
}

// The same, its field a formula.
TEST_P(MacrospinEnsemble, FollowsTheClosedSolutionOfAFormula) {
  std::vector<Macrospin> spins;
  std::vector<Problem> problems;
  for (int n = 0; n < 3; ++n) {
    spins.push_back({0.2, 0.3, (5 + n) * 1e9, 0.02 + 0.05 * n, 2.5, 0.3 * n});
    Problem p = spins.back().problem();
    p.B_ext[1].signal.terms = {formula_term("cos(2*pi*" + std::to_string(5 + n) + "*GHz*t)")};
    p.integrator.MaxErr = tolerance(1e-10, 1e-5);
    problems.push_back(p);
  }
  const Block block = ensemble(problems);
  EXPECT_TRUE(block->run(0.3e-9, {}));
  for (std::size_t r = 0; r < spins.size(); ++r) {
    const std::vector<double> m = spins[r].exact(0.3e-9);
    EXPECT_LT(norm(block->m(r) - Vec3<double>{m[0], m[1], m[2]}), tolerance(1e-8, 3e-4)) << r;
  }
}

// Rounding alone is between them: a GPU, its emulation and a SIMD lane contract products and sums
// in different places, and steps that are accepted a last bit apart differ by as much.
TEST_P(MacrospinEnsemble, FollowsTheCellsOfTheCpu) {
  for (const bool surface : {false, true})
    for (const Scheme scheme :
         {Scheme::dormand_prince, Scheme::bogacki_shampine, Scheme::rk4, Scheme::heun}) {
      std::vector<Problem> problems = varied_cells(7, surface);
      for (Problem& problem : problems) problem.integrator.scheme = scheme;
      problems[2].integrator.MaxErr = 1e-7;
      problems[3].integrator.FixDt = 2e-13;
      problems[4].integrator.InitialDt = 1e-11;  // too long: attempts are refused
      expect_the_cells_of_the_cpu(problems, 1e-10, 1e-11, 2e-4);
    }
}

TEST_P(MacrospinEnsemble, FollowsTheirStepsOneByOne) {
  if (single()) return;  // errors of rounding alone refuse other steps
  const std::vector<Problem> problems = varied_cells(5, false);
  const Block block = ensemble(problems);
  for (std::size_t r = 0; r < problems.size(); ++r) {
    const auto cpu = make_engine(problems[r], {"cpu", {}, 1});
    for (int n = 0; n < 60; ++n) {
      const StepInfo a = block->step(r, 1e-10), b = cpu->step(1e-10);
      // an error is what slopes leave when they cancel, so rounding is a larger part of it
      ASSERT_NEAR(a.dt, b.dt, 1e-5 * b.dt) << "cell " << r << ", step " << n;
      ASSERT_NEAR(a.error, b.error, 1e-4 * b.error + 1e-14);
      ASSERT_NEAR(a.max_torque, b.max_torque, 1e-5 * b.max_torque);
      ASSERT_EQ(a.rejected, b.rejected);
      if (block->time(r) == 1e-10) break;
    }
    ASSERT_EQ(block->time(r), cpu->time());
  }
}

TEST_P(MacrospinEnsemble, NoiseIsThatOfEachCellsSeed) {
  std::vector<Problem> problems = varied_cells(5, false);
  for (std::size_t n = 0; n < problems.size(); ++n) {
    problems[n].material.set("Temp", 300.0);
    problems[n].integrator.FixDt = 1e-13 * static_cast<double>(1 + n % 2);
    problems[n].integrator.scheme = Scheme::heun;
    problems[n].integrator.seed = n;
  }
  expect_the_cells_of_the_cpu(problems, 3e-11, 1e-11, 1e-4);
}

TEST_P(MacrospinEnsemble, EveryTermAndTorque) {
  std::vector<Problem> problems = varied_cells(4, false);
  double x = 0.3;
  for (Problem& p : problems) {
    p.material.set("Kc1", 2e4 * (x += 0.2));
    p.material.set("Ku2", 1e4 * x);
    p.material.set("field_like_ratio", 0.3 * x);
    p.material.set("Pol", 0.4);
    p.material.set("Lambda", 1 + x);
    p.material.set("EpsilonPrime", 0.1);
    p.material.set("FixedLayer_x", 0.6), p.material.set("FixedLayer_z", 0.8);
    p.material.set("Aex", 1e-11);
    p.material.set("Dind", 3e-3 * x);
    SignalTerm pulse;
    pulse.kind = SignalTerm::Kind::pulse;
    pulse.centre = 5e-11 * x, pulse.width = 5e-12;
    p.current.push_back({"", {0, 1e12, 2e12}, {}, {{pulse}}});
  }
  expect_the_cells_of_the_cpu(problems, 1e-10, 1e-11, 2e-4);
}

// Two kinds of electrons in one ensemble, with E and with an imposed current.
TEST_P(MacrospinEnsemble, SignalsThatAreFormulas) {
  for (const bool surface : {false, true})
    expect_the_cells_of_the_cpu(cells_of_formulas(5, surface), 1e-10, 1e-11, 2e-4);
}

TEST_P(MacrospinEnsemble, LocalElectrons) {
  for (const auto drive : {LocalTables::Drive::E, LocalTables::Drive::J}) {
    std::vector<Problem> problems;
    for (int n = 0; n < 5; ++n) {
      Problem p = plain_film(1, 1, 2e-9, 2e-9, 1e-9);
      p.material.set("Msat", 1e6);
      p.material.set("Ku1", 5e5);
      p.material.set("alpha", 0.05 + 0.02 * n);
      p.m = unit({0.3, 0.1 * n, 1});
      const double size = constants::GammaLL * 1e-5 * (1 + n % 2);
      const auto tau = [=](double mz) { return size * (1 + 0.2 * mz * mz); };
      const auto minus = [=](double mz) { return -tau(mz); };
      const double moment = 1e6 * 1e-9;
      set_models(p, {std::make_shared<SymmetricTorque>(ThieleTorque{{}, minus, {}, tau}, moment)},
                 drive);
      const Signal signal = testing::sine_signal(3e10, 0.1 * n, 0);
      if (drive == LocalTables::Drive::E)
        p.drive.separable = {{"E", [](double, double) { return Vec2<double>{6e4, 2e4}; }, signal}};
      else
        p.sheet_current = {{"", {6, 2, 0}, {}, signal}};
      problems.push_back(p);
    }
    expect_the_cells_of_the_cpu(problems, 1e-10, 1e-11, 2e-4);
  }
}

TEST_P(MacrospinEnsemble, CellsHaveTheBitsThatTheyHaveAlone) {
  for (const std::vector<Problem>& problems :
       {varied_cells(11, false), varied_cells(11, true), cells_of_formulas(11, true)}) {
    const Block all = ensemble(problems), slices = ensemble(problems, 4);
    for (const double t : {0.6e-10, 1e-10}) {
      EXPECT_TRUE(all->run(t, {}));
      EXPECT_TRUE(slices->run(t, {}));
    }
    EXPECT_LT(slices->bytes(), all->bytes());
    for (std::size_t r = 0; r < problems.size(); ++r) {
      const auto alone = make_engine_on(GetParam(), problems[r]);
      run_to(*alone, 0.6e-10);  // one launch for each step
      run_to(*alone, 1e-10);
      const Vec3<double> a = all->m(r), b = slices->m(r);
      const std::vector<double> m = alone->m();
      EXPECT_TRUE(a.x == m[0] && a.y == m[1] && a.z == m[2]) << r;
      EXPECT_TRUE(b.x == m[0] && b.y == m[1] && b.z == m[2]) << r;
      EXPECT_EQ(all->max_torque(r), observable(alone->observables(), "max_torque"));
    }
  }
}

TEST_P(MacrospinEnsemble, CheckpointsContinueToTheSameBits) {
  const std::vector<Problem> problems = varied_cells(3, true);
  const Block first = ensemble(problems), second = ensemble(problems);
  first->run(0.5e-10, {});
  for (std::size_t r = 0; r < problems.size(); ++r)
    make_macrospin_engine(problems[r], second, r)
        ->restore(make_macrospin_engine(problems[r], first, r)->checkpoint());
  first->run(1e-10, {});
  second->run(1e-10, {});
  for (std::size_t r = 0; r < problems.size(); ++r)
    EXPECT_EQ(norm(first->m(r) - second->m(r)), 0) << r;
}

TEST_P(MacrospinEnsemble, ACellThatFailsLeavesTheOthersAlone) {
  std::vector<Problem> problems = varied_cells(3, false);
  problems[1].integrator.MaxErr = 1e-16;
  problems[1].integrator.MinDt = 1e-13;
  const Block block = ensemble(problems);
  EXPECT_TRUE(block->run(5e-11, {}));
  EXPECT_NE(block->failure(1).find("below MinDt"), std::string::npos) << block->failure(1);
  EXPECT_EQ(block->failure(0) + block->failure(2), "");
  EXPECT_LT(block->time(1), 5e-11);
  EXPECT_EQ(block->time(2), 5e-11);
  EXPECT_THROW(run_to(*make_engine_on(GetParam(), problems[1]), 5e-11), RunError);
}

TEST_P(MacrospinEnsemble, LaunchesDoNotGrowWithTheSteps) {
  if (!GetParam().is("emulated")) return;
  const auto kernels = EmulatedCuda::instance().find<long (*)()>("cuda_emulation_kernels_run");
  std::vector<Problem> problems = varied_cells(2, false);
  const Block block = ensemble(problems);
  block->run(1e-12, {});
  for (const double t : {1e-11, 1e-9}) {
    const long before = kernels();
    EXPECT_TRUE(block->run(t, {}));
    EXPECT_EQ(kernels() - before, 1);
  }
}

TEST_P(MacrospinEnsemble, WhatADeviceCannotDriveIsAFilm) {
  Problem p = varied_cell(0, false);
  EXPECT_TRUE(drives_itself(p));
  SignalTerm formula;
  formula.kind = SignalTerm::Kind::formula;
  formula.formula = [](double) { return 1.0; };
  p.B_ext[0].signal.terms = {formula};
  EXPECT_FALSE(drives_itself(p));
  Problem q = varied_cell(0, true);
  EXPECT_TRUE(drives_itself(q));
  q.diffusion.D = 1e-3;
  q.diffusion.edge_x = q.diffusion.edge_y = Edge::no_flux;
  EXPECT_FALSE(drives_itself(q));
  const auto film = make_engine_on(GetParam(), p);
  run_to(*film, 1e-12);
  EXPECT_EQ(film->time(), 1e-12);
}

// The seam that sweeps use; on a real device alone, since the emulation is none of the program's.
TEST(BatchOnCuda, CellsShareLaunches) {
  const std::string reason = why_no_gpu();
  if (!reason.empty()) GTEST_SKIP() << reason;
  std::vector<Problem> problems = varied_cells(40, true);
  problems[3].material.set("Kc1", 2e4);  // of another kind
  for (const Precision precision : {Precision::double_precision, Precision::single_precision}) {
    const DeviceChoice choice{"cuda", precision, 1};
    EXPECT_TRUE(shares_registers(problems[0], choice));
    Batch batch(problems, choice);
    EXPECT_TRUE(batch.run(1e-10));
    for (std::size_t r = 0; r < problems.size(); ++r) {
      const auto alone = make_engine(problems[r], choice);
      run_to(*alone, 1e-10);
      EXPECT_EQ(batch.replica(r).m(), alone->m()) << r;
      EXPECT_EQ(batch.failure(r), "");
    }
  }
}

}  // namespace
}  // namespace kubomag::test
