// Contours of parabolic bands on lines: stationary points against the definition, and responses
// against the contours traced in band_contour.hpp, which share no formula with them.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <Eigen/Geometry>
#include <cmath>
#include <random>

#include "khat/band_response.hpp"
#include "khat/edge_curves.hpp"
#include "khat/electron_models.hpp"
#include "khat/jump_cusps.hpp"
#include "khat/quartic_panels.hpp"
#include "kubomag/error.hpp"
#include "support/tmatrix_reference.hpp"

using namespace kubomag;
using namespace kubomag::constants;
using namespace kubomag::reference;

namespace {

Eigen::Vector3d direction(double theta, double phi = 0) {
  return {std::sin(theta) * std::cos(phi), std::sin(theta) * std::sin(phi), std::cos(theta)};
}

LinearBands random_bands(std::mt19937_64& random) {
  std::normal_distribution<double> normal;
  LinearBands b;
  b.A << normal(random), normal(random), normal(random), normal(random);
  b.M = 0.4 * Eigen::Vector3d(normal(random), normal(random), normal(random));
  return b;
}

double energy(const LinearBands& b, const Eigen::Vector2d& k, int band) {
  Eigen::Vector3d B = -b.M;
  B.head<2>() += b.A * k;
  return k.squaredNorm() + band * B.norm();
}

// The traced contours of the same bands, as `custom` would have them.
BandResponse traced(const ParabolicElectrons& e, double alpha_D, const Impurities& impurities,
                    const Eigen::Vector3d& m) {
  BandModel bands = parabolic_bands(e, alpha_D);
  if (!impurities.first_born) bands.cutoff = impurities.cutoff;
  return band_response(bands, BandGrid(bands), impurities, m);
}

void expect_traced(const ParabolicElectrons& e, double alpha_D, const Impurities& impurities,
                   const Eigen::Vector3d& m, double tolerance) {
  const TMatrixResponse ours = mixed_response(e, alpha_D, impurities, m);
  const BandResponse other = traced(e, alpha_D, impurities, m);
  EXPECT_LT((ours.nK - other.solved.nK).norm(), tolerance * ours.nK.norm());
  EXPECT_LT((ours.nsigma - other.solved.nsigma).norm(), tolerance * ours.nsigma.norm());
  EXPECT_LT((ours.g0 - other.g0).norm(), tolerance * ours.g0.norm());
  EXPECT_LT(ours.relative_error, 1e-8);
}

}  // namespace

// The gradient vanishes there, the curvature has the sign that the index says, no energy of a fine
// grid is below the minima, and the indices add up to that of the plane.
TEST(KhatLines, StationaryPointsOfLinearBands) {
  std::mt19937_64 random(3);
  for (int n = 0; n < 200; ++n) {
    const LinearBands b = random_bands(random);
    int sum[2] = {0, 0};
    double lowest[2] = {HUGE_VAL, HUGE_VAL};
    for (const StationaryPoint& p : stationary_points(b)) {
      const double h = 1e-4 * b.M.norm();
      const auto E = [&](double x, double y) {
        return energy(b, p.k + Eigen::Vector2d(x, y), p.band);
      };
      EXPECT_NEAR(p.energy, E(0, 0), 1e-12);
      EXPECT_NEAR((E(h, 0) - E(-h, 0)) / (2 * h), 0, 1e-4) << n;
      EXPECT_NEAR((E(0, h) - E(0, -h)) / (2 * h), 0, 1e-4) << n;
      const double xx = E(h, 0) + E(-h, 0) - 2 * E(0, 0), yy = E(0, h) + E(0, -h) - 2 * E(0, 0);
      const double xy = (E(h, h) + E(-h, -h) - E(h, -h) - E(-h, h)) / 4;
      EXPECT_GT((xx * yy - xy * xy) * p.index, 0) << n;
      sum[p.band > 0] += p.index;
      lowest[p.band > 0] = std::min(lowest[p.band > 0], p.energy);
    }
    EXPECT_EQ(sum[0], 1);
    EXPECT_EQ(sum[1], 1);
    for (const int band : {-1, 1})
      for (double x = -3; x <= 3; x += 0.05)
        for (double y = -3; y <= 3; y += 0.05)
          ASSERT_GE(energy(b, {x, y}, band), lowest[band > 0]) << n;
  }
}

