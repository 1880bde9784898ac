// Switching diagrams of a macrospin under a spin-Hall and a Dirac torque (Ndiaye 2017, Fig. 2), in
// both protocols. Easy axis along z with an anisotropy field of 1 T; the torques are the fields
//   spin Hall: -h (mz x - mx z),   Dirac: -h mz x
// beside a field hx along x. Exact: the spin-Hall torque turns the up state out at
// h = sqrt(1 - s^2)(hx - s), s = (hx - sqrt(hx^2 + 8))/4; under the Dirac torque both states are
// stable for every h while |hx| < 1. Sudden thresholds: tests/data/reference-local.json,
// A_macrospin_thresholds.
#include <gtest/gtest.h>

#include <cmath>

#include "kubomag/batch.hpp"
#include "support/json.hpp"
#include "support/macrospin.hpp"

namespace kubomag::test {
namespace {

enum class Torque { spin_Hall, Dirac };

/// hbar |j| theta_SH/(2 |e| Ms t) for theta_SH = 0.1 over 1 nm of 1e6 A/m, j = 1e12 A/m2 [T].
constexpr double beta = 32.91060e-3;

Problem macrospin(Torque torque, double hx, double alpha, double h, const Signal& signal) {
  Problem p = plain_film(1, 1, 2e-9, 2e-9, 1e-9);
  p.material.set("Msat", 1e6);
  p.material.set("Ku1", 5e5);
  p.material.set("alpha", alpha);
  p.B_ext = {{"", {hx, 0, 0}, {}, Signal::constant()}};
  p.m = {hx, 1e-3, std::sqrt(1 - hx * hx)};
  if (torque == Torque::spin_Hall) {
    p.material.set("theta_SH", 0.1);
    p.current = {{"", {-h * 1e12 / beta, 0, 0}, {}, signal}};
    return p;
  }
  constexpr double b = 1e-6;  // so small that sigma_H = b mz hall_1 exactly; sigma_0 = 0
  p.surface.emplace();
  p.surface->b = b;
  p.surface->hall_1 = 1;
  p.surface->B_FL_per_E = 1 / b;  // B_x = -B_FL_per_E sigma_H E_x
  p.drive.separable = {{"E", [h](double, double) { return Vec2<double>{h, 0}; }, signal}};
  return p;
}

constexpr double unit_of_time = 1 / constants::GammaLL;  // at 1 T [s]

/// Whether mz of each replica has been below zero by `end`, looked at every half unit of time.
std::vector<bool> switched(const std::vector<Problem>& problems, double end) {
  Batch batch(problems, {"cpu", {}, 0});
  std::vector<bool> down(problems.size());
  for (double t = 0; t < end; t += 0.5 * unit_of_time) {
    batch.run(t);
    for (std::size_t r = 0; r < problems.size(); ++r)
      if (batch.replica(r).m()[2] < 0) down[r] = true;
  }
  for (std::size_t r = 0; r < problems.size(); ++r) EXPECT_EQ(batch.failure(r), "");
  return down;
}

nlohmann::json thresholds() {
  return test::data_file("reference-local.json")["A_macrospin_thresholds"];
}

// Ramped in 1000 units of time to 1 % below the threshold and held, then to 1 % above and held.
// The up state ends in a saddle-node, beyond which m stays near it for about pi/sqrt(0.01 ...) of
// units: hence the long hold. hx < 0: from there m goes to the other side, mz = hx/h.
TEST(SwitchingTest, SpinHallThresholdsOfAGradualRampAreTheExactOnes) {
  std::vector<Problem> problems;
  for (const double hx : {-0.8, -0.6, -0.4, -0.2, -0.1})
    for (const double part : {0.99, 1.01})
      for (const double alpha : {0.1, 0.5}) {
        const double s = (hx - std::sqrt(hx * hx + 8)) / 4;
        SignalTerm ramp;
        ramp.kind = SignalTerm::Kind::table;
        ramp.times = {0, 1000 * unit_of_time};
        ramp.values = {0, 1};
        problems.push_back(macrospin(Torque::spin_Hall, hx, alpha,
                                     part * std::sqrt(1 - s * s) * (hx - s), {{ramp}}));
      }
  const std::vector<bool> down = switched(problems, 2000 * unit_of_time);
  for (std::size_t r = 0; r < problems.size(); ++r)
    EXPECT_EQ(down[r], r / 2 % 2 == 1) << "hx = " << problems[r].B_ext[0].value.x;
}

TEST(SwitchingTest, ADiracTorqueDoesNotSwitchInAGradualRamp) {
  std::vector<Problem> problems;
  for (const double hx : {-0.9, -0.5, -0.1, 0.3})
    for (const double alpha : {0.1, 0.5}) {
      SignalTerm ramp;
      ramp.kind = SignalTerm::Kind::table;
      ramp.times = {0, 2000 * unit_of_time};
      ramp.values = {0, 1};
      problems.push_back(macrospin(Torque::Dirac, hx, alpha, 4, {{ramp}}));
    }
  for (const bool down : switched(problems, 2200 * unit_of_time)) EXPECT_FALSE(down);
}

TEST(SwitchingTest, SuddenThresholdsAreThoseOfTheReference) {
  const nlohmann::json reference = thresholds();
  std::vector<Problem> problems;
  std::vector<std::string> names;
  for (const Torque torque : {Torque::spin_Hall, Torque::Dirac})
    for (const auto& [key, alpha] : {std::pair{"0.05", 0.05}, {"0.1", 0.1}, {"0.3", 0.3}}) {
      const std::string name =
          std::string(torque == Torque::Dirac ? "dirac" : "she") + "_al" + key + "_sudden_up";
      for (std::size_t i = 0; i < 6; ++i)  // hx < 0
        for (const double part : {0.98, 1.02}) {
          problems.push_back(macrospin(torque, reference["hx"][i], alpha,
                                       part * reference[name][i].get<double>(),
                                       Signal::constant()));
          names.push_back(name);
        }
    }
  const std::vector<bool> down = switched(problems, 300 * unit_of_time);
  for (std::size_t r = 0; r < problems.size(); ++r)
    EXPECT_EQ(down[r], r % 2 == 1) << names[r] << ", hx = " << problems[r].B_ext[0].value.x;
}

// A Dirac torque without damping, infinitesimal field: conserved precession about (-h, 0, 1)
// reaches the equator at h = 1 (twice the static spin-Hall threshold, the ratio of the paper).
TEST(SwitchingTest, ADiracTorqueWithoutDampingSwitchesAtTheAnisotropyField) {
  std::vector<Problem> problems;
  for (const double h : {0.99, 1.01}) {
    problems.push_back(macrospin(Torque::Dirac, -1e-3, 0, h, Signal::constant()));
    problems.back().integrator.MaxErr = 1e-8;
  }
  const std::vector<bool> down = switched(problems, 100 * unit_of_time);
  EXPECT_FALSE(down[0]);
  EXPECT_TRUE(down[1]);
}

}  // namespace
}  // namespace kubomag::test
