// Against independent solutions (tests/data/reference-local.md, C4) and against the two-dimensional
// integral that Thiele's equation is made of.
#include "analysis/thiele.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"
#include "support/json.hpp"
#include "support/reference_entry.hpp"

using namespace kubomag;

namespace {

constexpr double pi = constants::pi, mT = constants::GammaLL * 1e-3;

const nlohmann::json& reference() {
  static const nlohmann::json data = test::data_file("reference-local.json");
  return data;
}

void expect_close(test::ReferenceEntry& entry, double value, double expected, double relative) {
  entry.within(std::abs(value / expected - 1), relative);
}

std::function<double(double)> constant(double value) {
  return [value](double) { return value; };
}
/// value (1 - mz^2)
std::function<double(double)> sine_squared(double value) {
  return [value](double mz) { return value * (1 - mz * mz); };
}

SkyrmionProfile profile_of(const nlohmann::json& set) {
  return skyrmion_profile({set["A"], set["Dind"], set["K"]});
}

/// To 1e-5 of the velocity, or 1e-20 m/s where it is 0.
void expect_velocity(test::ReferenceEntry& entry, const RigidSkyrmion& s,
                     const ThieleTorque& torque, double alpha, const nlohmann::json& expected,
                     Vec2<double> E = {1, 0}) {
  const Vec2<double> v = thiele_motion(s, torque, E, alpha).velocity;
  const double x = expected[0], y = expected[1], size = std::max(std::hypot(x, y), 1e-15);
  entry.within(std::max(std::abs(v.x - x), std::abs(v.y - y)) / size, 1e-5);
}

}  // namespace

TEST(SkyrmionProfile, AgreesWithTheReference) {
  test::ReferenceEntry entry("reference-local.json", "C_skyrmion_profiles");
  for (const auto& [name, set] : reference()["C_skyrmion_profiles"].items()) {
    const SkyrmionProfile p = profile_of(set);
    SCOPED_TRACE(name);
    expect_close(entry, p.radius, set["R_mz0"], 1e-5);
    expect_close(entry, p.energy(), set["E_per_t"], 1e-5);
    EXPECT_LT(std::abs(p.virial()), 1e-6);
    for (const auto& point : set["profile_rho_theta"]) {
      const double rho = point[0], theta = point[1];
      std::size_t i = 1;
      while (p.rho[i] < rho) ++i;
      const double part = (rho - p.rho[i - 1]) / (p.rho[i] - p.rho[i - 1]);
      EXPECT_NEAR(p.theta[i - 1] + part * (p.theta[i] - p.theta[i - 1]), theta, 2e-5);
    }
  }
}

TEST(ThieleMotion, AgreesWithTheReference) {
  test::ReferenceEntry entry("reference-local.json", "C_skyrmion_profiles");
  for (const auto& [name, set] : reference()["C_skyrmion_profiles"].items()) {
    SCOPED_TRACE(name);
    const RigidSkyrmion s{profile_of(set), -1, 0};
    for (const std::string alpha : {"0.1", "0.3"}) {
      ThieleTorque a1, b, c, d;
      a1.a = sine_squared(mT), b.b = constant(mT), c.c = constant(mT), d.d = constant(mT);
      const double damping = std::stod(alpha);
      expect_velocity(entry, s, a1, damping, set["v_per_mT_a1_rashba_al" + alpha]);
      expect_velocity(entry, s, b, damping, set["v_per_mT_b_rashba_al" + alpha]);
      expect_velocity(entry, s, c, damping, set["v_per_mT_c_rashba_al" + alpha]);
      expect_velocity(entry, s, d, damping, set["v_per_mT_d_rashba_al" + alpha]);
      expect_close(entry, thiele_motion(s, b, {1, 0}, damping).D, set["D_thiele_al" + alpha], 1e-5);
      ThieleTorque a0;
      a0.a = constant(mT);
      expect_velocity(entry, s, a0, damping, {0.0, 0.0});
    }
  }
}

