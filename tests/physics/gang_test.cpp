// Films that take their steps in the launches of one (src/solver/film_gang.hpp), on a GPU and on
// the emulation of CUDA: each has the bits that it has alone, whatever it does and whoever is
// beside it.
#include "kubomag/error.hpp"
#include "support/custom_terms.hpp"
#include "support/gang_films.hpp"

namespace kubomag::test {
namespace {

INSTANTIATE_TEST_SUITE_P(Gpu, Gang,
                         ::testing::Values(Target{"cuda", Precision::double_precision},
                                           Target{"cuda", Precision::single_precision},
                                           Target{"emulated", Precision::double_precision},
                                           Target{"emulated", Precision::single_precision}),
                         target_name);

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
