#include "khat/parabolic.hpp"

#include <fmt/format.h>

#include <cmath>

#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"

namespace kubomag {
namespace {

using namespace constants;

constexpr double electron_mass = 9.1093837015e-31;  // CODATA 2018 [kg]

Eigen::Vector3d local_direction(double theta) { return {std::sin(theta), 0, std::cos(theta)}; }

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
  const ScaledBands scaled = scaled_bands(e, 0, local_direction(theta));
  const std::vector<StationaryPoint> points = stationary_points(scaled.bands);
  return {points[1].energy * scaled.energy, points[0].energy * scaled.energy,
          points[0].k.y() / scaled.length};
}

BandModel parabolic_bands(const ParabolicElectrons& e, double alpha_D) {
  BandModel model;
  model.fermi_energy = e.fermi_energy;
  model.Delta_sd = e.Delta_sd;
  model.point = [=](double kx, double ky) {
    return BandPoint{e.C * (kx * kx + ky * ky),
                     {alpha_D * kx - e.alpha_R * ky, e.alpha_R * kx - alpha_D * ky, 0}};
  };
  model.gradient = [=, point = model.point](double kx, double ky) {
    BandGradient out{2 * e.C * Eigen::Vector2d(kx, ky), {}, point(kx, ky)};
    out.h << alpha_D, -e.alpha_R, e.alpha_R, -alpha_D, 0, 0;
    return out;
  };
  const double alpha = std::abs(e.alpha_R) + std::abs(alpha_D);
  const double energy = std::abs(e.fermi_energy) + std::abs(e.Delta_sd);
  model.cutoff = (alpha + std::sqrt(alpha * alpha + 4 * e.C * energy)) / e.C;
  return model;
}

ScaledBands scaled_bands(const ParabolicElectrons& e, double alpha_D, const Eigen::Vector3d& m) {
  ScaledBands out;
  out.energy = std::max(std::abs(e.fermi_energy), std::abs(e.Delta_sd));
  out.length = std::sqrt(e.C / out.energy);
  out.bands.eps = e.fermi_energy / out.energy;
  out.bands.A << alpha_D, -e.alpha_R, e.alpha_R, -alpha_D;
  out.bands.A /= out.energy * out.length;
  out.bands.M = e.Delta_sd / out.energy * m;
  out.bands.exchange = std::abs(e.Delta_sd) / out.energy;
  return out;
}

FermiContour ScaledBands::in_si(FermiContour contour) const {
  const double C = energy * length * length;
  for (FermiState& s : contour.states) {
    s.velocity *= energy * length;
    s.weight /= C;
    s.k /= length;
    s.B *= energy;
  }
  contour.Re_g0 /= C;
  contour.Im_g0 /= C;
  return contour;
}

void check_edges(const ScaledBands& scaled, const std::vector<StationaryPoint>& points) {
  const auto in_meV = [&](double energy) { return energy * scaled.energy / e_abs * 1e3; };
  const double eps = scaled.bands.eps, bottom = points[1].energy;
  if (eps < bottom - 1e-9)
    throw InputError(fmt::format(
        "fermi_energy = {:g} meV is below both bands, which begin at {:.9g} meV (must be in one)",
        in_meV(eps), in_meV(bottom)));
  for (const StationaryPoint& p : points)
    if (p.at_eps())
      throw InputError(
          fmt::format("fermi_energy is at the edge {:.9g} meV of a band, where the response jumps "
                      "(must be 1e-9 of it away)",
                      in_meV(p.energy)));
}

FermiContour fermi_contour(const ParabolicElectrons& e, double theta, double cutoff,
                           int directions) {
  check_parabolic(e);
  const ScaledBands scaled = scaled_bands(e, 0, local_direction(theta));
  const std::vector<StationaryPoint> points = stationary_points(scaled.bands);
  check_edges(scaled, points);
  TrapezoidContour contour(QuarticContour(scaled.bands, points[0], cutoff * scaled.length));
  FermiContour out = contour.refined();
  while (contour.rays() < directions) out = contour.refined();
  return scaled.in_si(std::move(out));
}

}  // namespace kubomag
