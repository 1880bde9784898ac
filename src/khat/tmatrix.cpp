#include "khat/tmatrix.hpp"

#include <fmt/format.h>

#include <cmath>
#include <complex>

#include "khat/band_response.hpp"
#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"

namespace kubomag {
namespace {

using namespace constants;
using Complex = std::complex<double>;

TMatrixResponse response_with(const ParabolicElectrons& electrons, const Impurities& impurities,
                              double theta, int directions) {
  const double cutoff = impurities.first_born ? 0 : impurities.cutoff;
  const FermiContour contour = fermi_contour(electrons, theta, cutoff, directions);
  const ScatteringResponse solved = scattering_response(contour, impurities);
  return {solved.nK, solved.nsigma,
          contour.Re_g0.cast<Complex>() + Complex(0, 1) * contour.Im_g0.cast<Complex>(),
          band_edges(electrons, theta).upper, 0};
}

// Pockets and crescents just above the bottom of the lower band, as bands of any shape.
TMatrixResponse traced_response(const ParabolicElectrons& electrons, const Impurities& impurities,
                                double theta) {
  BandModel bands = parabolic_bands(electrons, 0);
  if (!impurities.first_born) bands.cutoff = impurities.cutoff;
  const BandResponse r =
      band_response(bands, BandGrid(bands), impurities, {std::sin(theta), 0, std::cos(theta)});
  return {r.solved.nK, r.solved.nsigma, r.g0, band_edges(electrons, theta).upper, r.relative_error};
}

TMatrixResponse star_response(const ParabolicElectrons& electrons, const Impurities& impurities,
                              double theta) {
  TMatrixResponse coarse = response_with(electrons, impurities, theta, 64);
  for (int directions = 128; directions <= 2048; directions *= 2) {
    TMatrixResponse fine = response_with(electrons, impurities, theta, directions);
    const double change = (fine.nK - coarse.nK).norm() / fine.nK.norm() +
                          (fine.nsigma - coarse.nsigma).norm() / fine.nsigma.norm();
    fine.relative_error = change;
    if (change < 1e-9) return fine;
    coarse = fine;
  }
  throw InputError(
      fmt::format("fermi_energy = {:g} meV is too close to a band edge or to a crossing of the "
                  "bands at theta = {:g} (no 9 digits with 2048 directions of k)",
                  electrons.fermi_energy / e_abs * 1e3, theta));
}

}  // namespace

TMatrixResponse rashba_response(const ParabolicElectrons& electrons, const Impurities& impurities,
                                double theta) {
  if (!std::isfinite(theta)) throw InputError("theta is not a finite number");
  check_parabolic(electrons);
  check_impurities(impurities);
  try {
    return star_response(electrons, impurities, theta);
  } catch (const NotStarShaped&) {
    return traced_response(electrons, impurities, theta);
  }
}

LocalFrame local_frame(SpinOrbit kind, const Eigen::Vector3d& m) {
  if (!(std::abs(m.norm() - 1) < 1e-9))
    throw InputError(fmt::format("|m| = {:g} (must be a unit vector)", m.norm()));
  Eigen::Matrix3d to_rashba = Eigen::Matrix3d::Identity();
  if (kind == SpinOrbit::dresselhaus) to_rashba << 0, 1, 0, 1, 0, 0, 0, 0, -1;
  const Eigen::Vector3d m_rashba = to_rashba * m;
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

TorqueNumbers torque_numbers(const Matrix32& K, double theta) {
  if (!(theta >= 0.01 && theta <= pi / 2 - 0.01))
    throw InputError(fmt::format(
        "theta = {:g} (a to d are formed from 0.01 to pi/2 - 0.01; elsewhere use K)", theta));
  const double mx = std::sin(theta), mz = std::cos(theta);
  return {K(0, 1) - mx / mz * K(2, 1), K(1, 1) / mz,
          (K(0, 1) + K(1, 0)) / (mx * mx) - K(2, 1) / (mx * mz),
          (K(0, 0) - K(1, 1)) / (mx * mx * mz) - K(0, 0) / mz - K(2, 0) / mx};
}

}  // namespace kubomag