// The columns "thiele" of the runs at 5 mT: Rashba and Dresselhaus, Neel and Bloch, Ex and Ey.
TEST(ThieleMotion, AgreesForEverySymmetryAndHelicity) {
  const SkyrmionProfile p = profile_of(reference()["C_skyrmion_profiles"]["noDemag_D3.5"]);
  int compared = 0;
  test::ReferenceEntry entry("reference-local.json", "C_skyrmion_2D_vs_thiele_D3.5");
  for (const auto& run : reference()["C_skyrmion_2D_vs_thiele_D3.5"]) {
    const std::string tag = run["tag"];
    SCOPED_TRACE(tag);
    ThieleTorque torque;
    const auto has = [&](const char* word) { return tag.find(word) != tag.npos; };
    if (has(" a0")) torque.a = constant(5 * mT);
    if (has(" a1")) torque.a = sine_squared(5 * mT);
    if (has(" b ")) torque.b = constant(5 * mT);
    if (has(" c ")) torque.c = constant(5 * mT);
    if (has(" d ")) torque.d = constant(5 * mT);
    if (has("Dresselhaus")) torque.symmetry = TorqueSymmetry::dresselhaus;
    const RigidSkyrmion s{p, -1, run["delta"]};
    expect_velocity(entry, s, torque, 0.3, run["thiele"],
                    has("Ey") ? Vec2<double>{0, 1} : Vec2<double>{1, 0});
    ++compared;
  }
  EXPECT_EQ(compared, 11);
}

TEST(ThieleMotion, AgreesForOtherFilmsAndMixedTorques) {
  test::ReferenceEntry entry("reference-local.json", "C_skyrmion_2D_vs_thiele_more");
  for (const auto& run : reference()["C_skyrmion_2D_vs_thiele_more"]) {
    SCOPED_TRACE(run["tag"].get<std::string>());
    const double T = constants::GammaLL;
    const auto number = [&](const char* key) { return run[key].get<double>(); };
    ThieleTorque torque;
    const double a0 = number("a0") * T, a1 = number("a1") * T;
    torque.a = [=](double mz) { return a0 + a1 * (1 - mz * mz); };
    const double b0 = number("b") * T, b1 = number("b1") * T;
    torque.b = [=](double mz) { return b0 + b1 * (1 - mz * mz); };
    torque.c = constant(number("c") * T), torque.d = constant(number("d") * T);
    const RigidSkyrmion s{skyrmion_profile({15e-12, number("D"), number("K")}), -1, 0};
    expect_close(entry, s.profile.radius, run["R_bvp"], 1e-5);
    expect_close(entry, s.profile.energy(), run["E_bvp"], 1e-5);
    expect_velocity(entry, s, torque, number("alpha"), run["thiele"]);
  }
}

namespace {

/// Written out once more, from the comment in analysis/thiele.hpp.
Vec3<double> torque_vector(const ThieleTorque& t, Vec3<double> m, Vec2<double> E) {
  const Vec3<double> z{0, 0, 1}, along{E.x, E.y, 0}, E_D{E.x, -E.y, 0};
  const bool rashba = t.symmetry == TorqueSymmetry::rashba;
  const Vec3<double> p = rashba ? cross(z, along) : E_D;
  const double part = rashba ? dot(m, along) : dot(cross(z, m), E_D);
  const Vec3<double> mz = cross(m, z);
  return t.a(m.z) * cross(m, p) + t.b(m.z) * cross(m, cross(m, p)) +
         t.c(m.z) * part * cross(m, mz) + t.d(m.z) * part * mz;
}

struct Texture {
  int polarity;
  double helicity;
  double theta(double rho) const { return 2 * std::atan(2.3 / std::sinh(rho)); }
  Vec3<double> operator()(double x, double y) const {
    const double rho = std::hypot(x, y), Phi = std::atan2(y, x) + helicity;
    const double sine = std::sin(theta(rho));
    return {sine * std::cos(Phi), sine * std::sin(Phi), -polarity * std::cos(theta(rho))};
  }
};

}  // namespace