TEST(KhatLines, MixedCouplingsHaveTheTracedContours) {
  for (const double eps : {0.5, 4.5, 6.0, 12.0})
    for (const double alpha_D : {2.0, 6.0, -25.0})
      for (const Eigen::Vector3d& m : {direction(0.4, 1), direction(1.3, 2.2), direction(2.3, 4)}) {
        SCOPED_TRACE(fmt::format("eps {} alpha_D {} m_z {}", eps, alpha_D, m.z()));
        expect_traced(veneri_film(eps), alpha_D * meV * nm, first_born(20), m, 1e-8);
        expect_traced(veneri_film(eps), alpha_D * meV * nm, impurities(300), m, 1e-6);
      }
}

// With m in the plane the bands cross at C (Delta_sd/alpha_R)^2 = 4.11937 meV; nearby the contours
// have corners.
TEST(KhatLines, CornersNearACrossing) {
  for (const double eps : {4.0, 4.08, 4.115, 4.13})
    for (const double theta : {1.5, 1.56}) {
      SCOPED_TRACE(fmt::format("eps {} theta {}", eps, theta));
      expect_traced(veneri_film(eps), 0, first_born(20), direction(theta), 1e-7);
    }
  expect_traced(veneri_film(4.08), 0, impurities(300), direction(1.55), 1e-6);
}

// At the crossing itself nothing diverges: K tends to one value from all sides, linearly.
TEST(KhatLines, TheCrossingIsAKink) {
  const ParabolicElectrons e = veneri_film(1);
  const double crossing = e.C * std::pow(e.Delta_sd / e.alpha_R, 2);
  ParabolicElectrons at = e;
  at.fermi_energy = crossing;
  const auto K = [&](double tilt, double shift) {
    ParabolicElectrons film = at;
    film.fermi_energy *= 1 + shift;
    return rashba_response(film, impurities(), pi / 2 + tilt).nK;
  };
  const Matrix32 K0 = K(0, 0);
  for (const double d : {1e-3, 1e-4, 1e-5}) {
    for (const Matrix32& near : {K(d, 0), K(-d, 0), K(0, d), K(0, -d), K(d, d)})
      EXPECT_LT((near - K0).norm(), 2 * d * K0.norm()) << d;
  }
  // A kink: K_yx is even in m_z, and its slope does not vanish at m_z = 0.
  const double slope = (K(1e-4, 0)(1, 0) - K0(1, 0)) / 1e-4,
               closer = (K(1e-6, 0)(1, 0) - K0(1, 0)) / 1e-6;
  EXPECT_GT(std::abs(slope), 1e-4 * std::abs(K0(1, 0)));
  EXPECT_NEAR(closer / slope, 1, 0.05);
}

// Between the bottom of the lower band and its maximum the number of contours changes at saddles,
// too: the jumps of the lines are those of the traced contours.
TEST(KhatLines, JumpsAreThoseOfTheTracedContours) {
  for (const double eps : {-5.0, 4.5}) {
    const ParabolicElectrons e = veneri_film(eps, 4.8);
    const double alpha_D = 6 * meV * nm;
    BandModel bands = parabolic_bands(e, alpha_D);
    const BandGrid grid(bands);
    const auto model = make_rashba_dresselhaus({e, alpha_D, impurities(300), 5e14});
    for (const double phi : {0.3, 1.4}) {
      const std::vector<double> ours = model->jumps(phi),
                                traced = band_jumps(bands, grid,
                                                    Arc{Eigen::Vector3d::UnitZ(),
                                                        {std::cos(phi), std::sin(phi), 0}});
      ASSERT_EQ(ours.size(), traced.size()) << eps << " " << phi;
      for (std::size_t i = 0; i < ours.size(); ++i) EXPECT_NEAR(ours[i], traced[i], 1e-7);
    }
  }
}

