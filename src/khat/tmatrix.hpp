#pragma once
// The bands of parabolic.hpp with a density n of point impurities of any strength: scattering.hpp
// on their Fermi contour, in the local frame or at any direction of m.
#include <Eigen/Core>
#include <functional>

#include "khat/band_grid.hpp"
#include "khat/parabolic.hpp"
#include "khat/scattering.hpp"

namespace kubomag {

struct TMatrixResponse {
  Matrix32 nK;                // n times <sigma> per q E [1/(J m^3)]
  Eigen::Matrix2d nsigma;     // n times the conductivity in units of q^2/hbar [1/m^2]
  Eigen::Vector4cd g0;        // Pauli components 0, x, y, z; real part 0 in first Born [1/(J m^2)]
  double E_star = 0;          // bottom of the upper band [J]
  double relative_error = 0;  // change of nK and nsigma at the last doubling of the directions

  /// <sigma> = K_J (hbar/q) j for an imposed current density j [A/m], Hall part included
  /// [1/(J m)]. Does not depend on n.
  Matrix32 K_J() const { return nK * nsigma.inverse(); }
};

/// The Rashba model in the local frame, m = (sin theta, 0, cos theta), any finite theta.
/// The contour is that of quartic_contour.hpp about a stationary point of the bands, by rays or,
/// where these would be many or meet it more than once, by quartic_panels.hpp; where lines have
/// fewer than 7 digits that of band_contour.hpp, if it has more. Throws InputError where none of
/// these has an answer, for u = 0 or not a number, for u infinite in first Born, for a missing
/// cutoff and at a bound state (det(1 - u g0) = 0).
TMatrixResponse rashba_response(const ParabolicElectrons& electrons, const Impurities& impurities,
                                double theta);

/// The bands as functions, for contours that no lines describe; nothing in them depends on m.
class TracedBands {
 public:
  TracedBands(const ParabolicElectrons& electrons, double alpha_D, const Impurities& impurities);
  const BandModel bands;
  const BandGrid grid;
};

/// The same with a Dresselhaus coupling alpha_D [J m] (parabolic_bands), at any unit vector m.
/// `traced`, if given, makes or keeps the bands of these electrons.
TMatrixResponse mixed_response(const ParabolicElectrons& electrons, double alpha_D,
                               const Impurities& impurities, const Eigen::Vector3d& m,
                               const std::function<const TracedBands&()>& traced = {});

enum class SpinOrbit { rashba, dresselhaus };

/// How the laboratory sees the local frame of a unit vector m. Rashba: K rotates with the azimuth
/// of m. Dresselhaus: the rotation of the spin S: (x, y, z) -> (y, x, -z) maps it to the Rashba
/// model, K_D(m) = S K_R(S m) (Ado 2017 (19), where the sign of its alpha is wrong).
struct LocalFrame {
  double theta = 0;       // of m in the Rashba model
  Eigen::Matrix3d spin;   // K = spin K_local plane^T
  Eigen::Matrix2d plane;  // sigma = plane sigma_local plane^T
};

/// The m of the Rashba model that the one of `kind` is mapped to.
Eigen::Vector3d rashba_direction(SpinOrbit kind, const Eigen::Vector3d& m);

/// Throws InputError unless |m| = 1 within 1e-9.
LocalFrame local_frame(SpinOrbit kind, const Eigen::Vector3d& m);

/// rashba_response seen from the laboratory (g0 stays that of the local frame). Throws like it and
/// like local_frame.
TMatrixResponse tmatrix_response(SpinOrbit kind, const ParabolicElectrons& electrons,
                                 const Impurities& impurities, const Eigen::Vector3d& m);

/// T = (gamma Delta_sd q/(Ms t)) [ a m x (z x E) + b m x (m x (z x E)) + c m x (m x z)(m.E)
///      + d (m x z)(m.E) ] in the unit of K; B = Delta_sd <sigma>/(Ms t).
struct TorqueNumbers {
  double a = 0, b = 0, c = 0, d = 0;
};

/// Ado 2017 (12b) with the sign of b and d corrected, from K (or K_J) at theta.
/// Divides by sin and cos of theta: for 0.01 <= theta <= pi/2 - 0.01 only (else InputError).
/// Elsewhere use K itself, which has no singularity.
TorqueNumbers torque_numbers(const Matrix32& K, double theta);
/// Whether torque_numbers has a result at theta.
bool torque_numbers_exist(double theta);

}  // namespace kubomag
