// Bands of any shape: the numerical contours and Green function against the quartic rays of the
// Rashba model, closed forms, symmetries, and a Boltzmann equation that shares no code with them.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <Eigen/Geometry>
#include <cmath>
#include <limits>
#include <random>

#include "khat/band_response.hpp"
#include "khat/electron_models.hpp"
#include "kubomag/error.hpp"
#include "support/boltzmann_reference.hpp"
#include "support/tmatrix_reference.hpp"

using namespace kubomag;
using namespace kubomag::constants;
using namespace kubomag::reference;

namespace {

const double infinite = std::numeric_limits<double>::infinity();

Eigen::Vector3d direction(double theta, double phi = 0) {
  return {std::sin(theta) * std::cos(phi), std::sin(theta) * std::sin(phi), std::cos(theta)};
}

// Numbers of order one: C = 1/2, alpha = 0.6, Delta = 0.3 and what is added to them.
ParabolicElectrons plain_film(double eps) { return {eps, 0.5, 0.6, 0.3}; }

// v (k x sigma)_z + lambda/2 (k_+^3 + k_-^3) sigma_z: the hexagonally warped surface.
BandModel warped(double eps, double v, double lambda, double Delta, double cutoff) {
  BandModel out;
  out.fermi_energy = eps, out.Delta_sd = Delta, out.cutoff = cutoff;
  out.point = [=](double x, double y) {
    return BandPoint{0, {-v * y, v * x, lambda * (x * x * x - 3 * x * y * y)}};
  };
  return out;
}

// The same bands for the reference, which is given the exchange with B.
TwoBands two_bands(const BandModel& model, const Eigen::Vector3d& m, double cutoff, double reach,
                   const Eigen::Vector2d& centre = {0, 0}) {
  const auto point = model.point;
  const Eigen::Vector3d exchange = model.Delta_sd * m;
  return {[=](double x, double y) { return point(x, y).h0; },
          [=](double x, double y) -> Eigen::Vector3d { return point(x, y).h - exchange; },
          model.fermi_energy,
          cutoff,
          centre,
          reach};
}

void expect_same(const ScatteringResponse& value, const BoltzmannResponse& expected,
                 double tolerance) {
  EXPECT_LT((value.nK - expected.nK).norm(), tolerance * expected.nK.norm());
  EXPECT_LT((value.nsigma - expected.nsigma).norm(), tolerance * expected.nsigma.norm());
}

BandResponse respond(const BandModel& model, const Impurities& impurities,
                     const Eigen::Vector3d& m) {
  return band_response(model, BandGrid(model), impurities, m);
}

}  // namespace

TEST(KhatBands, ContoursAndGreenFunctionAreThoseOfTheQuartic) {
  for (double theta : {0.0, 0.6, 1.2, 1.56})
    for (double eps : {0.0, 4.5, 5.5, 12.0}) {
      SCOPED_TRACE(fmt::format("theta {} eps {}", theta, eps));
      const ParabolicElectrons e = veneri_film(eps);
      BandModel model = parabolic_bands(e, 0);
      model.cutoff = 304 / nm;
      const BandGrid grid(model);
      const BandContours contours(model, grid, direction(theta));
      const FermiContour expected = fermi_contour(e, theta, model.cutoff, 1024);
      const auto states = contours.states(contours.loops(e.fermi_energy), 1024);
      EXPECT_LT((Im_g0_of(states) - expected.Im_g0).norm(), 1e-10 * expected.Im_g0.norm());
      const RealGreen green = real_green(model, contours, contours.loops(model.fermi_energy));
      EXPECT_LT((green.Re_g0 - expected.Re_g0).norm(), 1e-8 * expected.Re_g0.norm());
      EXPECT_LT((green.Re_g0 - expected.Re_g0).norm(), green.error);
      EXPECT_LT(green.error, 1e-6 * expected.Re_g0.norm());
    }
}