// On the sphere of m E* = min E_+ is largest at the normal and smallest at the axis of the stronger
// coupling; on every meridian from either it is monotonic, so that its level sets go round one of
// them: the normal above the value at the third axis, the other one below.
TEST(KhatLines, TheUpperEdgeIsMonotonicFromTheAxes) {
  for (const double alpha_D : {0.5, 6.0, -2.0, -16.0})
    for (const double Delta : {1.0, 5.0, 12.0}) {
      const ParabolicElectrons e = veneri_film(4.5, Delta);
      const auto E_star = [&](const Eigen::Vector3d& m) {
        return stationary_points(scaled_bands(e, alpha_D * meV * nm, m).bands)[0].energy;
      };
      const double side = alpha_D > 0 ? 1 : -1;
      const Eigen::Vector3d z = Eigen::Vector3d::UnitZ(),
                            strong = Eigen::Vector3d(1, side, 0).normalized(),
                            weak = Eigen::Vector3d(1, -side, 0).normalized();
      EXPECT_LT(E_star(strong), E_star(weak));
      EXPECT_LT(E_star(weak), E_star(z));
      for (const double turn : {0.0, 0.1, 0.8, 1.5, pi / 2, 2.9}) {
        const Arc down{z, std::cos(turn) * strong + std::sin(turn) * weak};
        const Arc up{strong, std::cos(turn) * z + std::sin(turn) * weak};
        for (double theta = 0.05; theta < pi / 2; theta += 0.05) {
          EXPECT_LT(E_star(down.at(theta)), E_star(down.at(theta - 0.05))) << turn << " " << theta;
          EXPECT_GT(E_star(up.at(theta)), E_star(up.at(theta - 0.05))) << turn << " " << theta;
        }
      }
    }
}

// At eps = Delta_sd the upper band is open by (theta alpha)^2 Delta/2(alpha^2 + 2 C Delta) near
// m = z, a circle of spins down with the density of states nu = 1/4 pi (C + alpha^2/2 Delta):
// g0 of these spins is nu log(depth) and what does not depend on theta.
TEST(KhatLines, AShallowPocketHasTheLogarithmOfItsDepth) {
  ParabolicElectrons e = veneri_film(5);
  e.fermi_energy = e.Delta_sd = std::abs(e.Delta_sd);
  const double nu = 1 / (4 * pi * (e.C + e.alpha_R * e.alpha_R / (2 * e.Delta_sd)));
  const auto g0 = [&](double theta) {
    return mixed_response(e, 0, impurities(), direction(theta, 0.7)).g0;
  };
  for (const double theta : {1e-5, 1e-7, 1e-9}) {
    const Eigen::Vector4cd change = g0(100 * theta) - g0(theta);
    EXPECT_NEAR(change[0].real() / nu, std::log(100), 1e-5);
    EXPECT_NEAR(change[3].real() / nu, -std::log(100), 1e-5);
    EXPECT_LT(change.imag().norm(), 1e-5 * nu);
  }
}

// Traced contours close to an edge and at 1e-5 rad from a pole that is at one: the density of
// states of the pocket is a step within the width of its neighbourhood.
TEST(KhatLines, TracedContoursCloseToAnEdge) {
  ParabolicElectrons e = veneri_film(5);
  e.fermi_energy = std::abs(e.Delta_sd);
  for (const double theta : {1e-1, 1e-2, 1e-3, 1e-4, 1e-5})
    expect_traced(e, 0.3 * meV * nm, impurities(304), direction(theta, 0.3), 1e-7);
  for (const double theta : {0.741, 0.7416, 0.7417, 0.743})  // the edge is at 0.741605
    expect_traced(veneri_film(4.5), 0.3 * meV * nm, impurities(304), direction(theta, 0.3), 1e-7);
}

namespace {

// Couplings of 40 and 20 meV nm: contours at 0.8 meV have corners of all sizes where the bands
// nearly cross.
ParabolicElectrons strong_film(double eps) {
  ParabolicElectrons e = veneri_film(eps);
  e.alpha_R = 40 * meV * nm, e.Delta_sd = 5 * meV;
  return e;
}
constexpr double strong_D = 20 * meV * nm;

std::vector<Eigen::Vector3d> random_directions(int count) {
  std::mt19937_64 random(11);
  std::normal_distribution<double> normal;
  std::vector<Eigen::Vector3d> out;
  for (int i = 0; i < count; ++i) {
    const double x = normal(random), y = normal(random), z = normal(random);
    out.push_back(Eigen::Vector3d(x, y, z).normalized());
  }
  return out;
}

bool lines_do(const ParabolicElectrons& e, double alpha_D, const Eigen::Vector3d& m) {
  const LinearBands bands = scaled_bands(e, alpha_D, m).bands;
  try {
    TrapezoidContour(QuarticContour(bands, stationary_points(bands)[0], 0)).refined();
  } catch (const NotStarShaped&) {
    return false;
  }
  return true;
}

}  // namespace

