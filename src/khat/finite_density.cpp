#include "khat/finite_density.hpp"

#include <fmt/format.h>

#include <Eigen/Eigenvalues>
#include <Eigen/SVD>
#include <array>
#include <cmath>
#include <complex>

#include "khat/eigenvalues.hpp"
#include "kubomag/error.hpp"

namespace kubomag {
namespace {

using namespace constants;
using Complex = std::complex<double>;
using Eigen::Matrix2cd;
using Eigen::Vector4cd;
using Matrix6 = Eigen::Matrix<Complex, 6, 6>;
using Vertices = std::array<Matrix2cd, 6>;  // the Pauli matrices 0, x, y, z and v_x, v_y

// G^R = (w - Sigma_0 + (B + Sigma).sigma)/D on one ray k = k0 + p e, D a quartic in p with complex
// coefficients. G^A has the conjugate ones, and the conjugate roots.
struct ComplexRay {
  double C, alpha;
  Eigen::Vector2d k0, e;
  Complex w0;
  double w1;
  Eigen::Vector3cd B0;
  Eigen::Vector3d B1;
  Eigen::Vector4cd roots;
  double R;  // where |k| is the cutoff

  ComplexRay(const ParabolicElectrons& el, double theta, double ky, double phi,
             const Vector4cd& Sigma, double cutoff)
      : C(el.C), alpha(el.alpha_R), k0(0, ky), e(std::cos(phi), std::sin(phi)) {
    w0 = el.fermi_energy - C * ky * ky - Sigma[0];
    w1 = -2 * C * k0.dot(e);
    B0 = Eigen::Vector3d(-alpha * ky - el.Delta_sd * std::sin(theta), 0,
                         -el.Delta_sd * std::cos(theta)) +
         Sigma.tail<3>();
    B1 = alpha * Eigen::Vector3d(-e.y(), e.x(), 0);
    const double along = k0.dot(e);
    R = -along + std::sqrt(cutoff * cutoff - ky * ky + along * along);
    find_roots();
  }

  Vector4cd numerator(Complex p, bool advanced) const {
    Vector4cd out;
    out[0] = (advanced ? std::conj(w0) : w0) + p * (w1 - C * p);
    for (int i = 0; i < 3; ++i) out[i + 1] = (advanced ? std::conj(B0[i]) : B0[i]) + p * B1[i];
    return out;
  }

  // int dp/(p - r) from 0 to R; no path crosses the cut since no root is real.
  Complex logarithm(Complex r) const { return std::log(R - r) - std::log(-r); }

