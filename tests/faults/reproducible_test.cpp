// The same film gives the same bits: from run to run, for any number of threads, and when it goes
// on from a checkpoint.
#include <cstring>

#include "khat/surface.hpp"
#include "kubomag/error.hpp"
#include "support/backends.hpp"
#include "support/macrospin.hpp"

namespace kubomag::test {
namespace {

SignalTerm sine_term(double frequency) {
  SignalTerm term;
  term.kind = SignalTerm::Kind::sine;
  term.frequency = frequency, term.start = 0.3e-12;
  return term;
}

ScalarMap varied(const Grid& grid, double value) {
  std::vector<double> map(grid.cells());
  for (std::size_t i = 0; i < map.size(); ++i)
    map[i] = value * (1 + 0.2 * std::sin(0.7 * static_cast<double>(i)));
  return ScalarMap(std::move(map));
}

void add_surface(Problem& p) {
  const double e = constants::e_abs;
  const DiracMaps maps{varied(p.grid, 0.2 * e), 5e5, 0.05 * e, 0.03, p.material["Msat"]};
  p.surface = dirac_surface(maps, p.grid.dz, p.GammaLL, {});
  const DiffusionNumbers numbers = diffusion_numbers(mean_electrons(maps), 0.7);
  p.diffusion.D = numbers.D, p.diffusion.mz_reference = numbers.mz_reference;
  p.diffusion.edge_x = p.diffusion.edge_y = Edge::no_flux;
}

void add_drives(Problem& p) {
  const double k = 2 * constants::pi / p.grid.size_x();
  const auto E = [k](double x, double y) { return Vec2<double>{1e6 * std::sin(k * x), 1e12 * y}; };
  SignalTerm table;
  table.kind = SignalTerm::Kind::table;
  table.times = {0, 1.1e-12, 4e-12}, table.values = {0, 1, -0.5};
  p.drive.separable = {{"wave", E, {{sine_term(7e9)}}}, {"ramp", E, {{table}}}};
  FieldSource source;
  source.value = {0.05, -0.02, 0.03};
  source.signal = {{sine_term(11e9)}};
  p.B_ext = {source};
}

/// Everything on: demag, maps, a surface with drives, a field that alternates.
Problem busy_film() {
  Problem p = plain_film(19, 14, 4e-9, 5e-9, 3e-9);
  p.material.set("Msat", varied(p.grid, 3e5));
  p.material.set("Aex", varied(p.grid, 5e-12));
  p.material.set("Ku1", 1e5);
  p.material.set("alpha", 0.01);
  p.demag.enabled = true;
  p.m = wavy(p.grid);
  add_surface(p);
  add_drives(p);
  return p;
}

bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

void take_steps(Engine& film, int count) {
  for (int i = 0; i < count; ++i) film.step(1);
}

class Reproducible : public OnEveryBackend {};
KUBOMAG_ON_EVERY_BACKEND(Reproducible);

TEST_P(Reproducible, RunsAreIdentical) {
  const Problem p = busy_film();
  const auto one = engine(p), other = engine(p);
  take_steps(*one, 50), take_steps(*other, 50);
  EXPECT_TRUE(same_bits(one->m(), other->m()));
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
    EXPECT_TRUE(same_bits(film->m(), expected->m())) << threads << " threads";
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
    EXPECT_TRUE(same_bits(film->m(), continued->m())) << "stop = " << stop;
    EXPECT_EQ(continued->time(), film->time());
  }
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