// A saddle and a maximum of the lower band, close together in energy, leave the number of contours
// as it was on either side: the window of the Hermite rule must not reach across them.
TEST(KhatBands, EdgesThatComeInPairsAreSeen) {
  ParabolicElectrons e = veneri_film(-0.165607, 1.44086);
  e.alpha_R = 16.613 * meV * nm;
  BandModel model = parabolic_bands(e, 0);
  model.cutoff = 304 / nm;
  const BandGrid grid(model);
  const BandContours contours(model, grid, direction(2.00458));
  const RealGreen green = real_green(model, contours, contours.loops(model.fermi_energy));
  const FermiContour expected = fermi_contour(e, 2.00458, model.cutoff, 1024);
  EXPECT_LT((green.Re_g0 - expected.Re_g0).norm(), 1e-7 * expected.Re_g0.norm());
}

TEST(KhatBands, ResponseOfTheRashbaModelAtAnyAzimuth) {
  for (double theta : {0.3, 1.0})
    for (double u : {300.0, infinite}) {
      const ParabolicElectrons e = veneri_film(4.5);
      const auto general = make_rashba_dresselhaus({e, 0, impurities(u), 5e14});
      const auto closed =
          make_tmatrix({SpinOrbit::rashba, e, impurities(u), 5e14, DensityScheme::dilute});
      const LocalResponse x = general->response(direction(theta, 2));
      const LocalResponse y = closed->response(direction(theta, 2));
      EXPECT_LT((x.K_E - y.K_E).norm(), 1e-8 * y.K_E.norm());
      EXPECT_LT((x.K_E - y.K_E).norm(), x.relative_error * y.K_E.norm());
      EXPECT_LT((x.sigma - y.sigma).norm(), 1e-8 * y.sigma.norm());
    }
}

// Where eight, ten and sixteen nodes of the Hermite rule differ by as much from one to the next
// (the first direction), and anywhere.
TEST(KhatBands, EstimatesBoundTheErrors) {
  std::mt19937_64 random(5);
  std::normal_distribution<double> normal;
  std::vector<Eigen::Vector3d> directions = {{-0.3822, 0.8859, -0.2629}};
  while (directions.size() < 12)
    directions.emplace_back(normal(random), normal(random), normal(random));
  for (const double eps : {4.5, 6.0, 9.0})
    for (const double alpha_D : {0.3, 4.0}) {
      const ParabolicElectrons e = veneri_film(eps);
      BandModel bands = parabolic_bands(e, alpha_D * meV * nm);
      bands.cutoff = 304 / nm;
      const auto custom = make_custom({bands, impurities(infinite), 5e14});
      const auto lines =
          make_rashba_dresselhaus({e, alpha_D * meV * nm, impurities(infinite), 5e14});
      for (const Eigen::Vector3d& any : directions) {
        const Eigen::Vector3d m = any.normalized();
        SCOPED_TRACE(
            fmt::format("eps {} alpha_D {} m {} {} {}", eps, alpha_D, m.x(), m.y(), m.z()));
        const LocalResponse x = custom->response(m), y = lines->response(m);
        const double error = x.relative_error + y.relative_error;
        EXPECT_LT((x.K_E - y.K_E).norm(), error * y.K_E.norm());
        EXPECT_LT((x.sigma - y.sigma).norm(), error * y.sigma.norm());
        EXPECT_LT(x.relative_error, 2e-7);
      }
    }
}

// Sokolewicz 2019 (9): in first Born the leading order in the disorder is sigma_0 alone.
TEST(KhatBands, DiracConeInFirstBornIsTheClosedForm) {
  for (double Delta : {0.02, 0.15, -0.15}) {
    const DiracElectrons e{0.2 * e_abs, -4e5, Delta * e_abs, 0.03};
    const double hbar_v = hbar * e.velocity, u = 1e-37;
    const double density = 2 * pi * e.disorder * hbar_v * hbar_v / (u * u);
    const BandModel cone = warped(e.fermi_energy, hbar_v, 0, e.Delta_sd, 5e9);
    const auto custom = make_custom({cone, {u, 0, true}, density});
    const auto closed = make_dirac({e, HallParts::none});
    for (const auto& m : {direction(0), direction(0.9, 2), direction(pi / 2, 0.1)}) {
      const LocalResponse x = custom->response(m), y = closed->response(m);
      EXPECT_LT((x.K_E - y.K_E).norm(), 1e-10 * y.K_E.norm());
      EXPECT_LT((x.sigma - y.sigma).norm(), 1e-10 * y.sigma.norm());
    }
  }
}

