// The phenomenological spin-orbit torque: numbers by hand in directions without symmetry, its sign
// for platinum below the film, and the static switching thresholds of a macrospin.
#include "support/backends.hpp"
#include "support/macrospin.hpp"

namespace kubomag::test {
namespace {

class SpinOrbitTorqueTest : public OnEveryBackend {};
KUBOMAG_ON_EVERY_BACKEND(SpinOrbitTorqueTest);

FieldSource current(Vec3<double> j, Signal signal = Signal::constant()) {
  return {"", j, {}, std::move(signal)};
}

/// theta_SH = 0.1 over 1 nm of 1e6 A/m: beta = hbar |j| theta_SH/(2 |e| Ms t) = 32.91060 mT for
/// |j| = 1e12 A/m2.
Problem film(int nx = 1, int ny = 1) {
  Problem p = plain_film(nx, ny, 2e-9, 2e-9, 1e-9);
  p.material.set("Msat", 1e6);
  p.material.set("theta_SH", 0.1);
  return p;
}
constexpr double beta = 32.91060e-3;

// m = (2, -3, 6)/7, j = 1e12 A/m2 (0.6, -0.8, .): p = j x z/|j| = (-0.8, -0.6, 0),
// m x p = (3.6, -4.8, -3.6)/7. The current across the film has no part in it.
TEST_P(SpinOrbitTorqueTest, FieldAndTorqueByHand) {
  Problem p = film();
  p.material.set("field_like_ratio", -0.25);
  p.current = {current({0.6e12, -0.8e12, 5e12})};
  p.m = {2, -3, 6};
  const auto engine = this->engine(p);
  const Vec3<double> B = at(engine->quantity("B_SOT"), p.grid, 0);
  const Vec3<double> expected = beta * Vec3<double>{3.6 / 7 + 0.2, -4.8 / 7 + 0.15, -3.6 / 7};
  EXPECT_LT(norm(B - expected), 1e-6 * beta);
  const Vec3<double> m{2 / 7., -3 / 7., 6 / 7.};
  const Vec3<double> torque = at(engine->quantity("torque"), p.grid, 0);
  EXPECT_LT(norm(torque - cross(expected, m)), 1e-6 * beta);
}

// T = gamma beta m x (p x m) turns m towards p; with damping by Gilbert's form, not Landau's:
// dm/dt = (a + alpha m x a)/(1 + alpha^2).
TEST_P(SpinOrbitTorqueTest, TurnsTheMagnetisationTowardsThePolarisation) {
  Problem p = film();
  p.material.set("alpha", 0.5);
  p.current = {current({0, 1e12, 0})};  // p = j x z/|j| = x
  const auto engine = this->engine(p);
  const Vec3<double> torque = at(engine->quantity("torque"), p.grid, 0);  // at m = z
  EXPECT_NEAR(torque.x, beta / 1.25, 1e-6 * beta);
  EXPECT_NEAR(torque.y, 0.5 * beta / 1.25, 1e-6 * beta);
  EXPECT_NEAR(torque.z, 0, 1e-6 * beta);
}

// Platinum below cobalt drives left-handed Neel walls (up, then -x, then down) along the current:
// at the wall's centre the field points up, so that the up side grows.
TEST_P(SpinOrbitTorqueTest, PlatinumBelowDrivesLeftHandedWallsAlongTheCurrent) {
  Problem p = film();
  p.current = {current({1e12, 0, 0})};
  p.m = {-1, 0, 0};
  EXPECT_NEAR(at(this->engine(p)->quantity("B_SOT"), p.grid, 0).z, beta, 1e-6 * beta);
}

/// Speed of the wall of a strip with Dind, "up, wall, down" along x or the reverse, under a current
/// along x for which beta = 1 mT [m/s].
double wall_speed(const OnEveryBackend&, const Target& target, double up_on_the_left, double Dind,
                  double sign_of_j) {
  Problem p = plain_film(160, 1, 1e-9, 1e-9, 1e-9);
  p.material.set("Msat", 580e3);
  p.material.set("Aex", 15e-12);
  p.material.set("Ku1", 8e5);
  p.material.set("Dind", Dind);
  p.material.set("alpha", 0.3);
  p.material.set("theta_SH", 0.1);
  p.current = {current({sign_of_j * 1e12 * 1e-3 / (beta / 0.58), 0, 0})};
  const double width = std::sqrt(15e-12 / 8e5), handed = Dind > 0 ? -1 : 1;
  p.m = texture(p.grid, [&](double x, double) {
    return Vec3<double>{handed * up_on_the_left / std::cosh(x / width), 1e-3,
                        -up_on_the_left * std::tanh(x / width)};
  });
  const auto engine = make_engine_on(target, p);
  const auto mean_mz = [&](double t) {
    run_to(*engine, t);
    const std::vector<double> m = engine->m();
    double sum = 0;
    for (std::size_t i = 0; i < p.grid.cells(); ++i) sum += m[2 * p.grid.cells() + i];
    return sum / static_cast<double>(p.grid.cells());
  };
  const double before = mean_mz(0.3e-9), after = mean_mz(1.3e-9);
  return up_on_the_left * (after - before) * 0.5 * 160e-9 / 1e-9;
}

// Left-handed walls, up -> -x -> down and down -> +x -> up, are those of Pt below Co (Dind > 0);
// both kinds move along the current, against the electrons (Emori 2013), at v = (pi/2) gamma Delta
// beta/alpha while the interaction holds the wall's angle (Thiaville et al., EPL 100, 57002
// (2012)). Cells of 1 nm: 1 % of Delta; the tilt of the angle, beta/alpha over Dind/(Ms Delta): 0.3
// %.
TEST_P(SpinOrbitTorqueTest, LeftHandedWallsMoveAlongTheCurrent) {
  const double width = std::sqrt(15e-12 / 8e5);
  const double v = 0.5 * constants::pi * constants::GammaLL * width * 1e-3 / 0.3;
  for (const double up : {1.0, -1.0})
    for (const double j : {1.0, -1.0}) {
      if (up < 0 && !GetParam().is("cpu")) continue;  // the same kernels: long, and nothing new
      EXPECT_NEAR(wall_speed(*this, GetParam(), up, 3e-3, j), j * v, 0.03 * v) << up << " " << j;
      EXPECT_NEAR(wall_speed(*this, GetParam(), up, -3e-3, j), -j * v, 0.03 * v) << up << " " << j;
    }
}

TEST_P(SpinOrbitTorqueTest, FollowsMapsAndSignals) {
  Problem p = film(3, 1);
  p.material.set("Msat", ScalarMap({1e6, 0, 2e6}));
  p.material.set("theta_SH", ScalarMap({0.1, 0.1, -0.3}));
  SignalTerm step;
  step.kind = SignalTerm::Kind::step;
  step.start = 1e-12;
  FieldSource map{"", {}, {{0, 1e12, 0}, {0, 1e12, 0}, {0, 4e12, 0}}, {{step}}};
  p.current = {map, current({0, 2e12, 0})};
  const auto engine = this->engine(p);
  const auto along_y = [&](std::size_t cell) {
    return at(engine->quantity("B_SOT"), p.grid, cell).y;  // beta z x x
  };
  EXPECT_NEAR(along_y(0), 2 * beta, 1e-6 * beta);
  EXPECT_EQ(along_y(1), 0);
  engine->set_time(2e-12);
  EXPECT_NEAR(along_y(0), 3 * beta, 2e-6 * beta);
  EXPECT_NEAR(along_y(2), -9 * beta, 1e-5 * beta);
}

TEST_P(SpinOrbitTorqueTest, IsAbsentWithoutCurrentAndWhileRelaxing) {
  Problem p = film();
  p.m = {0.6, 0, 0.8};
  EXPECT_THROW(this->engine(p)->quantity("B_SOT"), InputError);
  p.current = {current({0, 1e12, 0})};
  const auto engine = this->engine(p);
  Relax relax;
  relax.stop_torque = 1e-5;
  EXPECT_EQ(engine->relax(relax, {}).steps, 0);
}

/// The up state lies in the plane of y = 0.
bool leaves_up_state(Engine& engine, double t_end, double least_mz) {
  run_to(engine, t_end);
  const std::vector<double> m = engine.m();
  return std::abs(m[1]) > 1e-3 || m[2] < least_mz;
}

// An easy axis along z with an anisotropy field of 1 T, B_SOT = h m x y ramped slowly and held.
// For a field hx along x the up state exists up to h = sqrt(1 - s^2)(hx - s),
// s = (hx - sqrt(hx^2 + 8))/4 = mx there (exact; saddle-node of the static balance).
TEST_P(SpinOrbitTorqueTest, SwitchesAtTheStaticThresholdOfAMacrospin) {
  for (const double hx : {-0.8, -0.4, 0.0, 0.4, 0.8}) {
    const double s = (hx - std::sqrt(hx * hx + 8)) / 4;
    const double threshold = std::sqrt(1 - s * s) * (hx - s);
    Problem p = film();
    p.material.set("Ku1", 5e5);  // 2 Ku1/Ms = 1 T
    p.material.set("alpha", 0.3);
    p.B_ext = {{"", {hx, 0, 0}, {}, Signal::constant()}};
    SignalTerm ramp;
    ramp.kind = SignalTerm::Kind::table;
    ramp.times = {0, 2e-9, 3e-9, 3.1e-9};
    ramp.values = {0, 0.99 * threshold, 0.99 * threshold, 1.01 * threshold};
    p.current = {current({-1e12 / beta, 0, 0}, {{ramp}})};
    p.m = {hx, 0, std::sqrt(1 - hx * hx)};
    const auto engine = this->engine(p);
    const double least_mz = 0.99 * std::sqrt(1 - s * s);
    EXPECT_FALSE(leaves_up_state(*engine, 3e-9, least_mz)) << hx;
    EXPECT_TRUE(leaves_up_state(*engine, 6e-9, least_mz)) << hx;
  }
}

}  // namespace
}  // namespace kubomag::test
