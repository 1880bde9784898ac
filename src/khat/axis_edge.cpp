#include "khat/axis_edge.hpp"

#include <Eigen/LU>
#include <cmath>

#include "khat/band_contour.hpp"

namespace kubomag {

double AxisEdge::depth(const Eigen::Vector3d& m) const {
  const Eigen::Vector3d d = m - axis;  // d.a = -d^2/2
  const double d2 = d.squaredNorm(), at_axis = std::abs(B);
  const double at_m = std::sqrt(B * B + Delta_sd * (B + Delta_sd) * d2);
  const double growth = Delta_sd * (B + Delta_sd) * d2 / (at_axis + at_m);
  const Eigen::Vector3d turn = -band / at_m * (Delta_sd * d + std::copysign(growth, B) * axis);
  const Eigen::Vector2d g = slope.transpose() * turn;
  return -side * (band * growth - 0.5 * g.dot(curvature.inverse() * g));
}

std::vector<AxisEdge> axis_edges(const BandModel& model, const BandGrid& grid,
                                 const std::vector<Eigen::Vector3d>& axes) {
  constexpr double aligned = 1e-6;  // of B: another edge crosses the Fermi energy on a curve
  std::vector<AxisEdge> out;
  for (const Eigen::Vector3d& any : axes)
    for (const Eigen::Vector3d& axis : {any, Eigen::Vector3d(-any)}) {
      const BandContours contours(model, grid, axis);
      for (const BandContours::Edge& edge : contours.edges_at(model.fermi_energy)) {
        const Eigen::Vector3d B = contours.bands().at(edge.k).h;
        const double along = B.dot(axis);
        if (!((B - along * axis).norm() < aligned * std::abs(along))) continue;
        out.push_back({axis, edge.band, edge.side, edge.k, along, model.Delta_sd,
                       contours.bands().gradient(edge.k).h, contours.curvature(edge)});
      }
    }
  return out;
}

}  // namespace kubomag
