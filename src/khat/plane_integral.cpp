#include "khat/plane_integral.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "khat/gauss.hpp"
#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"

namespace kubomag {
namespace {

using constants::pi;
using Eigen::Vector4d;

const Rule& legendre() {
  static const Rule rule = legendre_rule(10);
  return rule;
}

// The sum of F(H) over many k, in blocks, so that all but the exponentials is vectorised; far from
// eps F is 1/x.
class RegularSum {
 public:
  RegularSum(Eigen::Vector3d exchange, double eps, double W)
      : exchange_(std::move(exchange)), eps_(eps), W_(W) {}

  /// A multiple of `block` points.
  Vector4d operator()(const BandColumns& points) const {
    Vector4d out = Vector4d::Zero();
    for (std::size_t i = 0; i < points.h0.size(); i += block)
      out += of_block(&points.h0[i], &points.hx[i], &points.hy[i], &points.hz[i]);
    return out;
  }

  static constexpr std::size_t block = 16;

 private:
  using Block = Eigen::Array<double, int(block), 1>;
  Eigen::Vector3d exchange_;
  double eps_, W_;

  // F W at y = (eps - E)/W.
  static Block function(Block y) {
    constexpr double nothing = 40;  // exp(-40) beside 1
    Block part = Block::Ones();
    for (std::size_t i = 0; i < block; ++i) {
      const double y2 = y[int(i)] * y[int(i)];
      if (y2 > nothing) continue;
      part[int(i)] = -std::expm1(-y2);
      if (y2 == 0) y[int(i)] = 1;
    }
    return part / y;
  }

  Vector4d of_block(const double* h0, const double* hx, const double* hy, const double* hz) const {
    Block x, y, z, half;
    for (std::size_t i = 0; i < block; ++i) {
      x[int(i)] = hx[i] - exchange_.x();
      y[int(i)] = hy[i] - exchange_.y();
      z[int(i)] = hz[i] - exchange_.z();
      const double size =
          std::sqrt(x[int(i)] * x[int(i)] + y[int(i)] * y[int(i)] + z[int(i)] * z[int(i)]);
      half[int(i)] = std::max(size, 1e-4 * W_);  // a difference near a crossing
    }
    const Block above = (eps_ - Eigen::Map<const Block>(h0)) / W_, of_half = half / W_;
    const Block up = function(above - of_half), down = function(above + of_half);
    const Block by_B = (up - down) / half;
    return Vector4d((up + down).sum(), (by_B * x).sum(), (by_B * y).sum(), (by_B * z).sum()) *
           (0.5 / W_);
  }
};

// k = scale sinh(t) (cos phi, sin phi): the trapezoid rule in phi, doubled until it stands, within
// an adaptive rule in t.
class PlaneIntegral {
 public:
  PlaneIntegral(const Bands& bands, const BandGrid& grid, double eps, double W, double tolerance)
      : sum_(bands.exchange(), eps, W), grid_(grid), scale_(grid.scale()), tolerance_(tolerance) {}

  RealGreen up_to(double cutoff) {
    const int parts = 8;
    const double dt = std::asinh(cutoff / scale_) / parts;
    RealGreen out{Vector4d::Zero(), 0};
    for (int i = 0; i < parts; ++i) refine(i * dt, dt, panel(i * dt, dt), 0, out);
    return out;
  }

 private:
  RegularSum sum_;
  const BandGrid& grid_;
  double scale_, tolerance_;
  long points_ = 0;

  // Around the ring, d phi included.
  Vector4d ring(double t) {
    const double r = scale_ * std::sinh(t), jacobian = scale_ * std::cosh(t) * r / (4 * pi * pi);
    const auto sum = [&](int count, double first) {
      if ((points_ += count) > 60'000'000) throw InputError(edge_too_close);
      return Vector4d(sum_(*grid_.ring(r, count, first)) * (2 * pi / count * jacobian));
    };
    constexpr int fewest = RegularSum::block;
    Vector4d coarse = sum(fewest, 0);
    for (int count = fewest; count <= 1 << 16; count *= 2) {
      Vector4d fine = 0.5 * (coarse + sum(count, 0.5));
      if ((fine - coarse).norm() < tolerance_) return fine;
      coarse = fine;
    }
    return coarse;
  }

  Vector4d panel(double t, double dt) {
    Vector4d out = Vector4d::Zero();
    const Rule& gauss = legendre();
    for (int i = 0; i < gauss.nodes.size(); ++i)
      out += 0.5 * dt * gauss.weights[i] * ring(t + 0.5 * dt * (1 + gauss.nodes[i]));
    return out;
  }

  void refine(double t, double dt, const Vector4d& value, int depth, RealGreen& out) {
    const Vector4d left = panel(t, dt / 2), right = panel(t + dt / 2, dt / 2);
    const double change = (left + right - value).norm();
    if (change < tolerance_ || depth == 20) {
      out.Re_g0 += left + right;
      out.error += change;
      return;
    }
    refine(t, dt / 2, left, depth + 1, out);
    refine(t + dt / 2, dt / 2, right, depth + 1, out);
  }
};

}  // namespace

RealGreen regular_green(const Bands& bands, const BandGrid& grid, const BandModel& model, double W,
                        double tolerance) {
  return PlaneIntegral(bands, grid, model.fermi_energy, W, tolerance).up_to(model.cutoff);
}

}  // namespace kubomag
