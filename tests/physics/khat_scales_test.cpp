// The scales of `kubomag khat` against closed forms: circular contours, the Dirac cone, the optical
// theorem, and band edges.
#include "khat/electron_scales.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <Eigen/Geometry>
#include <cmath>

#include "khat/electron_models.hpp"
#include "support/tmatrix_reference.hpp"

using namespace kubomag;
using namespace kubomag::constants;
using namespace kubomag::reference;

namespace {

constexpr double density = 5e14;

Eigen::Vector3d direction(double theta, double phi = 0) {
  return {std::sin(theta) * std::cos(phi), std::sin(theta) * std::sin(phi), std::cos(theta)};
}

ElectronScales scales(const ElectronModel& model, const Eigen::Vector3d& m) {
  return electron_scales(*model.fermi_surface(m), model.response(m).sigma);
}

void expect_near(double value, double expected, double tolerance) {
  EXPECT_NEAR(value, expected, tolerance * std::abs(expected));
}

/// All models of the film of Veneri 2022 with Rashba coupling, or its Dresselhaus partner.
std::vector<std::unique_ptr<ElectronModel>> same_bands(double eps_meV, const Impurities& i) {
  const ParabolicElectrons e = veneri_film(eps_meV);
  std::vector<std::unique_ptr<ElectronModel>> out;
  out.push_back(make_tmatrix({SpinOrbit::rashba, e, i, density, DensityScheme::dilute}));
  out.push_back(make_tmatrix({SpinOrbit::dresselhaus, e, i, density, DensityScheme::dilute}));
  out.push_back(make_rashba_dresselhaus({e, 0, i, density}));
  BandModel bands = parabolic_bands(e, 0);
  bands.gradient = nullptr;  // as formulas have it
  if (!i.first_born) bands.cutoff = i.cutoff;
  out.push_back(make_custom({bands, i, density}));
  return out;
}

}  // namespace

// m along z: E = C k^2 + s sqrt(alpha^2 k^2 + Delta^2), circles, first Born with u alone:
// Gamma_s = u^2 (-Im g0_0 - Im g0_z s_z), Im g0 = -(pi/2) sum nu_s (1, s_z), s_z = -s Delta/|B|.
TEST(KhatScales, CirclesOfTheRashbaBands) {
  const double u = 20;
  for (const double eps : {4.5, 7.0}) {
    const ParabolicElectrons e = veneri_film(eps);
    const double half = e.C * e.fermi_energy + e.alpha_R * e.alpha_R / 2,
                 rest = e.fermi_energy * e.fermi_energy - e.Delta_sd * e.Delta_sd;
    struct Circle {
      double k, B, v, nu, s_z;
    };
    std::vector<Circle> circles;  // the lower band is the larger one
    for (const int s : {-1, 1}) {
      const double k2 = (half - s * std::sqrt(half * half - e.C * e.C * rest)) / (e.C * e.C);
      if (k2 < 0) continue;
      const double k = std::sqrt(k2), B = std::hypot(e.alpha_R * k, e.Delta_sd);
      const double v = 2 * e.C * k + s * e.alpha_R * e.alpha_R * k / B;
      circles.push_back({k, B, v, k / (2 * pi * v), -s * e.Delta_sd / B});
    }
    ASSERT_EQ(circles.size(), eps > 5 ? 2u : 1u);
    double g_0 = 0, g_z = 0, splitting = 0, nu = 0;
    for (const Circle& c : circles) {
      g_0 += pi / 2 * c.nu, g_z += pi / 2 * c.nu * c.s_z;
      splitting += 2 * c.B * c.nu, nu += c.nu;
    }
    for (const auto& model : same_bands(eps, first_born(u))) {
      SCOPED_TRACE(fmt::format("{} {}", model->name(), eps));
      const ElectronScales got = scales(*model, direction(0));
      ASSERT_EQ(got.bands.size(), circles.size());
      for (std::size_t i = 0; i < circles.size(); ++i) {
        const Circle& c = circles[i];
        const double Gamma = std::pow(u * meV * nm * nm, 2) * (g_0 + g_z * c.s_z);
        const double tau = hbar / (2 * density * Gamma);
        EXPECT_EQ(got.bands[i].band, i == 0 ? -1 : 1);
        expect_near(got.bands[i].k_F, c.k, 1e-9);
        expect_near(got.bands[i].v_F, c.v / hbar, 1e-9);
        expect_near(got.bands[i].nu, c.nu, 1e-9);
        expect_near(got.bands[i].n, c.k * c.k / (4 * pi), 1e-9);
        expect_near(got.bands[i].tau, tau, 1e-9);
        expect_near(got.bands[i].l, tau * c.v / hbar, 1e-9);
      }
      expect_near(got.nu, nu, 1e-9);
      expect_near(got.splitting, splitting / nu, 1e-9);
      const auto surface = model->fermi_surface(direction(0));
      EXPECT_NEAR(-surface->contour.Im_g0[3], g_z, 1e-9 * g_0);
    }
  }
}

