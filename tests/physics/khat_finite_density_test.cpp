// The response at a finite density of impurities, and finite lifetimes of the Dirac surface,
// against independent programs (tests/data/reference-local.md).
#include <gtest/gtest.h>

#include <cmath>
#include <complex>

#include "khat/electron_models.hpp"
#include "khat/finite_density.hpp"
#include "kubomag/error.hpp"
#include "support/reference_entry.hpp"
#include "support/tmatrix_reference.hpp"

using namespace kubomag;
using namespace kubomag::constants;
using namespace kubomag::reference;
using kubomag::test::ReferenceEntry;

namespace {

constexpr double per_nm2 = 1e18;

constexpr const char* file = "reference-local.json";

double error_of(const Eigen::MatrixXd& value, const Eigen::MatrixXd& expected) {
  return (value - expected).norm() / expected.norm();
}

void expect_close(const Eigen::MatrixXd& value, const Eigen::MatrixXd& expected, double tolerance) {
  EXPECT_LT(error_of(value, expected), tolerance) << value << "\n\n" << expected;
}

FiniteDensityResponse veneri_response(const nlohmann::json& p, double density, SelfEnergy kind) {
  return finite_density_response(veneri_film(p["eps"], p["D"]), impurities(p["u"], p["Lam"]),
                                 density * per_nm2, p["theta"], kind);
}

}  // namespace

// The reference takes Sigma from the g of the clean bands, so that charge is conserved to order n:
// `minlam` says how well.
TEST(KhatFiniteDensity, MatchesTheReference) {
  ReferenceEntry entry(file, "B_tmatrix.full_finite_n_neutral");
  for (const auto& p : local()["B_tmatrix"]["full_finite_n_neutral"]) {
    SCOPED_TRACE(p.dump());
    const FiniteDensityResponse r = veneri_response(p, p["n"], SelfEnergy::one_shot);
    entry.within(error_of(r.K / K_J_unit, real_matrix(p["K"])), 1e-8);
    entry.within(error_of(r.K_bare / K_J_unit, real_matrix(p["K_bare"])), 1e-8);
    entry.within(error_of(r.sigma, real_matrix(p["sigma"])), 1e-8);
    Eigen::MatrixXd Sigma(4, 2);
    Sigma << r.Sigma.real() / meV, r.Sigma.imag() / meV;
    entry.within(error_of(Sigma, real_matrix(p["Sig"])), 1e-8);
    EXPECT_NEAR(r.charge_defect, p["minlam"], 1e-6 * double(p["minlam"]));
    EXPECT_LT(r.relative_error, 1e-8);
  }
}

TEST(KhatFiniteDensity, SelfConsistencyConservesCharge) {
  for (const auto& p : local()["B_tmatrix"]["full_finite_n_neutral"])
    EXPECT_LT(veneri_response(p, p["n"], SelfEnergy::self_consistent).charge_defect, 1e-12);
  // Self-consistent Born: above E* Im g is that of the clean bands up to the tail of the spectrum.
  for (const auto& p : local()["C_bare_tensor_004"]["rows"]) {
    const double Mx = p["Mx"], Mz = p["Mz"], tau = p["tau"];
    const ParabolicElectrons e{p["eps"], 0.5, -double(p["alpha_R"]), std::hypot(Mx, Mz)};
    const FiniteDensityResponse r = finite_density_response(
        e, {1, 1e4, true}, 1 / tau, std::atan2(Mx, Mz), SelfEnergy::self_consistent);
    EXPECT_LT(r.charge_defect, 1e-12);
    expect_close(r.K / 2, real_matrix(p["K_dressed"]), 5e-4);
    expect_close(r.sigma, real_matrix(p["sigma_dressed"]), 5e-4);
  }
}

// Both schemes differ from the dilute limit by a relative order n.
TEST(KhatFiniteDensity, TendsToTheDiluteLimitInProportionToTheDensity) {
  for (const auto& p : local()["B_tmatrix"]["full_finite_n_neutral"])
    for (SelfEnergy kind : {SelfEnergy::one_shot, SelfEnergy::self_consistent}) {
      const TMatrixResponse dilute =
          rashba_response(veneri_film(p["eps"]), impurities(p["u"], p["Lam"]), p["theta"]);
      const auto difference = [&](double n) {
        const FiniteDensityResponse r = veneri_response(p, n, kind);
        EXPECT_LT((n * per_nm2 * r.sigma - dilute.nsigma).norm(), 0.01 * dilute.nsigma.norm());
        return (n * per_nm2 * r.K - dilute.nK).norm() / dilute.nK.norm();
      };
      const double one = difference(1e-4), half = difference(5e-5);
      EXPECT_LT(one, 2e-3);
      EXPECT_NEAR(half / one, 0.5, 0.05);
    }
}

