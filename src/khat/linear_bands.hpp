#pragma once
// Parabolic bands whose spin-orbit field is linear in k, in units where C = 1:
//   H = k^2 + (A k).sigma - M.sigma,   B = A k - M,   E_s = k^2 + s |B|,   s = +1, -1.
// Their stationary points follow from one equation, whatever A (Rashba, Dresselhaus, both): at one
// of spin n (n = s B/|B|) k = -A^T n/2 and -(Q + mu) n = M with Q = A A^T/2 and mu = s |B|, hence
//   sum_i M_i^2/(q_i + mu)^2 = 1   along the principal axes of Q,   E = n^T Q n/2 + mu.
// Since dE/dM_i = M_i/(q_i + mu), every stationary energy is, on the sphere of M, a function of the
// three M_i^2 with the slopes 1/2(q_i + mu), different ones along the three axes: its level sets go
// round the axis of the largest or of the smallest slope, and on the way from it they are met once.
// The minimum of E_+ (mu > 0 = q_3 < q_2 < q_1) is largest with M along z and smallest along axis
// 1; its level sets go round z above the value along axis 2, and round axis 1 below. The equation
// has one root mu > 0 (E_+ is convex), one below -q_1 (the bottom of E_-) and up to two in each gap
// between the poles (further minima, saddles, the maximum of E_-).
#include <Eigen/Core>
#include <vector>

namespace kubomag {

struct LinearBands {
  double eps = 0;                               // Fermi energy
  Eigen::Matrix2d A = Eigen::Matrix2d::Zero();  // B_x, B_y from k_x, k_y; invertible
  Eigen::Vector3d M = Eigen::Vector3d::Zero();  // Delta_sd m, not zero
  double exchange = 0;  // |Delta_sd|, the same for every m where |M| is rounded; 0: |M|
};

/// Q = A A^T/2 in its principal axes: q_1 >= q_2 > q_3 = 0, the third one is z.
struct PrincipalAxes {
  Eigen::Vector3d q;
  Eigen::Matrix3d axes;  // columns
};
PrincipalAxes principal_axes(const LinearBands& bands);

struct StationaryPoint {
  double energy = 0;
  Eigen::Vector2d k;
  int band = 1;      // +1 or -1
  int index = 1;     // +1: minimum or maximum, -1: saddle
  int root = 0;      // which of the equation's, 0 to 5: the same one for every m
  double below = 0;  // eps - energy; of the minimum of E_+ to a relative rounding error of `parts`
  double parts = 1;  // what it is the difference of

  /// Whether eps is at the energy, as closely as the response can tell: 1e-9, or 1e-6 of `parts`.
  bool at_eps() const;
};

/// All stationary points, the minimum of E_+ first, then the lowest of E_-. A component of M along
/// a principal axis below 1e-12 |M| is taken as 1e-12 |M|, which tells apart what a symmetry makes
/// degenerate and moves energies by as little. With M in the plane the minimum of E_+ may be the
/// crossing of the bands, a cone. With M close to a principal axis, where that minimum is extremal
/// on the sphere of M, `below` keeps its digits: 1e-14 and less counts as none at the axis itself.
std::vector<StationaryPoint> stationary_points(const LinearBands& bands);

/// Whether eps is at a stationary energy (StationaryPoint::at_eps).
bool at_an_edge(const LinearBands& bands);

/// Where the in-plane part of B vanishes, and C k^2 there: the energy at which the bands cross when
/// M is in the plane.
struct Crossing {
  double energy = 0;
  Eigen::Vector2d k;
};
Crossing crossing_of(const LinearBands& bands);

/// Number of contours at `eps` counted by Euler characteristics, one for each band: changes where
/// eps passes a stationary point, and nowhere else.
struct ContourCount {
  int upper = 0, lower = 0;
  bool operator==(const ContourCount&) const = default;
};
ContourCount contour_count(const std::vector<StationaryPoint>& points);
ContourCount contour_count(const LinearBands& bands);

}  // namespace kubomag
