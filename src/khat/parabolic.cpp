#include "khat/parabolic.hpp"

#include <fmt/format.h>

#include <Eigen/Eigenvalues>
#include <cmath>
#include <complex>

#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"

namespace kubomag {
namespace {

using namespace constants;
using Complex = std::complex<double>;

constexpr double electron_mass = 9.1093837015e-31;  // CODATA 2018 [kg]

// Stationary points of C x^2 +- |B| along k_x = 0, at the distance x from k = 0: on [0, |alpha|/2C]
// 2 C x = |alpha| b / sqrt(b^2 + Mz^2), b = |Mx| - side |alpha| x. One side of the equation rises
// and the other is concave, so there is one crossing and bisection finds it to the last digit.
double stationary_point(const ParabolicElectrons& e, double Mx, double Mz, double side) {
  const double alpha = std::abs(e.alpha_R);
  double low = 0, high = alpha / (2 * e.C);
  for (int i = 0; i < 200; ++i) {
    const double x = 0.5 * (low + high), b = std::abs(Mx) - side * alpha * x;
    const double size = std::hypot(b, Mz);
    const double slope = 2 * e.C * x - (size == 0 ? 0 : alpha * b / size);
    (slope < 0 ? low : high) = x;
  }
  return 0.5 * (low + high);
}

double energy_scale(const ParabolicElectrons& e) {
  return std::max(std::abs(e.fermi_energy), std::abs(e.Delta_sd));
}

void check_edges(const ParabolicElectrons& e, const BandEdges& edges) {
  const double margin = 1e-9 * energy_scale(e);
  if (e.fermi_energy < edges.lower - margin)
    throw InputError(fmt::format(
        "fermi_energy = {:g} meV is below both bands, which begin at {:.9g} meV (must be in one)",
        e.fermi_energy / e_abs * 1e3, edges.lower / e_abs * 1e3));
  for (double edge : {edges.lower, edges.upper})
    if (std::abs(e.fermi_energy - edge) <= margin)
      throw InputError(fmt::format(
          "fermi_energy is at the edge {:.9g} meV of a band, where the response jumps (must be "
          "1e-9 of it away)",
          edge / e_abs * 1e3));
}

// Everything on one ray k = k0 + p (cos phi, sin phi): w(p) = eps - C k^2, B(p), and the quartic
// D(p) = w^2 - B^2.
struct Ray {
  Eigen::Vector2d k0, direction;
  double C, alpha_R;
  double w0, w1;
  Eigen::Vector3d B0, B1;

  Ray(const ParabolicElectrons& e, double theta, const Eigen::Vector2d& centre, double phi)
      : k0(centre), direction(std::cos(phi), std::sin(phi)), C(e.C), alpha_R(e.alpha_R) {
    w0 = e.fermi_energy - C * k0.squaredNorm();
    w1 = -2 * C * k0.dot(direction);
    B0 = Eigen::Vector3d(-alpha_R * k0.y(), alpha_R * k0.x(), 0) -
         e.Delta_sd * Eigen::Vector3d(std::sin(theta), 0, std::cos(theta));
    B1 = alpha_R * Eigen::Vector3d(-direction.y(), direction.x(), 0);
  }

  template <class T>
  T w(T p) const {
    return w0 + p * (w1 - C * p);
  }

  // Coefficients of D from p^0 to p^3, divided by the one of p^4, C^2.
  Eigen::Vector4d quartic() const {
    return Eigen::Vector4d(w0 * w0 - B0.squaredNorm(), 2 * (w0 * w1 - B0.dot(B1)),
                           w1 * w1 - 2 * C * w0 - B1.squaredNorm(), -2 * C * w1) /
           (C * C);
  }