// -(1/4 pi) int T . (m x d_i m) d^2r from the torque's own definition, by trapezoids on a square
// grid and central differences.
TEST(ThieleMotion, HasTheForceOfTheTwoDimensionalIntegral) {
  ThieleTorque torque;
  torque.a = [](double mz) { return 1 + 0.7 * mz * mz + 0.4 * mz; };
  torque.b = [](double mz) { return 0.5 - 0.3 * mz * mz; };
  torque.c = [](double mz) { return -0.8 + 0.2 * mz; };
  torque.d = [](double mz) { return 0.6 * mz * mz + 0.1; };
  const Vec2<double> E{0.8, -0.5};
  for (const auto symmetry : {TorqueSymmetry::rashba, TorqueSymmetry::dresselhaus})
    for (const int polarity : {1, -1}) {
      torque.symmetry = symmetry;
      const Texture m{polarity, 0.7};
      RigidSkyrmion s;
      s.polarity = polarity, s.helicity = 0.7;
      for (int i = 0; i <= 20000; ++i) {
        const double rho = std::exp(-16 + 19.4 * i / 20000);
        const double h = 1e-5 * rho;
        s.profile.rho.push_back(rho);
        s.profile.theta.push_back(m.theta(rho));
        s.profile.slope.push_back((m.theta(rho + h) - m.theta(rho - h)) / (2 * h));
      }
      Vec2<double> F;
      const double step = 0.05, h = 1e-4;
      for (double x = -15 + 0.5 * step; x < 15; x += step)
        for (double y = -15 + 0.5 * step; y < 15; y += step) {
          const Vec3<double> T = torque_vector(torque, m(x, y), E);
          const auto pull = [&](Vec3<double> derivative) {
            return -dot(T, cross(m(x, y), derivative)) * step * step / (4 * pi);
          };
          F.x += pull((1 / (2 * h)) * (m(x + h, y) - m(x - h, y)));
          F.y += pull((1 / (2 * h)) * (m(x, y + h) - m(x, y - h)));
        }
      const Vec2<double> force = thiele_motion(s, torque, E, 0.1).force;
      EXPECT_NEAR(force.x, F.x, 1e-4);
      EXPECT_NEAR(force.y, F.y, 1e-4);
      EXPECT_GT(std::hypot(F.x, F.y), 0.1);
    }
}

// Every 20th distance of the profile is enough for 1e-5.
TEST(TorqueSamples, NeedNotBeDense) {
  const RigidSkyrmion s{skyrmion_profile({15e-12, 3.5e-3, 8e5}), -1, 0.4};
  ThieleTorque torque;
  torque.a = [](double mz) { return 1 + 2 * mz * mz; };
  torque.b = constant(1), torque.d = constant(-0.5);
  const TorqueSamples samples(s, 20, 24);
  EXPECT_LT(20 * samples.m().size(), 2 * TorqueSamples(s).m().size() + 20 * 24);
  std::vector<Vec3<double>> T;
  for (const Vec3<double>& m : samples.m()) T.push_back(torque(m, {0.8, -0.6}));
  const Vec2<double> thin = samples.force(T),
                     dense = thiele_motion(s, torque, {0.8, -0.6}, 1).force;
  const double size = std::hypot(dense.x, dense.y);
  EXPECT_GT(size, 1e-10);
  EXPECT_NEAR(thin.x, dense.x, 1e-5 * size);
  EXPECT_NEAR(thin.y, dense.y, 1e-5 * size);
}

// Thiele's equation of a current, G x (u - v) + D (xi u - alpha v) = 0 (Thiaville et al., Europhys.
// Lett. 69, 990 (2005)): v = u for xi = alpha; the component of v along u is
// (Q^2 + alpha xi d^2)/(Q^2 + alpha^2 d^2) u, that across, z x u, Q d (alpha - xi)/(the same) u.
TEST(ThieleMotion, OfACurrentHasTheHallAngleOfTheory) {
  for (const int polarity : {1, -1}) {
    const RigidSkyrmion s{skyrmion_profile({15e-12, 3.5e-3, 8e5}), polarity, 0.3};
    const Vec2<double> u{30, -40};
    const Vec2<double> same = thiele_motion(s, zhang_li_force(s, u, 0.2), 0.2).velocity;
    EXPECT_NEAR(same.x, u.x, 1e-12 * 50);
    EXPECT_NEAR(same.y, u.y, 1e-12 * 50);
    const double alpha = 0.1, xi = 0.35, Q = polarity;
    const double d = thiele_motion(s, {}, 1).D, norm = 1 + alpha * alpha * d * d;
    const double along = (1 + alpha * xi * d * d) / norm, across = Q * d * (alpha - xi) / norm;
    const Vec2<double> v = thiele_motion(s, zhang_li_force(s, u, xi), alpha).velocity;
    EXPECT_NEAR(v.x, along * u.x - across * u.y, 1e-12 * 50);
    EXPECT_NEAR(v.y, along * u.y + across * u.x, 1e-12 * 50);
  }
}

