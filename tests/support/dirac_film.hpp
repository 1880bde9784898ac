#pragma once
// Films on a Dirac surface for tests, and the surface's formulas written out by hand in SI from
// docs/physics.md: nothing here shares code with src/khat or kernels/surface_dirac.hpp.
#include <Eigen/Dense>
#include <cmath>
#include <utility>

#include "khat/surface.hpp"
#include "support/films.hpp"

namespace kubomag::test {

/// One set of electrons under a film, and what follows at the local mz.
struct HandMadeSurface {
  double eps, v, Delta, disorder;  // [J], [m/s], [J], [1]
  double Ms, thickness;            // [A/m], [m]
  double gamma = constants::GammaLL;

  double moment() const { return Ms * thickness; }
  double spread(double mz) const { return eps * eps + 3 * Delta * Delta * mz * mz; }

  /// [e^2/h]
  double sigma_0(double mz) const {
    return (eps * eps - Delta * Delta * mz * mz) / (constants::pi * disorder * spread(mz));
  }
  double sigma_H(double mz) const {
    return 8 * eps * std::pow(Delta * mz, 3) / (spread(mz) * spread(mz));
  }
  double D(double mz) const { return constants::hbar * v * v * sigma_0(mz) / eps; }  // [m^2/s]
  double B_diff_per_psi() const {
    const double k = Delta / (constants::hbar * v);
    return constants::e_abs * k * k / (2 * constants::pi * moment());
  }
  double c0() const { return constants::hbar * gamma * B_diff_per_psi() / constants::e_abs; }

  /// J = (e^2/h) (sigma_0 E' + sigma_H E' x z) [A/m]
  Vec3<double> J(double mz, double Ex, double Ey) const {
    const double s = sigma_0(mz), h = sigma_H(mz);
    return constants::e2_over_h * Vec3<double>{s * Ex + h * Ey, s * Ey - h * Ex, 0};
  }
  /// -(Delta / (Ms t |e| v)) z x J [T]
  Vec3<double> B_FL(const Vec3<double>& J) const {
    return (-Delta / (moment() * constants::e_abs * v)) * cross(Vec3<double>{0, 0, 1}, J);
  }
  Vec3<double> B_diff(double mz, double psi) const { return {0, 0, -B_diff_per_psi() * psi * mz}; }
};

inline DiracMaps maps_of(const HandMadeSurface& s) {
  return {s.eps, s.v, s.Delta, s.disorder, s.Ms};
}

/// A film of the surface's Ms and thickness, m along z, neither damping nor demag nor drive.
inline Problem film_on(const HandMadeSurface& s, Grid grid, const SurfaceParts& parts = {}) {
  Problem p = plain_film(grid.nx, grid.ny);
  grid.dz = s.thickness;
  p.grid = grid;
  p.GammaLL = s.gamma;
  p.material.set("Msat", s.Ms);
  p.surface = dirac_surface(maps_of(s), s.thickness, s.gamma, parts);
  return p;
}

/// A surface without torques whose damping coefficients are A0 and, where mz has the given value,
/// A1: b is so small that sigma_0 is constant and sigma_H = b hall_1 mz.
inline DiracSurface given_damping(const ScalarMap& A0, const ScalarMap& A1, const ScalarMap& mz) {
  constexpr double b = 1e-9;
  DiracSurface surface;
  surface.b = b, surface.c0 = 1, surface.sigma_s = A0;
  surface.hall_1 = ScalarMap::combine([](double A, double z) { return A / (b * z); }, A1, mz);
  return surface;
}

/// Solves dm = a + m x (alpha dm + A0 dm_par + A1 dm_par x z) for dm as a 3 x 3 linear system.
inline Vec3<double> implicit_gilbert(Vec3<double> m, Vec3<double> a, double alpha, double A0,
                                     double A1) {
  Eigen::Matrix3d m_cross, damping;
  m_cross << 0, -m.z, m.y, m.z, 0, -m.x, -m.y, m.x, 0;
  damping << alpha + A0, A1, 0, -A1, alpha + A0, 0, 0, 0, alpha;
  const Eigen::Matrix3d system = Eigen::Matrix3d::Identity() - m_cross * damping;
  const Eigen::Vector3d dm = system.fullPivLu().solve(Eigen::Vector3d(a.x, a.y, a.z));
  return {dm.x(), dm.y(), dm.z()};
}

/// Every cell the same.
inline std::vector<double> uniform(const Grid& grid, Vec3<double> m) {
  return texture(grid, [m](double, double) { return m; });
}

/// A uniform direction with this mz and in-plane components that are all different.
inline Vec3<double> tilted(double mz) {
  const double in_plane = std::sqrt(1 - mz * mz);
  return {0.8 * in_plane, -0.6 * in_plane, mz};
}

inline FieldSource constant_field(Vec3<double> B) { return {"", B, {}, Signal::constant()}; }

}  // namespace kubomag::test
