// Voltage control of anisotropy: strength and sign by hand, the precession that it changes,
// signals, maps, minima. That the field is the derivative of the energy: energy_terms_test.cpp.
#include "support/backends.hpp"
#include "support/films.hpp"
#include "support/macrospin.hpp"

namespace kubomag::test {
namespace {

FieldSource constant_field(double E_z) {
  FieldSource source;
  source.value = {0, 0, E_z};
  source.signal = Signal::constant();
  return source;
}

/// One moment of 8e5 A/m, 3 nm thick, xi = 120 fJ/(V m).
Problem voltage_film(double E_z) {
  Problem p = plain_film(1, 1);
  p.material.set("xi_VCMA", 120e-15);
  p.E_z = {constant_field(E_z)};
  return p;
}

class VcmaFilm : public OnEveryBackend {};
KUBOMAG_ON_EVERY_BACKEND(VcmaFilm);

TEST_P(VcmaFilm, FieldAndEnergyByHand) {
  // 2 xi E_z/(Ms d) = 2 * 1.2e-13 * 1e8/(8e5 * 3e-9) = 10 mT; u = (0.6, 0, 0.8), m.u = 0.8 * 0.6
  Problem p = voltage_film(1e8);
  p.material.set("anisU_x", 0.6), p.material.set("anisU_z", 0.8);
  p.m = {0, 0.8, 0.6};
  const auto film = engine(p);
  const auto B = film->quantity("B_vcma");
  const double along = 0.01 * 0.48;
  EXPECT_NEAR(B[0], along * 0.6, tolerance(1e-16, 1e-8));
  EXPECT_EQ(B[1], 0);
  EXPECT_NEAR(B[2], along * 0.8, tolerance(1e-16, 1e-8));
  EXPECT_NEAR(film->quantity("B_eff")[2], along * 0.8, tolerance(1e-16, 1e-8));
  // -(xi E_z/d) (m.u)^2 V: 4 kJ/m3 and 4.8e-26 m3
  const double E = -4e3 * 0.48 * 0.48 * 4.8e-26;
  const auto all = film->observables();
  EXPECT_NEAR(observable(all, "E_vcma"), E, tolerance(1e-14, 1e-6) * std::abs(E));
  EXPECT_NEAR(observable(all, "E_total"), E, tolerance(1e-14, 1e-6) * std::abs(E));
  EXPECT_NEAR(film->quantity("Edens_vcma")[0], -4e3 * 0.48 * 0.48, tolerance(1e-11, 1e-3));
}

TEST_P(VcmaFilm, TheResonanceMovesByTheGate) {
  // an axial moment without damping turns by gamma (2/Ms)(Ku1 + xi E_z/d) mz t; E_z from 20 ps on
  constexpr double K = 3e5, theta = 0.4, start = 20e-12, end = 100e-12, E_z = -2.5e8;
  Problem p = voltage_film(E_z);
  SignalTerm step;
  step.kind = SignalTerm::Kind::step;
  step.start = start;
  p.E_z[0].signal = {{step}};
  p.material.set("Ku1", K);
  p.m = Macrospin::direction(theta, 0.3);
  p.integrator.MaxErr = 1e-9;
  const auto film = engine(p);
  run_to(*film, end);
  const double dK = 120e-15 * E_z / 3e-9;  // -10 kJ/m3
  const double phi = p.GammaLL * 2 / 8e5 * std::cos(theta) * (K * end + dK * (end - start));
  EXPECT_LT(distance(film->m(), Macrospin::direction(theta, 0.3 + phi)), tolerance(1e-6, 1e-4));
}

TEST_P(VcmaFilm, SourcesAddUpCellByCell) {
  Problem p = plain_film(2, 1);
  p.material.set("xi_VCMA", ScalarMap(std::vector<double>{120e-15, -60e-15}));
  p.E_z = {constant_field(1e8), constant_field(0)};
  p.E_z[1].map = {{0, 0, 0}, {0, 0, 3e8}};
  p.m = {0.6, 0, 0, 0.6, 0.8, 0.8};
  const auto B = engine(p)->quantity("B_vcma");
  EXPECT_NEAR(B[4], 0.01 * 0.8, tolerance(1e-16, 1e-8));
  EXPECT_NEAR(B[5], -0.5 * 4 * 0.01 * 0.8, tolerance(1e-16, 1e-8));
}

TEST_P(VcmaFilm, AStaticFieldChangesTheMinimum) {
  // Ku1 = -5 kJ/m3 is a hard axis; +10 kJ/m3 of the gate makes it easy
  for (const auto& [E_z, mz] : {std::pair{0.0, 0.0}, std::pair{2.5e8, 1.0}}) {
    Problem p = voltage_film(E_z);
    p.material.set("Ku1", -5e3);
    p.m = {0.6, 0.0, 0.8};
    const auto film = engine(p);
    Relax to;
    to.stop_torque = tolerance(1e-9, 1e-7);
    EXPECT_TRUE(film->relax(to, {}).converged);
    EXPECT_NEAR(film->m()[2], mz, tolerance(1e-6, 1e-4)) << E_z;
  }
}

TEST_P(VcmaFilm, WithoutAFieldThereIsNoTerm) {
  Problem p = voltage_film(1e8);
  p.E_z.clear();
  const auto film = engine(p);
  EXPECT_TRUE(std::isnan(observable(film->observables(), "E_vcma")));
}

}  // namespace
}  // namespace kubomag::test
