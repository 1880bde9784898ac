#include "setup/padding.hpp"

#include <algorithm>
#include <boost/math/special_functions/erf.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "kubomag/constants.hpp"

namespace kubomag {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double widest = 4;  // in units of the film's larger side

/// One way in which the memory of a distant source is lost.
struct Decay {
  const char* reason;
  double time;       // l = sqrt(D_eff time) [s]
  bool exponential;  // exp(-w/l), else erfc(w/(2 l))

  double width(double length, double tolerance) const {
    return exponential ? -length * std::log(tolerance)
                       : 2 * length * boost::math::erfc_inv(tolerance);
  }
  double error(double length, double w) const {
    return exponential ? std::exp(-w / length) : std::erfc(w / (2 * length));
  }
};

double screening_at(const Screening& s, double q) {
  return -s.e2_nu * std::expm1(-2 * q * s.distance) / (2 * s.permittivity * q);
}

/// l = sqrt(D (1 + s(1/l)) time); the fixed point is approached monotonically from l without s.
double diffusion_length(const Diffusion& diffusion, double time) {
  double length = std::sqrt(diffusion.D * time);
  if (!diffusion.screening || length == 0) return length;
  for (int i = 0; i < 50; ++i)
    length = std::sqrt(diffusion.D * (1 + screening_at(*diffusion.screening, 1 / length)) * time);
  return length;
}

/// The lowest angular frequency if the drive is made of sines alone, 0 otherwise.
double lowest_omega(const Drive& drive) {
  if (!drive.sampled.empty()) return 0;
  double lowest = infinity;
  for (const SeparableDrive& d : drive.separable)
    for (const SignalTerm& term : d.signal.terms)
      lowest = std::min(
          lowest, term.kind == SignalTerm::Kind::sine ? 2 * constants::pi * term.frequency : 0);
  return std::isfinite(lowest) ? lowest : 0;
}

}  // namespace

Padding default_padding(const Grid& grid, const Diffusion& diffusion, const Drive& drive,
                        double t_end, double tolerance) {
  const bool infinite_x = diffusion.edge_x == Edge::infinite;
  const bool infinite_y = diffusion.edge_y == Edge::infinite;
  if ((!infinite_x && !infinite_y) || !(diffusion.D > 0) || !(t_end > 0) ||
      (drive.separable.empty() && drive.sampled.empty()))
    return {};
  std::vector<Decay> decays{{"run time", t_end, false}};
  if (diffusion.rate_c > 0) decays.push_back({"charge leak", 1 / diffusion.rate_c, true});
  if (const double omega = lowest_omega(drive); omega > 0)
    decays.push_back({"drive period", 2 / omega, true});

  Padding best{infinity, 0, 0, ""};
  const double most = widest * std::max(grid.size_x(), grid.size_y());
  for (const Decay& decay : decays) {
    const double length = diffusion_length(diffusion, decay.time);
    const double width = decay.width(length, tolerance);
    if (width >= best.width) continue;
    const double allowed = std::min(width, most);
    best = {width, decay.error(length, allowed), length, decay.reason};
  }
  best.width = std::min(best.width, most);
  return best;
}

}  // namespace kubomag
