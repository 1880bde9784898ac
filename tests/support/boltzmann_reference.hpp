#pragma once
// Two bands and point impurities once more, by other means than src/khat: contours by bisection on
// rays from a centre, Re g0 by Simpson's rule along the rays with the poles subtracted, and instead
// of diagrams the linear Boltzmann equation with the rates 2 pi n |<k'|T|k>|^2,
//   v_k = 2 pi n sum_k' weight' |<k'|T|k>|^2 (psi_k - psi_k'),  sum weight psi = 0,
//   nK = n sum weight <sigma> psi,  nsigma = n sum weight v psi.
// For contours that are star-shaped about the centre. Energies and lengths of order one.
#include <Eigen/Dense>
#include <cmath>
#include <complex>
#include <functional>
#include <vector>

namespace kubomag::reference {

struct TwoBands {
  std::function<double(double, double)> h0;
  std::function<Eigen::Vector3d(double, double)> B;  // with the exchange
  double eps = 0, cutoff = 0;                        // cutoff 0: Re g0 = 0
  Eigen::Vector2d centre{0, 0};
  double reach = 0;  // contours lie within this distance of the centre
};

struct BoltzmannState {
  Eigen::Vector2cd spinor;
  Eigen::Vector3d spin;
  Eigen::Vector2d v;
  double weight = 0;
};

struct BoltzmannResponse {
  Eigen::Matrix<double, 3, 2> nK;
  Eigen::Matrix2d nsigma;
  Eigen::Vector4cd g0;
};

inline double two_band_energy(const TwoBands& b, const Eigen::Vector2d& k, int band) {
  return b.h0(k.x(), k.y()) + band * b.B(k.x(), k.y()).norm();
}

inline Eigen::Vector2d two_band_velocity(const TwoBands& b, const Eigen::Vector2d& k, int band) {
  Eigen::Vector2d v;
  for (int axis = 0; axis < 2; ++axis) {
    const double h = 1e-3 * b.reach;
    const auto E = [&](double x) {
      return two_band_energy(b, k + x * Eigen::Vector2d::Unit(axis), band);
    };
    v[axis] = (8 * (E(h) - E(-h)) - E(2 * h) + E(-2 * h)) / (12 * h);
  }
  return v;
}

/// Distances from the centre at which a band has the energy eps on one ray.
inline std::vector<double> ray_roots(const TwoBands& b, const Eigen::Vector2d& e, int band) {
  std::vector<double> out;
  const auto f = [&](double p) { return two_band_energy(b, b.centre + p * e, band) - b.eps; };
  const int steps = 400;
  for (int i = 0; i < steps; ++i) {
    double low = b.reach * i / steps, high = b.reach * (i + 1) / steps;
    if ((f(low) > 0) == (f(high) > 0)) continue;
    const bool above = f(low) > 0;
    for (int n = 0; n < 60; ++n) {
      const double mid = 0.5 * (low + high);
      ((f(mid) > 0) == above ? low : high) = mid;
    }
    out.push_back(0.5 * (low + high));
  }
  return out;
}

/// A state of spin `spin` (up to a phase).
inline Eigen::Vector2cd spinor_of(const Eigen::Vector3d& spin) {
  const std::complex<double> along(spin.x(), spin.y());
  Eigen::Vector2cd out;
  if (spin.z() > 0)
    out << 1 + spin.z(), along;
  else
    out << std::conj(along), 1 - spin.z();
  return out.normalized();
}

/// Principal value of int p dp G along one ray to the cutoff, Pauli components.
inline Eigen::Vector4d ray_green(const TwoBands& b, const Eigen::Vector2d& e,
                                 const std::vector<std::pair<double, Eigen::Vector4d>>& poles) {
  const double along = b.centre.dot(e);
  const double R = -along + std::sqrt(b.cutoff * b.cutoff - b.centre.squaredNorm() + along * along);
  const auto regular = [&](double p) -> Eigen::Vector4d {
    const Eigen::Vector2d k = b.centre + p * e;
    const double w = b.eps - b.h0(k.x(), k.y());
    const Eigen::Vector3d B = b.B(k.x(), k.y());
    Eigen::Vector4d out;
    out << w, B;
    out *= p / (w * w - B.squaredNorm());
    for (const auto& [root, residue] : poles) out -= residue / (p - root);
    return out;
  };
  Eigen::Vector4d sum = Eigen::Vector4d::Zero();
  const int steps = 4000;  // in t, p = reach sinh(t): fine at the contours, coarse far away
  const double dt = std::asinh(R / b.reach) / steps;
  for (int i = 0; i <= steps; ++i) {
    // Off the nodes where a pole falls on one by chance.
    const double t = i * dt, p = b.reach * std::sinh(t);
    const double weight = (i == 0 || i == steps ? 1 : i % 2 ? 4 : 2) / 3. * dt;
    sum += weight * b.reach * std::cosh(t) * regular(p);
  }
  for (const auto& [root, residue] : poles) sum += residue * std::log((R - root) / root);
  return sum;
}

inline BoltzmannResponse boltzmann(const TwoBands& b, double u, int rays = 128) {
  const double pi = std::acos(-1.0);
  std::vector<BoltzmannState> states;
  Eigen::Vector4d re = Eigen::Vector4d::Zero(), im = Eigen::Vector4d::Zero();
  for (int i = 0; i < rays; ++i) {
    const double phi = 2 * pi * (i + 0.5) / rays;
    const Eigen::Vector2d e(std::cos(phi), std::sin(phi));
    std::vector<std::pair<double, Eigen::Vector4d>> poles;
    for (int band : {-1, 1})
      for (double p : ray_roots(b, e, band)) {
        const Eigen::Vector2d k = b.centre + p * e, v = two_band_velocity(b, k, band);
        const Eigen::Vector3d spin = band * b.B(k.x(), k.y()).normalized();
        Eigen::Vector4d S;
        S << 1, spin;
        const double weight = p / std::abs(v.dot(e)) / rays / (2 * pi);
        states.push_back({spinor_of(spin), spin, v, weight});
        im -= pi / 2 * weight * S;
        poles.emplace_back(p, -p / (2 * v.dot(e)) * S);
      }
    if (b.cutoff > 0) re += ray_green(b, e, poles) / (2 * pi * rays);
  }
  BoltzmannResponse out;
  const std::complex<double> I(0, 1);
  out.g0 = re.cast<std::complex<double>>() + I * im.cast<std::complex<double>>();
  Eigen::Matrix2cd g;
  g << out.g0[0] + out.g0[3], out.g0[1] - I * out.g0[2], out.g0[1] + I * out.g0[2],
      out.g0[0] - out.g0[3];
  const Eigen::Matrix2cd one = Eigen::Matrix2cd::Identity();
  const Eigen::Matrix2cd T =
      b.cutoff > 0 ? Eigen::Matrix2cd((one / u - g).inverse()) : Eigen::Matrix2cd(u * one);
  const int count = int(states.size());
  Eigen::MatrixXd rates(count, count), drive(count, 2);
  for (int i = 0; i < count; ++i) {
    drive.row(i) = states[i].v;
    for (int j = 0; j < count; ++j)  // into i from j: <i|T|j>
      rates(i, j) = -2 * pi * states[j].weight *
                    std::norm((states[i].spinor.adjoint() * T * states[j].spinor).value());
  }
  // Out of k: sum over k' of |<k'|T|k>|^2.
  for (int i = 0; i < count; ++i) {
    double loss = 0;
    for (int j = 0; j < count; ++j)
      loss += 2 * pi * states[j].weight *
              std::norm((states[j].spinor.adjoint() * T * states[i].spinor).value());
    rates(i, i) += loss;
  }
  for (int j = 0; j < count; ++j) rates.col(j).array() += rates.norm() / count * states[j].weight;
  const Eigen::MatrixXd psi = rates.partialPivLu().solve(drive);
  out.nK.setZero(), out.nsigma.setZero();
  for (int i = 0; i < count; ++i) {
    out.nK += states[i].weight * states[i].spin * psi.row(i);
    out.nsigma += states[i].weight * states[i].v * psi.row(i);
  }
  return out;
}

}  // namespace kubomag::reference
