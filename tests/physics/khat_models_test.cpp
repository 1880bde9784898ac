// Every electron model through the interface that tables, reports and Thiele use: SI units, the
// sign of the charge, symmetry, jumps, and what is refused.
#include <gtest/gtest.h>

#include <Eigen/Geometry>
#include <cmath>
#include <limits>

#include "kernels/surface_dirac.hpp"
#include "khat/electron_models.hpp"
#include "khat/surface.hpp"
#include "kubomag/error.hpp"
#include "support/reference_entry.hpp"
#include "support/tmatrix_reference.hpp"

using namespace kubomag;
using namespace kubomag::constants;
using namespace kubomag::reference;
using kubomag::test::ReferenceEntry;

namespace {

const double infinite = std::numeric_limits<double>::infinity();
const Eigen::Vector3d tilted = Eigen::Vector3d(0.3, -0.5, 0.7).normalized();

Eigen::Vector3d direction(double theta, double phi = 0) {
  return {std::sin(theta) * std::cos(phi), std::sin(theta) * std::sin(phi), std::cos(theta)};
}

TMatrixSpec veneri_spec(SpinOrbit kind, double eps_meV = 4.5) {
  return {kind, veneri_film(eps_meV), impurities(300), 5e14, DensityScheme::dilute};
}

// The field on m of <sigma> [T].
Eigen::Vector3d field_of(const ElectronModel& model, const Eigen::Vector3d& spin, double Ms,
                         double t) {
  return model.Delta_sd() * spin / (Ms * t);
}

void expect_rotation(const ElectronModel& model, const Eigen::Vector3d& m, double tolerance) {
  const Eigen::Matrix3d turn = Eigen::AngleAxisd(0.7, Eigen::Vector3d::UnitZ()).toRotationMatrix();
  const auto here = model.response(m), there = model.response(turn * m);
  const Eigen::Matrix2d plane = turn.topLeftCorner<2, 2>();
  EXPECT_LT((there.K_E - turn * here.K_E * plane.transpose()).norm(), tolerance * here.K_E.norm());
  EXPECT_LT((there.sigma - plane * here.sigma * plane.transpose()).norm(),
            tolerance * here.sigma.norm());
}

}  // namespace

// Local-torque route (Ndiaye 2017, corrected) and solver route (Sokolewicz 2019): one field.
TEST(KhatModels, DiracFieldIsThatOfTheSolverInAUniformField) {
  const DiracElectrons e{0.2 * e_abs, -4e5, -0.12 * e_abs, 0.03};
  const double Ms = 3e5, t = 2e-9;
  for (HallParts hall : {HallParts::full, HallParts::ladder, HallParts::crossed, HallParts::none}) {
    const auto model = make_dirac({e, hall});
    const DiracMaps maps{e.fermi_energy, e.velocity, e.Delta_sd, e.disorder, Ms};
    const auto upload = [](const ScalarMap& map) { return Param<double, false>{map(0)}; };
    const SurfaceDirac<double, false> kernel(
        dirac_surface(maps, t, GammaLL, {.hall = hall, .diffusive = true}), upload);
    for (const Eigen::Vector3d& m : {tilted, direction(0), direction(2.8, 1)}) {
      const auto sigma = kernel.conductivity(0, m.z());
      const auto B = kernel.field_like(0, sigma, {0, 7e4, -3e4});
      const LocalResponse r = model->response(m);
      const Eigen::Vector3d ours = field_of(*model, r.K_E * Eigen::Vector2d(7e4, -3e4), Ms, t);
      EXPECT_LT((ours - Eigen::Vector3d(B.x, B.y, B.z)).norm(), 1e-13 * ours.norm());
      EXPECT_NEAR(r.sigma(0, 0), e2_over_h * sigma.longitudinal, 1e-14 * r.sigma(0, 0));
      EXPECT_NEAR(r.sigma(0, 1), e2_over_h * sigma.hall, 1e-14 * r.sigma(0, 0));
    }
    expect_rotation(*model, tilted, 1e-14);
    EXPECT_TRUE(model->jumps(0.3).empty());
    EXPECT_EQ(model->symmetry(), Symmetry::rotation);
  }
}