  void find_roots() {
    const Complex B00 = B0.cwiseProduct(B0).sum(), B01 = B0.cwiseProduct(B1).sum();
    Vector4cd c;
    c << w0 * w0 - B00, 2.0 * (w0 * w1 - B01), w1 * w1 - 2 * C * w0 - B1.squaredNorm(), -2 * C * w1;
    c /= C * C;
    Eigen::Matrix4cd companion = Eigen::Matrix4cd::Zero();
    companion.diagonal(-1).setOnes();
    companion.col(3) = -c;
    roots = companion.eigenvalues();
    for (Complex& r : roots)
      for (int step = 0; step < 3; ++step) {
        const Complex value = c[0] + r * (c[1] + r * (c[2] + r * (c[3] + r)));
        const Complex slope = c[1] + r * (2.0 * c[2] + r * (3.0 * c[3] + 4.0 * r));
        if (slope != 0.0) r -= value / slope;
      }
  }
};

Vertices vertices_at(const ComplexRay& ray, Complex p) {
  Vertices out;
  for (int a = 0; a < 4; ++a) out[a] = pauli_sum(Vector4cd::Unit(a));
  out[4] = 2 * ray.C * (ray.k0.x() + p * ray.e.x()) * out[0] + ray.alpha * out[2];
  out[5] = 2 * ray.C * (ray.k0.y() + p * ray.e.y()) * out[0] - ray.alpha * out[1];
  return out;
}

Vector4cd ray_green(const ComplexRay& ray) {
  Vector4cd sum = Vector4cd::Zero();
  for (int i = 0; i < 4; ++i) {
    const Complex r = ray.roots[i];
    Complex slope = ray.C * ray.C;
    for (int j = 0; j < 4; ++j)
      if (j != i) slope *= r - ray.roots[j];
    sum += r / slope * ray.logarithm(r) * ray.numerator(r, false);
  }
  return sum;
}

// int p dp tr[X G^R Y G^A] for all pairs of vertices, by the residues of the eight roots.
Matrix6 ray_bubbles(const ComplexRay& ray) {
  Matrix6 sum = Matrix6::Zero();
  std::array<Complex, 8> poles;
  for (int i = 0; i < 4; ++i) poles[i] = ray.roots[i], poles[i + 4] = std::conj(ray.roots[i]);
  for (int i = 0; i < 8; ++i) {
    const Complex r = poles[i];
    Complex slope = std::pow(ray.C, 4);
    for (int j = 0; j < 8; ++j)
      if (j != i) slope *= r - poles[j];
    const Complex factor = r / slope * ray.logarithm(r);
    const Matrix2cd retarded = pauli_sum(ray.numerator(r, false));
    const Matrix2cd advanced = pauli_sum(ray.numerator(r, true));
    const Vertices vertices = vertices_at(ray, r);
    for (int b = 0; b < 6; ++b) {
      const Matrix2cd inner = factor * retarded * vertices[b] * advanced;
      for (int a = 0; a < 6; ++a) sum(a, b) += (vertices[a] * inner).trace();
    }
  }
  return sum;
}

struct Sampling {
  ParabolicElectrons electrons;
  double theta, ky, cutoff;
  int directions;

  // Mean over all directions, with the measure of the plane.
  template <class Function>
  auto mean(const Vector4cd& Sigma, Function function) const {
    auto sum = function(ray(0, Sigma));
    for (int n = 1; n < directions; ++n) sum += function(ray(n, Sigma));
    return (sum / (2 * pi * directions)).eval();
  }

