// Tables of the local torque against the models they are made of, at directions of m that no table
// was made at, through the lookup of the right-hand side.
#include <gtest/gtest.h>

#include <Eigen/Geometry>

#include "khat/jump_cusps.hpp"
#include "kubomag/error.hpp"
#include "support/table_lookup.hpp"

namespace kubomag::test {
namespace {

/// Largest error of <sigma> Delta_sd and of J per unit drive, of their largest element anywhere.
template <class Real>
std::pair<double, double> table_errors(const ElectronModel& model, Drive drive,
                                       const LocalTable<Real>& table, int count) {
  double spin = 0, charge = 0, largest_spin = 0, largest_charge = 0;
  for (const Eigen::Vector3d& direction : random_directions(count)) {
    const Eigen::Vector3d rounded = direction.cast<Real>().template cast<double>();
    const LocalResponse exact = model.response(rounded.normalized());
    const Eigen::Matrix<double, 3, 2> K =
        model.Delta_sd() * (drive == Drive::E ? exact.K_E : exact.K_J());
    const Vec3<Real> m{Real(direction.x()), Real(direction.y()), Real(direction.z())};
    for (const int axis : {0, 1}) {
      const Vec2<Real> F{Real(axis == 0), Real(axis == 1)};
      const Vec3<Real> s = table.spin_density(m, F);
      const Vec2<Real> J = table.current(m, F);
      const Eigen::Vector3d got(s.x, s.y, s.z);
      spin = std::max(spin, (got - K.col(axis)).cwiseAbs().maxCoeff());
      charge = std::max(charge,
                        (Eigen::Vector2d(J.x, J.y) - exact.sigma.col(axis)).cwiseAbs().maxCoeff());
    }
    largest_spin = std::max(largest_spin, K.cwiseAbs().maxCoeff());
    largest_charge = std::max(largest_charge, exact.sigma.cwiseAbs().maxCoeff());
  }
  return {spin / largest_spin, charge / largest_charge};
}

void expect_accurate(const std::shared_ptr<const ElectronModel>& model, Drive drive,
                     double tolerance, int count = 150) {
  const LocalTables tables = make_local_tables({model}, drive);
  EXPECT_LT(tables.error, tolerance);
  const Lookup<double> in_double(tables);
  const Lookup<float> in_single(tables);
  const auto [spin, charge] = table_errors(*model, drive, in_double(0), count);
  EXPECT_LT(spin, tolerance) << model->name();
  EXPECT_LT(charge, tolerance) << model->name();
  const auto [spin_single, charge_single] = table_errors(*model, drive, in_single(0), count);
  EXPECT_LT(spin_single, tolerance + 4e-6) << model->name();
  EXPECT_LT(charge_single, tolerance + 4e-6) << model->name();
}

TEST(TorqueTable, FollowsARashbaGasAboveTheBandEdge) {
  expect_accurate(make_tmatrix(rashba_gas(5.5)), Drive::E, 1e-6);
  expect_accurate(make_tmatrix(rashba_gas(5.5)), Drive::J, 1e-6);
}

// At 4.5 meV the upper band opens at theta_c = 42.790 deg (Veneri 2022, Fig. 4): the response
// jumps there and varies with the logarithm of the distance.
TEST(TorqueTable, FollowsARashbaGasAcrossTheJump) {
  expect_accurate(make_tmatrix(rashba_gas(4.5)), Drive::E, 1e-6);
  expect_accurate(make_tmatrix(rashba_gas(4.5)), Drive::J, 1e-6);
}

TEST(TorqueTable, NeverInterpolatesAcrossTheJump) {
  const auto model = make_tmatrix(rashba_gas(4.5));
  const double jump = model->jumps(0).front();
  EXPECT_NEAR(jump, 0.746826, 1e-6);  // Veneri 2022, Fig. 4, recomputed
  const LocalTables tables = make_local_tables({make_tmatrix(rashba_gas(4.5))}, Drive::E);
  const Lookup<double> lookup(tables);
  const auto K_yx = [&](double theta) {
    const Vec3<double> m{std::sin(theta), 0, std::cos(theta)};
    return lookup(0).spin_density(m, {1, 0}).y;
  };
  for (const double near : {1e-4, 1e-5})
    for (const double side : {-near, near}) {
      const double theta = jump + side;
      const double exact =
          model->Delta_sd() * model->response({std::sin(theta), 0, std::cos(theta)}).K_E(1, 0);
      EXPECT_NEAR(K_yx(theta) / exact, 1, 2e-6) << side;
    }
}

TEST(TorqueTable, FollowsTheSwappedAndTheDiracModel) {
  expect_accurate(make_tmatrix(rashba_gas(5.5, SpinOrbit::dresselhaus)), Drive::E, 1e-6);
  expect_accurate(make_tmatrix(rashba_gas(4.5, SpinOrbit::dresselhaus)), Drive::J, 1e-6);
  expect_accurate(
      make_dirac({{0.2 * constants::e_abs, 4e5, 0.15 * constants::e_abs, 0.03}, HallParts::ladder}),
      Drive::E, 1e-6, 500);
}

TEST(TorqueTable, HoldsSeveralModels) {
  const std::vector<std::shared_ptr<const ElectronModel>> models = {
      make_tmatrix(rashba_gas(5.5)), make_tmatrix(rashba_gas(4.5)),
      make_tmatrix(rashba_gas(8, SpinOrbit::dresselhaus))};
  const LocalTables tables = make_local_tables(models, Drive::E);
  const Lookup<double> lookup(tables);
  for (int i = 0; i < 3; ++i)
    EXPECT_LT(table_errors(*models[i], Drive::E, lookup(i), 30).first, 1e-6) << i;
}

/// A response without any symmetry, with a jump that goes round the normal at a polar angle that
/// varies with the azimuth.
class Lopsided final : public ElectronModel {
 public:
  explicit Lopsided(bool island) : island_(island) {}
  std::string name() const override { return "lopsided"; }
  Symmetry symmetry() const override { return Symmetry::none; }
  double Delta_sd() const override { return 2e-21; }
  LocalResponse response(const Eigen::Vector3d& m) const override {
    const double phi = std::atan2(m.y(), m.x()), theta = std::acos(m.z());
    const double side = !island_ && theta > jump(phi) ? 0.4 : 0;
    LocalResponse r;
    r.K_E << m.z() * (1 + 0.3 * m.x()), 2 + m.y() * m.x(), -2 + m.z() * m.y(), m.z() + side,
        std::exp(0.5 * m.x()) * m.y(), m.x() / (1.7 + m.z()) - side * m.y();
    r.sigma << 3 + m.x() * m.x(), m.z() + 0.2 * m.y(), -m.z(), 3 + 0.5 * m.x() * m.y();
    return r;
  }
  std::vector<double> jumps(const Arc& arc) const override {
    const double phi = std::atan2(arc.side.y(), arc.side.x());
    if (island_ && std::cos(phi) < 0.5) return {};
    return {jump(phi)};
  }