// All that makes the response, from g0 to the vertices, against the Boltzmann equation.
TEST(KhatBands, BoltzmannEquationWithRatesOfTheTMatrix) {
  const Eigen::Vector3d m = direction(0.7, 0.5);
  BandModel film = parabolic_bands(plain_film(1), 0.2);
  film.cutoff = 40;
  const auto check = [&](const BandModel& model, double u, double reach, double tolerance) {
    for (double cutoff : {0.0, model.cutoff}) {
      SCOPED_TRACE(fmt::format("u = {}, cutoff = {}", u, cutoff));
      const Impurities impurities{u, model.cutoff, cutoff == 0};
      const BandResponse ours = respond(model, impurities, m);
      const BoltzmannResponse expected = boltzmann(two_bands(model, m, cutoff, reach), u);
      expect_same(ours.solved, expected, tolerance);
      EXPECT_LT((ours.g0 - expected.g0).norm(), tolerance * expected.g0.norm());
    }
  };
  check(film, 1.3, 4, 1e-6);                            // both bands
  check(warped(1, 1, 0, 0.3, 20), 0.9, 3, 1e-6);        // Dirac cone
  check(warped(1, 1, 0.3, 0.3, 2.6), -0.7, 2.5, 1e-6);  // hexagonal warping
  film.fermi_energy = 0.1;                              // the lower band alone
  check(film, 1.3, 4, 1e-6);
}

// The quartic engine against the same: K, sigma and g0 with the vertices of a strong impurity.
TEST(KhatBands, BoltzmannEquationConfirmsTheRashbaEngine) {
  for (double theta : {0.4, 1.1})
    for (double eps : {4.2, 7.0}) {
      const ParabolicElectrons e{eps, 38.0998212 / 0.8, 17, -5};
      const TMatrixResponse ours = rashba_response(e, {300, 30, false}, theta);
      BandModel model = parabolic_bands(e, 0);
      const Eigen::Vector2d centre(0, band_edges(e, theta).ky_upper);
      const BoltzmannResponse expected =
          boltzmann(two_bands(model, direction(theta), 30, 1, centre), 300);
      expect_same({ours.nK, ours.nsigma}, expected, 1e-6);
      EXPECT_LT((ours.g0 - expected.g0).norm(), 1e-7 * expected.g0.norm());
    }
}

TEST(KhatBands, WarpedSurfaceHasThreefoldSymmetry) {
  const BandModel model = warped(1, 1, 0.6, 0.3, 6);
  const Impurities impurities{-0.7, 6, false};
  const Eigen::Vector3d m = direction(0.8, 0.4);
  const Matrix32 K = respond(model, impurities, m).solved.nK;
  const auto turned = [&](double angle) -> Matrix32 {
    const Eigen::Matrix3d P = Eigen::AngleAxisd(angle, Eigen::Vector3d::UnitZ()).toRotationMatrix();
    return P.transpose() * respond(model, impurities, P * m).solved.nK * P.topLeftCorner<2, 2>();
  };
  EXPECT_LT((turned(2 * pi / 3) - K).norm(), 1e-8 * K.norm());
  EXPECT_GT((turned(pi / 2) - K).norm(), 1e-2 * K.norm());
  const Matrix32 up = respond(model, impurities, {0, 0, 1}).solved.nK;
  EXPECT_LT(std::abs(up(0, 0) - up(1, 1)) + std::abs(up(0, 1) + up(1, 0)), 1e-8 * up.norm());
}

// The exchange (x, y, z) -> (y, x, -z) of spin turns one coupling into the other.
TEST(KhatBands, MixedCouplingsAreExchangedByTheSpin) {
  ParabolicElectrons e = veneri_film(4.5), swapped = e;
  swapped.alpha_R = 0.4 * e.alpha_R;
  const auto R = make_rashba_dresselhaus({e, 0.4 * e.alpha_R, impurities(300), 5e14});
  const auto D = make_rashba_dresselhaus({swapped, e.alpha_R, impurities(300), 5e14});
  Eigen::Matrix3d S;
  S << 0, 1, 0, 1, 0, 0, 0, 0, -1;
  const Eigen::Vector3d m = direction(0.5, 1);
  const LocalResponse x = R->response(m), y = D->response(S * m);
  EXPECT_LT((x.K_E - S * y.K_E).norm(), 1e-7 * x.K_E.norm());
  EXPECT_LT((x.sigma - y.sigma).norm(), 1e-7 * x.sigma.norm());
  EXPECT_EQ(R->symmetry(), Symmetry::none);
}

