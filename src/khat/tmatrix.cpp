#include "khat/tmatrix.hpp"

#include <fmt/format.h>

#include <cmath>
#include <complex>
#include <optional>

#include "khat/band_response.hpp"
#include "khat/quartic_panels.hpp"
#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"

namespace kubomag {
namespace {

using namespace constants;
using Complex = std::complex<double>;

double change_of(const ScatteringResponse& fine, const ScatteringResponse& coarse) {
  return (fine.nK - coarse.nK).norm() / fine.nK.norm() +
         (fine.nsigma - coarse.nsigma).norm() / fine.nsigma.norm();
}

constexpr double rounding = 1e-12;

// States on every ray from within all contours: one of each, of two round a lower band with a hole.
std::size_t states_on_a_ray(const ContourCount& contours) {
  const bool simple = contours.lower == 0 || contours.lower == 1;
  if (!simple) throw NotStarShaped("two pockets of the lower band");
  const int states = contours.upper + (contours.lower == 0 ? 2 : 1);
  return std::size_t(states);
}

// The minimum of E_+, the lowest one of E_-, the maximum of E_- inside a hole, and where a dented
// contour may be seen from: the other stationary points below the Fermi energy.
std::vector<const StationaryPoint*> centres(const std::vector<StationaryPoint>& points) {
  constexpr int maximum = 5;
  std::vector<const StationaryPoint*> out{points.data(), points.data() + 1};
  for (std::size_t i = 2; i < points.size(); ++i)
    if ((points[i].root == maximum) == (points[i].below < 0)) out.push_back(&points[i]);
  return out;
}

class LineResponse {
 public:
  LineResponse(const ScaledBands& scaled, const Impurities& impurities, const ContourCount& count)
      : scaled_(scaled),
        impurities_(impurities),
        count_(count),
        cutoff_(impurities.first_born ? 0 : impurities.cutoff * scaled.length) {}

  /// About one of these points, or as seen from one; nothing where none has an answer.
  std::optional<TMatrixResponse> from_any(const std::vector<StationaryPoint>& points) const {
    const StationaryPoint* first = points.data();
    for (const StationaryPoint* centre : centres(points)) try {
        if (const std::optional<TMatrixResponse> of_rays = about(*centre)) return of_rays;
        first = centre;
        break;
      } catch (const NotStarShaped&) {
      }
    return seen_from_any(points, *first);
  }

 private:
  const ScaledBands& scaled_;
  const Impurities& impurities_;
  ContourCount count_;
  double cutoff_;

  /// From equal angles between the rays; nothing where 9 digits would take more than 256, which is
  /// told from fewer: errors fall exponentially. Throws NotStarShaped, also where rays miss a small
  /// pocket.
  std::optional<TMatrixResponse> about(const StationaryPoint& centre) const {
    constexpr double enough = 1e-9, hopeless = 1e-6;
    constexpr int most = 256;
    const std::size_t on_a_ray = states_on_a_ray(count_);
    TrapezoidContour rays(QuarticContour(scaled_.bands, centre, cutoff_));
    const FermiContour first = rays.refined();
    if (first.states.size() != on_a_ray * std::size_t(rays.rays()))
      throw NotStarShaped("a contour that rays miss");
    ScatteringResponse coarse = scattering_response(scaled_.in_si(first), impurities_);
    while (rays.rays() < most) {
      const FermiContour contour = scaled_.in_si(rays.refined());
      const ScatteringResponse fine = scattering_response(contour, impurities_);
      const double change = change_of(fine, coarse);
      if (change < enough) return packed(fine, contour, change + rounding);
      if (std::pow(change, double(most) / rays.rays()) > hopeless) break;
      coarse = fine;
    }
    return {};
  }

  /// By lines that meet contours any number of times.
  TMatrixResponse seen_from(const StationaryPoint& centre) const {
    const PanelContour panels = fan_contour(QuarticContour(scaled_.bands, centre, cutoff_));
    const FermiContour contour = scaled_.in_si(panels.fine);
    const ScatteringResponse fine = scattering_response(contour, impurities_);
    const ScatteringResponse coarse =
        scattering_response(scaled_.in_si(panels.coarse), impurities_);
    return packed(fine, contour, change_of(fine, coarse) + rounding);
  }

  /// The same from `first`, and from other places as long as it has fewer than 8 digits.
  std::optional<TMatrixResponse> seen_from_any(const std::vector<StationaryPoint>& points,
                                               const StationaryPoint& first) const {
    constexpr double enough = 5e-9;
    std::vector<StationaryPoint> from{first};
    // The bottom of E_-, at the end of the list, is farthest from what is sharp.
    from.insert(from.end(), points.rbegin(), points.rend());
    for (std::size_t i = 0; i < points.size(); ++i)
      for (std::size_t j = 0; j < i; ++j) from.push_back(between(points[i], points[j]));
    std::optional<TMatrixResponse> best;
    for (const StationaryPoint& centre : from) try {
        const TMatrixResponse own = seen_from(centre);
        if (!best || own.relative_error < best->relative_error) best = own;
        if (best->relative_error < enough) break;
      } catch (const InputError&) {
      }
    return best;
  }

  /// A place that is nothing special, of which lines use k alone.
  static StationaryPoint between(const StationaryPoint& a, const StationaryPoint& b) {
    StationaryPoint out = a;
    out.k = 0.5 * (a.k + b.k), out.band = -1;
    return out;
  }