// The worked SI example of the local torque (v = 5e5 m/s in the helicity of Ndiaye 2017, hence the
// sign): B_FL = 0.9235236888 mT, tau_par from the ladder and with the crossed diagrams.
TEST(KhatModels, DiracExampleInSIUnits) {
  const auto& x = local()["A_damping_and_units"]["dirac_SI_example"];
  ReferenceEntry entry("reference-local.json", "A_damping_and_units.dirac_SI_example");
  const double eps = double(x["eF_eV"]) * e_abs, tau = x["tau_s"], Ms = x["Ms"], t = x["d"];
  const DiracElectrons e{eps, -double(x["v"]), double(x["Delta_eV"]) * e_abs,
                         hbar / (2 * pi * tau * eps)};
  const double mz = x["mz"], E = x["E"], gamma = x["gamma"];
  for (HallParts hall : {HallParts::ladder, HallParts::full}) {
    const auto model = make_dirac({e, hall});
    const LocalResponse r = model->response(direction(std::acos(mz)));
    entry.within(std::abs(r.sigma(0, 0) / double(x["sigma0_S"]) - 1), 1e-9);
    const Eigen::Vector3d B = field_of(*model, r.K_E.col(0) * E, Ms, t);
    entry.within(std::abs(B.y() / double(x["B_FL_T"]) - 1), 1e-9);  // along z x E
    // T = tau_par mz m x E = -gamma m x B_DL
    const double tau_par = hall == HallParts::full ? x["tau_par_E_crossing"] : x["tau_par_E"];
    entry.within(std::abs(-gamma * B.x() / tau_par - mz), 1e-8);
  }
}

// <sigma> per current density, and the conductivity, in SI: Ado 2017 (16), (17) corrected, and the
// example of the reference file (a/sigma = 0.02276/(meV nm) is <sigma> per (q/hbar) j).
TEST(KhatModels, RashbaInFirstBornIsTheEdelsteinEffect) {
  const ParabolicElectrons e = veneri_film(8);
  const double tau = 30e-15;
  const auto model = make_rashba({e, tau});
  const double mass = hbar * hbar / (2 * e.C), alpha = e.alpha_R / hbar;  // of Ado 2017, [m/s]
  const double sigma =
      e_abs * e_abs * tau / (pi * hbar * hbar) * (e.fermi_energy + mass * alpha * alpha);
  for (double theta : {0.0, 0.5, 1.5}) {
    const LocalResponse r = model->response(direction(theta, 0.4));
    EXPECT_NEAR(r.sigma(0, 0) / sigma, 1, 1e-9);
    EXPECT_LT(std::abs(r.sigma(0, 1)), 1e-9 * sigma);
    // The drift turns the spins against alpha_R (-k_y, k_x); electrons drift against E.
    Eigen::Matrix<double, 3, 2> expected;
    expected << 0, -1, 1, 0, 0, 0;
    expected *= e_abs * tau * mass * alpha / (pi * hbar * hbar);
    EXPECT_LT((r.K_E - expected).norm(), 1e-10 * expected.norm());
  }
  expect_rotation(*model, tilted, 1e-12);
}

TEST(KhatModels, CurrentDrivenSpinDensityInSIUnits) {
  const auto& x = local()["A_damping_and_units"]["rashba_SI_example"];
  const auto model = make_tmatrix(
      {SpinOrbit::rashba, veneri_film(4.5), impurities(infinite), 3e14, DensityScheme::dilute});
  const LocalResponse r = model->response(direction(1e-3));
  const Eigen::Vector3d spin = r.K_J() * Eigen::Vector2d(double(x["j2d_A_per_m"]), 0);
  ReferenceEntry entry("reference-local.json", "A_damping_and_units.rashba_SI_example");
  entry.within(std::abs(spin.norm() / double(x["spin_density_m2"]) - 1), 2e-4);
  const Eigen::Vector3d B = field_of(*model, spin, x["Ms"], x["d"]);
  entry.within(std::abs(B.norm() / double(x["B_T"]) - 1), 2e-4);
}

TEST(KhatModels, TMatrixNumbersScaleWithDensityAndCharge) {
  for (SpinOrbit kind : {SpinOrbit::rashba, SpinOrbit::dresselhaus}) {
    const TMatrixSpec spec = veneri_spec(kind);
    const auto raw = tmatrix_response(kind, spec.electrons, spec.impurities, tilted);
    const LocalResponse r = make_tmatrix(spec)->response(tilted);
    EXPECT_LT((r.K_E * spec.density / -e_abs - raw.nK).norm(), 1e-14 * raw.nK.norm());
    EXPECT_LT((r.sigma * spec.density * hbar / (e_abs * e_abs) - raw.nsigma).norm(),
              1e-14 * raw.nsigma.norm());
    EXPECT_GT(r.sigma(0, 0), 0);
    EXPECT_LT(r.relative_error, 1e-9);
  }
}