 private:
  static double jump(double phi) { return 1.2 + 0.2 * std::cos(phi) + 0.1 * std::sin(2 * phi); }
  bool island_;
};

TEST(TorqueTable, FollowsAModelWithoutSymmetry) {
  expect_accurate(std::make_shared<Lopsided>(false), Drive::E, 1e-6, 3000);
  expect_accurate(std::make_shared<Lopsided>(false), Drive::J, 1e-6, 3000);
}

// A twofold axis, without and with jumps; the bands cross at other energies.
TEST(TorqueTable, FollowsAMixedGas) {
  expect_accurate(make_rashba_dresselhaus(mixed_gas(6, 2)), Drive::E, 1e-6);
  expect_accurate(make_rashba_dresselhaus(mixed_gas(6, 2)), Drive::J, 1e-6);
  expect_accurate(make_rashba_dresselhaus(mixed_gas(4.5, 0.3)), Drive::E, 1e-6);
}

/// The four directions of m at which the bands of the mixed gas cross at the Fermi energy,
/// C |A^-1 Delta m|^2 = eps in the plane.
std::vector<Eigen::Vector3d> crossings_of_bands(const RashbaDresselhausSpec& spec) {
  const ParabolicElectrons& e = spec.electrons;
  const double unit = e.C * e.Delta_sd * e.Delta_sd;
  const double larger = std::abs(e.alpha_R) + std::abs(spec.alpha_D);
  const double smaller = std::abs(e.alpha_R) - std::abs(spec.alpha_D);
  const double first = unit / (larger * larger), second = unit / (smaller * smaller);
  const double x = (e.fermi_energy - second) / (first - second);
  EXPECT_GT(x, 0);
  EXPECT_LT(x, 1);
  const double sign = spec.alpha_D > 0 ? 1 : -1;
  const Eigen::Vector3d a = Eigen::Vector3d(1, sign, 0).normalized(),
                        b = Eigen::Vector3d(1, -sign, 0).normalized();
  std::vector<Eigen::Vector3d> out;
  for (const double s : {1, -1})
    for (const double t : {1, -1})
      out.emplace_back(s * std::sqrt(x) * a + t * std::sqrt(1 - x) * b);
  return out;
}

/// Around them, at 1e-5 to 0.3.
std::vector<Eigen::Vector3d> around_crossings(const RashbaDresselhausSpec& spec) {
  std::vector<Eigen::Vector3d> out;
  for (const Eigen::Vector3d& crossing : crossings_of_bands(spec))
    for (const Eigen::Vector3d& away : random_directions(7))
      for (double r = 1e-5; r < 0.4; r *= 4) out.push_back((crossing + r * away).normalized());
  return out;
}

void expect_followed(const RashbaDresselhausSpec& spec) {
  const std::shared_ptr<const ElectronModel> model = make_rashba_dresselhaus(spec);
  std::vector<std::string> warnings;
  const LocalTables tables = make_local_tables({model}, Drive::E, 1e-6, &warnings);
  EXPECT_LT(tables.error, 1e-6);
  EXPECT_TRUE(warnings.empty());
  const Lookup<double> lookup(tables);
  EXPECT_LT(spin_error(*model, lookup(0), around_crossings(spec)), 1e-6);
  EXPECT_LT(spin_error(*model, lookup(0), random_directions(200)), 1e-6);
}

// Between the smallest and the largest E* of the plane the jumps go round the in-plane axis along
// which E* is smallest, (1, 1, 0) for couplings of one sign.
TEST(TorqueTable, FollowsJumpsRoundAnAxisInThePlane) {
  for (const double alpha_D : {2.0, -2.0}) {
    RashbaDresselhausSpec spec = mixed_gas(3.5, alpha_D);
    spec.impurities = {10 * meV * nm * nm, 0, true};
    const auto model = make_rashba_dresselhaus(spec);
    const Eigen::Vector3d z = Eigen::Vector3d::UnitZ();
    const Eigen::Vector3d axis = Eigen::Vector3d(1, alpha_D > 0 ? 1 : -1, 0).normalized();
    for (const double turn : {0.2, 1.5, 4.0})
      EXPECT_EQ(model->jumps(Arc{axis, std::cos(turn) * z + std::sin(turn) * axis.cross(z)}).size(),
                2u)
          << turn;
    EXPECT_NE(model->jumps(constants::pi / 4).size(), model->jumps(-constants::pi / 4).size());
    expect_followed(spec);
  }
}

// At four directions in the plane the bands cross at the Fermi energy, where K has the tip of a
// cone; in the second gas there are jumps, too.
TEST(TorqueTable, SlowFollowsKinks) {
  expect_followed(mixed_gas(5.5, 6));
  expect_followed(mixed_gas(3.5, 2));
}

// Exactly at the crossing of the Rashba bands the kink goes round the equator.
TEST(TorqueTable, FollowsARashbaGasAtTheCrossing) {
  for (const double off : {0.0, 1e-7, 1e-5, 1e-3}) {
    TMatrixSpec gas = rashba_gas(1);
    const ParabolicElectrons& e = gas.electrons;
    gas.electrons.fermi_energy = e.C * std::pow(e.Delta_sd / e.alpha_R, 2) * (1 + off);
    const std::shared_ptr<const ElectronModel> model = make_tmatrix(gas);
    const LocalTables tables = make_local_tables({model}, Drive::E);
    const Lookup<double> lookup(tables);
    double worst = 0, largest = 0;
    for (double mz = 1e-7; mz < 0.5; mz *= 1.7) {
      const Vec3<double> m{std::sqrt(1 - mz * mz), 0, mz};
      const auto K = (model->Delta_sd() * model->response({m.x, m.y, m.z}).K_E).eval();
      for (const int axis : {0, 1}) {
        const Vec3<double> s = lookup(0).spin_density(m, {double(axis == 0), double(axis == 1)});
        worst = std::max(worst, (Eigen::Vector3d(s.x, s.y, s.z) - K.col(axis)).norm());
      }
      largest = std::max(largest, K.cwiseAbs().maxCoeff());
    }
    EXPECT_LT(worst, 2e-6 * largest) << off;
  }
}

// A threefold axis (the hexagonally warped surface), with contours that are not convex.
TEST(TorqueTable, FollowsAWarpedSurface) {
  for (const double eps : {0.18, 0.25}) {
    BandModel bands;
    bands.fermi_energy = 1e3 * eps * meV, bands.Delta_sd = 40 * meV, bands.cutoff = 5e9;
    bands.point = [](double x, double y) {
      const double v = 255 * meV * nm, lambda = 250 * meV * nm * nm * nm;
      return BandPoint{0, {-v * y, v * x, lambda * (x * x * x - 3 * x * y * y)}};
    };
    expect_accurate(make_custom({bands, {100 * meV * nm * nm, 0, true}, 1e16}), Drive::E, 1e-6);
  }
}

/// Directions within `from` to `to` of an axis or its opposite.
std::vector<Eigen::Vector3d> around(const Eigen::Vector3d& axis, double from, double to) {
  std::mt19937_64 random(3);
  std::uniform_real_distribution<double> part(0, 1);
  const Eigen::Vector3d x = axis.unitOrthogonal(), y = axis.cross(x);
  std::vector<Eigen::Vector3d> out;
  for (int i = 0; i < 1000; ++i) {
    const double theta = from + (to - from) * part(random);
    const double phi = 2 * constants::pi * part(random);
    const Eigen::Vector3d side = std::cos(phi) * x + std::sin(phi) * y;
    out.push_back((i % 2 ? 1 : -1) * (std::cos(theta) * axis + std::sin(theta) * side));
  }
  return out;
}

// E* at one of the axes is a saddle of E* on the sphere of m: two curves of jumps cross there.
void expect_followed_at_a_saddle(const Impurities& impurities, double closest) {
  RashbaDresselhausSpec spec = mixed_gas(4, 2);
  spec.impurities = impurities;
  const Eigen::Vector3d axis = Eigen::Vector3d(1, -1, 0).normalized();
  spec.electrons.fermi_energy =
      mixed_response(spec.electrons, spec.alpha_D, impurities, axis).E_star;
  const std::shared_ptr<const ElectronModel> model = make_rashba_dresselhaus(spec);
  std::vector<std::string> warnings;
  const LocalTables tables = make_local_tables({model}, Drive::E, 1e-6, &warnings);
  EXPECT_EQ(warnings.empty(), impurities.first_born);
  EXPECT_LT(tables.error, 1e-6);
  EXPECT_GT(tables.charts.size(), 0u);
  const Lookup<double> lookup(tables);
  EXPECT_LT(spin_error(*model, lookup(0), random_directions(500)), 1e-6);
  EXPECT_LT(spin_error(*model, lookup(0), around(axis, closest, 0.3)), 1e-6);
  EXPECT_LT(spin_error(*model, lookup(0), towards(axis, closest, 0.3)), 1e-6);
}

TEST(TorqueTable, FollowsJumpsThatCrossAtASaddle) {
  expect_followed_at_a_saddle({10 * meV * nm * nm, 0, true}, 1e-5);
}

TEST(TorqueTable, SlowFollowsJumpsThatCrossAtASaddle) {
  expect_followed_at_a_saddle(mixed_gas(4, 2).impurities, 3e-5);
}

/// Those that are more than 3e-4 rad from cusps.
std::vector<Eigen::Vector3d> off_cusps(const std::vector<JumpCusp>& cusps,
                                       const std::vector<Eigen::Vector3d>& directions) {
  const auto is_off = [&](const Eigen::Vector3d& m) {
    return std::none_of(cusps.begin(), cusps.end(),
                        [&](const JumpCusp& cusp) { return (m - cusp.at).norm() < 3e-4; });
  };
  std::vector<Eigen::Vector3d> out;
  std::copy_if(directions.begin(), directions.end(), std::back_inserter(out), is_off);
  return out;
}

// Couplings so strong that curves of E*, of the maximum and of the saddles of E_- cross and end in
// cusps around the axis of the stronger one.
TEST(TorqueTable, SlowFollowsStrongCouplings) {
  RashbaDresselhausSpec spec = mixed_gas(0.8, 20);
  spec.electrons.alpha_R = 40 * meV * nm;
  spec.impurities = {10 * meV * nm * nm, 0, true};
  const std::shared_ptr<const ElectronModel> model = make_rashba_dresselhaus(spec);
  const LocalTables tables = make_local_tables({model}, Drive::E);
  EXPECT_LT(tables.error, 1e-6);
  EXPECT_GT(tables.charts.size(), 0u);
  const Lookup<double> lookup(tables);
  const std::vector<JumpCusp> cusps = cusps_of(model->jump_curves());
  ASSERT_EQ(cusps.size(), 8u);
  const auto expect_exact = [&](const std::vector<Eigen::Vector3d>& directions) {
    EXPECT_LT(spin_error(*model, lookup(0), off_cusps(cusps, directions)), 1e-6);
  };
  expect_exact(random_directions(1000));
  expect_exact(around(Eigen::Vector3d(1, 1, 0).normalized(), 0, 0.8));
  for (const Eigen::Vector3d& crossing : crossings_of_bands(spec))
    expect_exact(towards(crossing, 1e-5, 0.3));
  for (const JumpCusp& cusp : cusps) expect_exact(towards(cusp.at, 3e-4, 0.1));
}

TEST(TorqueTable, RefusesJumpsThatGoRoundNoAxis) {
  EXPECT_THROW(make_local_tables({std::make_shared<Lopsided>(true)}, Drive::E), InputError);
}

}  // namespace
}  // namespace kubomag::test
