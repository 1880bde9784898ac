#include "analysis/thiele.hpp"

#include <cmath>
#include <utility>

#include "kubomag/constants.hpp"

namespace kubomag {
namespace {

constexpr double pi = constants::pi;

/// Every `stride`-th point of a profile; an even number of intervals, as Simpson's rule needs.
SkyrmionProfile thinned(const SkyrmionProfile& profile, std::size_t stride) {
  SkyrmionProfile p;
  const std::size_t last = (profile.rho.size() - 1) / (2 * stride) * 2 * stride;
  for (std::size_t i = 0; i <= last; i += stride) {
    p.rho.push_back(profile.rho[i]);
    p.theta.push_back(profile.theta[i]);
    p.slope.push_back(profile.slope[i]);
  }
  return p;
}

double dissipation(const SkyrmionProfile& p) {
  std::vector<double> density;
  for (std::size_t i = 0; i < p.rho.size(); ++i) {
    const double sine = std::sin(p.theta[i]);
    density.push_back(p.rho[i] * p.slope[i] * p.slope[i] + sine * sine / p.rho[i]);
  }
  return integrate(p, density);
}

}  // namespace

double preferred_helicity(double Dind, double Dbulk, int polarity) {
  return std::atan2(-polarity * Dbulk + 0.0, -polarity * Dind);
}

TorqueSamples::TorqueSamples(RigidSkyrmion skyrmion, std::size_t stride, int azimuths)
    : skyrmion_(std::move(skyrmion)), azimuths_(azimuths) {
  skyrmion_.profile = thinned(skyrmion_.profile, stride);
  for (const double theta : skyrmion_.profile.theta)
    for (int k = 0; k < azimuths; ++k) {
      const double Phi = 2 * pi * k / azimuths + skyrmion_.helicity;
      m_.push_back({std::sin(theta) * std::cos(Phi), std::sin(theta) * std::sin(Phi),
                    -skyrmion_.polarity * std::cos(theta)});
    }
}

Vec2<double> TorqueSamples::force(const std::vector<Vec3<double>>& torque) const {
  const SkyrmionProfile& p = skyrmion_.profile;
  const Vec3<double> uniform = cross(m_.back(), torque.back());  // gamma B across the background
  std::vector<double> along_x, along_y;
  for (std::size_t i = 0; i < p.rho.size(); ++i) {
    Vec2<double> sum;
    for (int k = 0; k < azimuths_; ++k) {
      const std::size_t at = i * static_cast<std::size_t>(azimuths_) + static_cast<std::size_t>(k);
      const Vec3<double> m = m_[at], T = torque[at] + cross(m, uniform);
      const double phi = 2 * pi * k / azimuths_, c = std::cos(phi), s = std::sin(phi);
      const double Phi = phi + skyrmion_.helicity;
      const double sine = std::sin(p.theta[i]), cosine = std::cos(p.theta[i]);
      const Vec3<double> outward =
          p.slope[i] *
          Vec3<double>{cosine * std::cos(Phi), cosine * std::sin(Phi), skyrmion_.polarity * sine};
      const Vec3<double> around = sine / p.rho[i] * Vec3<double>{-std::sin(Phi), std::cos(Phi), 0};
      const Vec3<double> lever = cross(T, m);  // T.(m x d) = (T x m).d
      sum.x += dot(lever, c * outward - s * around);
      sum.y += dot(lever, s * outward + c * around);
    }
    const double weight = -p.rho[i] / (2.0 * azimuths_);  // -(1/4 pi) 2 pi/azimuths rho
    along_x.push_back(weight * sum.x), along_y.push_back(weight * sum.y);
  }
  return {integrate(p, along_x), integrate(p, along_y)};
}

Vec2<double> zhang_li_force(const RigidSkyrmion& skyrmion, Vec2<double> u, double xi) {
  const double Q = skyrmion.polarity, D = 0.25 * xi * dissipation(skyrmion.profile);
  return {Q * u.y - D * u.x, -Q * u.x - D * u.y};
}

ThieleMotion thiele_motion(const RigidSkyrmion& skyrmion, Vec2<double> force, double alpha) {
  ThieleMotion motion;
  motion.Q = skyrmion.polarity;
  motion.D = 0.25 * alpha * dissipation(skyrmion.profile);
  motion.force = force;
  const double norm = motion.Q * motion.Q + motion.D * motion.D;
  motion.velocity = {-(motion.D * force.x + motion.Q * force.y) / norm,
                     (motion.Q * force.x - motion.D * force.y) / norm};
  return motion;
}

Vec3<double> ThieleTorque::operator()(Vec3<double> m, Vec2<double> E) const {
  const Vec3<double> z{0, 0, 1}, across = cross(m, z);
  const bool rashba = symmetry == TorqueSymmetry::rashba;
  const Vec3<double> p = rashba ? Vec3<double>{-E.y, E.x, 0} : Vec3<double>{E.x, -E.y, 0};
  const double part = rashba ? m.x * E.x + m.y * E.y : -dot(across, p);
  const auto value = [&](const std::function<double(double)>& f) { return f ? f(m.z) : 0; };
  return value(a) * cross(m, p) + value(b) * cross(m, cross(m, p)) +
         part * (value(c) * cross(m, across) + value(d) * across);
}

ThieleMotion thiele_motion(const RigidSkyrmion& skyrmion, const ThieleTorque& torque,
                           Vec2<double> E, double alpha) {
  const TorqueSamples samples(skyrmion, 8);  // to 1e-6
  std::vector<Vec3<double>> T;
  for (const Vec3<double>& m : samples.m()) T.push_back(torque(m, E));
  return thiele_motion(skyrmion, samples.force(T), alpha);
}

}  // namespace kubomag
