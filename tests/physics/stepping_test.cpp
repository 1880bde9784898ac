// What the engine promises about steps and relaxation: where they end, what they refuse, and that
// a field that switches is met exactly.
#include <cmath>

#include "kubomag/error.hpp"
#include "support/backends.hpp"
#include "support/macrospin.hpp"
#include "support/validation.hpp"

namespace kubomag::test {
namespace {

class Stepping : public OnEveryBackend {};
KUBOMAG_ON_EVERY_BACKEND(Stepping);

FieldSource source_with(Vec3<double> value, SignalTerm term) {
  FieldSource source;
  source.value = value;
  source.signal = {{std::move(term)}};
  return source;
}

SignalTerm formula_term(std::function<double(double)> formula) {
  SignalTerm term;
  term.kind = SignalTerm::Kind::formula;
  term.formula = std::move(formula);
  return term;
}

SignalTerm step_term(double start) {
  SignalTerm term;
  term.kind = SignalTerm::Kind::step;
  term.start = start;
  return term;
}

Problem relaxing_film() {
  Problem p = plain_film(9, 7);
  p.material.set("Aex", 1.3e-11);
  p.material.set("Ku1", 1e5);
  p.material.set("alpha", 0.01);
  p.demag.enabled = true;
  p.B_ext = {source_with({0.1, 0.02, 0.05}, SignalTerm{})};
  p.m = wavy(p.grid);
  return p;
}

TEST_P(Stepping, StepsEndExactlyWhereTheyMust) {
  const auto film = engine(Macrospin{}.problem());
  for (const double t_end : {0.1e-12, 1.7e-12, 1.70000001e-12, 33e-12, 100e-12 / 3}) {
    run_to(*film, t_end);
    EXPECT_EQ(film->time(), t_end);
  }
}

TEST_P(Stepping, AStepNeverGoesBack) {
  const auto film = engine(Macrospin{}.problem());
  run_to(*film, 2e-12);
  EXPECT_THROW(film->step(1e-12), InputError);
  EXPECT_THROW(film->step(NAN), InputError);
  EXPECT_EQ(film->time(), 2e-12);
}

TEST_P(Stepping, FixDtIsKept) {
  Problem p = Macrospin{}.problem();
  p.integrator.FixDt = 3e-13;
  const auto film = engine(p);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(film->step(1).dt, 3e-13);
  EXPECT_NEAR(film->time(), 30e-13, 1e-26);
}

TEST_P(Stepping, MaxDtIsKept) {
  Problem p = Macrospin{}.problem();
  p.integrator.MaxDt = 5e-15;
  const auto film = engine(p);
  for (int i = 0; i < 10; ++i) EXPECT_LE(film->step(1).dt, 5e-15);
}

TEST_P(Stepping, AFieldThatIsNotANumberEndsTheRun) {
  for (const double FixDt : {0.0, 1e-13}) {
    Problem p = Macrospin{}.problem();
    p.B_ext = {source_with({0, 0, 1}, formula_term([](double t) { return t > 5e-12 ? NAN : 1; }))};
    p.integrator.FixDt = FixDt;
    const auto film = engine(p);
    EXPECT_THROW(run_to(*film, 10e-12), RunError);
    EXPECT_LE(film->time(), 5e-12);
    for (const double component : film->m()) EXPECT_TRUE(std::isfinite(component));
  }
}

TEST_P(Stepping, AStepBelowMinDtEndsTheRun) {
  Problem p = Macrospin{}.problem();
  p.integrator.MaxErr = 1e-25;  // below the rounding of m: no step can reach it
  p.integrator.MinDt = 1e-15;
  const auto film = engine(p);
  EXPECT_THROW(run_to(*film, 10e-12), RunError);
}

TEST_P(Stepping, AFieldThatSwitchesIsMetExactly) {
  // 1.05 ps is no multiple of the step; afterwards the same film in the field that is then on
  const double t_switch = 1.05e-12, t_end = 3e-12;
  const Vec3<double> B{0.3, 0.1, -0.5};
  Problem switching = Macrospin{}.problem();
  switching.integrator.FixDt = 1e-13;
  Problem before = switching, after = switching;
  switching.B_ext.push_back(source_with(B, step_term(t_switch)));
  after.B_ext.push_back(source_with(B, SignalTerm{}));

  const auto whole = engine(switching);
  bool stopped = false;
  while (whole->time() < t_end) {
    whole->step(t_end);
    stopped = stopped || whole->time() == t_switch;
  }
  EXPECT_TRUE(stopped);

  const auto first = engine(before), second = engine(after);
  run_to(*first, t_switch);
  second->set_time(t_switch);
  second->set_m(first->m());
  run_to(*second, t_end);
  record({"field that is switched on", "largest difference of m", 0, tolerance(1e-14, 1e-6),
          "two runs joined there"},
         distance(whole->m(), second->m()));
  EXPECT_GT(distance(whole->m(), first->m()), 0.01);
}

TEST_P(Stepping, RelaxationEndsInAMinimum) {
  const Problem p = relaxing_film();
  const auto film = engine(p);
  const double before = observable(film->observables(), "E_total");
  Relax to;
  to.stop_torque = tolerance(1e-8, 1e-5);
  const RelaxInfo info = film->relax(to, {});
  EXPECT_TRUE(info.converged);
  EXPECT_LE(info.max_torque, to.stop_torque);
  EXPECT_LT(observable(film->observables(), "E_total"), before);
  const auto m = film->m(), B = film->quantity("B_eff");
  for (std::size_t i = 0; i < p.grid.cells(); ++i)
    EXPECT_LT(norm(cross(at(m, p.grid, i), at(B, p.grid, i))), 1.5 * to.stop_torque);
  EXPECT_EQ(film->time(), 0);
}

TEST_P(Stepping, RelaxationSaysWhenItDidNotConverge) {
  const auto film = engine(relaxing_film());
  Relax to;
  to.stop_torque = 1e-9;
  to.max_steps = 3;
  EXPECT_FALSE(film->relax(to, {}).converged);
  to.max_steps = 1000;
  const RelaxInfo info = film->relax(to, [](const RelaxInfo& now) { return now.steps < 5; });
  EXPECT_FALSE(info.converged);
  EXPECT_EQ(info.steps, 5);
}

TEST_P(Stepping, RelaxationCanUseAnotherField) {
  Problem p = plain_film(2, 2);
  p.B_ext = {source_with({0, 0, 1}, SignalTerm{})};
  p.m = texture(p.grid, [](double, double) { return Vec3<double>{1, 0.1, 1}; });
  const auto film = engine(p);
  Relax to;
  to.stop_torque = 1e-6;
  to.B_ext = Vec3<double>{0, 0.5, 0};
  EXPECT_TRUE(film->relax(to, {}).converged);
  EXPECT_NEAR(observable(film->observables(), "my"), 1, 1e-6);
}

}  // namespace
}  // namespace kubomag::test
