#include "analysis/thiele.hpp"

#include <cmath>

#include "kubomag/constants.hpp"

namespace kubomag {
namespace {

double value(const std::function<double(double)>& f, double mz) { return f ? f(mz) : 0; }

Vec2<double> turned(Vec2<double> v) { return {-v.y, v.x}; }  // z x v

/// A = (1/4) int (rho a' + c sin^2) sin d rho and B = (1/4) int [(b/2) sin 2theta + (b + d sin^2)
/// rho theta'] d rho, with theta the angle of m from +z. The derivative of a is integrated by
/// parts; its value far away, which exerts no force, is left out before.
struct Integrals {
  double A = 0, B = 0, dissipation = 0;
};

Integrals integrals(const RigidSkyrmion& skyrmion, const ThieleTorque& torque) {
  const SkyrmionProfile& p = skyrmion.profile;
  const double side = -skyrmion.polarity;  // mz far away
  const double a_far = value(torque.a, side);
  std::vector<double> A, B, dissipation;
  for (std::size_t i = 0; i < p.rho.size(); ++i) {
    const double rho = p.rho[i], sine = std::sin(p.theta[i]);
    const double mz = side * std::cos(p.theta[i]);  // theta from the background becomes pi - theta
    const double slope = side * p.slope[i], square = sine * sine;
    const double a = value(torque.a, mz) - a_far, b = value(torque.b, mz);
    A.push_back(-a * (sine + rho * mz * slope) + value(torque.c, mz) * square * sine);
    B.push_back(b * sine * mz + (b + value(torque.d, mz) * square) * rho * slope);
    dissipation.push_back(rho * slope * slope + square / rho);
  }
  return {0.25 * integrate(p, A), 0.25 * integrate(p, B), integrate(p, dissipation)};
}

}  // namespace

ThieleMotion thiele_motion(const RigidSkyrmion& skyrmion, const ThieleTorque& torque,
                           Vec2<double> E, double alpha) {
  const Integrals sums = integrals(skyrmion, torque);
  const bool dresselhaus = torque.symmetry == TorqueSymmetry::dresselhaus;
  if (dresselhaus) E.y = -E.y;
  const double c = std::cos(skyrmion.helicity), s = std::sin(skyrmion.helicity);
  const Vec2<double> along{c * E.x + s * E.y, c * E.y - s * E.x};  // E cos + (E x z) sin
  const Vec2<double> across = turned(along);
  ThieleMotion motion;
  motion.Q = skyrmion.polarity;
  motion.D = 0.25 * alpha * sums.dissipation;
  motion.force = dresselhaus ? Vec2<double>{sums.A * along.x - sums.B * across.x,
                                            sums.A * along.y - sums.B * across.y}
                             : Vec2<double>{sums.A * across.x + sums.B * along.x,
                                            sums.A * across.y + sums.B * along.y};
  const Vec2<double> F = motion.force;
  const double norm = motion.Q * motion.Q + motion.D * motion.D;
  motion.velocity = {-(motion.D * F.x + motion.Q * F.y) / norm,
                     (motion.Q * F.x - motion.D * F.y) / norm};
  return motion;
}

double interfacial_helicity(double D, int polarity) {
  return (D > 0) == (polarity < 0) ? 0 : constants::pi;
}

}  // namespace kubomag
