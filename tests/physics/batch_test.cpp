// Replicas: each has the bits that it has alone, whatever runs beside it; and the equation of
// motion of a cell in a SIMD register is that of a film, cell by cell.
#include <gtest/gtest.h>

#include <limits>

#include "kubomag/batch.hpp"
#include "solver/engine_cpu.hpp"
#include "support/varied_cell.hpp"

namespace kubomag::test {
namespace {

double distance(const std::vector<double>& a, const std::vector<double>& b) {
  return norm(Vec3<double>{a[0] - b[0], a[1] - b[1], a[2] - b[2]});
}

void expect_same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_EQ(a[i], b[i]);
}

void expect_replicas_to_be_alone(const std::vector<Problem>& problems, double t_end) {
  Batch batch(problems, {"cpu", {}, 2});
  ASSERT_EQ(batch.size(), problems.size());
  EXPECT_TRUE(batch.run(0.6 * t_end));
  EXPECT_TRUE(batch.run(t_end));
  for (std::size_t r = 0; r < problems.size(); ++r) {
    const auto alone = make_engine(problems[r], {"cpu", {}, 1});
    run_to(*alone, 0.6 * t_end);
    run_to(*alone, t_end);
    expect_same_bits(batch.replica(r).m(), alone->m());
    EXPECT_EQ(batch.replica(r).time(), alone->time());
    EXPECT_EQ(observable(batch.replica(r).observables(), "E_total"),
              observable(alone->observables(), "E_total"));
    EXPECT_EQ(observable(batch.replica(r).observables(), "max_torque"),
              observable(alone->observables(), "max_torque"));
  }
}

TEST(BatchTest, CellsHaveTheBitsThatTheyHaveAlone) {
  for (const bool surface : {false, true}) {
    std::vector<Problem> problems;
    for (int n = 0; n < 21; ++n)
      problems.push_back(varied_cell(n, surface));  // one block and a part
    problems[3].material.set("Kc1", 2e4);           // of another kind
    problems[8].integrator.MaxErr = 1e-8;
    problems[9].integrator.FixDt = 2e-13;
    expect_replicas_to_be_alone(problems, 2e-10);
  }
}

TEST(BatchTest, NoiseIsThatOfEachReplicasSeed) {
  std::vector<Problem> problems;
  for (int n = 0; n < 5; ++n) {
    problems.push_back(varied_cell(n, false));
    problems.back().material.set("Temp", 300.0);
    problems.back().integrator.FixDt = 1e-13 * (1 + n % 2);
    problems.back().integrator.scheme = Scheme::heun;
    problems.back().integrator.seed = static_cast<std::uint64_t>(n);
  }
  expect_replicas_to_be_alone(problems, 3e-11);
}

TEST(BatchTest, FilmsHaveTheBitsThatTheyHaveAlone) {
  std::vector<Problem> problems;
  for (int n = 0; n < 5; ++n) {
    Problem p = plain_film(12, 6);
    p.demag.enabled = true;
    p.material.set("Aex", 1e-11 * (1 + n));
    p.material.set("alpha", 0.02 * (1 + n));
    p.m = wavy(p.grid);
    problems.push_back(p);
  }
  expect_replicas_to_be_alone(problems, 1e-11);
}

TEST(BatchTest, ACellMovesAsAFilmOfTwoCellsWithoutCoupling) {
  // The film's own code with the same cell twice, without demag: agreement to the errors of the
  // steps, 1e-9 each.
  for (const bool surface : {false, true}) {
    for (int n = 0; n < 4; ++n) {
      Problem one = varied_cell(n, surface);
      one.demag.enabled = false;
      one.integrator.MaxErr = 1e-9;
      Problem two = one;
      two.grid.nx = 2;
      two.m = {one.m[0], one.m[0], one.m[1], one.m[1], one.m[2], one.m[2]};
      const auto cell_engine = make_engine(one, {"cpu", {}, 1}),
                 film_engine = make_engine(two, {"cpu", {}, 1});
      run_to(*cell_engine, 2e-10);
      run_to(*film_engine, 2e-10);
      const std::vector<double> a = cell_engine->m(), b = film_engine->m();
      EXPECT_LT(distance(a, {b[0], b[2], b[4]}), 1e-6) << n;
    }
  }
}

TEST(BatchTest, ACellFeelsItsOwnDemagnetisingField) {
  // Tensor of a cell 20 x 10 x 2 nm; B_demag of the film's convolution (OOMMF's formulas) must turn
  // m alike: dm/dt of the cell's own step against gamma times the film's torque.
  Problem p = plain_film(1, 1, 20e-9, 10e-9, 2e-9);
  p.demag.enabled = true;
  p.material.set("Ku1", 1e5);
  p.m = unit({0.6, 0.5, 0.7});
  p.integrator.FixDt = 1e-16;
  const auto engine = make_engine(p, {"cpu", {}, 1});
  const Vec3<double> before{engine->m()[0], engine->m()[1], engine->m()[2]};
  const std::vector<double> torque = engine->quantity("torque");
  engine->step(1e-16);
  for (std::size_t c = 0; c < 3; ++c) {
    const double rate = (engine->m()[c] - (&before.x)[c]) / 1e-16;
    EXPECT_NEAR(rate, p.GammaLL * torque[c],
                1e-3 * p.GammaLL * norm(Vec3<double>{torque[0], torque[1], torque[2]}));
  }
}

TEST(BatchTest, ACellShowsTheNumbersOfAFilm) {
  for (const bool surface : {false, true})
    for (const bool all_terms : {false, true}) {
      Problem p = varied_cell(2, surface);
      if (all_terms) p.material.set("Kc1", 1e4), p.material.set("Dind", 1e-3);
      const auto cell = make_engine(p, {"cpu", {}, 1}), film = make_cpu_engine_double(p, 1);
      run_to(*cell, 3e-11);
      film->set_m(cell->m());
      film->set_time(cell->time());
      const std::vector<Observable> a = cell->observables(), b = film->observables();
      ASSERT_EQ(a.size(), b.size());
      double largest_energy = 0;
      for (const Observable& one : b)
        if (one.unit == "J") largest_energy = std::max(largest_energy, std::abs(one.value));
      for (std::size_t i = 0; i < a.size(); ++i) {
        EXPECT_EQ(a[i].name + a[i].unit, b[i].name + b[i].unit);
        EXPECT_NEAR(a[i].value, b[i].value, 1e-12 * (a[i].unit == "J" ? largest_energy : 1))
            << a[i].name;
      }
    }
}

TEST(BatchTest, ACellAloneHasNeitherTextureNorEdges) {
  Problem p = varied_cell(1, false);
  p.material.set("Kc1", 1e4);
  Problem q = p;
  q.material.set("Aex", 1e-11);
  q.material.set("Dind", 3e-3);
  q.material.set("Dbulk", 1e-3);
  const auto without = make_engine(p, {"cpu", {}, 1}), with = make_engine(q, {"cpu", {}, 1});
  run_to(*without, 5e-11);
  run_to(*with, 5e-11);
  EXPECT_LT(distance(with->m(), without->m()), 1e-10);
}

TEST(BatchTest, AFailingReplicaLeavesTheOthersAlone) {
  std::vector<Problem> problems{varied_cell(0, false), varied_cell(1, false),
                                varied_cell(2, false)};
  problems[1].B_ext[0].signal.terms[0] = {};
  problems[1].B_ext[0].signal.terms[0].kind = SignalTerm::Kind::formula;
  problems[1].B_ext[0].signal.terms[0].formula = [](double t) { return t < 1e-11 ? 1 : NAN; };
  Batch batch(problems, {"cpu", {}, 1});
  EXPECT_TRUE(batch.run(5e-11));
  EXPECT_NE(batch.failure(1), "");
  EXPECT_EQ(batch.failure(0) + batch.failure(2), "");
  EXPECT_EQ(batch.replica(2).time(), 5e-11);
  const auto alone = make_engine(problems[2], {"cpu", {}, 1});
  run_to(*alone, 5e-11);
  expect_same_bits(batch.replica(2).m(), alone->m());
  EXPECT_THROW(run_to(*make_engine(problems[1], {"cpu", {}, 1}), 5e-11), RunError);
}

TEST(BatchTest, CheckpointsContinueToTheSameBits) {
  std::vector<Problem> problems;
  for (int n = 0; n < 3; ++n) problems.push_back(varied_cell(n, true));
  Batch first(problems, {"cpu", {}, 1}), second(problems, {"cpu", {}, 1});
  first.run(1e-10);
  for (std::size_t r = 0; r < 3; ++r) second.replica(r).restore(first.replica(r).checkpoint());
  first.run(2e-10);
  second.run(2e-10);
  for (std::size_t r = 0; r < 3; ++r) expect_same_bits(first.replica(r).m(), second.replica(r).m());
  EXPECT_THROW(second.replica(0).restore({}), InputError);
}

TEST(BatchTest, EndsEarlyWhenAsked) {
  Batch batch({varied_cell(0, false), varied_cell(1, false)}, {"cpu", {}, 1});
  int asked = 0;
  EXPECT_FALSE(batch.run(1e-9, [&] { return ++asked < 5; }));
  EXPECT_LT(batch.replica(0).time(), 1e-9);
}

}  // namespace
}  // namespace kubomag::test