 private:
  ComplexRay ray(int n, const Vector4cd& Sigma) const {
    return {electrons, theta, ky, 2 * pi * (n + 0.5) / directions, Sigma, cutoff};
  }
};

Vector4cd pauli_components(const Matrix2cd& M) {
  const Complex i(0, 1);
  return {0.5 * (M(0, 0) + M(1, 1)), 0.5 * (M(0, 1) + M(1, 0)), 0.5 * i * (M(0, 1) - M(1, 0)),
          0.5 * (M(0, 0) - M(1, 1))};
}

struct Dressed {
  Vector4cd Sigma;
  Matrix2cd T;
};

Dressed dressed_by(const Impurities& impurities, double density, const Vector4cd& g) {
  const Matrix2cd T = T_matrix(impurities, g);
  if (!impurities.first_born) return {density * pauli_components(T), T};
  const Complex i(0, 1);
  return {density * impurities.u * impurities.u * i * g.imag().cast<Complex>(), T};
}

Dressed self_energy(const Sampling& sampling, const Impurities& impurities, double density,
                    SelfEnergy kind) {
  // Just off the real axis, where the clean bands have their poles.
  const Complex start(0, -1e-12 * std::abs(sampling.electrons.Delta_sd));
  Dressed out =
      dressed_by(impurities, density, sampling.mean(start * Vector4cd::Unit(0), ray_green));
  if (kind == SelfEnergy::one_shot) return out;
  for (int n = 0; n < 200; ++n) {
    const Dressed next = dressed_by(impurities, density, sampling.mean(out.Sigma, ray_green));
    const double change = (next.Sigma - out.Sigma).norm();
    out = next;
    if (change < 1e-13 * out.Sigma.norm()) return out;
  }
  throw InputError(fmt::format(
      "the self-energy does not converge for the impurity density {:g} 1/m^2 (must be smaller)",
      density));
}

FiniteDensityResponse solve(const Dressed& dressed, double density, const Matrix6& bubbles) {
  const Eigen::Matrix4d N = 0.5 * bubbles.topLeftCorner<4, 4>().real();
  const Eigen::Matrix<double, 4, 2> a = bubbles.topRightCorner<4, 2>().real();
  const Eigen::Matrix<double, 2, 4> b = bubbles.bottomLeftCorner<2, 4>().real();
  const Eigen::Matrix4d upsilon = density * scattering_in(dressed.T);
  Eigen::Matrix4d equations = Eigen::Matrix4d::Identity() - N * upsilon;
  const double defect = eigenvalues(equations).cwiseAbs().minCoeff();
  const Eigen::JacobiSVD<Eigen::Matrix4d> svd(equations, Eigen::ComputeFullU);
  const Eigen::Vector4d redundant = svd.matrixU().col(3);
  equations -= redundant * (redundant.transpose() * equations).eval();
  equations.col(0) += redundant;
  const Eigen::Matrix<double, 4, 2> right = a - redundant * (redundant.transpose() * a);
  const Eigen::Matrix<double, 4, 2> y = equations.partialPivLu().solve(right);
  const Eigen::Matrix2d V = bubbles.bottomRightCorner<2, 2>().real();
  FiniteDensityResponse out;
  out.K = y.bottomRows<3>() / (2 * pi);
  out.K_bare = a.bottomRows<3>() / (2 * pi);
  out.sigma_bare = V / (2 * pi);
  out.sigma = out.sigma_bare + b * upsilon * y / (4 * pi);
  out.Sigma = dressed.Sigma;
  out.charge_defect = defect;
  return out;
}

// In units of |Delta_sd| and sqrt(C/|Delta_sd|): K in 1/(energy length), sigma without unit.
FiniteDensityResponse scaled_response(const Sampling& sampling, const Impurities& impurities,
                                      double density, SelfEnergy kind) {
  const Dressed dressed = self_energy(sampling, impurities, density, kind);
  return solve(dressed, density, sampling.mean(dressed.Sigma, ray_bubbles));
}

}  // namespace

FiniteDensityResponse finite_density_response(const ParabolicElectrons& electrons,
                                              const Impurities& impurities, double density,
                                              double theta, SelfEnergy kind) {
  Impurities scaled = impurities;
  scaled.first_born = false;  // the cutoff is needed in first Born too
  check_impurities(scaled);
  check_impurities(impurities);
  if (!(density > 0) || !std::isfinite(density))
    throw InputError(
        fmt::format("impurity density = {:g} 1/m^2 (must be positive and finite)", density));
  if (!std::isfinite(theta)) throw InputError("theta is not a finite number");
  fermi_contour(electrons, theta, impurities.cutoff, 64);  // refuses what has none
  const double energy = std::abs(electrons.Delta_sd), length = std::sqrt(electrons.C / energy);
  const ParabolicElectrons e{electrons.fermi_energy / energy, 1,
                             electrons.alpha_R / (energy * length), electrons.Delta_sd / energy};
  scaled = {impurities.u / electrons.C, impurities.cutoff * length, impurities.first_born};
  Sampling sampling{e, theta, band_edges(e, theta).ky_upper, scaled.cutoff, 64};
  const double n = density * length * length;
  FiniteDensityResponse coarse = scaled_response(sampling, scaled, n, kind);
  for (sampling.directions = 128; sampling.directions <= 2048; sampling.directions *= 2) {
    FiniteDensityResponse fine = scaled_response(sampling, scaled, n, kind);
    fine.relative_error = (fine.K - coarse.K).norm() / fine.K.norm() +
                          (fine.sigma - coarse.sigma).norm() / fine.sigma.norm();
    if (fine.relative_error < 1e-8) {
      fine.K /= energy * length, fine.K_bare /= energy * length, fine.Sigma *= energy;
      return fine;
    }
    coarse = fine;
  }
  throw InputError(
      "the density of impurities is too small for the broadened bands (no 8 digits "
      "with 2048 directions; use the dilute limit)");
}

}  // namespace kubomag