// An elliptic pocket at the bottom of the lower band: 1/(2 pi sqrt(det)) states, det that of the
// curvature, here by differences of E_- in the test.
TEST(KhatBands, PocketsBelowTheReachOfTheQuartic) {
  const double theta = 1.2;
  const double bottom = band_edges(plain_film(1), theta).lower;
  EXPECT_THROW(fermi_contour(plain_film(bottom + 1e-5), theta, 0, 64), NotStarShaped);
  const TMatrixResponse r = rashba_response(plain_film(bottom + 1e-5), {1, 0, true}, theta);
  const TwoBands bands = two_bands(parabolic_bands(plain_film(0), 0), direction(theta), 0, 1);
  Eigen::Vector2d k(0, 0);
  for (double step = 1; step > 1e-9; step /= 2)
    for (int n = 0; n < 20; ++n)
      for (const Eigen::Vector2d& way : {Eigen::Vector2d(1, 0), Eigen::Vector2d(-1, 0),
                                         Eigen::Vector2d(0, 1), Eigen::Vector2d(0, -1)})
        if (two_band_energy(bands, k + step * way, -1) < two_band_energy(bands, k, -1))
          k += step * way;
  const auto E = [&](double x, double y) {
    return two_band_energy(bands, k + Eigen::Vector2d(x, y), -1);
  };
  const double h = 1e-3, here = E(0, 0);
  const double xx = (E(h, 0) + E(-h, 0) - 2 * here) / (h * h);
  const double yy = (E(0, h) + E(0, -h) - 2 * here) / (h * h);
  const double xy = (E(h, h) + E(-h, -h) - E(h, -h) - E(-h, h)) / (4 * h * h);
  const double states = 1 / (2 * pi * std::sqrt(xx * yy - xy * xy));
  EXPECT_NEAR(-2 / pi * r.g0[0].imag() / states, 1, 2e-3);
  // Up to where the quartic works, and across: the response is continuous.
  const auto sigma = [&](double eps) {
    return rashba_response(plain_film(eps), {1, 30, false}, theta).nsigma(0, 0);
  };
  double previous = sigma(bottom + 0.02);
  for (double eps = bottom + 0.021; eps < bottom + 0.06; eps += 0.001) {
    const double next = sigma(eps);
    EXPECT_NEAR(next / previous, 1, 0.1) << eps - bottom;
    previous = next;
  }
}

// In the middle of the flat sides of k_x^4 + k_y^4 = eps neither the velocity nor a constant B
// changes along the contour; Gamma(1/4)^2 sqrt(E)/(2 sqrt(pi)) is the area, and half of it over E
// the derivative. Far from the origin, where no length is that of k.
TEST(KhatBands, FlatSidesOfAContour) {
  for (const double shift : {0.0, 7.0}) {
    BandModel model;
    model.fermi_energy = 2, model.Delta_sd = 0.7, model.cutoff = 20;
    model.point = [=](double x, double y) {
      return BandPoint{std::pow(x - shift, 4) + std::pow(y, 4), {0, 0, 0}};
    };
    const BandGrid grid(model);
    const BandContours contours(model, grid, direction(0.7, 0.5));
    const std::vector<BandLoop> loops = contours.loops(model.fermi_energy);
    ASSERT_EQ(loops.size(), 2u);
    double expected = 0;
    for (const double E : {1.3, 2.7})
      expected += std::pow(std::tgamma(0.25), 2) / (4 * std::sqrt(pi * E)) / (4 * pi * pi);
    const double states = -2 / pi * Im_g0_of(contours.states(loops, 256))[0];
    EXPECT_NEAR(states / expected, 1, 1e-9) << shift;
  }
}

