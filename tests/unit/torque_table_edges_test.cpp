// Torque tables where a band edge is at the Fermi energy for m along the axis of the table, and
// jumps of custom bands.
#include <Eigen/Geometry>

#include "khat/parabolic.hpp"
#include "support/table_lookup.hpp"

namespace kubomag::test {
namespace {

/// Directions at 10^smallest to 1e-3 rad from both poles, at random azimuths.
std::vector<Eigen::Vector3d> around_poles(double smallest = -8) {
  std::mt19937_64 random(11);
  std::uniform_real_distribution<double> exponent(smallest, -3), azimuth(0, 2 * constants::pi);
  std::vector<Eigen::Vector3d> all;
  for (int i = 0; i < 300; ++i) {
    const double theta = std::pow(10, exponent(random)), phi = azimuth(random);
    all.emplace_back(std::sin(theta) * std::cos(phi), std::sin(theta) * std::sin(phi),
                     (i % 2 ? -1 : 1) * std::cos(theta));
  }
  return all;
}

std::vector<Eigen::Vector3d> away_from_poles(int count) {
  std::vector<Eigen::Vector3d> all = random_directions(count + 2);
  all.erase(all.begin(), all.begin() + 2);
  return all;
}

// The upper band opens at m = z itself, or very nearly so: K is a function of the logarithm of the
// angle to it.
TEST(TorqueTableEdges, RashbaGasAtTheEdgeOfThePole) {
  for (const double off : {0.0, 1e-12, 1e-8, -1e-8, 1e-6, -1e-6, 1e-4, -1e-4}) {
    TMatrixSpec gas = rashba_gas(5, off == 1e-8 ? SpinOrbit::dresselhaus : SpinOrbit::rashba);
    gas.electrons.fermi_energy = gas.electrons.Delta_sd * (1 + off);
    const std::shared_ptr<const ElectronModel> model = make_tmatrix(gas);
    const LocalTables tables = make_local_tables({model}, Drive::E);
    EXPECT_LT(tables.error, 1e-6) << off;
    const Lookup<double> lookup(tables);
    std::vector<Eigen::Vector3d> directions;
    for (double theta = 0.004; theta < 3.14; theta += 0.0193)
      directions.push_back({std::sin(theta), 0, std::cos(theta)});
    EXPECT_LT(spin_error(*model, lookup(0), directions), 1e-6) << off;
    if (off >= 0) {
      EXPECT_LT(spin_error(*model, lookup(0), around_poles()), 1e-6) << off;
    }
    const Vec3<double> s = lookup(0).spin_density({0, 0, 1}, {1, 0});
    EXPECT_TRUE(std::isfinite(s.x) && std::isfinite(s.y) && std::isfinite(s.z)) << off;
  }
}

TEST(TorqueTableEdges, MixedGasAtTheEdgeOfThePole) {
  for (const double off : {0.0, 1e-11, 1e-7, -1e-7}) {
    RashbaDresselhausSpec gas = mixed_gas(5, off == 0 ? -0.3 : 0.3);
    gas.electrons.fermi_energy *= 1 + off;
    const std::shared_ptr<const ElectronModel> model = make_rashba_dresselhaus(gas);
    const LocalTables tables = make_local_tables({model}, Drive::E);
    EXPECT_LT(tables.error, 1e-6) << off;
    const Lookup<double> lookup(tables);
    EXPECT_LT(spin_error(*model, lookup(0), away_from_poles(58)), 1e-6) << off;
    if (off >= 0) {
      EXPECT_LT(spin_error(*model, lookup(0), around_poles()), 1e-6) << off;
    }
  }
}

/// The same gas as bands that are known as functions only.
struct Twins {
  std::shared_ptr<const ElectronModel> lines, custom;
  explicit Twins(RashbaDresselhausSpec gas, bool first_born = true) {
    if (first_born) gas.impurities = {10 * meV * nm * nm, 0, true};
    lines = make_rashba_dresselhaus(gas);
    BandModel bands = parabolic_bands(gas.electrons, gas.alpha_D);
    if (!first_born) bands.cutoff = gas.impurities.cutoff;
    custom = make_custom({bands, gas.impurities, gas.density});
  }
};

// Between the E* of the two in-plane axes the jumps go round the axis of the stronger coupling.
TEST(TorqueTableEdges, CustomBandsRoundAnAxisInThePlane) {
  RashbaDresselhausSpec gas = mixed_gas(4.5, 4);
  gas.electrons.alpha_R = 8 * meV * nm;
  const Twins twins(gas);
  const LocalTables tables = make_local_tables({twins.custom}, Drive::E);
  EXPECT_LT(tables.error, 1e-6);
  EXPECT_EQ(tables.tables[0].jumps, 2);
  EXPECT_GE(tables.tables[0].first_axis, 0);
  EXPECT_NEAR(std::abs(tables.axes[8]), 0, 1e-9);
  const Lookup<double> lookup(tables);
  EXPECT_LT(spin_error(*twins.custom, lookup(0), random_directions(200)), 1e-6);
  EXPECT_LT(spin_error(*twins.lines, lookup(0), random_directions(200)), 1e-6);
}

TEST(TorqueTableEdges, CustomBandsAtTheEdgeOfThePole) {
  const Twins twins(mixed_gas(5, 0.3));
  const LocalTables tables = make_local_tables({twins.custom}, Drive::E);
  EXPECT_LT(tables.error, 1e-6);
  const Lookup<double> lookup(tables);
  EXPECT_LT(spin_error(*twins.lines, lookup(0), around_poles()), 1e-6);
  EXPECT_LT(spin_error(*twins.lines, lookup(0), away_from_poles(98)), 1e-6);
}

// The logarithm of the pocket's depth is in T and in K down to the pole.
TEST(TorqueTableEdges, CustomBandsWithTMatricesBesideThePole) {
  for (const double alpha_D : {0.3, -4.0}) {
    const Twins twins(mixed_gas(5, alpha_D), false);
    double worst = 0;
    for (const Eigen::Vector3d& m : around_poles(-10)) {
      const auto K = twins.lines->response(m).K_E.eval();
      worst = std::max(worst, (twins.custom->response(m).K_E - K).norm() / K.norm());
    }
    EXPECT_LT(worst, 3e-8) << alpha_D;
  }
}

void expect_followed_to_the_pole(double alpha_R, double alpha_D, double tolerance) {
  RashbaDresselhausSpec gas = mixed_gas(5, alpha_D);
  gas.electrons.alpha_R = alpha_R * meV * nm;
  const Twins twins(gas, false);
  const LocalTables tables = make_local_tables({twins.custom}, Drive::E, tolerance);
  EXPECT_LT(tables.error, tolerance);
  const Lookup<double> lookup(tables);
  EXPECT_LT(spin_error(*twins.custom, lookup(0), around_poles(-9)), tolerance);
  EXPECT_LT(spin_error(*twins.lines, lookup(0), around_poles(-9)), tolerance);
  EXPECT_LT(spin_error(*twins.lines, lookup(0), away_from_poles(100)), tolerance);
}

// A table that is constant from 1e-5 rad on is wrong by a per cent.
TEST(TorqueTableEdges, CustomBandsWithTMatricesAtTheEdgeOfThePole) {
  expect_followed_to_the_pole(6, 0, 1e-5);
}

TEST(TorqueTableEdges, SlowMixedCustomBandsWithTMatricesAtTheEdgeOfThePole) {
  expect_followed_to_the_pole(17, 0.3, 1e-6);
}

/// Those that are more than 0.01 rad from an axis.
std::vector<Eigen::Vector3d> off_axis(const std::vector<Eigen::Vector3d>& directions,
                                      const Eigen::Vector3d& axis) {
  std::vector<Eigen::Vector3d> out;
  std::copy_if(directions.begin(), directions.end(), std::back_inserter(out),
               [&](const Eigen::Vector3d& m) { return m.cross(axis).norm() > 0.01; });
  return out;
}

// Two curves of jumps that cross where E* has a saddle on the sphere of m, in bands known as
// functions only, against the closed ones.
TEST(TorqueTableEdges, SlowCustomBandsAtASaddleOfAnEdge) {
  RashbaDresselhausSpec gas = mixed_gas(4, 2);
  const Eigen::Vector3d axis = Eigen::Vector3d(1, -1, 0).normalized();
  gas.electrons.fermi_energy =
      mixed_response(gas.electrons, gas.alpha_D, {10 * meV * nm * nm, 0, true}, axis).E_star;
  const Twins twins(gas);
  const LocalTables tables = make_local_tables({twins.custom}, Drive::E);
  EXPECT_LT(tables.error, 1e-6);
  EXPECT_GT(tables.charts.size(), 0u);
  const Lookup<double> lookup(tables);
  EXPECT_LT(spin_error(*twins.lines, lookup(0), random_directions(1000)), 1e-6);
  EXPECT_LT(spin_error(*twins.lines, lookup(0), towards(axis, 1e-5, 0.3)), 1e-6);
}

/// A mass that depends on the direction and on k, and cubic coupling, with the Fermi energy at the
/// saddle of E* on the sphere of m: the highest point of the valley of h0 - |h|, and Delta_sd.
BandModel bent_bands_at_a_saddle() {
  BandModel bands;
  bands.Delta_sd = 5 * meV, bands.cutoff = 3 / nm;
  bands.point = [](double kx, double ky) {
    const double x = kx * nm, y = ky * nm, k2 = x * x + y * y;
    return BandPoint{meV * (47 * k2 + 6 * x * x + 20 * k2 * k2),
                     {meV * (2 * x - 17 * y), meV * (17 * x - 2 * y + 9 * x * (x * x - 3 * y * y)),
                      meV * 6 * (x * x * x - 3 * x * y * y)}};
  };
  double highest = -HUGE_VAL;
  constexpr int directions = 20000;
  for (int i = 0; i < directions; ++i) {
    const double phi = constants::pi * i / directions;
    const auto energy = [&](double k) {
      const BandPoint p = bands.point(k * std::cos(phi), k * std::sin(phi));
      return p.h0 - p.h.norm();
    };
    double low = 0, high = 0.6 / nm;
    for (int n = 0; n < 80; ++n) {
      const double a = low + 0.4 * (high - low), b = low + 0.6 * (high - low);
      (energy(a) < energy(b) ? high : low) = energy(a) < energy(b) ? b : a;
    }
    highest = std::max(highest, energy(low));
  }
  bands.fermi_energy = highest + bands.Delta_sd;
  return bands;
}

TEST(TorqueTableEdges, SlowBentBandsAtASaddleOfAnEdge) {
  const std::shared_ptr<const ElectronModel> model =
      make_custom({bent_bands_at_a_saddle(), {10 * meV * nm * nm, 0, true}, 5e14});
  const LocalTables tables = make_local_tables({model}, Drive::E, 1e-4);
  EXPECT_LT(tables.error, 1e-4);
  ASSERT_GT(tables.charts.size(), 0u);
  Eigen::Vector3d saddle(0, 0, 0);  // where the curves meet: two opposite places
  for (const JumpCurve& curve : model->jump_curves())
    for (const Eigen::Vector3d& m : curve.vertices)
      for (const JumpCurve& other : model->jump_curves())
        for (const Eigen::Vector3d& n : other.vertices)
          if (&curve != &other && (m - n).norm() < 1e-2 && saddle.isZero()) saddle = m;
  ASSERT_FALSE(saddle.isZero());
  const Lookup<double> lookup(tables);
  EXPECT_LT(spin_error(*model, lookup(0), off_axis(random_directions(500), saddle.normalized())),
            1e-4);
}

/// Jumps on two circles that go round no common axis and cross each other in two places.
class TwoCaps final : public ElectronModel {
 public:
  std::string name() const override { return "two caps"; }
  Symmetry symmetry() const override { return Symmetry::none; }
  double Delta_sd() const override { return 2e-21; }
  LocalResponse response(const Eigen::Vector3d& m) const override {
    const double in_first = inside(0, m) > 0 ? 1 : 0, in_second = inside(1, m) > 0 ? 1 : 0;
    LocalResponse r;
    r.K_E << m.z() * (1 + 0.3 * m.x()), 2 + m.y() * m.x() + 0.3 * in_second, -2 + m.z() * m.y(),
        m.z() + 0.4 * in_first, std::exp(0.5 * m.x()) * m.y(), m.x() / (1.7 + m.z());
    r.sigma << 3 + m.x() * m.x() - in_first * in_second, m.z() + 0.2 * m.y(), -m.z(),
        3 + 0.5 * m.x() * m.y();
    return r;
  }
  std::vector<double> jumps(const Arc& arc) const override {
    std::vector<double> out;
    for (const int cap : {0, 1}) {
      const double p = axis(cap).dot(arc.pole), q = axis(cap).dot(arc.side);
      const double centre = std::atan2(q, p), width = std::acos(cosine / std::hypot(p, q));
      for (const double theta : {centre - width, centre + width})
        if (theta > 0 && theta < constants::pi) out.push_back(theta);
    }
    std::sort(out.begin(), out.end());
    return out;
  }
  Closest closest() const override { return {1e-6, 1e-6, 0}; }
  const std::vector<JumpCurve>& jump_curves() const override {
    static const std::vector<JumpCurve> circles = {circle(axis(0)), circle(axis(1))};
    return circles;
  }

