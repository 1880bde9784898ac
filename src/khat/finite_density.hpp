#pragma once
// The Rashba bands with a finite density n of point impurities, without the expansion in n of
// scattering.hpp (Veneri 2022, (10)-(22) as they stand): a complex 2 x 2 self-energy
//   Sigma = n T,  T = (1/u - g)^-1,  g = int d^2k/(2 pi)^2 G,  G = (eps - H - Sigma)^-1,
// and bubbles of G^R and G^A, G^A = (G^R)^+, with v = dH/dk:
//   N_ab = 1/2 int tr[sigma_a G^R sigma_b G^A],  a_b = int tr[sigma_a G^R v_b G^A],
//   b_b = int tr[v_b G^R sigma_a G^A],  V_ab = int tr[v_a G^R v_b G^A],
//   (1 - n N Upsilon) y = a with y_0 = 0,  K = y_xyz/(2 pi),
//   sigma = (V + n/2 b^T Upsilon y)/(2 pi).
// It contains the terms of order n^0 of the ladder but neither those of the Fermi sea nor crossed
// diagrams, which are of the same order: its difference from the dilute limit shows how large n
// may be, it is not a better value.
#include "khat/parabolic.hpp"
#include "khat/scattering.hpp"

namespace kubomag {

enum class SelfEnergy {
  one_shot,        // g of the clean bands
  self_consistent  // g with Sigma in it, so that charge is conserved exactly
};

struct FiniteDensityResponse {
  Matrix32 K, K_bare;                 // <sigma> per q E, K_bare without vertices [1/(J m)]
  Eigen::Matrix2d sigma, sigma_bare;  // conductivity in units of q^2/hbar [1]
  Eigen::Vector4cd Sigma;             // Pauli components [J]
  double charge_defect = 0;           // smallest |eigenvalue| of 1 - n N Upsilon; 0 if charge is
                                      // conserved
  double relative_error = 0;          // change of K and sigma at the last doubling of directions
};

/// In the local frame, m = (sin theta, 0, cos theta). In first Born Sigma = i n u^2 Im g: the real
/// part is a shift of eps. The cutoff is needed there too, for sigma, which depends on its
/// logarithm at order n^0.
/// Throws InputError like fermi_contour, check_impurities and T_matrix, for a density that is not
/// positive and finite, where Sigma does not converge, and where the directions of k do not give 8
/// digits.
FiniteDensityResponse finite_density_response(const ParabolicElectrons& electrons,
                                              const Impurities& impurities, double density,
                                              double theta, SelfEnergy kind);

}  // namespace kubomag