TEST(KhatBands, DifferencesServeAsGradients) {
  BandModel analytic = parabolic_bands(plain_film(1), 0.2), numeric = analytic;
  numeric.gradient = nullptr;
  const Eigen::Vector3d m = direction(1, 2);
  const Matrix32 x = respond(analytic, {1, 0, true}, m).solved.nK;
  EXPECT_LT((respond(numeric, {1, 0, true}, m).solved.nK - x).norm(), 1e-10 * x.norm());
}

TEST(KhatBands, JumpsWhereTheNumberOfContoursChanges) {
  const auto model = make_rashba_dresselhaus({veneri_film(4.5), 0, impurities(300), 5e14});
  const std::vector<double> jumps = model->jumps(1);
  const double theta_c = local()["B_theta_c"]["theta_c_rad"];
  ASSERT_EQ(jumps.size(), 2u);
  EXPECT_NEAR(jumps[0], theta_c, 1e-8);
  EXPECT_NEAR(jumps[1], pi - theta_c, 1e-8);
  // The cone's gap |Delta cos theta| passes eps: a contour only while it is below.
  const BandModel cone = warped(0.2, 1, 0, 0.3, 20);
  const std::vector<double> gap = make_custom({cone, {1, 0, true}, 1})->jumps(0);
  ASSERT_EQ(gap.size(), 2u);
  EXPECT_NEAR(gap[0], std::acos(0.2 / 0.3), 1e-8);
}

TEST(KhatBands, RefuseWhatHasNoResponse) {
  const Eigen::Vector3d up(0, 0, 1);
  const Impurities born{1, 0, true};
  EXPECT_THROW(respond(warped(0.2, 1, 0, 0.3, 20), born, up), InputError);          // in the gap
  EXPECT_THROW(respond(warped(0.3 + 1e-12, 1, 0, 0.3, 20), born, up), InputError);  // at its edge
  EXPECT_THROW(respond(warped(1, 1, 0, 0.3, 0.9), born, up), InputError);  // outside the cutoff
  BandModel open = warped(1, 1, 0, 0.3, 3);
  open.point = [](double x, double) { return BandPoint{0.5 * x * x, {0, 0, 0.1}}; };
  EXPECT_THROW(respond(open, born, up), InputError);  // contours that do not close
  EXPECT_THROW(respond(warped(1, 1, 0, 0.3, 20), {0, 0, true}, up), InputError);
  EXPECT_THROW(respond(warped(1, 1, 0, 0.3, 20), born, 2 * up), InputError);
  EXPECT_THROW(respond(warped(1, 1, 0, 0, 20), born, up), InputError);
  EXPECT_THROW(respond(warped(NAN, 1, 0, 0.3, 20), born, up), InputError);
  EXPECT_THROW(respond(warped(1, NAN, 0, 0.3, 20), born, up), InputError);
  EXPECT_THROW(respond(warped(1, 1, 0, 0.3, 0), born, up), InputError);
  BandModel none;
  none.fermi_energy = none.Delta_sd = none.cutoff = 1;
  EXPECT_THROW(make_custom({none, born, 1}), InputError);
  EXPECT_THROW(make_custom({warped(1, 1, 0, 0.3, 20), born, 0}), InputError);
  EXPECT_THROW(make_rashba_dresselhaus({veneri_film(4.5), NAN, impurities(300), 5e14}), InputError);
}

// A level of the impurity at the Fermi energy: 1/u = g0, possible where Im g0 = 0 in one spin
// channel. The spins of a fully polarised contour along z leave the other one without states.
TEST(KhatBands, RefuseAnImpurityWithALevelAtTheFermiEnergy) {
  BandModel model;
  model.fermi_energy = 0.5, model.Delta_sd = 1, model.cutoff = 10;
  model.point = [](double x, double y) { return BandPoint{x * x + y * y, {0, 0, 0}}; };
  const Eigen::Vector3d up(0, 0, 1);
  // Spin down begins at 1: g = -int k dk/(2 pi)/(k^2 + 1/2) = -ln(1 + 2 cutoff^2)/(4 pi).
  const double u = -4 * pi / std::log(1 + 2 * 100.0);
  EXPECT_THROW(respond(model, {u, 10, false}, up), InputError);
  EXPECT_NO_THROW(respond(model, {1.1 * u, 10, false}, up));
}
