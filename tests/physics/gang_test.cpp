// Films that take their steps in the launches of one (src/solver/film_gang.hpp), on a GPU and on
// the emulation of CUDA: each has the bits that it has alone, whatever it does and whoever is
// beside it.
#include <cstdlib>

#include "kubomag/error.hpp"
#include "support/backends.hpp"
#include "support/busy_film.hpp"
#include "support/custom_terms.hpp"
#include "support/local_torque_film.hpp"

namespace kubomag::test {
namespace {

using Films = std::vector<std::unique_ptr<Engine>>;

/// Steps until `t_end`, a few at a time.
void drive_to(Engine& film, double t_end) {
  while (film.time() < t_end) film.advance(t_end, 7);
}

class Gang : public OnEveryBackend {
 protected:
  void TearDown() override {
    unsetenv("KUBOMAG_CUDA_CONVOLUTION");
    unsetenv("KUBOMAG_CUDA_GRAPHS");
    if (GetParam().is("cuda")) return;
    control("cuda_emulation_old_driver", false);
    control("cuda_emulation_guard_memory", false);
    control("cuda_emulation_reverse_order", false);
  }
  static void control(const char* name, bool on) {
    EmulatedCuda::instance().find<void (*)(bool)>(name)(on);
  }
  static long kernels_run() {
    return EmulatedCuda::instance().find<long (*)()>("cuda_emulation_kernels_run")();
  }

  static std::unique_ptr<FilmGang> gang_of(std::size_t places) {
    const CudaPlugin plugin = GetParam().is("cuda") ? cuda_plugin() : emulated_plugin();
    return std::unique_ptr<FilmGang>(plugin.gang(0, static_cast<int>(places)));
  }
  static Films members(FilmGang& gang, const std::vector<Problem>& problems) {
    Films films;
    for (const Problem& p : problems) films.push_back(gang.engine(p, GetParam().single()));
    return films;
  }
  static void drive(FilmGang& gang, const Films& films,
                    const std::function<void(Engine&, std::size_t)>& how) {
    std::vector<Engine*> engines;
    for (const auto& film : films) engines.push_back(film.get());
    drive_together(gang, engines, [&](std::size_t i) { how(*engines[i], i); });
  }

  /// Each film alone and in a gang, through the same times, which differ from film to film.
  void expect_each_as_alone(const std::vector<Problem>& problems, double t_end) {
    expect_each_as_alone(problems, [&](Engine& film, std::size_t i) {
      drive_to(film, 0.3 * t_end);
      drive_to(film, t_end * (1 - 0.1 * static_cast<double>(i % 4)));
    });
  }
  void expect_each_as_alone(const std::vector<Problem>& problems,
                            const std::function<void(Engine&, std::size_t)>& how) {
    const auto gang = gang_of(problems.size());
    const Films films = members(*gang, problems);
    drive(*gang, films, how);
    for (std::size_t i = 0; i < films.size(); ++i) {
      const auto alone = engine(problems[i]);
      how(*alone, i);
      EXPECT_TRUE(films[i]->checkpoint() == alone->checkpoint()) << "film " << i;
    }
  }