// The texture's own DMI energy: 2 pi |D| int (theta' + sin 2theta/(2 rho)) rho d rho times the
// cosine of the angle from what is preferred, least there.
TEST(Helicity, IsWhatTheDmiPrefers) {
  for (const int polarity : {1, -1})
    for (const auto& [Dind, Dbulk] :
         {std::pair{1.0, 0.0}, {-1.0, 0.0}, {0.0, 1.0}, {0.0, -1.0}, {0.6, -0.8}}) {
      const Texture m{polarity, preferred_helicity(Dind, Dbulk, polarity)};
      const auto energy = [&, D = Dind, B = Dbulk](double turn) {
        const Texture turned{polarity, m.helicity + turn};
        double sum = 0;
        const double h = 1e-4, step = 0.25;
        for (double x = -8 + 0.5 * step; x < 8; x += step)
          for (double y = -8 + 0.5 * step; y < 8; y += step) {
            const Vec3<double> at = turned(x, y);
            const Vec3<double> dx = (0.5 / h) * (turned(x + h, y) - turned(x - h, y));
            const Vec3<double> dy = (0.5 / h) * (turned(x, y + h) - turned(x, y - h));
            const double interfacial = at.z * (dx.x + dy.y) - at.x * dx.z - at.y * dy.z;
            const double bulk = at.x * dy.z - at.y * dx.z + at.z * (dx.y - dy.x);
            sum += (D * interfacial + B * bulk) * step * step;
          }
        return sum;
      };
      EXPECT_LT(energy(0), -1) << Dind << " " << Dbulk << " " << polarity;
      EXPECT_NEAR(energy(0.3) / energy(0), std::cos(0.3), 1e-3);
      EXPECT_NEAR(energy(-0.3) / energy(0), std::cos(0.3), 1e-3);
    }
}

// Near the Belavin-Polyakov limit (weak DMI) the dissipation goes to that of the instanton, 4; a
// large skyrmion is a ring of wall: R/w + w/R (Rohart and Thiaville, Phys. Rev. B 88, 184422
// (2013)).
TEST(SkyrmionProfile, HasItsLimits) {
  const double most = 4 / pi * std::sqrt(15e-12 * 8e5), w = std::sqrt(15e-12 / 8e5);
  ThieleTorque none;
  const RigidSkyrmion small{skyrmion_profile({15e-12, 0.15 * most, 8e5}), -1, 0};
  EXPECT_NEAR(thiele_motion(small, none, {1, 0}, 1).D, 1, 0.02);
  const RigidSkyrmion large{skyrmion_profile({15e-12, 0.99 * most, 8e5}), -1, 0};
  const double R = large.profile.radius / w;
  EXPECT_GT(R, 4);
  EXPECT_NEAR(thiele_motion(large, none, {1, 0}, 4).D, 2 * (R + 1 / R), 0.02 * 2 * R);
  EXPECT_LT(std::abs(large.profile.virial()), 1e-6);
}

TEST(SkyrmionProfile, RefusesFilmsWithoutSkyrmions) {
  EXPECT_THROW(skyrmion_profile({15e-12, 5e-3, 8e5}), InputError);
  EXPECT_THROW(skyrmion_profile({15e-12, 0, 8e5}), InputError);
  EXPECT_THROW(skyrmion_profile({15e-12, 3e-3, -1e5}), InputError);
  EXPECT_THROW(skyrmion_profile({0, 3e-3, 8e5}), InputError);
}
