// The same film gives the same bits: from run to run, for any number of threads, and when it goes
// on from a checkpoint.
#include "kubomag/error.hpp"
#include "support/backends.hpp"
#include "support/busy_film.hpp"
#include "support/macrospin.hpp"
#include "support/validation.hpp"

namespace kubomag::test {
namespace {

/// A row of docs/validation.md: a film with demagnetising field, maps and a driven surface, twice.
void record_same_bits(const std::string& of, const std::vector<double>& a,
                      const std::vector<double>& b) {
  EXPECT_TRUE(same_bits(a, b)) << of;
  record({"film with demagnetising field, maps and a driven surface, 50 steps",
          "largest difference of m, " + of, 0, 0, "each other, bit by bit"},
         distance(a, b));
}

class Reproducible : public OnEveryBackend {};
KUBOMAG_ON_EVERY_BACKEND(Reproducible);

TEST_P(Reproducible, RunsAreIdentical) {
  const Problem p = busy_film();
  const auto one = engine(p), other = engine(p);
  take_steps(*one, 50), take_steps(*other, 50);
  record_same_bits("two runs", one->m(), other->m());
  EXPECT_EQ(one->time(), other->time());
  EXPECT_GT(distance(one->m(), p.m), 0.1) << "the film hardly moved";
}

TEST_P(Reproducible, ThreadsDoNotChangeABit) {
  const Problem p = busy_film();
  const auto expected = engine(p, 1);
  take_steps(*expected, 50);
  for (const int threads : {2, 3, 4}) {
    const auto film = engine(p, threads);
    take_steps(*film, 50);
    record_same_bits("1, 2, 3 and 4 threads", film->m(), expected->m());
    const auto ours = expected->observables(), theirs = film->observables();
    for (std::size_t i = 0; i < ours.size(); ++i) EXPECT_EQ(ours[i].value, theirs[i].value);
  }
}

TEST_P(Reproducible, ACheckpointContinuesBitByBit) {
  const Problem p = busy_film();
  // both in the middle of free steps and right after a step that was cut to end at a given time
  for (const double stop : {0.0, 1.23456789e-13, 0.8e-12, 1.1e-12}) {
    const auto film = engine(p);
    if (stop > 0)
      run_to(*film, stop);
    else
      take_steps(*film, 20);
    const auto state = film->checkpoint();
    const auto continued = engine(p);
    continued->restore(state);
    EXPECT_EQ(continued->time(), film->time());
    take_steps(*film, 30), take_steps(*continued, 30);
    record_same_bits("continued from a checkpoint", film->m(), continued->m());
    EXPECT_EQ(continued->time(), film->time());
  }
}

// A film that is large enough for its drive to be interpolated in windows of time, which must not
// depend on where steps have been before, nor on threads.
TEST_P(Reproducible, ADriveInWindowsContinuesBitByBit) {
  Problem p = busy_film();
  p.grid.nx = 45, p.grid.ny = 26;
  for (const char* name : {"Msat", "Aex"})
    p.material.set(name, varied(p.grid, p.material[name](0)));
  p.m = wavy(p.grid);
  SignalTerm pulse;
  pulse.kind = SignalTerm::Kind::pulse;
  pulse.centre = 3e-12, pulse.width = 4e-12;
  p.drive.separable[0].signal = {{pulse}};
  p.drive.separable.pop_back();
  add_surface(p);
  const auto film = engine(p, 1), other = engine(p, 3);
  take_steps(*film, 25), take_steps(*other, 25);
  EXPECT_TRUE(same_bits(film->m(), other->m())) << "threads";
  const auto continued = engine(p, 1);
  continued->restore(film->checkpoint());
  take_steps(*film, 25), take_steps(*continued, 25);
  EXPECT_TRUE(same_bits(film->m(), continued->m()));
  EXPECT_EQ(continued->time(), film->time());
}

TEST_P(Reproducible, EveryStopContinuesBitByBit) {
  // The cosine of a huge multiple of t tells apart times that differ in their last bit: the slope
  // at the end of a step must be taken at the very time that the checkpoint states.
  Problem p = plain_film(1, 1);
  SignalTerm term;
  term.kind = SignalTerm::Kind::formula;
  term.formula = [](double t) { return std::cos(1e33 * t); };
  FieldSource source;
  source.value = {0.3, 0.1, 1};
  source.signal = {{term}};
  p.B_ext = {source};
  p.m = {1, 0, 0};
  p.integrator.FixDt = 1e-12;
  for (int i = 1; i <= 100; ++i) {
    const auto film = engine(p), continued = engine(p);
    run_to(*film, 1.2e-15 * i);
    run_to(*film, 3.3e-15 * i);
    continued->restore(film->checkpoint());
    take_steps(*film, 2), take_steps(*continued, 2);
    ASSERT_TRUE(same_bits(film->m(), continued->m())) << "stop " << i;
  }
}

TEST_P(Reproducible, AForeignCheckpointIsRefused) {
  const Problem p = busy_film();
  const auto film = engine(p);
  auto state = film->checkpoint();
  Problem other = plain_film(19, 13);
  EXPECT_THROW(engine(other)->restore(state), InputError);
  const Precision swapped = single() ? Precision::double_precision : Precision::single_precision;
  const auto wrong = make_engine_on({GetParam().device, swapped}, p);
  EXPECT_THROW(wrong->restore(state), InputError);
  state.pop_back();
  EXPECT_THROW(film->restore(state), InputError);
  EXPECT_THROW(film->restore({}), InputError);
}

}  // namespace
}  // namespace kubomag::test
