#include "khat/linear_bands.hpp"

#include <Eigen/Eigenvalues>
#include <Eigen/LU>
#include <algorithm>
#include <cmath>

namespace kubomag {
namespace {

using Eigen::Vector2d;
using Eigen::Vector3d;

// The equation of the header in mu = base + x; base is one of the poles, so that q_i + mu keeps its
// digits next to it.
struct Secular {
  Vector3d d, M2;  // q_i + base, M_i^2

  double sum(double x, int power) const {
    double out = 0;
    for (int i = 0; i < 3; ++i) {
      const double y = d[i] + x;
      out += M2[i] / (power == 2 ? y * y : y * y * y);
    }
    return out;
  }
};

// Where g, rising or falling, changes its sign between 0 < low < high (or low < high < 0): halving
// the logarithm first, then the interval.
template <class F>
double sign_change(const F& g, double low, double high) {
  const bool above = g(low) > 0;
  for (int i = 0; i < 200; ++i) {
    const bool wide = low * high > 0 && (high / low > 2 || low / high > 2);
    const double mid = wide ? std::copysign(std::sqrt(low * high), low) : low + 0.5 * (high - low);
    if (mid == low || mid == high) return mid;
    ((g(mid) > 0) == above ? low : high) = mid;
  }
  return 0.5 * (low + high);
}

class StationarySolver {
 public:
  explicit StationarySolver(const LinearBands& bands) : bands_(bands) {
    const PrincipalAxes principal = principal_axes(bands);
    q_ = principal.q;
    axes_ = principal.axes;
    M_ = axes_.transpose() * bands.M;
    least_ = 1e-12 * M_.norm();
    for (double& component : M_)
      if (std::abs(component) < least_) component = std::copysign(least_, component);
  }

  std::vector<StationaryPoint> all() {
    const double far = 2 * (M_.norm() + q_[0]);
    outer_root(2, far, 0);   // mu > 0
    outer_root(0, -far, 1);  // mu < -q_1
    inner_roots(0, 1);
    inner_roots(1, 2);
    return std::move(points_);
  }

 private:
  const LinearBands& bands_;
  Vector3d q_, M_;
  Eigen::Matrix3d axes_;
  double least_ = 0;
  std::vector<StationaryPoint> points_;

  // With y = q_i + mu of the principal axis i closest to M, M_i^2 = D^2 - sum_j M_j^2 makes of the
  // equation  D^2 - y^2 = sum_j M_j^2 (1 - (y/(q_j + mu))^2)  and of the energy D - q_i/2 less a
  // sum of terms M_j^2 that vanish at the axis one by one.
  void measure_from_axis(double mu, StationaryPoint& p) const {
    int i = 0;
    M_.cwiseAbs().maxCoeff(&i);
    const double D = bands_.exchange > 0 ? bands_.exchange : bands_.M.norm();
    const double y = q_[i] + mu;
    double drop = 0;
    bool on_axis = true;
    for (int j = 0; j < 3; ++j) {
      drop += (q_[j] - q_[i]) * std::pow(M_[j] / (q_[j] + mu), 2) *
              ((q_[j] + q_[i] + 2 * mu) / (D + y) - 0.5);
      on_axis = on_axis && (j == i || std::abs(M_[j]) <= least_);
    }
    if (on_axis) drop = 0;
    double from_axis = bands_.eps - (D - 0.5 * q_[i]);
    if (std::abs(from_axis) <= 1e-14) from_axis = 0;  // a unit was converted
    p.below = from_axis + drop;
    p.parts = std::abs(from_axis) + std::abs(drop);
  }

  Secular around(int pole) const { return {q_.array() - q_[pole], M_.cwiseAbs2()}; }

  void add(int pole, double x, int index, int root) {
    const Secular s = around(pole);
    Vector3d n;
    for (int i = 0; i < 3; ++i) n[i] = -M_[i] / (s.d[i] + x);
    n.normalize();
    const double mu = x - q_[pole];
    const Vector2d k = -0.5 * bands_.A.transpose() * (axes_ * n).head<2>();
    const double energy = 0.5 * n.dot(q_.cwiseProduct(n)) + mu;
    points_.push_back({energy, k, mu > 0 ? 1 : -1, index, root, bands_.eps - energy});
    if (mu > 0) measure_from_axis(mu, points_.back());
  }

  void outer_root(int pole, double far, int root) {
    const Secular s = around(pole);
    const double near = 0.5 * std::copysign(std::abs(M_[pole]), far);  // there the sum is above 1
    add(pole,
        sign_change([&](double x) { return s.sum(x, 2) - 1; }, std::min(near, far),
                    std::max(near, far)),
        1, root);
  }

  // Between the poles -q_i < mu < -q_j the sum has one minimum. Of the two roots beside the pole
  // -q_1 both are minima (one along either sense of the axis), beside -q_2 saddles, and next to 0
  // is the maximum.
  void inner_roots(int i, int j) {
    const double width = q_[i] - q_[j];
    if (width < 1e-12 * q_[0]) return;
    const Secular left = around(i), right = around(j);
    const double near_left = 0.5 * std::abs(M_[i]), near_right = -0.5 * std::abs(M_[j]);
    if (near_left >= width || -near_right >= width) return;
    const double lowest =
        sign_change([&](double x) { return left.sum(x, 3); }, 1e-14 * width, width * (1 - 1e-14));
    if (left.sum(lowest, 2) >= 1) return;
    const auto from_left = [&](double x) { return left.sum(x, 2) - 1; };
    const auto from_right = [&](double x) { return right.sum(x, 2) - 1; };
    add(i, sign_change(from_left, std::min(near_left, lowest), lowest), i == 0 ? 1 : -1, 2 + 2 * i);
    const double top = std::max(near_right, lowest - width);
    add(j, sign_change(from_right, lowest - width, top), j == 2 ? 1 : -1, 3 + 2 * i);
  }
};

}  // namespace

PrincipalAxes principal_axes(const LinearBands& bands) {
  Eigen::SelfAdjointEigenSolver<Eigen::Matrix2d> plane(0.5 * bands.A * bands.A.transpose());
  PrincipalAxes out{{plane.eigenvalues()[1], plane.eigenvalues()[0], 0}, Eigen::Matrix3d::Zero()};
  out.axes.col(0).head<2>() = plane.eigenvectors().col(1);
  out.axes.col(1).head<2>() = plane.eigenvectors().col(0);
  out.axes(2, 2) = 1;
  return out;
}

std::vector<StationaryPoint> stationary_points(const LinearBands& bands) {
  return StationarySolver(bands).all();
}

Crossing crossing_of(const LinearBands& bands) {
  const Vector2d k = bands.A.inverse() * bands.M.head<2>();
  return {k.squaredNorm(), k};
}

bool StationaryPoint::at_eps() const { return std::abs(below) <= std::min(1e-9, 1e-6 * parts); }

bool at_an_edge(const LinearBands& bands) {
  const std::vector<StationaryPoint> points = stationary_points(bands);
  return std::any_of(points.begin(), points.end(),
                     [](const StationaryPoint& p) { return p.at_eps(); });
}

ContourCount contour_count(const std::vector<StationaryPoint>& points) {
  ContourCount count;
  for (const StationaryPoint& p : points)
    if (p.below > 0) (p.band > 0 ? count.upper : count.lower) += p.index;
  return count;
}

ContourCount contour_count(const LinearBands& bands) {
  return contour_count(stationary_points(bands));
}

}  // namespace kubomag