  static Eigen::Vector3d axis(int cap) {
    return cap == 0 ? Eigen::Vector3d(0.8, 0.36, 0.48) : Eigen::Vector3d(0.36, 0.48, 0.8);
  }
  static double inside(int cap, const Eigen::Vector3d& m) { return m.dot(axis(cap)) - cosine; }

 private:
  static constexpr double cosine = 0.9;

  static JumpCurve circle(const Eigen::Vector3d& a) {
    const Eigen::Vector3d x = a.unitOrthogonal(), y = a.cross(x);
    const double radius = std::sqrt(1 - cosine * cosine);
    constexpr int count = 1000;
    const auto at = [=](double phi) {
      return (cosine * a + radius * (std::cos(phi) * x + std::sin(phi) * y)).eval();
    };
    JumpCurve out;
    for (int i = 0; i < count; ++i) out.vertices.push_back(at(2 * constants::pi * i / count));
    const auto between = [=](std::size_t i, double part) {
      return at(2 * constants::pi * (double(i) + part) / count);
    };
    out.at = between;
    out.on_plane = [=](std::size_t i, double from, double to, const Eigen::Vector3d& q,
                       double c) -> std::optional<Eigen::Vector3d> {
      // cosine q.a + radius |q in the plane| cos(phi - towards) = c
      const double towards = std::atan2(q.dot(y), q.dot(x));
      const double off =
          std::acos((c - cosine * q.dot(a)) / radius / std::hypot(q.dot(x), q.dot(y)));
      const Eigen::Vector3d near = between(i, 0.5 * (from + to));
      const Eigen::Vector3d one = at(towards + off), other = at(towards - off);
      return (one - near).norm() < (other - near).norm() ? one : other;
    };
    return out;
  }
};

/// Directions at `away` rad on either side of both circles, all around but for where they cross.
std::vector<Eigen::Vector3d> beside_the_caps(double away) {
  std::vector<Eigen::Vector3d> out;
  for (const int cap : {0, 1}) {
    const Eigen::Vector3d a = TwoCaps::axis(cap), x = a.unitOrthogonal(), y = a.cross(x);
    for (double phi = 0.01; phi < 6.28; phi += 0.031)
      for (const double side : {-away, away}) {
        const double theta = std::acos(0.9) + side;
        const Eigen::Vector3d m =
            std::cos(theta) * a + std::sin(theta) * (std::cos(phi) * x + std::sin(phi) * y);
        if (std::abs(TwoCaps::inside(1 - cap, m)) > 6e-3) out.push_back(m);
      }
  }
  return out;
}

TEST(TorqueTableEdges, JumpsThatGoRoundNoAxis) {
  const std::shared_ptr<const ElectronModel> model = std::make_shared<TwoCaps>();
  std::vector<std::string> warnings;
  const LocalTables tables = make_local_tables({model}, Drive::E, 1e-6, &warnings);
  EXPECT_LT(tables.error, 1e-6);
  EXPECT_TRUE(warnings.empty());
  EXPECT_EQ(tables.tables[0].jumps, 0);
  EXPECT_GT(tables.charts.size(), 4u);
  const Lookup<double> lookup(tables);
  EXPECT_LT(spin_error(*model, lookup(0), random_directions(3000)), 1e-6);
  for (const double away : {1e-3, 1e-6, 2e-8})
    EXPECT_LT(spin_error(*model, lookup(0), beside_the_caps(away)), 1e-6) << away;
}

/// The same next to another table, in single precision.
TEST(TorqueTableEdges, ChartsFollowTheTablesBefore) {
  const std::vector<std::shared_ptr<const ElectronModel>> models = {
      std::make_shared<TwoCaps>(), make_rashba_dresselhaus(mixed_gas(6, 2)),
      std::make_shared<TwoCaps>()};
  const LocalTables tables = make_local_tables(models, Drive::E);
  const Lookup<double> in_double(tables);
  const Lookup<float> in_single(tables);
  EXPECT_LT(spin_error(*models[2], in_double(2), random_directions(500)), 1e-6);
  for (const Eigen::Vector3d& m : random_directions(500)) {
    const Vec3<double> a = in_double(2).spin_density({m.x(), m.y(), m.z()}, {1, 0});
    const Vec3<float> b =
        in_single(2).spin_density({float(m.x()), float(m.y()), float(m.z())}, {1, 0});
    EXPECT_LT(std::abs(a.x - b.x) + std::abs(a.y - b.y) + std::abs(a.z - b.z), 2e-5 * 4e-21);
  }
}

}  // namespace
}  // namespace kubomag::test
