#pragma once
// Band edges at the Fermi energy, for every m at once. At a stationary point of a band, with the
// spin n there and mu = eps - h0 = s |B|,
//   dh0/dk + (dh/dk)^T n = 0,   n^2 = 1,   h - mu n = Delta_sd m,
// so that |h - mu n| = |Delta_sd| is all that is left of m: four equations for k and n, smooth also
// where the bands cross (mu = 0), whose solutions are curves. To first order m does not depend on
// errors of k and n there: the band is flat.
#include <Eigen/Core>
#include <optional>

#include "khat/band_model.hpp"

namespace kubomag {

/// k over the length of the equations, and the spin.
using EdgePoint = Eigen::Matrix<double, 5, 1>;

class EdgeEquations {
 public:
  /// `length` [1/m]: of the order of the Fermi contours. Keeps a reference to the model.
  EdgeEquations(const BandModel& model, double length);

  struct Linear {
    Eigen::Vector4d residual;
    Eigen::Matrix<double, 4, 5> slopes;
    Eigen::Vector3d m;  // (h - mu n)/Delta_sd
    Eigen::Matrix<double, 3, 5> m_slopes;
  };
  Linear at(const EdgePoint& x) const;

  /// (|h - mu n|/Delta_sd)^2 - 1.
  double excess(const EdgePoint& x) const;
  /// With the spin n, and k where h0 + h.n is stationary nearby; nothing where Newton's method
  /// finds none.
  std::optional<EdgePoint> with_spin(const EdgePoint& start, const Eigen::Vector3d& n) const;
  /// The closest solution, to rounding; with a condition more, q.m = c, if `plane` is given.
  struct Plane {
    Eigen::Vector3d q;
    double c;
  };
  std::optional<EdgePoint> solved(const EdgePoint& start, const Plane* plane = nullptr) const;
  /// Unit vector along the solutions.
  EdgePoint tangent(const EdgePoint& x) const;

  double length() const { return length_; }

 private:
  const BandModel& model_;
  Bands bands_;
  double length_, energy_;

  Eigen::Vector2d k_of(const EdgePoint& x) const { return length_ * x.head<2>(); }
  Eigen::Vector2d slope(const Eigen::Vector2d& kappa, const Eigen::Vector3d& n) const;
  Eigen::Matrix2d curvature(const Eigen::Vector2d& kappa, const Eigen::Vector3d& n) const;
};

}  // namespace kubomag