  double radius_at(double k_length) const {
    const double along = k0.dot(direction);
    return -along + std::sqrt(k_length * k_length - k0.squaredNorm() + along * along);
  }
};

// A pair of complex roots stays one and a real root stays real through Newton's steps.
Eigen::Vector4cd roots_of(const Eigen::Vector4d& c) {
  Eigen::Matrix4d companion = Eigen::Matrix4d::Zero();
  companion.diagonal(-1).setOnes();
  companion.col(3) = -c;
  Eigen::Vector4cd roots = companion.eigenvalues();
  for (Complex& r : roots)
    for (int step = 0; step < 3; ++step) {
      const Complex value = c[0] + r * (c[1] + r * (c[2] + r * (c[3] + r)));
      const Complex slope = c[1] + r * (2 * c[2] + r * (3 * c[3] + 4.0 * r));
      if (slope != 0.0) r -= value / slope;
    }
  return roots;
}

FermiState state_at(const Ray& ray, double p, double d_phi) {
  const Eigen::Vector2d k = ray.k0 + p * ray.direction;
  const Eigen::Vector3d spin = std::copysign(1.0, ray.w(p)) * (ray.B0 + p * ray.B1).normalized();
  const Eigen::Vector2d velocity =
      2 * ray.C * k + ray.alpha_R * Eigen::Vector2d(spin.y(), -spin.x());
  return {spin, velocity, p / std::abs(velocity.dot(ray.direction)) * d_phi / (4 * pi * pi), k,
          ray.w(p)};
}

// Real part of int_0^R p dp (w + B.sigma)/D by partial fractions; principal value at real roots.
Eigen::Vector4d Re_integral(const Ray& ray, const Eigen::Vector4cd& roots, double R) {
  Eigen::Vector4d sum = Eigen::Vector4d::Zero();
  for (int i = 0; i < 4; ++i) {
    const Complex r = roots[i];
    Complex slope = ray.C * ray.C;
    for (int j = 0; j < 4; ++j)
      if (j != i) slope *= r - roots[j];
    const bool real = r.imag() == 0;
    const Complex logarithm =
        real ? Complex(std::log(std::abs(R / r.real() - 1))) : std::log(R - r) - std::log(-r);
    const Complex factor = r / slope * logarithm;
    sum[0] += (factor * ray.w(r)).real();
    for (int axis = 0; axis < 3; ++axis)
      sum[axis + 1] += (factor * (ray.B0[axis] + r * ray.B1[axis])).real();
  }
  return sum;
}

// Lengths in sqrt(C/scale) and energies in scale keep the quartic's coefficients near 1.
FermiContour scaled_contour(const ParabolicElectrons& e, double theta, double ky, double cutoff,
                            int directions) {
  FermiContour out{{}, Eigen::Vector4d::Zero(), Eigen::Vector4d::Zero()};
  const double d_phi = 2 * pi / directions;
  std::size_t per_ray = 0;
  for (int n = 0; n < directions; ++n) {
    const Ray ray(e, theta, {0, ky}, (n + 0.5) * d_phi);
    const Eigen::Vector4cd roots = roots_of(ray.quartic());
    const double R = cutoff > 0 ? ray.radius_at(cutoff) : INFINITY;
    const std::size_t before = out.states.size();
    for (const Complex& r : roots) {
      if (r.imag() != 0 || r.real() <= 0) continue;
      if (!(r.real() < R)) throw InputError("cutoff is inside the Fermi contour (must be outside)");
      out.states.push_back(state_at(ray, r.real(), d_phi));
    }
    const std::size_t found = out.states.size() - before;
    if (n == 0) per_ray = found;
    if (found != per_ray || found == 0)
      throw NotStarShaped(
          "the Fermi contour is not star-shaped about the bottom of the upper band (the Fermi "
          "energy must be further from the bottom of the lower one)");
    if (cutoff > 0) out.Re_g0 += d_phi / (4 * pi * pi) * Re_integral(ray, roots, R);
  }
  out.Im_g0 = Im_g0_of(out.states);
  return out;
}

}  // namespace

double kinetic_constant(double mass_ratio) {
  if (!(mass_ratio > 0) || !std::isfinite(mass_ratio))
    throw InputError(
        fmt::format("effective_mass = {:g} (must be positive and finite)", mass_ratio));
  return hbar / electron_mass * hbar / (2 * mass_ratio);
}

void check_parabolic(const ParabolicElectrons& e) {
  if (!std::isfinite(e.fermi_energy)) throw InputError("fermi_energy is not a finite number");
  if (!(e.C > 0) || !std::isfinite(e.C))
    throw InputError(fmt::format("C = {:g} J m^2 (must be positive and finite)", e.C));
  if (e.alpha_R == 0 || !std::isfinite(e.alpha_R))
    throw InputError(
        fmt::format("alpha_R = {:g} J m (must be finite, and not 0: without it there is no torque)",
                    e.alpha_R));
  if (e.Delta_sd == 0 || !std::isfinite(e.Delta_sd))
    throw InputError(
        fmt::format("Delta_sd = {:g} J (must be finite, and not 0: without it there is no torque)",
                    e.Delta_sd));
}

BandEdges band_edges(const ParabolicElectrons& e, double theta) {
  check_parabolic(e);
  const double Mx = -e.Delta_sd * std::sin(theta), Mz = -e.Delta_sd * std::cos(theta);
  const double alpha = std::abs(e.alpha_R);
  const double up = stationary_point(e, Mx, Mz, 1), down = stationary_point(e, Mx, Mz, -1);
  BandEdges edges;
  edges.upper = e.C * up * up + std::hypot(std::abs(Mx) - alpha * up, Mz);
  edges.lower = e.C * down * down - std::hypot(std::abs(Mx) + alpha * down, Mz);
  edges.ky_upper = std::copysign(up, Mx * e.alpha_R);
  return edges;
}

BandModel parabolic_bands(const ParabolicElectrons& e, double alpha_D) {
  BandModel model;
  model.fermi_energy = e.fermi_energy;
  model.Delta_sd = e.Delta_sd;
  model.point = [=](double kx, double ky) {
    return BandPoint{e.C * (kx * kx + ky * ky),
                     {alpha_D * kx - e.alpha_R * ky, e.alpha_R * kx - alpha_D * ky, 0}};
  };
  model.gradient = [=](double kx, double ky) {
    BandGradient out{2 * e.C * Eigen::Vector2d(kx, ky), {}};
    out.h << alpha_D, -e.alpha_R, e.alpha_R, -alpha_D, 0, 0;
    return out;
  };
  const double alpha = std::abs(e.alpha_R) + std::abs(alpha_D);
  const double energy = std::abs(e.fermi_energy) + std::abs(e.Delta_sd);
  model.cutoff = (alpha + std::sqrt(alpha * alpha + 4 * e.C * energy)) / e.C;
  return model;
}

FermiContour fermi_contour(const ParabolicElectrons& e, double theta, double cutoff,
                           int directions) {
  const BandEdges edges = band_edges(e, theta);
  check_edges(e, edges);
  const double energy = energy_scale(e), length = std::sqrt(e.C / energy);
  const ParabolicElectrons scaled{e.fermi_energy / energy, 1, e.alpha_R / (energy * length),
                                  e.Delta_sd / energy};
  FermiContour out =
      scaled_contour(scaled, theta, edges.ky_upper * length, cutoff * length, directions);
  for (FermiState& s : out.states) {
    s.velocity *= energy * length;
    s.weight /= e.C;
    s.k /= length;
    s.B *= energy;
  }
  out.Re_g0 /= e.C;
  out.Im_g0 /= e.C;
  return out;
}

}  // namespace kubomag
