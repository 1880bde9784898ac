// What lies outside the theory is refused with the key, the value and what is allowed.
#include "khat/validity.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "khat/dirac_response.hpp"
#include "khat/surface.hpp"
#include "kubomag/error.hpp"

using namespace kubomag;
using namespace kubomag::constants;
using ::testing::AllOf;
using ::testing::HasSubstr;

namespace {

const DiracElectrons good{0.2 * e_abs, 5e5, 0.05 * e_abs, 0.03};
const double tau = hbar / (pi * 0.03 * 0.2 * e_abs);  // 34.9 fs

DiracMaps maps_of(const DiracElectrons& e) {
  return {e.fermi_energy, e.velocity, e.Delta_sd, e.disorder, 1.4e5};
}

template <class F>
std::string message_of(F f) {
  try {
    f();
  } catch (const InputError& error) {
    return error.what();
  }
  return "nothing was thrown";
}

SmallParameter parameter(const DriveScales& drive, const std::string& symbol,
                         const DiracElectrons& electrons = good) {
  for (const SmallParameter& p : small_parameters(maps_of(electrons), drive))
    if (p.symbol == symbol) return p;
  throw Error("no parameter " + symbol);
}

}  // namespace

TEST(KhatValidity, GapAtTheFermiEnergyIsRefusedForEitherSignOfTheExchange) {
  for (double Delta : {0.2, -0.2, 0.3}) {
    DiracElectrons electrons = good;
    electrons.Delta_sd = Delta * e_abs;
    EXPECT_THAT(message_of([&] { check_electrons(electrons); }),
                AllOf(HasSubstr("surface.fermi_energy = 200 meV"), HasSubstr("surface.Delta_sd"),
                      HasSubstr("must exceed |Delta_sd|")));
    EXPECT_THROW(dirac_scales(electrons, {1e5, 5e-9}, 0, HallParts::full), InputError);
    EXPECT_THROW(K_hat(electrons, 0, {1e6, 0, 1e9}, HallParts::full), InputError);
    EXPECT_THROW(dirac_surface(maps_of(electrons), 5e-9, GammaLL, {}), InputError);
  }
}

TEST(KhatValidity, ElectronsOutsideTheTheoryAreRefused) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (double energy : {0.0, -0.2, nan}) {
    DiracElectrons electrons = good;
    electrons.fermi_energy = energy * e_abs;
    EXPECT_THAT(message_of([&] { check_electrons(electrons); }), HasSubstr("surface.fermi_energy"));
  }
  DiracElectrons joules = good;
  joules.fermi_energy = 0.2;
  EXPECT_THAT(message_of([&] { check_electrons(joules); }), HasSubstr("did you mean \"0.2 eV\"?"));
  for (double disorder : {0.0, -0.01, 0.3, 2.0, nan}) {
    DiracElectrons electrons = good;
    electrons.disorder = disorder;
    EXPECT_THAT(message_of([&] { check_electrons(electrons); }),
                AllOf(HasSubstr("surface.disorder"), HasSubstr("below 0.3")));
  }
  for (double velocity : {0.0, nan}) {
    DiracElectrons electrons = good;
    electrons.velocity = velocity;
    EXPECT_THAT(message_of([&] { check_electrons(electrons); }), HasSubstr("surface.velocity"));
  }
  EXPECT_NO_THROW(check_electrons(good));
}

TEST(KhatValidity, MapsNameTheCell) {
  DiracMaps maps = maps_of(good);
  maps.disorder = ScalarMap({0.03, 0.03, 0.5});
  EXPECT_THAT(message_of([&] { check_maps(maps); }), HasSubstr("in cell 2"));
  maps = maps_of(good);
  maps.velocity = ScalarMap({5e5, -5e5});
  EXPECT_THAT(message_of([&] { check_maps(maps); }), HasSubstr("one helicity"));
  maps = maps_of(good);
  maps.Msat = ScalarMap({1e5, -1e5});
  EXPECT_THAT(message_of([&] { check_maps(maps); }), HasSubstr("material.Msat"));
}