// "rashba" is given by tau: above E* it is the lifetime of every state (Ado 2017, below (8)).
TEST(KhatScales, LifetimeOfWhiteNoiseIsTheOneGiven) {
  const auto model = make_rashba({veneri_film(7), 3e-13});
  for (const double theta : {0.0, 0.7, 1.5})
    for (const BandScales& b : scales(*model, direction(theta, 2)).bands)
      expect_near(b.tau, 3e-13, 1e-9);
  EXPECT_TRUE(model->fermi_surface(direction(0.7))->white_noise);
}

// k_F = sqrt(eps^2 - Delta_z^2)/(hbar v) about a shifted centre, v_F = v sqrt(1 - x^2), golden rule
// for the lifetime: hbar/(pi alpha eps (1 + x^2)); nu, n_e and D as in dirac_scales.
TEST(KhatScales, DiracCone) {
  const DiracElectrons e{0.2 * e_abs, -4e5, 0.1 * e_abs, 0.03};
  const auto model = make_dirac({e, HallParts::full});
  for (const double theta : {0.0, 0.6, 2.5}) {
    const double x = 0.5 * std::cos(theta), tau = hbar / (pi * 0.03 * 0.2 * e_abs * (1 + x * x));
    const ElectronScales got = scales(*model, direction(theta, 0.4));
    const DiracScales known = dirac_scales(e, {1e6, 1e-9}, std::cos(theta), HallParts::full);
    ASSERT_EQ(got.bands.size(), 1u);
    const BandScales& b = got.bands[0];
    EXPECT_EQ(b.band, 1);
    expect_near(b.k_F, 0.2 * e_abs * std::sqrt(1 - x * x) / (hbar * 4e5), 1e-12);
    expect_near(b.v_F, 4e5 * std::sqrt(1 - x * x), 1e-12);
    expect_near(b.tau, tau, 1e-12);
    expect_near(got.nu, known.nu, 1e-12);
    expect_near(got.n, known.n_e, 1e-12);
    expect_near(got.D, known.D, 1e-12);
    expect_near(got.splitting, 0.4 * e_abs, 1e-12);
  }
}

// The optical theorem: T^+ (-Im g0) T = -Im T, so that sum w hbar/tau = -2 n sum w <k|Im T|k>; with
// the T of the independent g0 (reference-local.json, at theta = 0.6 or 1, u strong and weak).
TEST(KhatScales, LifetimesAndTMatrixOfStrongImpurities) {
  for (const auto& p : local()["B_tmatrix"]["dilute"]) {
    SCOPED_TRACE(p.dump());
    const double unit = 1 / (meV * nm * nm), theta = p["theta"];
    const auto number = [&](const char* key) {
      return std::complex<double>(p[key][0], p[key][1]) * unit;
    };
    const double u = double(p["u"]) * meV * nm * nm;
    Eigen::Matrix2cd inverse;  // 1/u - g0
    inverse << 1 / u - number("g00") - number("gz"), -number("gx"), -number("gx"),
        1 / u - number("g00") + number("gz");
    const Eigen::Vector4cd T = pauli_components(inverse.inverse());
    const auto model = make_tmatrix({SpinOrbit::rashba, veneri_film(p["eps"], p["D"]),
                                     impurities(p["u"], p["Lam"]), density, DensityScheme::dilute});
    const auto surface = model->fermi_surface(direction(theta));
    const ElectronScales got = electron_scales(*surface, model->response(direction(theta)).sigma);
    EXPECT_LT((got.T - T).norm(), 2e-6 * T.norm());
    // Mean lifetimes of the bands from Im T, which the code does not use.
    for (const BandScales& b : got.bands) {
      double weight = 0, tau = 0;
      for (const FermiState& s : surface->contour.states)
        if (s.B * b.band > 0) {
          weight += s.weight;
          tau -= s.weight * hbar / (2 * density * (T[0].imag() + T.tail<3>().imag().dot(s.spin)));
        }
      expect_near(b.tau, tau / weight, 5e-6);
    }
  }
}

