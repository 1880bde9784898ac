#include "khat/fermi_surface.hpp"

#include <cmath>

#include "khat/band_contour.hpp"
#include "khat/validity.hpp"
#include "kubomag/error.hpp"

namespace kubomag {
namespace {

using namespace constants;
using Eigen::Vector2d;

constexpr int nodes = 512;  // rays, or nodes of every loop

// The lowest point of f from `k` on: a step in the best of 16 directions, halved where none helps.
// No gradient, since bands touch in cones.
template <class Energy>
double lowest(const Energy& f, Vector2d k, double step) {
  double best = f(k);
  for (const double finest = 1e-10 * step; step > finest;) {
    Vector2d next = k;
    for (int n = 0; n < 16; ++n) {
      const Vector2d there = k + step * Vector2d(std::cos(n * pi / 8), std::sin(n * pi / 8));
      if (const double energy = f(there); energy < best) best = energy, next = there;
    }
    if (next == k) step /= 2;
    k = next;
  }
  return best;
}

// The minimum (side = 1) or maximum (-1) of a band, none if it is at the cutoff.
std::optional<double> extremum(const Bands& bands, const BandGrid& grid, int band, int side) {
  const auto f = [&](const Vector2d& k) { return side * bands.energy(k, band); };
  int best = -1;
  double energy = INFINITY;
  for (int node = 0; node < int(grid.nodes().size()); ++node)
    if (const double here = f(grid.nodes()[node].k); here < energy) energy = here, best = node;
  if (best < 0 || grid.around(best).empty()) return {};
  const Vector2d k = grid.nodes()[best].k;
  const double step = (grid.nodes()[grid.around(best)[0]].k - k).norm();
  return side * lowest(f, k, step);
}

// From the local frame to the laboratory.
void turn(FermiContour& contour, const LocalFrame& frame) {
  for (FermiState& s : contour.states) {
    s.spin = (frame.spin * s.spin).eval();
    s.velocity = (frame.plane * s.velocity).eval();
    s.k = (frame.plane * s.k).eval();
  }
  for (Eigen::Vector4d* g : {&contour.Re_g0, &contour.Im_g0})
    g->tail<3>() = (frame.spin * g->tail<3>()).eval();
}

FermiContour traced_contour(const BandModel& bands, const BandContours& contours, bool born) {
  const std::vector<BandLoop> loops = contours.loops(bands.fermi_energy);
  FermiContour out{contours.states(loops, nodes), Eigen::Vector4d::Zero(), {}};
  for (const FermiState& pocket : contours.shallow_pockets()) out.states.push_back(pocket);
  if (out.states.empty()) throw InputError("there is no Fermi contour inside the cutoff");
  if (!born) out.Re_g0 = real_green(bands, contours, loops).Re_g0;
  out.Im_g0 = Im_g0_of(out.states);
  return out;
}

FermiContour parabolic_contour(const ParabolicElectrons& electrons, const Impurities& impurities,
                               double theta) {
  try {
    return fermi_contour(electrons, theta, impurities.first_born ? 0 : impurities.cutoff, nodes);
  } catch (const NotStarShaped&) {
    BandModel bands = parabolic_bands(electrons, 0);
    if (!impurities.first_born) bands.cutoff = impurities.cutoff;
    const BandGrid grid(bands);
    const BandContours contours(bands, grid, {std::sin(theta), 0, std::cos(theta)});
    return traced_contour(bands, contours, impurities.first_born);
  }
}

}  // namespace

FermiSurface traced_surface(const BandModel& bands, const BandGrid& grid,
                            const Impurities& impurities, double density,
                            const Eigen::Vector3d& m) {
  const BandContours contours(bands, grid, m);
  FermiSurface out{bands.fermi_energy,
                   traced_contour(bands, contours, impurities.first_born),
                   impurities,
                   density,
                   false,
                   {}};
  const Bands& at_m = contours.bands();
  out.limits.upper_min = extremum(at_m, grid, 1, 1);
  out.limits.lower_min = extremum(at_m, grid, -1, 1);
  out.limits.lower_max = extremum(at_m, grid, -1, -1);
  return out;
}

FermiSurface parabolic_surface(SpinOrbit kind, const ParabolicElectrons& electrons,
                               const Impurities& impurities, double density,
                               const Eigen::Vector3d& m) {
  const LocalFrame frame = local_frame(kind, m);
  const BandEdges edges = band_edges(electrons, frame.theta);
  FermiSurface out{electrons.fermi_energy,
                   parabolic_contour(electrons, impurities, frame.theta),
                   impurities,
                   density,
                   false,
                   {edges.upper, edges.lower, {}}};
  turn(out.contour, frame);
  return out;
}

FermiSurface dirac_surface_states(const DiracElectrons& electrons, const Eigen::Vector3d& m) {
  check_electrons(electrons);
  const double eps = electrons.fermi_energy, hbar_v = hbar * electrons.velocity;
  const double Delta_z = electrons.Delta_sd * m.z();
  const double radius = std::sqrt((eps - Delta_z) * (eps + Delta_z)) / std::abs(hbar_v);
  const Vector2d centre = electrons.Delta_sd / hbar_v * Vector2d(m.y(), -m.x());
  FermiContour contour{{}, Eigen::Vector4d::Zero(), Eigen::Vector4d::Zero()};
  for (int n = 0; n < nodes; ++n) {
    const double phi = 2 * pi * n / nodes;
    const Vector2d k = radius * Vector2d(std::cos(phi), std::sin(phi));
    const Eigen::Vector3d spin = Eigen::Vector3d(-hbar_v * k.y(), hbar_v * k.x(), -Delta_z) / eps;
    contour.states.push_back({spin, hbar_v * Vector2d(spin.y(), -spin.x()),
                              eps / (hbar_v * hbar_v) / (2 * pi * nodes), centre + k, eps});
  }
  contour.Im_g0 = Im_g0_of(contour.states);
  const double u = hbar_v * hbar_v / eps;  // any: density u^2 alone counts
  return {eps,          contour,
          {u, 0, true}, 2 * pi * electrons.disorder * (hbar_v / u) * (hbar_v / u),
          true,         {std::abs(Delta_z), {}, -std::abs(Delta_z)}};
}

}  // namespace kubomag
