// Fields and torques given as formulas: copies of built-in terms follow these to rounding.
#include <algorithm>

#include "support/backends.hpp"
#include "support/custom_terms.hpp"
#include "support/films.hpp"
#include "support/macrospin.hpp"

namespace kubomag::test {
namespace {

using Kind = CustomTerm::Kind;

Problem moving_film() {
  Problem p = plain_film(11, 6, 4e-9, 5e-9, 3e-9);
  p.material.set("Aex", 1.3e-11);
  p.material.set("alpha", 0.02);
  p.integrator.scheme = Scheme::rk4;
  p.integrator.FixDt = 50e-15;
  p.m = wavy(p.grid);
  return p;
}

class CustomTerms : public OnEveryBackend {
 protected:
  /// Both films after 200 steps.
  void expect_same_motion(const Problem& built_in, const Problem& custom) const {
    const auto one = engine(built_in), other = engine(custom);
    for (int step = 0; step < 200; ++step) one->step(1), other->step(1);
    EXPECT_LT(relative_difference(other->m(), one->m()), tolerance(1e-12, 3e-5));
    EXPECT_GT(distance(one->m(), built_in.m), 0.1) << "the film hardly moved";
  }
};
KUBOMAG_ON_EVERY_BACKEND(CustomTerms);

TEST_P(CustomTerms, AnAlternatingFieldOfPlaceAndTime) {
  Problem p = moving_film(), q = p;
  FieldSource source;
  SignalTerm term;
  term.kind = SignalTerm::Kind::sine;
  term.frequency = 7e9, term.phase = 0.4;
  source.signal = {{term}};
  for (int iy = 0; iy < p.grid.ny; ++iy)
    for (int ix = 0; ix < p.grid.nx; ++ix)
      source.map.push_back({0.2, 0.1 * std::cos(2e8 * p.grid.x(ix)), 1e7 * p.grid.y(iy)});
  p.B_ext = {source};
  const std::string wave = "*cos(2*pi*f*t + 0.4)";
  q.custom = {custom_term(q.material, Kind::field, "ac",
                          {"200*mT" + wave, "B1*cos(2e8*x)" + wave, "1e7*y" + wave}, "",
                          {{"B1", 0.1}, {"f", 7e9}})};
  expect_same_motion(p, q);
}

TEST_P(CustomTerms, UniaxialAnisotropyOfAMap) {
  Problem p = moving_film();
  std::vector<double> Ku1(p.grid.cells());
  for (std::size_t i = 0; i < Ku1.size(); ++i)
    Ku1[i] = 4e5 * (1 + 0.3 * std::sin(1.7 * static_cast<double>(i)));
  p.material.set("Ku1", ScalarMap(Ku1)), p.material.set("Ku2", 1e5);
  p.material.set("anisU_x", 0.6), p.material.set("anisU_z", 0.8);
  Problem q = p;
  const std::string mu = "(0.6*mx + 0.8*mz)";
  const std::string B = "(2*Ku1/Msat*" + mu + " + 4e5/Msat*" + mu + "^3)";
  q.custom = {custom_term(q.material, Kind::field, "copy", {"0.6*" + B, "0", "0.8*" + B},
                          "-Ku1*" + mu + "^2 - 1e5*" + mu + "^4")};
  q.material.set("Ku1", 0.0), q.material.set("Ku2", 0.0);
  expect_same_motion(p, q);
  const auto one = engine(p), other = engine(q);
  EXPECT_LT(relative_difference(other->quantity("B_copy"), one->quantity("B_anis")),
            tolerance(1e-14, 1e-6));
  EXPECT_LT(relative_difference(other->quantity("B_eff"), one->quantity("B_eff")),
            tolerance(1e-13, 1e-6));
  const auto ours = one->observables(), theirs = other->observables();
  for (const auto& [mine, yours] :
       {std::pair{"E_anis", "E_copy"}, std::pair{"E_total", "E_total"}}) {
    const double E = observable(ours, mine);
    EXPECT_NEAR(observable(theirs, yours), E, tolerance(1e-13, 1e-5) * std::abs(E));
  }
}

TEST_P(CustomTerms, ADampingLikeTorque) {
  // T/gamma = beta m x (p x m), p = -y for a current along x, beside the field r beta p. The part
  // of `torque` along m does not act, so beta p stands for the double product.
  Problem p = moving_film();
  p.material.set("theta_SH", 0.15), p.material.set("field_like_ratio", -0.3);
  FieldSource current;
  current.value = {2e12, 0, 0};
  current.signal = Signal::constant();
  p.current = {current};
  Problem q = p;
  q.current.clear();
  const double beta = constants::hbar * 2e12 * 0.15 / (2 * constants::e_abs * 8e5 * p.grid.dz);
  q.custom = {custom_term(q.material, Kind::torque, "sot", {"0", "-b", "0"}, "", {{"b", beta}}),
              custom_term(q.material, Kind::field, "like", {"0", "0.3*b", "0"}, "", {{"b", beta}})};
  expect_same_motion(p, q);
}

TEST_P(CustomTerms, SeveralTermsAddUp) {
  Problem p = moving_film();
  FieldSource source;
  source.value = {0.3, -0.2, 0.5};
  source.signal = Signal::constant();
  p.B_ext = {source};
  Problem q = moving_film();
  q.custom = {custom_term(q.material, Kind::field, "a", {"0.3", "0", "0.1*mz^2"}),
              custom_term(q.material, Kind::field, "b", {"0", "-200*mT", "0.5 - 0.1*mz*mz"})};
  expect_same_motion(p, q);
}

TEST_P(CustomTerms, VacuumIsLeftAlone) {
  Problem p = moving_film();
  std::vector<double> Ms(p.grid.cells(), 8e5);
  Ms[7] = Ms[30] = 0;
  p.material.set("Msat", ScalarMap(Ms));
  p.custom = {custom_term(p.material, Kind::field, "a", {"8e4/Msat", "0", "mz/Msat/Msat*1e11"},
                          "-8e4*mx - Msat/Msat*0.5e11/Msat*mz^2")};
  const auto film = engine(p);
  for (int step = 0; step < 10; ++step) film->step(1);
  for (const double component : film->m()) EXPECT_TRUE(std::isfinite(component));
  EXPECT_TRUE(std::isfinite(observable(film->observables(), "E_a")));
  EXPECT_EQ(film->m()[7], 0);
}

TEST_P(CustomTerms, FieldsRelaxAndTorquesDoNot) {
  Problem p = plain_film(3, 2);
  p.material.set("Aex", 1e-11);
  p.m = wavy(p.grid);
  p.custom = {custom_term(p.material, Kind::field, "easy", {"0.3*mx", "0", "0"}),
              custom_term(p.material, Kind::torque, "push", {"0", "0.1", "0.2"})};
  for (const Descent descent : {Descent::in_time, Descent::barzilai_borwein}) {
    const auto film = engine(p);
    Relax to;
    to.descent = descent;
    to.stop_torque = tolerance(1e-8, 1e-6);
    EXPECT_TRUE(film->relax(to, {}).converged);
    for (std::size_t i = 0; i < 6; ++i) EXPECT_NEAR(std::abs(film->m()[i]), 1, 1e-4);
  }
  const auto quantities = engine(p)->quantities();
  for (const char* name : {"B_easy", "B_push"})
    EXPECT_TRUE(std::any_of(quantities.begin(), quantities.end(),
                            [&](const Quantity& quantity) { return quantity.name == name; }));
}

TEST_P(CustomTerms, ThreadsDoNotChangeABit) {
  Problem p = moving_film();
  p.grid.nx = 70, p.grid.ny = 9;  // rows longer than a block of the interpreter
  p.m = wavy(p.grid);
  p.custom = {custom_term(p.material, Kind::field, "a",
                          {"0.1*sin(1e8*x - 3e10*t)*mz", "0.2*exp(-my^2)", "0.3*tanh(mx*my + 1)"})};
  const auto one = engine(p, 1), other = engine(p, 3);
  for (int step = 0; step < 20; ++step) one->step(1), other->step(1);
  EXPECT_EQ(one->m(), other->m());
}

}  // namespace
}  // namespace kubomag::test
