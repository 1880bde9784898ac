// What a gang of films shares (src/solver/film_gang.hpp): kernels, transforms, noise. Counted on
// the emulation of CUDA, which also does what a GPU cannot be told: blocks in the reverse order,
// memory of the host out of bounds, a driver without graphs.
#include "support/custom_terms.hpp"
#include "support/gang_films.hpp"
#include "support/local_torque_film.hpp"

namespace kubomag::test {
namespace {

/// What only the emulation tells, or can be told.
class GangEmulated : public Gang {};
INSTANTIATE_TEST_SUITE_P(Gpu, GangEmulated,
                         ::testing::Values(Target{"emulated", Precision::double_precision},
                                           Target{"emulated", Precision::single_precision}),
                         target_name);

TEST_P(GangEmulated, KernelsDoNotMultiplyWithFilms) {
  std::vector<Problem> problems = replicas(6);
  for (Problem& p : problems) p.integrator.FixDt = 0.05e-12;
  constexpr long of_six = 1 + 9 * 6 * (3 + 1), of_four = 1 + 9 * 4 * (3 + 1);
  EXPECT_EQ(kernels_of({problems[0]}, 9), of_six);
  EXPECT_EQ(kernels_of(problems, 9), of_six);
  problems[2].integrator.scheme = Scheme::rk4;
  for (const int first : {-1, 0, 2}) EXPECT_EQ(kernels_of(problems, 9, first), of_six + of_four);
  problems[4].integrator.scheme = problems[5].integrator.scheme = Scheme::rk4;
  EXPECT_EQ(kernels_of(problems, 9), of_six + of_four);
}

// Films of a gang need graphs of their own when they first go alone.
TEST_P(GangEmulated, WhoeverIsNotAloneMakesNoGraph) {
  const auto graphs = EmulatedCuda::instance().find<long (*)()>("cuda_emulation_graphs_made");
  std::vector<Problem> problems = replicas(3);
  const auto gang = gang_of(3);
  const Films films = members(*gang, problems);
  const long before = graphs();
  drive(*gang, films, [](Engine& film, std::size_t) { drive_to(film, 0.5e-12); });
  EXPECT_EQ(graphs() - before, 1);
  films[1]->advance(1, 3);
  const long after = graphs();
  EXPECT_GT(after, before + 1);
  films[1]->advance(1, 3);
  EXPECT_EQ(graphs(), after) << "recorded again";
  const auto alone = engine(problems[1]);
  drive_to(*alone, 0.5e-12);
  alone->advance(1, 3), alone->advance(1, 3);
  EXPECT_TRUE(films[1]->checkpoint() == alone->checkpoint());
}

TEST_P(GangEmulated, TransformsOfDrivesAreShared) {
  std::vector<Problem> problems(3, busy_film(18));
  for (int i = 0; i < 3; ++i) {
    problems[i].integrator.FixDt = 0.05e-12;
    problems[i].drive.separable[0].signal.terms[0].frequency *= 1 + i;
  }
  EXPECT_EQ(kernels_of(problems, 9), kernels_of({problems[0]}, 9));
  setenv("KUBOMAG_CUDA_CONVOLUTION", "batched", 1);
  EXPECT_GT(kernels_of(problems, 9), 2 * kernels_of({problems[0]}, 9));
}

TEST_P(GangEmulated, NoiseAndDrivesAreShared) {
  for (const bool noise : {false, true}) {
    std::vector<Problem> problems;
    for (int i = 0; i < 3; ++i) {
      Problem p = noise ? plain_film(19, 14) : busy_film();
      p.integrator.FixDt = 0.05e-12;
      p.material.set("alpha", 0.01 * (1 + i));
      if (noise) p.material.set("Temp", 300);
      p.B_ext.clear();
      p.drive.separable.clear();
      if (!noise) {
        SignalTerm wave = sine_term(7e9 * (1 + i));
        wave.start = -1;  // no transients are left
        p.drive.separable = {busy_film().drive.separable[0]};
        p.drive.separable[0].signal.terms = {wave};
      }
      problems.push_back(p);
    }
    EXPECT_EQ(kernels_of(problems, 5), kernels_of({problems[0]}, 5)) << noise;
  }
}

// What is computed for the whole film in a step: summands of which there are too many, currents of
// several maps, electrons beside a Dirac surface, drives of several frequencies.
TEST_P(GangEmulated, EveryPassOfAStepIsShared) {
  const auto map = [](const Grid& grid, double size) {
    return FieldSource{"", {}, {grid.cells(), Vec3<double>{size, -size, 0}}, Signal::constant()};
  };
  Problem many = plain_film(19, 14);
  many.m = wavy(many.grid);
  many.B_ext.assign(8, map(many.grid, 0.01));
  many.custom.assign(
      5, custom_term(many.material, CustomTerm::Kind::field, "own", {"0.1*mz", "0", "0"}));
  many.material.set("theta_SH", 0.1);
  many.current.assign(2, map(many.grid, 1e11));
  Problem both = busy_film();
  SignalTerm wave = sine_term(7e9);
  wave.start = -1;  // no transients are left
  both.drive.separable.resize(1);
  both.drive.separable[0].signal.terms = {wave, wave, wave};
  for (std::size_t i = 0; i < 3; ++i) both.drive.separable[0].signal.terms[i].frequency *= 1 + i;
  both.m = wavy(both.grid);
  set_models(both, {rashba_gas(5.5 * meV)}, LocalTables::Drive::E);
  // Launches of an evaluation: the pass; two maps and a formula more than it takes, on a map that
  // is set to zero; the sum of two currents. Then: convolution and pass, the electrons, six fields
  // of three frequencies in pairs, for the surface and for them.
  for (auto [p, evaluation] : {std::pair(many, 1 + 4 + 3), std::pair(both, 4 + 1 + 6)}) {
    p.integrator.scheme = Scheme::heun;
    p.integrator.FixDt = 0.05e-12;
    Problem other = p;
    other.material.set("alpha", 0.3);
    EXPECT_EQ(kernels_of({p}, 3), 1 + 3 * (1 + 2 * evaluation));
    EXPECT_EQ(kernels_of({p, other}, 3), kernels_of({p}, 3));
  }
}

TEST_P(GangEmulated, WithoutGraphsTheSame) {
  const std::vector<Problem> problems = replicas(3);
  control("cuda_emulation_old_driver", true);
  expect_each_as_alone(problems, 1e-12);
  control("cuda_emulation_old_driver", false);
  setenv("KUBOMAG_CUDA_GRAPHS", "off", 1);
  expect_each_as_alone(problems, 1e-12);
}

TEST_P(GangEmulated, OrderAndTheHostsMemoryDoNotMatter) {
  control("cuda_emulation_guard_memory", true);
  control("cuda_emulation_reverse_order", true);
  const std::vector<Problem> problems = replicas(3);
  const auto gang = gang_of(3);
  const Films films = members(*gang, problems);
  drive(*gang, films, [](Engine& film, std::size_t) { drive_to(film, 1e-12); });
  control("cuda_emulation_reverse_order", false);
  for (std::size_t i = 0; i < 3; ++i) {
    const auto alone = engine(problems[i]);
    drive_to(*alone, 1e-12);
    EXPECT_TRUE(films[i]->checkpoint() == alone->checkpoint()) << "film " << i;
  }
}

}  // namespace
}  // namespace kubomag::test
