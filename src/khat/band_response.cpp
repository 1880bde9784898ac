#include "khat/band_response.hpp"

#include <fmt/format.h>

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <complex>

#include "khat/jumps.hpp"
#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"

namespace kubomag {
namespace {

Eigen::Vector4cd complex_g0(const FermiContour& contour) {
  return contour.Re_g0.cast<std::complex<double>>() +
         std::complex<double>(0, 1) * contour.Im_g0.cast<std::complex<double>>();
}

// Relative change; where spin-orbit coupling is too weak for a spin density, that of the current.
double change_of(const ScatteringResponse& fine, const ScatteringResponse& coarse, double speed) {
  const double least = 1e-6 * fine.nsigma.norm() / speed;
  return (fine.nK - coarse.nK).norm() / std::max(fine.nK.norm(), least) +
         (fine.nsigma - coarse.nsigma).norm() / fine.nsigma.norm();
}

constexpr double rounding = 1e-12;

// Of the error after a change: each doubling of the nodes squares that of the trapezoid rule,
// beside corners of a contour only late.
double what_is_left(double change) { return std::pow(change, 1.25); }

double fastest(const std::vector<FermiState>& states) {
  double out = 0;
  for (const FermiState& s : states) out = std::max(out, s.velocity.norm());
  return out;
}

}  // namespace

BandResponse band_response(const BandModel& model, const BandGrid& grid,
                           const Impurities& impurities, const Eigen::Vector3d& m) {
  Impurities used = impurities;
  used.cutoff = model.cutoff;
  check_impurities(used);
  const BandContours contours(model, grid, m);
  const std::vector<BandLoop> loops = contours.loops(model.fermi_energy);
  const std::vector<FermiState> shallow = contours.shallow_pockets();
  if (loops.empty() && shallow.empty())
    throw InputError(fmt::format(
        "fermi_energy = {:g} meV has no Fermi contour inside the cutoff (must be in a band)",
        model.fermi_energy / constants::e_abs * 1e3));
  const RealGreen green =
      used.first_born ? RealGreen{Eigen::Vector4d::Zero(), 0} : real_green(model, contours, loops);
  std::vector<LoopSamples> samples;
  samples.reserve(loops.size());
  for (const BandLoop& loop : loops) samples.emplace_back(contours.bands(), loop, loop.energy());
  const auto sampled = [&] {
    FermiContour out{shallow, green.Re_g0, {}};
    for (const LoopSamples& of_loop : samples) of_loop.append_to(out.states);
    out.Im_g0 = Im_g0_of(out.states);
    return out;
  };
  ScatteringResponse coarse = scattering_response(sampled(), used);
  for (int count = 64; count <= 16384; count *= 2) {
    for (LoopSamples& of_loop : samples) of_loop.refine();
    const FermiContour contour = sampled();
    const ScatteringResponse fine = scattering_response(contour, used);
    const double change = change_of(fine, coarse, fastest(contour.states));
    const Eigen::Vector4cd g0 = complex_g0(contour);
    if (are_enough(samples) && what_is_left(change) < 1e-9)
      return {fine, g0,
              what_is_left(change) + rounding + 2 * green.error * T_matrix(used, g0).norm()};
    coarse = fine;
  }
  throw InputError(
      fmt::format("fermi_energy = {:g} meV is too close to a band edge or to a crossing of the "
                  "bands (no 9 digits with 16384 nodes on the Fermi contour)",
                  model.fermi_energy / constants::e_abs * 1e3));
}

namespace {

// What the grid and the extrema of the bands say, without tracing a contour.
int quick_label(const BandModel& model, const BandContours& contours) {
  const auto [minima, maxima] = contours.pockets();
  return 1009 * contours.topology(model.fermi_energy) + 31 * minima + maxima;
}

int number_of_contours(const BandModel& model, const BandContours& contours) {
  try {
    int label = 0;
    for (const BandLoop& loop : contours.loops(model.fermi_energy))
      label += BandContours::one_region(loop.band());
    for (const FermiState& pocket : contours.shallow_pockets())
      label += BandContours::one_region(pocket.B > 0 ? 1 : -1);
    return label;
  } catch (const InputError&) {
    return -1;  // at the edge itself
  }
}

}  // namespace

std::vector<double> band_jumps(const BandModel& model, const BandGrid& grid, const Arc& arc) {
  const auto at = [&](double theta) { return BandContours(model, grid, arc.at(theta)); };
  const auto contours_at = [&](double theta) { return number_of_contours(model, at(theta)); };
  constexpr int samples = 64;
  constexpr double pole = 5e-4;  // the jump of a pole at an edge is there
  const bool first = at(0).at_edge(model.fermi_energy);
  const bool last = at(constants::pi).at_edge(model.fermi_energy);
  std::vector<double> out;
  if (first) out.push_back(0);
  int left = quick_label(model, at(0));
  for (int i = 0; i < samples; ++i) {
    const double low = constants::pi * i / samples, high = constants::pi * (i + 1) / samples;
    const int right = quick_label(model, at(high));
    if (left != right) {
      for (const double jump : label_changes(contours_at, low, high, 1, 1e-10))
        if (!(first && jump < pole) && !(last && jump > constants::pi - pole)) out.push_back(jump);
    }
    left = right;
  }
  if (last) out.push_back(constants::pi);
  return out;
}

std::vector<Eigen::Vector3d> spin_axes(const BandModel& model, const BandGrid& grid) {
  constexpr int points = 64;
  Eigen::Matrix3d moments = Eigen::Matrix3d::Zero();
  for (int i = 0; i < points; ++i) {
    const double angle = 2 * constants::pi * i / points;
    const Eigen::Vector3d h =
        model.point(grid.scale() * std::cos(angle), grid.scale() * std::sin(angle)).h;
    moments += h * h.transpose();
  }
  const Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d> principal(moments / moments.norm());
  std::vector<Eigen::Vector3d> out{Eigen::Vector3d::UnitZ()};
  for (const int i : {2, 1, 0})
    if (std::abs(principal.eigenvectors()(2, i)) < 1 - 1e-9)
      out.emplace_back(principal.eigenvectors().col(i));
  return out;
}

}  // namespace kubomag