// Every direction has its response, by lines and traced. The last one is next to a pair of
// stationary points about to appear: contours at all energies around are sharp.
TEST(KhatLines, StrongCouplingsAtAnyDirection) {
  const ParabolicElectrons e = strong_film(0.8);
  const BandModel bands = parabolic_bands(e, strong_D);
  const BandGrid grid(bands);
  int compared = 0;
  for (const Eigen::Vector3d& m : random_directions(300)) {
    const BandResponse other = band_response(bands, grid, first_born(20), m);
    if (!lines_do(e, strong_D, m)) continue;
    const TMatrixResponse ours = mixed_response(e, strong_D, first_born(20), m);
    EXPECT_LT((ours.nK - other.solved.nK).norm(), 1e-10 * ours.nK.norm()) << m.transpose();
    EXPECT_LT((ours.nsigma - other.solved.nsigma).norm(), 1e-10 * ours.nsigma.norm());
    ++compared;
  }
  EXPECT_GT(compared, 200);
  for (const Eigen::Vector3d& m :
       {Eigen::Vector3d(-0.8619, 0.3056, -0.4047), Eigen::Vector3d(0.4371, 0.8951, -0.0881),
        Eigen::Vector3d(-0.4458, -0.8945, 0.0323), Eigen::Vector3d(0.9846, 0.0988, -0.1440)})
    expect_traced(e, strong_D, impurities(300, 6), m.normalized(), 3e-7);
}

// From one energy to the next, 512 nodes give the density of states and of spin.
TEST(KhatLines, CornersTakeFewNodes) {
  const Eigen::Vector3d m = Eigen::Vector3d(0.9846, 0.0988, -0.1440).normalized();
  for (double eps = 0.6; eps < 1.1; eps += 0.01) {
    const ParabolicElectrons e = strong_film(eps);
    const BandModel bands = parabolic_bands(e, strong_D);
    const BandGrid grid(bands);
    const BandContours contours(bands, grid, m);
    const Eigen::Vector4d traced = Im_g0_of(contours.states(contours.loops(eps * meV), 512));
    const Eigen::Vector4d lines = mixed_response(e, strong_D, first_born(20), m).g0.imag();
    EXPECT_LT((traced - lines).norm(), 1e-9 * lines.norm()) << eps;
  }
}

// Contours that lines meet any number of times, around a cusp of the curves on which edges are at
// the Fermi energy: seen from two stationary points they are the same.
TEST(KhatLines, FansFromTwoPointsAgree) {
  const ParabolicElectrons e = strong_film(0.8);
  const Eigen::Vector3d cusp = direction(1.4715, constants::pi / 2 - 0.1982);
  for (const double away : {0.003, 0.02, 0.1})
    for (const Eigen::Vector3d& aside : random_directions(40)) {
      const Eigen::Vector3d m = (cusp + away * aside).normalized();
      const ScaledBands scaled = scaled_bands(e, strong_D, m);
      const std::vector<StationaryPoint> points = stationary_points(scaled.bands);
      const auto seen_from = [&](int root) {
        const auto point = std::find_if(points.begin(), points.end(),
                                        [&](const StationaryPoint& p) { return p.root == root; });
        return fan_contour(QuarticContour(scaled.bands, *point, 304 / nm * scaled.length)).fine;
      };
      const FermiContour a = seen_from(0), b = seen_from(3);
      EXPECT_LT((a.Im_g0 - b.Im_g0).norm(), 1e-8 * a.Im_g0.norm()) << m.transpose();
      EXPECT_LT((a.Re_g0 - b.Re_g0).norm(), 1e-8 * a.Re_g0.norm()) << m.transpose();
    }
}

/// At the distance `away` of a cusp: all around it, and where it is most intricate, within twice
/// a^(3/2) of its tangent, ahead of it and behind, between the two branches of the curve and
/// beside.
std::vector<Eigen::Vector3d> beside_cusp(const JumpCusp& cusp, double away) {
  const Eigen::Vector3d side = cusp.at.cross(cusp.ahead);
  std::vector<Eigen::Vector3d> out;
  for (int i = 0; i < 24; ++i) {
    const double part = (i + 0.4) / 24, angle = 2 * constants::pi * part;
    out.emplace_back(away * (std::cos(angle) * cusp.ahead + std::sin(angle) * side));
    for (const double along : {-away, away})
      out.emplace_back(along * cusp.ahead + 4 * (part - 0.5) * std::pow(away, 1.5) * side);
  }
  for (Eigen::Vector3d& m : out) m = (cusp.at + m).normalized();
  return out;
}

