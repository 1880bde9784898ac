// Curves of m on which a band edge is at the Fermi energy, against the closed equation of bands
// linear in spin-orbit coupling and against contours counted at both sides.
#include <gtest/gtest.h>

#include <Eigen/Geometry>
#include <random>

#include "khat/band_contour.hpp"
#include "khat/edge_curves.hpp"
#include "khat/electron_models.hpp"
#include "khat/parabolic.hpp"
#include "kubomag/constants.hpp"

namespace kubomag {
namespace {

constexpr double meV = 1e-3 * constants::e_abs, nm = 1e-9;

struct Gas {
  ParabolicElectrons electrons;
  double alpha_D;
};

Gas gas(double fermi_energy, double alpha_R, double alpha_D) {
  return {{fermi_energy * meV, 38.0998212 / 0.8 * meV * nm * nm, alpha_R * meV * nm, 5 * meV},
          alpha_D * meV * nm};
}

/// Bands known as functions only: gradients by differences.
BandModel bands_of(const Gas& g) {
  BandModel bands = parabolic_bands(g.electrons, g.alpha_D);
  bands.gradient = {};
  return bands;
}

double closest_edge(const Gas& g, const Eigen::Vector3d& m) {
  double out = HUGE_VAL;
  for (const StationaryPoint& p : stationary_points(scaled_bands(g.electrons, g.alpha_D, m).bands))
    out = std::min(out, std::abs(p.below));
  return out;
}

// Between weak and strong coupling, and where curves go round one axis, another one or none.
const Gas gases[] = {gas(4.5, 17, 0.3), gas(3.5, 17, 2), gas(3.7, 17, 2), gas(0.8, 40, 20)};

TEST(KhatEdgeCurves, LieWhereAnEdgeOfLinearBandsIsAtTheFermiEnergy) {
  for (const Gas& g : gases) {
    const BandModel bands = bands_of(g);
    const std::vector<JumpCurve> curves = edge_curves(bands, BandGrid(bands));
    ASSERT_FALSE(curves.empty());
    for (const JumpCurve& curve : curves) {
      const std::size_t n = curve.vertices.size();
      for (std::size_t i = 0; i < n; ++i) {
        EXPECT_LT(closest_edge(g, curve.vertices[i]), 1e-12);
        if (i % 20 != 0) continue;
        const Eigen::Vector3d next = curve.vertices[(i + 1) % n], q = next - curve.vertices[i];
        const double c = 0.3 * q.dot(curve.vertices[i]) + 0.7 * q.dot(next);
        const std::optional<Eigen::Vector3d> m = curve.on_plane(i, 0, 1, q, c);
        ASSERT_TRUE(m.has_value()) << curve.vertices[i].transpose();
        EXPECT_NEAR(q.dot(*m), c, 1e-14);
        EXPECT_LT(closest_edge(g, *m), 1e-12);
      }
    }
  }
}

/// How often the curves cross an arc, by their vertices.
int crossings(const std::vector<JumpCurve>& curves, const Arc& arc) {
  const Eigen::Vector3d normal = arc.pole.cross(arc.side);
  int out = 0;
  for (const JumpCurve& curve : curves)
    for (std::size_t i = 0; i < curve.vertices.size(); ++i) {
      const Eigen::Vector3d &a = curve.vertices[i],
                            b = curve.vertices[(i + 1) % curve.vertices.size()];
      const double p = normal.dot(a), q = normal.dot(b);
      if ((p > 0) != (q > 0) && arc.side.dot(q * a - p * b) * (q - p) > 0) ++out;
    }
  return out;
}

std::vector<Arc> random_arcs(int count) {
  std::mt19937_64 random(5);
  std::normal_distribution<double> normal;
  std::vector<Arc> out;
  while (int(out.size()) < count) {
    const Eigen::Vector3d pole =
        Eigen::Vector3d(normal(random), normal(random), normal(random)).normalized();
    out.push_back({pole, pole.cross(Eigen::Vector3d(normal(random), 1, 0)).normalized()});
  }
  return out;
}

// On arcs in all directions: as many jumps as changes of the number of contours, in the same
// places.
TEST(KhatEdgeCurves, MeetAllJumpsOfLinearBands) {
  for (const Gas& g : gases) {
    const BandModel bands = bands_of(g);
    const std::vector<JumpCurve> curves = edge_curves(bands, BandGrid(bands));
    const auto model =
        make_rashba_dresselhaus({g.electrons, g.alpha_D, {10 * meV * nm * nm, 0, true}, 5e14});
    for (const Arc& arc : random_arcs(40)) {
      const std::vector<double> jumps = model->jumps(arc);
      for (const double jump : jumps) EXPECT_TRUE(lies_on_one(arc.at(jump), curves));
      EXPECT_GE(crossings(curves, arc), int(jumps.size()));
      EXPECT_EQ((crossings(curves, arc) - int(jumps.size())) % 2, 0);
    }
  }
}

/// No linear bands: a mass that depends on the direction and on k, and cubic coupling.
BandModel bent_bands(double fermi_energy) {
  BandModel bands;
  bands.fermi_energy = fermi_energy * meV, bands.Delta_sd = 5 * meV, bands.cutoff = 3 / nm;
  bands.point = [](double kx, double ky) {
    const double x = kx * nm, y = ky * nm, k2 = x * x + y * y;
    return BandPoint{meV * (47 * k2 + 6 * x * x + 20 * k2 * k2),
                     {meV * (2 * x - 17 * y), meV * (17 * x - 2 * y + 9 * x * (x * x - 3 * y * y)),
                      meV * 6 * (x * x * x - 3 * x * y * y)}};
  };
  return bands;
}

/// Of contours in both bands, at the Fermi energy.
int contours_at(const BandModel& bands, const BandGrid& grid, const Eigen::Vector3d& m) {
  const BandContours contours(bands, grid, m);
  int out = 0;
  for (const BandLoop& loop : contours.loops(bands.fermi_energy))
    out += BandContours::one_region(loop.band());
  return out;
}

// Contours appear, vanish, join or part between 1e-6 rad on one side of a curve and on the other.
TEST(KhatEdgeCurves, ContoursChangeBesideThemInAnyBands) {
  for (const double eps : {3.7, 4.0, 4.3}) {
    const BandModel bands = bent_bands(eps);
    const BandGrid grid(bands);
    const std::vector<JumpCurve> curves = edge_curves(bands, grid);
    ASSERT_FALSE(curves.empty()) << eps;
    for (const JumpCurve& curve : curves)
      for (std::size_t i = 0; i < curve.vertices.size(); i += 40) {
        const Eigen::Vector3d& m = curve.vertices[i];
        const Eigen::Vector3d along = curve.vertices[(i + 1) % curve.vertices.size()] - m;
        const Eigen::Vector3d aside = 1e-6 * m.cross(along).normalized();
        EXPECT_NE(contours_at(bands, grid, (m + aside).normalized()),
                  contours_at(bands, grid, (m - aside).normalized()))
            << eps << " " << m.transpose();
      }
  }
}

}  // namespace
}  // namespace kubomag
