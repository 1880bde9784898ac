#pragma once
// Spin density and current of two bands in a uniform field, to leading order in a density n of
// point impurities of any strength u (Veneri 2022, (10)-(27)). The Hamiltonian enters through its
// Fermi contour and the local Green function g0 of the clean bands alone:
//   T = (1/u - g0)^-1,  Gamma_k = <k| T^+ (-Im g0) T |k>,  f_k = weight pi/Gamma_k,
//   N = 1/2 sum f S S^T,  a = sum f S v^T,  V = sum f v v^T,  S = (1, <sigma>),
//   Upsilon_ab = 1/2 Re tr[sigma_a T sigma_b T^+],  (1 - N Upsilon) y = a,
//   n K = y_xyz/(2 pi),  n sigma = (V + 1/2 a^T Upsilon y)/(2 pi).
// 1 - N Upsilon is singular: a shift of the density costs nothing. Its equation is replaced by
// y_0 = 0, charge neutrality (an erratum of the paper, docs/physics-electrons.md). Errors are of
// relative order n. In first Born approximation T = u.
#include <Eigen/Core>
#include <Eigen/LU>

#include "khat/contour.hpp"

namespace kubomag {

struct Impurities {
  double u = 0;             // strength of a point impurity, signed, infinity allowed [J m^2]
  double cutoff = 0;        // largest wave number of the band; not used in first Born [1/m]
  bool first_born = false;  // T = u
};

using Matrix32 = Eigen::Matrix<double, 3, 2>;

struct ScatteringResponse {
  Matrix32 nK;             // n times <sigma> per q E [1/(J m^3)]
  Eigen::Matrix2d nsigma;  // n times the conductivity in units of q^2/hbar [1/m^2]
};

/// Throws InputError for u = 0 or not a number, u infinite in first Born, and where T has to be
/// computed for a cutoff that is not positive and finite.
void check_impurities(const Impurities& impurities);

/// T = (1/u - g0)^-1 for the Pauli components of g0 [1/(J m^2)], or u in first Born [J m^2].
/// Throws InputError at a bound state, det(1/u - g0) = 0 to 9 digits.
Eigen::Matrix2cd T_matrix(const Impurities& impurities, const Eigen::Vector4cd& g0);

/// The solution of the header for any contour with states. Throws like T_matrix.
ScatteringResponse scattering_response(const FermiContour& contour, const Impurities& impurities);

/// c_0 + c_x sigma_x + c_y sigma_y + c_z sigma_z.
Eigen::Matrix2cd pauli_sum(const Eigen::Vector4cd& c);
/// The inverse: c of a matrix.
Eigen::Vector4cd pauli_components(const Eigen::Matrix2cd& matrix);

/// 1/2 tr[sigma_a T sigma_b T^+], real.
Eigen::Matrix4d scattering_in(const Eigen::Matrix2cd& T);

}  // namespace kubomag