TEST(KhatValidity, ParametersAreWhatTheySay) {
  DriveScales drive;
  drive.omega = 2 * pi * 7e9;
  drive.q = 2e6 * pi;
  drive.psi = 10e-3;
  drive.precession = 1e11;
  EXPECT_DOUBLE_EQ(parameter(drive, "alpha").value, 0.03);
  EXPECT_DOUBLE_EQ(parameter(drive, "|Delta_sd|/eps").value, 0.25);
  EXPECT_NEAR(parameter(drive, "omega tau").value, drive.omega * tau, 1e-15);
  EXPECT_NEAR(parameter(drive, "q l").value, drive.q * 5e5 * tau, 1e-15);
  const DiracScales at_0 = dirac_scales(good, {1e5, 5e-9}, 0, HallParts::full);
  EXPECT_NEAR(parameter(drive, "D q^2 tau").value, at_0.D * drive.q * drive.q * tau, 1e-15);
  const DiracScales at_1 = dirac_scales(good, {1e5, 5e-9}, 1, HallParts::full);
  EXPECT_NEAR(parameter(drive, "delta n/n0").value, e_abs * at_1.nu * drive.psi / at_1.n_e, 1e-13);
  EXPECT_NEAR(parameter(drive, "w0 tau").value, 1e11 * tau, 1e-15);
  // The grating of Sokolewicz 2019, Sec. III: all small, the moved density at the edge.
  for (const SmallParameter& p : small_parameters(maps_of(good), drive))
    EXPECT_NE(p.verdict, Verdict::refused) << p.message;
}

TEST(KhatValidity, FastDrivesAreCautionedThenRefused) {
  DriveScales drive;
  drive.omega = 0.2 / tau;
  EXPECT_EQ(parameter(drive, "omega tau").verdict, Verdict::caution);
  EXPECT_EQ(require_valid(small_parameters(maps_of(good), drive)).size(), 1u);
  drive.omega = 0.6 / tau;
  EXPECT_EQ(parameter(drive, "omega tau").verdict, Verdict::refused);
  EXPECT_THAT(message_of([&] { require_valid(small_parameters(maps_of(good), drive)); }),
              AllOf(HasSubstr("gate.signal.frequency = "), HasSubstr("omega tau = 0.6"),
                    HasSubstr("refused above 0.5")));
  drive.omega = 0.01 / tau;
  EXPECT_EQ(parameter(drive, "omega tau").verdict, Verdict::good);
}

TEST(KhatValidity, FineDrivesAreCautionedThenRefused) {
  DriveScales drive;
  drive.q_key = "E.period";
  drive.q = 0.25 / (5e5 * tau);
  EXPECT_EQ(parameter(drive, "q l").verdict, Verdict::good);
  drive.q = 0.35 / (5e5 * tau);
  EXPECT_EQ(parameter(drive, "q l").verdict, Verdict::caution);
  drive.q = 0.55 / (5e5 * tau);
  EXPECT_THAT(message_of([&] { require_valid(small_parameters(maps_of(good), drive)); }),
              AllOf(HasSubstr("E.period = "), HasSubstr("nm"), HasSubstr("q l = 0.55")));
}

TEST(KhatValidity, StrongFieldsAndDisorderAreCautionedOnly) {
  DriveScales drive;
  drive.psi = 50e-3;
  EXPECT_EQ(parameter(drive, "delta n/n0").verdict, Verdict::caution);
  drive.psi = 1;
  EXPECT_EQ(parameter(drive, "delta n/n0").verdict, Verdict::caution);
  DiracElectrons dirty = good;
  dirty.disorder = 0.15;
  EXPECT_EQ(parameter({}, "alpha", dirty).verdict, Verdict::caution);
  EXPECT_EQ(parameter({}, "alpha").verdict, Verdict::good);
}

TEST(KhatValidity, TheWorstCellDecides) {
  DiracMaps maps = maps_of(good);
  maps.fermi_energy = ScalarMap({0.2 * e_abs, 0.1 * e_abs});
  DriveScales drive;
  drive.omega = 0.06 / tau;
  const auto parameters = small_parameters(maps, drive);
  EXPECT_NEAR(parameters[1].value, 0.5, 1e-12);
  EXPECT_NEAR(parameters[2].value, 0.12, 1e-12);
  EXPECT_EQ(parameters[2].verdict, Verdict::caution);
}

TEST(KhatValidity, DrivesMustBeFinite) {
  DriveScales drive;
  drive.q = std::numeric_limits<double>::infinity();
  EXPECT_THROW(small_parameters(maps_of(good), drive), InputError);
}
