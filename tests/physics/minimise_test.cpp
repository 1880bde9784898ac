// Minimisation by Barzilai-Borwein steps finds the minima that relaxation in time finds, with fewer
// evaluations of the field (docs/drivers.md).
#include <cstring>

#include "support/backends.hpp"
#include "support/macrospin.hpp"
#include "support/validation.hpp"

namespace kubomag::test {
namespace {

Relax descent(Descent way, double stop_torque) {
  Relax to;
  to.descent = way, to.stop_torque = stop_torque;
  return to;
}

/// Standard problem 4 on 100 x 25 cells, on the way to its S-state.
Problem permalloy_film() {
  Problem p = plain_film(100, 25, 5e-9, 5e-9, 3e-9);
  p.material.set("Aex", 1.3e-11);
  p.demag.enabled = true;
  p.m = texture(p.grid, [](double, double) { return Vec3<double>{1, 0.25, 0.1}; });
  return p;
}

Problem vortex_film() {
  Problem p = plain_film(40, 40, 2.5e-9, 2.5e-9, 10e-9);
  p.material.set("Aex", 1.3e-11);
  p.demag.enabled = true;
  p.m = texture(p.grid, [](double x, double y) { return Vec3<double>{-y, x, 3e-9}; });
  return p;
}

/// A Neel skyrmion, twice too large at first.
Problem skyrmion_film() {
  Problem p = plain_film(48, 48, 1e-9, 1e-9, 0.4e-9);
  p.material.set("Msat", 5.8e5);
  p.material.set("Aex", 1.5e-11);
  p.material.set("Ku1", 8e5);
  p.material.set("Dind", 3.5e-3);
  p.demag.enabled = true;
  p.m = texture(p.grid, [](double x, double y) {
    const double r = std::hypot(x, y), theta = 2 * std::atan(std::exp((r - 8e-9) / 3e-9));
    return Vec3<double>{-std::sin(theta) * x / r, -std::sin(theta) * y / r, -std::cos(theta)};
  });
  return p;
}

class Minimise : public OnEveryBackend {
 protected:
  /// Both ways from the same start: the same state, lower than the start, at less cost.
  void expect_the_minimum_of_relax(const std::string& name, Problem p, double stop,
                                   double tolerance_of_m) const {
    p.integrator.scheme = Scheme::bogacki_shampine;  // the cheaper one for relaxation
    const auto relaxed = engine(p), minimised = engine(p);
    const double E_start = observable(minimised->observables(), "E_total");
    const RelaxInfo slow = relaxed->relax(descent(Descent::in_time, stop), {});
    const RelaxInfo fast = minimised->relax(descent(Descent::barzilai_borwein, stop), {});
    EXPECT_TRUE(slow.converged);
    EXPECT_TRUE(fast.converged);
    EXPECT_FALSE(fast.fell_back);
    EXPECT_LE(fast.max_torque, stop);
    EXPECT_LT(3 * fast.evaluations, slow.evaluations);
    const auto m = minimised->m(), expected = relaxed->m();
    EXPECT_EQ(m.size(), expected.size());
    Worst worst;
    for (std::size_t i = 0; i < m.size(); ++i) worst(m[i] - expected[i]);
    record({name, "largest difference of m", 0, tolerance_of_m, "relaxation in time"}, worst);
    const double E = observable(minimised->observables(), "E_total");
    const double E_relaxed = observable(relaxed->observables(), "E_total");
    EXPECT_LT(E, E_start - 0.01 * std::abs(E_start));
    record(
        {name, "relative difference of the energy", 0, tolerance(1e-8, 1e-5), "relaxation in time"},
        (E - E_relaxed) / std::abs(E_relaxed));
    note(name, "evaluations of the field, relaxation's over ours",
         static_cast<double>(slow.evaluations) / static_cast<double>(fast.evaluations), "");
  }
};
KUBOMAG_ON_EVERY_BACKEND(Minimise);

// The tolerances of m are stop_torque over the field that holds the softest mode: some mT in the
// S-state, tens of mT in the others.
TEST_P(Minimise, SStateOfStandardProblem4) {
  expect_the_minimum_of_relax("S-state of standard problem 4", permalloy_film(),
                              tolerance(1e-7, 2e-5), tolerance(1e-4, 2e-2));
}

TEST_P(Minimise, SStateIsThatOfOommf) {
  // tests/data/oommf/generated/sp4_sstate_oommf21a0.txt, 100 x 25 cells
  const auto film = engine(permalloy_film());
  EXPECT_TRUE(film->relax(descent(Descent::barzilai_borwein, tolerance(1e-8, 5e-6)), {}).converged);
  const auto all = film->observables();
  const auto compare = [&](const std::string& name, double expected, double within) {
    record({"S-state of standard problem 4, 100x25", name + " over that of OOMMF", 1, within,
            "OOMMF 2.1a0, same mesh"},
           observable(all, name) / expected);
  };
  compare("mx", 0.9672077260, tolerance(1e-5, 2e-4));
  compare("my", 0.1248210506, tolerance(8e-5, 1.6e-3));
  compare("E_exch", 8.807949025497e-20, tolerance(2e-5, 1e-3));
  compare("E_demag", 5.425908691217e-19, tolerance(2e-5, 1e-3));
}

TEST_P(Minimise, Vortex) {
  expect_the_minimum_of_relax("vortex in a square of 100 nm", vortex_film(), tolerance(1e-7, 2e-5),
                              tolerance(1e-5, 2e-3));
}

TEST_P(Minimise, Skyrmion) {
  expect_the_minimum_of_relax("skyrmion in a square of 48 nm", skyrmion_film(),
                              tolerance(1e-7, 3e-4), tolerance(1e-5, 5e-3));
}

TEST_P(Minimise, OneMomentTurnsIntoTheField) {
  Problem p = plain_film(1, 1);
  FieldSource source;
  source.value = {0.06, -0.03, 0.02};
  source.signal = Signal::constant();
  p.B_ext = {source};
  p.m = {-0.9, 0.5, 0.1};
  const auto film = engine(p);
  ASSERT_TRUE(
      film->relax(descent(Descent::barzilai_borwein, tolerance(1e-12, 1e-7)), {}).converged);
  const auto m = film->m();  // the field has the length 0.07 T
  EXPECT_LT(distance(m, {6. / 7, -3. / 7, 2. / 7}), tolerance(1e-10, 5e-6));
  EXPECT_NEAR(m[0] * m[0] + m[1] * m[1] + m[2] * m[2], 1, tolerance(1e-14, 3e-7));
}

// At rest before t = 0: what is switched on then is off, what oscillates for ever has no mean, a
// ramp is where it begins. 0.06 and -0.03 T stay of all these, uniform or with a map.
TEST_P(Minimise, OfTheFieldsBeforeTheTime) {
  const auto source = [](Vec3<double> B, SignalTerm term) {
    FieldSource one;
    one.value = B;
    one.signal = {{std::move(term)}};
    return one;
  };
  SignalTerm step, sine, begun, ramp;
  step.kind = SignalTerm::Kind::step, step.start = 0;
  sine.kind = SignalTerm::Kind::sine, sine.frequency = 5e9;
  begun = step, begun.start = -1e-9;
  ramp.kind = SignalTerm::Kind::table, ramp.times = {0, 1e-9}, ramp.values = {1, 0};
  SignalTerm wave = sine;
  wave.start = 0;
  Problem p = plain_film(2, 1);
  p.m = {-0.9, -0.9, 0.5, 0.5, 0.1, 0.1};
  p.B_ext = {source({0, 0, 0.5}, step), source({0.3, 0.4, 0}, sine), source({0, 0.7, 0}, wave),
             source({0.06, 0, 0}, begun), source({0, -0.03, 0}, ramp)};
  for (const Descent way : {Descent::barzilai_borwein, Descent::in_time})
    for (const bool mapped : {false, true}) {
      if (mapped)
        for (FieldSource& one : p.B_ext) one.map.assign(2, one.value);
      const auto film = engine(p);
      ASSERT_TRUE(film->relax(descent(way, tolerance(1e-9, 1e-6)), {}).converged);
      const double x = 2 / std::sqrt(5.), y = -1 / std::sqrt(5.);
      EXPECT_LT(distance(film->m(), {x, x, y, y, 0, 0}), tolerance(1e-7, 1e-4));
    }
}

TEST_P(Minimise, TheGivenFieldReplacesTheSources) {
  Problem p = plain_film(1, 1);
  p.m = {1, 0, 0};
  Relax to = descent(Descent::barzilai_borwein, tolerance(1e-12, 1e-7));
  to.B_ext = {0, 0.1, 0};
  const auto film = engine(p);
  ASSERT_TRUE(film->relax(to, {}).converged);
  EXPECT_LT(distance(film->m(), {0, 1, 0}), tolerance(1e-10, 5e-6));
}

TEST_P(Minimise, HeldCellsAndVacuumStay) {
  Problem p = permalloy_film();
  const std::size_t n = p.grid.cells();
  std::vector<double> Ms(n, 8e5), frozen(n, 0.0);
  Ms[30] = 0, frozen[40] = 1;
  p.material.set("Msat", ScalarMap(Ms));
  p.material.set("frozen", ScalarMap(frozen));
  const auto film = engine(p);
  const auto before = film->m();
  EXPECT_TRUE(film->relax(descent(Descent::barzilai_borwein, tolerance(1e-6, 2e-5)), {}).converged);
  const auto after = film->m();
  for (std::size_t c = 0; c < 3; ++c) {
    EXPECT_EQ(after[c * n + 30], 0);
    EXPECT_EQ(after[c * n + 40], before[c * n + 40]);
  }
  EXPECT_GT(distance(after, before), 0.1);
}

TEST_P(Minimise, SaysWhenItDidNotConverge) {
  const auto film = engine(permalloy_film());
  Relax to = descent(Descent::barzilai_borwein, 1e-6);
  to.max_steps = 7;
  const RelaxInfo info = film->relax(to, {});
  EXPECT_FALSE(info.converged);
  EXPECT_EQ(info.steps, 7);
  EXPECT_EQ(info.evaluations, 8);
  EXPECT_GT(info.max_torque, 1e-6);
}

TEST_P(Minimise, FallsBackToRelaxationAtRoundingAndEnds) {
  Problem p = plain_film(12, 9);
  p.material.set("Aex", 1.3e-11);
  p.demag.enabled = true;
  p.m = wavy(p.grid);
  const auto film = engine(p);
  Relax to = descent(Descent::barzilai_borwein, 1e-30);
  to.max_steps = 50000;
  const RelaxInfo info = film->relax(to, {});
  EXPECT_FALSE(info.converged);
  EXPECT_TRUE(info.fell_back);
  EXPECT_LT(info.steps, to.max_steps);
  EXPECT_LT(info.max_torque, tolerance(1e-13, 1e-5));
}

TEST_P(Minimise, ThreadsDoNotChangeABit) {
  const Problem p = vortex_film();
  const auto one = engine(p, 1), three = engine(p, 3);
  const Relax to = descent(Descent::barzilai_borwein, 1e-4);
  EXPECT_EQ(one->relax(to, {}).steps, three->relax(to, {}).steps);
  const auto a = one->m(), b = three->m();
  EXPECT_EQ(std::memcmp(a.data(), b.data(), a.size() * sizeof(double)), 0);
}

}  // namespace
}  // namespace kubomag::test
