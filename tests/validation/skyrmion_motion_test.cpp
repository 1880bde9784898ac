// Skyrmions that move in films under local torques, against Thiele's equation: velocities of the
// micromagnetic run against tests/data/reference-local.json (its columns "thiele"; an independent
// solution, section C4 of reference-local.md) and against src/analysis/thiele. 2 %: cells of 1 nm
// in a wall of 4 nm make the dissipation and the forces 0.5 to 1 % smaller.
#include <cmath>

#include "analysis/table_analysis.hpp"
#include "setup/texture_state.hpp"
#include "support/backends.hpp"
#include "support/dirac_film.hpp"
#include "support/json.hpp"
#include "support/symmetric_torque.hpp"
#include "support/validation.hpp"

namespace kubomag::test {
namespace {

constexpr double T = constants::GammaLL, mT = 1e-3 * T;  // torques [1/s] per V/m; E is 1 V/m
constexpr double Ms = 580e3, Aex = 15e-12, thickness = 1e-9, tolerance_of_v = 0.02;

std::function<double(double)> constant(double value) {
  return [value](double) { return value; };
}
/// value + more (1 - mz^2)
std::function<double(double)> sine_squared(double value, double more) {
  return [=](double mz) { return value + more * (1 - mz * mz); };
}

/// One run: a film, its skyrmion and its torque.
struct Case {
  std::string name;
  ThieleTorque torque;
  Vec2<double> E{1, 0};
  int polarity = -1;
  double D = 3.5e-3;  // [J/m2]
  double K = 8e5;     // [J/m3]
  bool bloch = false;
  double alpha = 0.3;
  int cells = 64;

