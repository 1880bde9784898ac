#include "khat/edge_equations.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <cmath>

namespace kubomag {
namespace {

using Eigen::Matrix2d;
using Eigen::Vector2d;
using Eigen::Vector3d;

using Matrix45 = Eigen::Matrix<double, 4, 5>;

EdgePoint null_vector(const Eigen::FullPivLU<Matrix45>& slopes) {
  return slopes.kernel().col(0).normalized();
}

constexpr double solved_to = 1e-9;  // m is exact to the square of that

}  // namespace

EdgeEquations::EdgeEquations(const BandModel& model, double length)
    : model_(model),
      bands_(model, Vector3d::UnitZ(), length),
      length_(length),
      energy_(std::max(std::abs(model.fermi_energy), std::abs(model.Delta_sd))) {}

Vector2d EdgeEquations::slope(const Vector2d& kappa, const Vector3d& n) const {
  const BandGradient g = bands_.gradient(length_ * kappa);
  return length_ / energy_ * (g.h0 + g.h.transpose() * n);
}

Matrix2d EdgeEquations::curvature(const Vector2d& kappa, const Vector3d& n) const {
  constexpr double step = 2e-3;
  Matrix2d out;
  for (const int axis : {0, 1}) {
    const Vector2d shift = step * Vector2d::Unit(axis);
    out.col(axis) = (slope(kappa + shift, n) - slope(kappa - shift, n)) / (2 * step);
  }
  return out;
}

EdgeEquations::Linear EdgeEquations::at(const EdgePoint& x) const {
  const Vector2d kappa = x.head<2>(), k = k_of(x);
  const Vector3d n = x.tail<3>();
  const BandPoint p = model_.point(k.x(), k.y());
  const BandGradient g = bands_.gradient(k);
  const double mu = model_.fermi_energy - p.h0;
  Linear out;
  out.m = (p.h - mu * n) / model_.Delta_sd;
  out.m_slopes.leftCols<2>() = length_ / model_.Delta_sd * (g.h + n * g.h0.transpose());
  out.m_slopes.rightCols<3>() = -mu / model_.Delta_sd * Eigen::Matrix3d::Identity();
  out.residual.head<2>() = length_ / energy_ * (g.h0 + g.h.transpose() * n);
  out.residual[2] = out.m.squaredNorm() - 1;
  out.residual[3] = n.squaredNorm() - 1;
  out.slopes.topLeftCorner<2, 2>() = curvature(kappa, n);
  out.slopes.topRightCorner<2, 3>() = length_ / energy_ * g.h.transpose();
  out.slopes.row(2) = 2 * out.m.transpose() * out.m_slopes;
  out.slopes.row(3).head<2>().setZero();
  out.slopes.row(3).tail<3>() = 2 * n.transpose();
  return out;
}

double EdgeEquations::excess(const EdgePoint& x) const {
  const Vector2d k = k_of(x);
  const BandPoint p = model_.point(k.x(), k.y());
  return ((p.h - (model_.fermi_energy - p.h0) * x.tail<3>()) / model_.Delta_sd).squaredNorm() - 1;
}

std::optional<EdgePoint> EdgeEquations::with_spin(const EdgePoint& start, const Vector3d& n) const {
  Vector2d kappa = start.head<2>();
  double before = HUGE_VAL;
  for (int i = 0; i < 30; ++i) {
    const Vector2d step = -curvature(kappa, n).inverse() * slope(kappa, n);
    const double size = step.norm();
    if (!(size < 1)) return {};
    kappa += step;
    if (size < solved_to && (size < 1e-13 || size > 0.1 * before)) {
      EdgePoint out;
      out.head<2>() = kappa;
      out.tail<3>() = n;
      return out;
    }
    before = size;
  }
  return {};
}

std::optional<EdgePoint> EdgeEquations::solved(const EdgePoint& start, const Plane* plane) const {
  EdgePoint x = start;
  double before = HUGE_VAL;
  for (int i = 0; i < 20; ++i) {
    const Linear here = at(x);
    EdgePoint step;
    if (plane) {
      Eigen::Matrix<double, 5, 5> slopes;
      slopes.topRows<4>() = here.slopes;
      slopes.row(4) = plane->q.transpose() * here.m_slopes;
      EdgePoint residual;
      residual.head<4>() = here.residual;
      residual[4] = plane->q.dot(here.m) - plane->c;
      step = -slopes.fullPivLu().solve(residual);
    } else {
      const Eigen::FullPivLU<Matrix45> slopes(here.slopes);
      const EdgePoint any = slopes.solve(here.residual), along = null_vector(slopes);
      step = along.dot(any) * along - any;
    }
    const double size = step.norm();
    if (!(size < 0.5)) return {};
    x += step;
    if (size < solved_to && (size < 1e-13 || size > 0.1 * before)) return x;
    before = size;
  }
  return {};
}

EdgePoint EdgeEquations::tangent(const EdgePoint& x) const {
  return null_vector(Eigen::FullPivLU<Matrix45>(at(x).slopes));
}

}  // namespace kubomag