  static TMatrixResponse packed(const ScatteringResponse& r, const FermiContour& contour,
                                double error) {
    return {r.nK, r.nsigma,
            contour.Re_g0.cast<Complex>() + Complex(0, 1) * contour.Im_g0.cast<Complex>(), 0,
            error};
  }
};

// Crescents, as bands of any shape.
TMatrixResponse traced_response(const TracedBands& traced, const Impurities& impurities,
                                const Eigen::Vector3d& m) {
  const BandResponse r = band_response(traced.bands, traced.grid, impurities, m);
  return {r.solved.nK, r.solved.nsigma, r.g0, 0, r.relative_error};
}

BandModel bands_to_trace(const ParabolicElectrons& electrons, double alpha_D,
                         const Impurities& impurities) {
  BandModel bands = parabolic_bands(electrons, alpha_D);
  if (!impurities.first_born) bands.cutoff = impurities.cutoff;
  return bands;
}

}  // namespace

TracedBands::TracedBands(const ParabolicElectrons& electrons, double alpha_D,
                         const Impurities& impurities)
    : bands(bands_to_trace(electrons, alpha_D, impurities)), grid(bands) {}

TMatrixResponse mixed_response(const ParabolicElectrons& electrons, double alpha_D,
                               const Impurities& impurities, const Eigen::Vector3d& m,
                               const std::function<const TracedBands&()>& traced) {
  check_parabolic(electrons);
  check_impurities(impurities);
  const ScaledBands scaled = scaled_bands(electrons, alpha_D, m);
  const std::vector<StationaryPoint> points = stationary_points(scaled.bands);
  check_edges(scaled, points);
  const auto traced_anew = [&] {
    if (traced) return traced_response(traced(), impurities, m);
    return traced_response(TracedBands(electrons, alpha_D, impurities), impurities, m);
  };
  constexpr double sound = 1e-7;
  std::optional<TMatrixResponse> out =
      LineResponse(scaled, impurities, contour_count(points)).from_any(points);
  if (!out || out->relative_error > sound) try {
      const TMatrixResponse other = traced_anew();
      if (!out || other.relative_error < out->relative_error) out = other;
    } catch (const InputError&) {
      if (!out) throw;
    }
  out->E_star = points[0].energy * scaled.energy;
  return *out;
}

TMatrixResponse rashba_response(const ParabolicElectrons& electrons, const Impurities& impurities,
                                double theta) {
  if (!std::isfinite(theta)) throw InputError("theta is not a finite number");
  return mixed_response(electrons, 0, impurities, {std::sin(theta), 0, std::cos(theta)});
}

Eigen::Vector3d rashba_direction(SpinOrbit kind, const Eigen::Vector3d& m) {
  return kind == SpinOrbit::dresselhaus ? Eigen::Vector3d(m.y(), m.x(), -m.z()) : m;
}

LocalFrame local_frame(SpinOrbit kind, const Eigen::Vector3d& m) {
  if (!(std::abs(m.norm() - 1) < 1e-9))
    throw InputError(fmt::format("|m| = {:g} (must be a unit vector)", m.norm()));
  Eigen::Matrix3d to_rashba;
  for (int axis = 0; axis < 3; ++axis)
    to_rashba.col(axis) = rashba_direction(kind, Eigen::Vector3d::Unit(axis));
  const Eigen::Vector3d m_rashba = rashba_direction(kind, m);
  const double in_plane = std::hypot(m_rashba.x(), m_rashba.y());
  Eigen::Matrix3d turn = Eigen::Matrix3d::Identity();
  if (in_plane > 0)
    turn.topLeftCorner<2, 2>() << m_rashba.x() / in_plane, -m_rashba.y() / in_plane,
        m_rashba.y() / in_plane, m_rashba.x() / in_plane;
  return {std::atan2(in_plane, m_rashba.z()), to_rashba.transpose() * turn,
          turn.topLeftCorner<2, 2>()};
}

TMatrixResponse tmatrix_response(SpinOrbit kind, const ParabolicElectrons& electrons,
                                 const Impurities& impurities, const Eigen::Vector3d& m) {
  const LocalFrame frame = local_frame(kind, m);
  TMatrixResponse out = rashba_response(electrons, impurities, frame.theta);
  out.nK = (frame.spin * out.nK * frame.plane.transpose()).eval();
  out.nsigma = (frame.plane * out.nsigma * frame.plane.transpose()).eval();
  return out;
}

bool torque_numbers_exist(double theta) { return theta >= 0.01 && theta <= pi / 2 - 0.01; }

TorqueNumbers torque_numbers(const Matrix32& K, double theta) {
  if (!torque_numbers_exist(theta))
    throw InputError(fmt::format(
        "theta = {:g} (a to d are formed from 0.01 to pi/2 - 0.01; elsewhere use K)", theta));
  const double mx = std::sin(theta), mz = std::cos(theta);
  return {K(0, 1) - mx / mz * K(2, 1), K(1, 1) / mz,
          (K(0, 1) + K(1, 0)) / (mx * mx) - K(2, 1) / (mx * mz),
          (K(0, 0) - K(1, 1)) / (mx * mx * mz) - K(0, 0) / mz - K(2, 0) / mx};
}

}  // namespace kubomag