  double helicity() const { return preferred_helicity(bloch ? 0 : D, bloch ? D : 0, polarity); }
  Vec2<double> thiele() const {
    return thiele_motion({skyrmion_profile({Aex, D, K}), polarity, helicity()}, torque, E, alpha)
        .velocity;
  }
};

/// The film, infinite by periodic edges, before it is relaxed.
Problem film_of(const Case& c) {
  Problem p = plain_film(c.cells, c.cells, 1e-9, 1e-9, thickness);
  p.grid.periodic_x = p.grid.periodic_y = true;
  p.material.set("Msat", Ms);
  p.material.set("Aex", Aex);
  p.material.set("Ku1", c.K);
  p.material.set(c.bloch ? "Dbulk" : "Dind", c.D);
  p.material.set("alpha", c.alpha);
  p.integrator.scheme = Scheme::bogacki_shampine;  // exchange sets the step, not the error
  set_models(p, {std::make_shared<SymmetricTorque>(c.torque, Ms * thickness)},
             LocalTables::Drive::E);
  p.drive.separable = {uniform_E(c.E.x, c.E.y)};
  const StateLayer layer =
      skyrmion_layer(p.grid, {{}, 6.3e-9, 4.3e-9, c.helicity(), c.polarity, c.polarity});
  p.m = texture(p.grid, [&](double x, double y) {
    return layer({0, 0, -static_cast<double>(c.polarity)}, x, y);
  });
  return p;
}

/// The velocity over 30 ps, long after the wall and the background have adapted to the torque (in
/// some 1/(alpha gamma B) = 7 ps at alpha = 0.3 in the anisotropy field of 2.8 T: exp(-53/7) = 5e-4
/// is left; twice the time changes the velocity by less than 3e-5). Films of 48 nm are too small:
/// they add 0.5 % to the error.
Vec2<double> velocity(const Case& c, Engine& engine) {
  Relax to;
  to.stop_torque = engine.precision() == Precision::single_precision ? 1e-3 : 1e-5;
  EXPECT_TRUE(engine.relax(to, {}).converged) << c.name;
  TableAnalysis analysis(film_of(c).grid, {Analysis::skyrmion});
  const double settled = 16e-12 / c.alpha;
  run_to(engine, settled);
  analysis.row(engine.time(), engine.m());
  run_to(engine, settled + 30e-12);
  const auto row = analysis.row(engine.time(), engine.m());
  EXPECT_NEAR(
      std::remainder(observable(row, "skyrmion_helicity") - c.helicity(), 2 * constants::pi), 0,
      0.05)
      << c.name;
  return {observable(row, "skyrmion_vx"), observable(row, "skyrmion_vy")};
}

Vec2<double> velocity(const Case& c) {
  return velocity(c, *make_engine(film_of(c), {"cpu", Precision::double_precision, 2}));
}

void expect_velocity(Vec2<double> v, Vec2<double> expected, const std::string& of) {
  const double error =
      std::hypot(v.x - expected.x, v.y - expected.y) / std::hypot(expected.x, expected.y);
  record({"skyrmion: " + of, "error of the velocity, of |v|", 0, tolerance_of_v, "Thiele"}, error);
}

Vec2<double> reference(const std::string& tag) {
  static const auto data = test::data_file("reference-local.json");
  for (const char* set : {"C_skyrmion_2D_vs_thiele_D3.5", "C_skyrmion_2D_vs_thiele_more"})
    for (const auto& run : data[set])
      if (run["tag"] == tag) return {run["thiele"][0], run["thiele"][1]};
  ADD_FAILURE() << "no reference '" << tag << "'";
  return {};
}

Case with(std::string name, ThieleTorque torque) {
  Case c;
  c.name = std::move(name), c.torque = std::move(torque);
  return c;
}
Case b_case(const std::string& name) { return with(name, {{}, constant(5 * mT), {}, {}}); }
Case dresselhaus_b_case(const std::string& name) {
  Case c = b_case(name);
  c.torque.symmetry = TorqueSymmetry::dresselhaus;
  return c;
}

class SkyrmionMotion : public OnEveryBackend {};
KUBOMAG_ON_EVERY_BACKEND(SkyrmionMotion);

TEST_P(SkyrmionMotion, DampingLikeTorqueMovesItAsThieleSays) {
  const Case c = b_case("Rashba b Neel Ex");
  const auto film = engine(film_of(c), 2);
  const Vec2<double> v = velocity(c, *film);
  expect_velocity(v, reference(c.name), c.name);
  expect_velocity(v, c.thiele(), c.name);
}

// A constant a is a uniform field: the film tilts and the skyrmion stays where it is.
TEST(SkyrmionMotionOfOneTorque, AUniformFieldLikeTorqueDoesNotMoveIt) {
  const Vec2<double> of_a1 = reference("Rashba a1 Neel Ex");
  const Vec2<double> v = velocity(with("constant a", {constant(5 * mT), {}, {}, {}}));
  record({"skyrmion: constant field-like torque", "speed, of that of a(mz)", 0, 1e-3,
          "a uniform field moves nothing"},
         std::hypot(v.x, v.y) / std::hypot(of_a1.x, of_a1.y));
}

// A Dirac surface's torque tau m_z m x E is b = -tau, d = tau, which acts as b + d/2: half of b.
TEST(SkyrmionMotionOfOneTorque, TheDiracTorqueHasHalfTheForce) {
  const Case c = with("Dirac", {{}, constant(5 * mT), {}, constant(-5 * mT)});
  const Vec2<double> v = velocity(c), of_b = reference("Rashba b Neel Ex");
  expect_velocity(v, {0.5 * of_b.x, 0.5 * of_b.y}, c.name);
  expect_velocity(v, c.thiele(), c.name);
}

/// A case of the reference by its name there.
struct SlowCase {
  Case run;
  Vec2<double> expected;
};

SlowCase of_reference(const Case& c) { return {c, reference(c.name)}; }

std::vector<SlowCase> slow_cases() {
  std::vector<SlowCase> all = {
      of_reference(with("Rashba a1 Neel Ex", {sine_squared(0, 5 * mT), {}, {}, {}})),
      of_reference(with("Rashba c Neel Ex", {{}, {}, constant(5 * mT), {}})),
      of_reference(with("Rashba d Neel Ex", {{}, {}, {}, constant(5 * mT)})),
      of_reference(dresselhaus_b_case("Dresselhaus b Neel Ex"))};
  const auto add = [&](Case c, const auto& change) {
    change(c);
    all.push_back(of_reference(c));
  };
  add(b_case("Rashba b Neel Ey"), [](Case& c) { c.E = {0, 1}; });
  add(dresselhaus_b_case("Dresselhaus b Neel Ey"), [](Case& c) { c.E = {0, 1}; });
  add(b_case("Rashba b Bloch Ex"), [](Case& c) { c.bloch = true; });
  add(dresselhaus_b_case("Dresselhaus b Bloch Ex"), [](Case& c) { c.bloch = true; });
  add(b_case("Rashba b Neel Ex D<0"), [](Case& c) { c.D = -3.5e-3; });
  const auto Keff = [](Case& c) { c.D = 3e-3, c.K = 588633.6463; };
  add(b_case("Keff b"), Keff);
  add(with("Keff a1", {sine_squared(0, 5 * mT), {}, {}, {}}), Keff);
  // With the core up and D > 0 m points inward: mirrored at the film plane, m an axial vector, and
  // turned by 180 degrees about z. Of the velocity vy alone changes sign.
  Case up = b_case("core up");
  up.polarity = 1;
  const Vec2<double> down = reference("Rashba b Neel Ex");
  all.push_back({up, {down.x, -down.y}});
  Case mixed = with("mixed", {sine_squared(2 * mT, 4 * mT), sine_squared(3 * mT, -1 * mT),
                              constant(-2 * mT), constant(1.5 * mT)});
  mixed.alpha = 0.1;
  mixed.E = {0.8, -0.6};
  all.push_back({mixed, mixed.thiele()});
  return all;
}

class SlowSkyrmionMotion : public ::testing::TestWithParam<int> {};

TEST_P(SlowSkyrmionMotion, IsThatOfThiele) {
  const SlowCase c = slow_cases()[static_cast<std::size_t>(GetParam())];
  const Vec2<double> v = velocity(c.run);
  expect_velocity(v, c.expected, c.run.name);
  expect_velocity(v, c.run.thiele(), c.run.name);
}
std::string case_name(const ::testing::TestParamInfo<int>& c) {
  std::string name = slow_cases()[static_cast<std::size_t>(c.param)].run.name;
  for (char& letter : name)
    if (!std::isalnum(static_cast<unsigned char>(letter))) letter = '_';
  return name;
}
INSTANTIATE_TEST_SUITE_P(Cases, SlowSkyrmionMotion, ::testing::Range(0, 13), case_name);

// 64 nm are an infinite film for a skyrmion of 6 nm.
TEST(SlowSkyrmionMotionInLargerFilms, IsTheSame) {
  Case c = b_case("Rashba b");
  const Vec2<double> small = velocity(c);
  c.cells = 128;
  const Vec2<double> large = velocity(c);
  record({"skyrmion: films of 64 and of 128 nm", "difference of the velocity, of |v|", 0, 2e-3,
          "each other"},
         std::hypot(small.x - large.x, small.y - large.y) / std::hypot(large.x, large.y));
}

}  // namespace
}  // namespace kubomag::test