// Ado 2017 (15a), (16), corrected: bare and dressed response of the Rashba model in Born
// approximation with hbar = m = 1 and s = sigma/2; 1/tau = n u^2 m.
TEST(KhatFiniteDensity, BareAndDressedTensorsOfTheBornPaper) {
  ReferenceEntry entry(file, "C_bare_tensor_004");
  for (const auto& p : local()["C_bare_tensor_004"]["rows"]) {
    SCOPED_TRACE(p.dump());
    const double alpha = p["alpha_R"], eps = p["eps"], Mx = p["Mx"], Mz = p["Mz"], tau = p["tau"];
    const ParabolicElectrons e{eps, 0.5, -alpha, std::hypot(Mx, Mz)};
    const FiniteDensityResponse r = finite_density_response(
        e, {1, 1e4, true}, 1 / tau, std::atan2(Mx, Mz), SelfEnergy::one_shot);
    entry.within(error_of(r.K_bare / 2, real_matrix(p["K_bare_e"])), 1e-8);
    entry.within(error_of(r.K / 2, real_matrix(p["K_dressed"])), 1e-8);
    entry.within(error_of(r.sigma_bare, real_matrix(p["sigma_bare_RA_cut1e4"])), 1e-8);
    entry.within(error_of(r.sigma, real_matrix(p["sigma_dressed"])), 1e-8);
    // Elements smaller by 1e-3 and 1e-7: the signs of K_xx, K_yy and K_zx in (15a).
    expect_close(r.K_bare.diagonal() / 2, real_matrix(p["K_bare_e"]).diagonal(), 1e-7);
    const double zx = p["K_bare_e"][2][0];
    EXPECT_NEAR(r.K_bare(2, 0) / 2, zx, 1e-7 * std::abs(zx) + 1e-12);
  }
}

// The ladder of the Dirac surface with hbar = v = eps = 1, H = (z x sigma).k + b sigma_z and the
// self-energy -i (1 + b sigma_z)/(4 tau) (Ndiaye 2017 (11)): the sums over momenta converge and are
// elementary. L and H are the coefficients of z x (q E) and q E in <sigma>; A the vertex.
TEST(KhatFiniteDensity, LadderOfTheDiracSurfaceAtFiniteLifetime) {
  using Complex = std::complex<double>;
  ReferenceEntry entry(file, "A_dirac_kubo_ladder");
  for (const auto& p : local()["A_dirac_kubo_ladder"]["rows"]) {
    const double tau = p["tau"], b = p["b"];
    const Complex a(1, 1 / (4 * tau)), mass = b * std::conj(a), pole = a * a - mass * mass;
    // int d^2k/(2 pi)^2 |k^2 - pole|^-2
    const double J = (pi / 2 + std::atan2(pole.real(), pole.imag())) / (4 * pi * pole.imag());
    const double same = (std::norm(a) - std::norm(mass)) * J;    // 1/2 tr[s_x G s_x G^+]
    const double other = -2 * (a * std::conj(mass)).imag() * J;  // 1/2 tr[s_x G s_y G^+]
    Eigen::Matrix2d N, v;
    N << same, other, -other, same;
    v << 0, 1, -1, 0;  // v_x = -sigma_y, v_y = sigma_x
    const Eigen::Matrix2d vertex = (Eigen::Matrix2d::Identity() - N / tau).inverse();
    const Eigen::Matrix2d K = vertex * 2 * N * v / (2 * pi);
    entry.within(std::abs(vertex(0, 0) - double(p["A"])), 1e-8);
    entry.within(std::abs(std::abs(vertex(0, 1)) - double(p["Cxy"])), 1e-8);
    entry.within(std::abs(K(1, 0) / double(p["L"]) - 1), 1e-8);
    entry.within(std::abs(K(0, 0) - double(p["H"])), 1e-8);
    // The closed form of the engine: its leading order, in the other helicity and exchange.
    const double hbar_v = hbar * 4e5, eps = 0.2 * e_abs;
    const DiracElectrons e{eps, -4e5, -b * eps, 1 / (2 * pi * tau)};
    const LocalResponse r = make_dirac({e, HallParts::ladder})->response({0, 0, 1});
    EXPECT_NEAR(r.K_E(1, 0) * hbar_v / -e_abs, p["L"], 1.2 / tau * std::abs(double(p["L"])));
    EXPECT_NEAR(r.K_E(0, 0) * hbar_v / -e_abs, p["H"],
                1.2 / tau * std::abs(double(p["H"])) + 1e-12);
  }
}

TEST(KhatFiniteDensity, SchemeOfAModel) {
  const Eigen::Vector3d m = Eigen::Vector3d(0.3, -0.5, 0.7).normalized();
  for (SpinOrbit kind : {SpinOrbit::rashba, SpinOrbit::dresselhaus}) {
    TMatrixSpec spec{kind, veneri_film(4.5), impurities(300), 5e13, DensityScheme::dilute};
    const LocalResponse dilute = make_tmatrix(spec)->response(m);
    spec.scheme = DensityScheme::full;
    const LocalResponse full = make_tmatrix(spec)->response(m);
    expect_close(full.K_E, dilute.K_E, 2e-3);
    expect_close(full.sigma, dilute.sigma, 2e-3);
    EXPECT_GT((full.K_E - dilute.K_E).norm(), 1e-6 * dilute.K_E.norm());
  }
}

TEST(KhatFiniteDensity, RefusesWhatCannotBe) {
  const ParabolicElectrons e = veneri_film(4.5);
  const auto respond = [](const ParabolicElectrons& el, const Impurities& i, double n) {
    return finite_density_response(el, i, n * per_nm2, 0.6, SelfEnergy::self_consistent);
  };
  for (double n : {0.0, -1e-4, double(NAN), double(INFINITY)})
    EXPECT_THROW(respond(e, impurities(), n), InputError) << n;
  EXPECT_THROW(respond(e, impurities(300, 0), 1e-4), InputError);
  EXPECT_THROW(respond(e, first_born(20), 1e-4), InputError);  // without a cutoff
  EXPECT_THROW(respond(e, impurities(0), 1e-4), InputError);
  EXPECT_THROW(respond(veneri_film(-6), impurities(), 1e-4), InputError);  // below the bands
}