// Beside the cusp itself: contours that are traced. Behind it are holes that the grid does not
// show.
TEST(KhatLines, TracedContoursBesideACusp) {
  const ParabolicElectrons e = strong_film(0.8);
  const Impurities born{10 * meV * nm * nm, 0, true};
  const TracedBands traced(e, strong_D, born);
  const std::vector<JumpCusp> cusps = cusps_of(edge_curves(traced.bands, traced.grid));
  ASSERT_EQ(cusps.size(), 8u);
  int refused = 0;
  for (const double away : {1e-1, 1e-2, 3e-3, 1e-3, 3e-4})
    for (const Eigen::Vector3d& m : beside_cusp(cusps[0], away)) {
      const TMatrixResponse ours = mixed_response(e, strong_D, born, m);
      EXPECT_LT(ours.relative_error, 1e-7) << away << " " << m.transpose();
      try {
        const BandResponse other = band_response(traced.bands, traced.grid, born, m);
        EXPECT_LT((ours.nK - other.solved.nK).norm(), 1e-8 * ours.nK.norm())
            << away << " " << m.transpose();
      } catch (const InputError&) {  // a strip next to the curve, at its closest
        EXPECT_LT(away, 1e-3);
        ++refused;
      }
    }
  EXPECT_LE(refused, 2);
}

// Next to a saddle of a band, where sums over 256 and 512 nodes agreed to 1e-9 and were wrong by
// 1e-6.
TEST(KhatLines, TracedContoursCloseToASaddle) {
  const ParabolicElectrons e = strong_film(0.8);
  const Impurities born{10 * meV * nm * nm, 0, true};
  const TracedBands traced(e, strong_D, born);
  const Eigen::Vector3d from(0.97554044085869196, 0.19809503195167313, 0.095284870600188601),
      to(0.97554044104282078, 0.19809503198906267, 0.095284868637317707);
  for (double part = 0; part < 1; part += 0.03) {
    const Eigen::Vector3d m = ((1 - part) * from + part * to).normalized();
    const TMatrixResponse ours = mixed_response(e, strong_D, born, m);
    const BandResponse other = band_response(traced.bands, traced.grid, born, m);
    EXPECT_LT((ours.nK - other.solved.nK).norm(), 2e-8 * ours.nK.norm()) << part;
  }
}

// Both branches of a curve of jumps lie behind its cusp, at the distance a within some a^(3/2) of
// the tangent.
TEST(KhatLines, CuspsPointAhead) {
  const TracedBands traced(strong_film(0.8), strong_D, {10 * meV * nm * nm, 0, true});
  const std::vector<JumpCurve> curves = edge_curves(traced.bands, traced.grid);
  for (const JumpCusp& cusp : cusps_of(curves)) {
    int near = 0;
    for (const JumpCurve& curve : curves)
      for (const Eigen::Vector3d& m : curve.vertices) {
        const Eigen::Vector3d from = m - cusp.at;
        if (from.norm() > 3e-3) continue;
        ++near;
        EXPECT_LT(from.dot(cusp.ahead), 0);
        EXPECT_LT(std::abs(from.dot(cusp.at.cross(cusp.ahead))), 3 * std::pow(from.norm(), 1.5));
      }
    EXPECT_GT(near, 1);
  }
}

// A hole of the lower band that opens: rays from the bottoms of the bands miss it until it is as
// wide as they are apart; from its maximum they see it.
TEST(KhatLines, SmallHolesOfTheLowerBandAreSeen) {
  ParabolicElectrons e = veneri_film(0.8);
  e.alpha_R = 40 * meV * nm;
  const Impurities born{10 * meV * nm * nm, 0, true};
  for (const double phi : {0.2314, 0.2318, 0.23184}) {
    SCOPED_TRACE(fmt::format("phi {}", phi));
    expect_traced(e, 20 * meV * nm, born, direction(1.50126, phi), 1e-8);
  }
}

// Contours with a dent or a hole, which only lines through another stationary point meet once on
// either side, and those that no such lines do.
TEST(KhatLines, StrongCouplingsAgainstTracedContours) {
  ParabolicElectrons e = veneri_film(0.8);
  e.alpha_R = 40 * meV * nm;
  for (const double theta : {1.2, 1.45, 1.55})
    for (const double phi : {-1.0, 0.1, 0.6, 1.7, 2.5}) {
      SCOPED_TRACE(fmt::format("theta {} phi {}", theta, phi));
      expect_traced(e, 20 * meV * nm, {10 * meV * nm * nm, 0, true}, direction(theta, phi), 1e-8);
      expect_traced(e, 20 * meV * nm, {1e9 * meV * nm * nm, 304 / nm}, direction(theta, phi), 1e-7);
    }
}
