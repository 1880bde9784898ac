#pragma once
// scattering.hpp for bands that are known as functions only.
#include "khat/band_contour.hpp"
#include "khat/electron_model.hpp"
#include "khat/scattering.hpp"

namespace kubomag {

struct BandResponse {
  ScatteringResponse solved;
  Eigen::Vector4cd g0;        // Pauli components; real part 0 in first Born [1/(J m^2)]
  double relative_error = 0;  // of nK and nsigma: change at the last doubling of the nodes, and the
                              // error of Re g0 times 2 |T|
};

/// The response at the unit vector m. `grid` belongs to `model`, whose cutoff is used (that of
/// `impurities` is not). Throws InputError without a Fermi contour, where a contour leaves the
/// cutoff or touches a band edge, where 16384 nodes do not give 9 digits, and where check_bands,
/// check_impurities or T_matrix do.
BandResponse band_response(const BandModel& model, const BandGrid& grid,
                           const Impurities& impurities, const Eigen::Vector3d& m);

/// Angles on the arc within (0, pi) at which the number of contours in a band changes, ascending,
/// to 1e-9. Of two changes within pi/64 that cancel neither is seen.
std::vector<double> band_jumps(const BandModel& model, const BandGrid& grid, const Arc& arc);

/// The film normal, and the principal axes of the spin-orbit field h on a circle of the size of the
/// largest Fermi contour: for fields linear in k those of A A^T (linear_bands.hpp).
std::vector<Eigen::Vector3d> spin_axes(const BandModel& model, const BandGrid& grid);

}  // namespace kubomag