  /// Kernels that `steps` fixed steps of each film take, once their sources have begun. If one
  /// comes `first`, it has taken steps before the others are there.
  static long kernels_of(const std::vector<Problem>& problems, long steps, int first = -1) {
    const auto gang = gang_of(problems.size());
    const Films films = members(*gang, problems);
    if (first >= 0)
      drive_together(*gang, {films[first].get()},
                     [&](std::size_t) { drive_to(*films[first], 0.2e-12); });
    drive(*gang, films, [](Engine& film, std::size_t) { drive_to(film, 0.4e-12); });
    const long before = kernels_run();
    drive(*gang, films,
          [&](Engine& film, std::size_t) { EXPECT_EQ(film.advance(1, steps).steps, steps); });
    return kernels_run() - before;
  }
};
INSTANTIATE_TEST_SUITE_P(Gpu, Gang,
                         ::testing::Values(Target{"cuda", Precision::double_precision},
                                           Target{"cuda", Precision::single_precision},
                                           Target{"emulated", Precision::double_precision},
                                           Target{"emulated", Precision::single_precision}),
                         target_name);

/// What only the emulation tells, or can be told.
class GangEmulated : public Gang {};
INSTANTIATE_TEST_SUITE_P(Gpu, GangEmulated,
                         ::testing::Values(Target{"emulated", Precision::double_precision},
                                           Target{"emulated", Precision::single_precision}),
                         target_name);

/// Films that differ in all that a number or a map of the same kind can hold.
std::vector<Problem> replicas(std::size_t count) {
  std::vector<Problem> problems;
  for (std::size_t i = 0; i < count; ++i) {
    const double f = 1 + 0.3 * static_cast<double>(i);
    Problem p = plain_film(18, 11);
    p.demag.enabled = true;
    p.material.set("Aex", 1.3e-11 * f);
    p.material.set("alpha", 0.02 * f);
    p.m = wavy(p.grid);
    std::rotate(p.m.begin(), p.m.begin() + static_cast<std::ptrdiff_t>(3 * i),
                p.m.begin() + static_cast<std::ptrdiff_t>(p.grid.cells()));
    FieldSource source;
    source.value = {0.3 * f, -0.2, 0.1};
    source.signal = {{sine_term(60e9 * f)}};
    p.B_ext = {source};
    problems.push_back(p);
  }
  return problems;
}

TEST_P(Gang, FilmsWithStepsOfTheirOwn) {
  std::vector<Problem> problems = replicas(5);
  problems[1].integrator.InitialDt = 2e-12;  // too long: the first attempts are refused
  problems[2].integrator.MaxErr = 1e-7;
  problems[3].integrator.InitialDt = 1e-15;
  expect_each_as_alone(problems, 3e-12);
}

TEST_P(Gang, EveryScheme) {
  for (const Scheme scheme : {Scheme::bogacki_shampine, Scheme::rk4, Scheme::heun}) {
    std::vector<Problem> problems = replicas(2);
    for (Problem& p : problems) p.integrator.scheme = scheme;
    expect_each_as_alone(problems, 1e-12);
  }
}

TEST_P(Gang, NoiseOfEachSeed) {
  std::vector<Problem> problems = replicas(3);
  for (std::size_t i = 0; i < 3; ++i) {
    problems[i].material.set("Temp", 300);
    problems[i].integrator.scheme = Scheme::heun;
    problems[i].integrator.FixDt = 0.05e-12 * static_cast<double>(1 + i);
    problems[i].integrator.seed = i;
  }
  expect_each_as_alone(problems, 1e-12);
}

// Also in more pieces than there is room for at first, which films find out in the midst of others.
TEST_P(Gang, NoiseAtAdaptiveStepsUnderFormulas) {
  std::vector<Problem> problems = replicas(3);
  for (std::size_t i = 0; i < 3; ++i) {
    problems[i].material.set("Temp", 300);
    problems[i].integrator.scheme = Scheme::heun;
    problems[i].integrator.seed = i;
    problems[i].B_ext[0].signal.terms = {formula_term("exp(-t/ps)*cos(3e11*t)")};
  }
  expect_each_as_alone(problems, 1e-12);
  for (Problem& p : problems) {
    p.integrator.InitialDt = p.integrator.MaxDt = 1e-7;
    p.integrator.MaxErr = 1e-8;
  }
  expect_each_as_alone(problems, [](Engine& film, std::size_t) {
    for (int leap = 0; leap < 4; ++leap) film.advance(1, 3);
  });
}

TEST_P(Gang, SurfacesWithDrives) {
  std::vector<Problem> problems;
  for (int i = 0; i < 3; ++i) {
    Problem p = busy_film();
    p.drive.separable.pop_back();  // a table: it has no end of transients
    p.diffusion.rate_c = 1e13;     // transients that die out, each at a time of its own
    p.drive.separable[0].signal.terms[0].frequency *= 1 + i;
    problems.push_back(p);
  }
  expect_each_as_alone(problems, 3e-12);
  for (int i = 0; i < 3; ++i) {  // knots at times of their own
    Problem& p = problems[i] = busy_film(18);
    for (double& time : p.drive.separable[1].signal.terms[0].times) time *= 1 + 0.2 * i;
  }
  expect_each_as_alone(problems, 3e-12);
}

// In each evaluation the three kernels of the convolution and a pass; one more begins. Whoever
// launches something else does not keep the others apart, whether it comes first, or has companions
// of its own.
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

TEST_P(Gang, FormulasAndTorques) {
  std::vector<Problem> problems = replicas(3);
  for (Problem& p : problems) {
    const std::string factor = std::to_string(0.1 * p.material["alpha"](0) / 0.02);
    p.custom = {
        custom_term(p.material, CustomTerm::Kind::field, "wave",
                    {factor + "*sin(2e8*x - 3e11*t)", "0.2*exp(-t/2e-12)", "0.3*mz*cos(4e11*t)"}),
        custom_term(p.material, CustomTerm::Kind::torque, "push", {"0.05", "0", factor + "*mx"})};
  }
  expect_each_as_alone(problems, 1e-12);
}

// Drives that are no sums of fixed fields: a wave in its transient beside a table.
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

TEST_P(Gang, AllocatesNothingInARun) {
  const auto run = [](const char* mode) {
    setenv("KUBOMAG_CUDA_MEMORY", mode, 1);
    const auto gang = gang_of(2);
    const Films films = members(*gang, replicas(2));
    drive(*gang, films, [](Engine& film, std::size_t) { drive_to(film, 0.5e-12); });
    return films[1]->checkpoint();
  };
  const auto fixed = run("fixed");
  EXPECT_TRUE(run("separate") == fixed);
}

TEST_P(Gang, WhoeverDiffersGoesAlone) {
  std::vector<Problem> problems = replicas(6);
  problems[1].integrator.scheme = Scheme::rk4;
  problems[2].material.set("Msat", varied(problems[2].grid, 8e5));
  problems[3].demag.enabled = false;
  SignalTerm formula;  // computed by the host
  formula.kind = SignalTerm::Kind::formula;
  formula.formula = [](double t) { return 1e11 * t; };
  problems[4].B_ext[0].signal.terms = {formula};
  problems.push_back(busy_film());
  expect_each_as_alone(problems, 1e-12);
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

TEST_P(Gang, PlacesAreTakenAgain) {
  const std::vector<Problem> problems = replicas(4);
  const auto gang = gang_of(2);
  Films films = members(*gang, {problems[0], problems[1]});
  drive(*gang, films, [](Engine& film, std::size_t) { drive_to(film, 0.5e-12); });
  films[0] = gang->engine(problems[2], GetParam().single());  // without a place: there are two
  films[0] = gang->engine(problems[3], GetParam().single());  // that of the first film
  const auto again = [](Engine& film, std::size_t) {
    Relax options;
    options.max_steps = 3;
    film.relax(options, {});
    film.step(1);
    drive_to(film, film.time() + 0.5e-12);
  };
  drive(*gang, films, again);
  films[1]->advance(1, 3);  // by itself, the other waiting for nothing
  const auto first = engine(problems[3]);
  const auto second = engine(problems[1]);
  drive_to(*second, 0.5e-12);
  again(*first, 0), again(*second, 1);
  second->advance(1, 3);
  EXPECT_TRUE(films[0]->checkpoint() == first->checkpoint());
  EXPECT_TRUE(films[1]->checkpoint() == second->checkpoint());
}

TEST_P(Gang, AFilmThatFailsLeavesTheOthersAlone) {
  std::vector<Problem> problems = replicas(3);
  problems[1].integrator.MinDt = problems[1].integrator.InitialDt = 5e-12;  // refused at once
  const auto gang = gang_of(3);
  const Films films = members(*gang, problems);
  EXPECT_THROW(drive(*gang, films, [](Engine& film, std::size_t) { drive_to(film, 1e-12); }),
               RunError);
  EXPECT_LT(films[1]->time(), 1e-12);
  for (const std::size_t i : {0, 2}) {
    const auto alone = engine(problems[i]);
    drive_to(*alone, 1e-12);
    EXPECT_TRUE(films[i]->checkpoint() == alone->checkpoint()) << "film " << i;
  }
}

TEST(GangPlaces, ForSmallFilmsUnlessTheyAreOff) {
  Problem p = plain_film(64, 64);
  p.demag.enabled = true;
  EXPECT_EQ(gang_places(p), 256);
  p.grid.nx = p.grid.ny = 256;
  EXPECT_EQ(gang_places(p), 16);
  p.grid.nx = p.grid.ny = 1024;
  EXPECT_EQ(gang_places(p), 1);
  p.grid.nx = 16;
  setenv("KUBOMAG_CUDA_CONVOLUTION", "batched", 1);
  EXPECT_EQ(gang_places(p), 1) << "launches of cuFFT cannot be shared";
  p.demag.enabled = false;
  EXPECT_EQ(gang_places(p), 64);
  unsetenv("KUBOMAG_CUDA_CONVOLUTION");
  setenv("KUBOMAG_CUDA_GANGS", "off", 1);
  EXPECT_EQ(gang_places(p), 1);
  setenv("KUBOMAG_CUDA_GANGS", "some", 1);
  EXPECT_THROW(gang_places(p), InputError);
  unsetenv("KUBOMAG_CUDA_GANGS");
}

}  // namespace
}  // namespace kubomag::test