// E*: the reference's minimisation (B_tmatrix), its crossing with 4.5 meV, and for general bands
// the same search; the warped cone touches Delta |cos theta| at k = 0 shifted by m.
TEST(KhatScales, BandEdges) {
  const double theta_c = local()["B_theta_c"]["theta_c_rad"];
  for (const auto& model : same_bands(12, first_born(20))) {
    SCOPED_TRACE(model->name());
    const BandLimits at_c = model->fermi_surface(direction(theta_c))->limits;
    EXPECT_NEAR(*at_c.upper_min / meV, 4.5, 1e-7);
    EXPECT_FALSE(at_c.lower_max);
    // m along z: C k^2 - sqrt(alpha^2 k^2 + Delta^2) is lowest where |B| = alpha^2/(2 C).
    const ParabolicElectrons e = veneri_film(12);
    const double B = e.alpha_R * e.alpha_R / (2 * e.C), Delta = std::abs(e.Delta_sd);
    const double bottom = B > Delta ? -B / 2 - Delta * Delta / (2 * B) : -Delta;
    expect_near(*model->fermi_surface(direction(0))->limits.lower_min, bottom, 1e-9);
  }
  BandModel cone;
  cone.fermi_energy = 0.2, cone.Delta_sd = 0.05, cone.cutoff = 5;
  cone.point = [](double x, double y) { return BandPoint{0, {-0.3 * y, 0.3 * x, 0}}; };
  const auto model = make_custom({cone, {1, 5, true}, 1});
  const BandLimits edges = model->fermi_surface(direction(0.7, 1))->limits;
  EXPECT_NEAR(*edges.upper_min, 0.05 * std::cos(0.7), 1e-9);
  EXPECT_NEAR(*edges.lower_max, -0.05 * std::cos(0.7), 1e-9);
  EXPECT_FALSE(edges.lower_min);  // at the cutoff
}

// docs/physics-electrons.md, "From the configuration to the torque": strong impurities at theta =
// 0, where one circle carries everything; g0 alone is taken from the program (its real part is
// tested in khat_tmatrix_test.cpp).
TEST(KhatScales, OneCircleByHand) {
  const double C = kinetic_constant(0.8), alpha = 17 * meV * nm, Delta = 5 * meV, eps = 4.5 * meV;
  const auto model = make_tmatrix(
      {SpinOrbit::rashba, {eps, C, alpha, Delta}, impurities(), density, DensityScheme::dilute});
  const double half = C * eps + alpha * alpha / 2;
  const double k =
      std::sqrt(half + std::sqrt(half * half - C * C * (eps * eps - Delta * Delta))) / C;
  const double B = std::hypot(alpha * k, Delta), v = 2 * C * k - alpha * alpha * k / B;
  const double nu = k / (2 * pi * v), s_z = Delta / B;
  const auto surface = model->fermi_surface(direction(0));
  const Eigen::Vector4d Im = surface->contour.Im_g0, Re = surface->contour.Re_g0;
  expect_near(Im[0], -pi * nu / 2, 1e-10);
  expect_near(Im[3], -pi * nu / 2 * s_z, 1e-10);
  const std::complex<double> up = -1. / std::complex(Re[0] + Re[3], Im[0] + Im[3]),
                             down = -1. / std::complex(Re[0] - Re[3], Im[0] - Im[3]);
  const double Gamma =
      pi * nu / 4 * (std::pow(1 + s_z, 2) * std::norm(up) + std::pow(1 - s_z, 2) * std::norm(down));
  const LocalResponse r = model->response(direction(0));
  const ElectronScales got = electron_scales(*surface, r.sigma);
  ASSERT_EQ(got.bands.size(), 1u);
  expect_near(got.bands[0].k_F, k, 1e-10);
  expect_near(got.bands[0].tau, hbar / (2 * density * Gamma), 1e-10);
  const std::complex<double> a = 0.5 * (1 + s_z) * up, b = 0.5 * (1 - s_z) * down;
  const std::complex<double> rate =
      2 * pi * density * nu / hbar * (std::norm(a) + std::norm(b) - std::conj(a) * b);
  const std::complex<double> sigma = e_abs * e_abs * nu * v * v / (2 * hbar * hbar) / rate;
  expect_near(r.sigma(0, 0), sigma.real(), 1e-10);
  expect_near(r.sigma(0, 1), -sigma.imag(), 1e-10);
  const double K_J = alpha * k / B * hbar / (e_abs * v);
  expect_near(r.K_J()(1, 0), K_J, 1e-10);
  EXPECT_LT(std::abs(r.K_J()(0, 0)), 1e-10 * K_J);
  const Eigen::Vector3d field = Delta / (580e3 * 1e-9) * (r.K_E * Eigen::Vector2d(1e3, 0));
  expect_near(field.y(), Delta / (580e3 * 1e-9) * K_J * sigma.real() * 1e3, 1e-10);
  EXPECT_NEAR(field.y(), 8.4140e-3, 5e-8);  // as the page has it
  EXPECT_NEAR(field.x(), -0.5754e-3, 1e-7);
}

// Rotations of m and the field together change no scale.
TEST(KhatScales, DoNotDependOnTheFrame) {
  for (const auto& model : same_bands(4.5, impurities(300))) {
    SCOPED_TRACE(model->name());
    const ElectronScales x = scales(*model, direction(0.8)), y = scales(*model, direction(0.8, 2));
    expect_near(y.bands[0].k_F, x.bands[0].k_F, 1e-9);
    expect_near(y.bands[0].tau, x.bands[0].tau, 1e-6);
    expect_near(y.D, x.D, 1e-6);
    EXPECT_LT(std::abs(y.T[0] - x.T[0]), 1e-6 * std::abs(x.T[0]));
  }
}