TEST(KhatModels, RotationsOfTheMagnetisationTurnTheResponse) {
  expect_rotation(*make_tmatrix(veneri_spec(SpinOrbit::rashba)), tilted, 1e-12);
  // Dresselhaus: after the exchange S of (x, y, z) -> (y, x, -z) in spin alone. Space turns one
  // way while spin turns the other: a rotation of both together is no symmetry.
  const auto D = make_tmatrix(veneri_spec(SpinOrbit::dresselhaus));
  EXPECT_EQ(D->symmetry(), Symmetry::swapped_rotation);
  Eigen::Matrix3d S;
  S << 0, 1, 0, 1, 0, 0, 0, 0, -1;
  const auto swapped = [&](const Eigen::Vector3d& m) -> Eigen::Matrix<double, 3, 2> {
    return S * D->response(S * m).K_E;
  };
  const Eigen::Matrix3d turn = Eigen::AngleAxisd(0.7, Eigen::Vector3d::UnitZ()).toRotationMatrix();
  const Eigen::Matrix<double, 3, 2> K = swapped(tilted);
  EXPECT_LT((swapped(turn * tilted) - turn * K * turn.topLeftCorner<2, 2>().transpose()).norm(),
            1e-12 * K.norm());
}

TEST(KhatModels, JumpsWhereABandEdgeCrossesTheFermiEnergy) {
  const double theta_c = local()["B_theta_c"]["theta_c_rad"];
  for (SpinOrbit kind : {SpinOrbit::rashba, SpinOrbit::dresselhaus}) {
    const auto model = make_tmatrix(veneri_spec(kind));
    const std::vector<double> jumps = model->jumps(0.2);
    ASSERT_EQ(jumps.size(), 2u);
    EXPECT_NEAR(jumps[0], theta_c, 1e-8);
    EXPECT_NEAR(jumps[1], pi - theta_c, 1e-8);
  }
  // The torque a per current falls across theta_c; on either side it is continuous.
  const auto rashba = make_tmatrix(
      {SpinOrbit::rashba, veneri_film(4.5), impurities(infinite), 5e14, DensityScheme::dilute});
  const auto a = [&](double theta) {
    return torque_numbers(rashba->response(direction(theta)).K_J(), theta).a;
  };
  EXPECT_LT(a(theta_c + 1e-5) / a(theta_c - 1e-5), 0.95);
  EXPECT_LT(std::abs(a(theta_c - 2e-5) / a(theta_c - 1e-5) - 1), 1e-3);
  EXPECT_LT(std::abs(a(theta_c + 2e-5) / a(theta_c + 1e-5) - 1), 1e-3);
  EXPECT_TRUE(make_tmatrix(veneri_spec(SpinOrbit::rashba, 8))->jumps(0).empty());
  const double at_4_meV = double(local()["B_theta_c"]["others_deg"]["4.0"]) * pi / 180;
  EXPECT_NEAR(make_tmatrix(veneri_spec(SpinOrbit::rashba, 4))->jumps(0)[0], at_4_meV, 1e-8);
}

TEST(KhatModels, RefuseWhatCannotBe) {
  for (double density : {0.0, -1e14, infinite, std::nan("")}) {
    TMatrixSpec spec = veneri_spec(SpinOrbit::rashba);
    spec.density = density;
    EXPECT_THROW(make_tmatrix(spec), InputError) << density;
    EXPECT_THROW(make_rashba({spec.electrons, density}), InputError) << density;
  }
  TMatrixSpec spec = veneri_spec(SpinOrbit::dresselhaus);
  spec.impurities.u = 0;
  EXPECT_THROW(make_tmatrix(spec), InputError);
  EXPECT_THROW(make_dirac({{0.1 * e_abs, 5e5, 0.2 * e_abs, 0.03}, HallParts::full}), InputError);
  EXPECT_THROW(
      make_dirac({{0.2 * e_abs, 5e5, 0.1 * e_abs, 0.03}, HallParts::full})->response({1, 1, 0}),
      InputError);
  EXPECT_THROW(make_tmatrix(veneri_spec(SpinOrbit::rashba))->response({0, 0, 2}), InputError);
}
