#pragma once
// The modes of a film with no_flux edges on all sides. With its mirror images
// E_x is a sum of sines along x and cosines along y, E_y of cosines and sines,
// psi of cosines, all with real coefficients: nx x ny of them instead of the 2
// nx (ny + 1) complex numbers of the mirrored box. The formulas are those of
// kernels/diffusion_mode.hpp, for rows of modes that a vectorised loop takes at
// once.
#include <array>
#include <vector>

#include "backend/cosine_film.hpp"
#include "kernels/diffusion_mode.hpp"

namespace kubomag {

/// Modes side by side in memory, as CosineFilm has them.
inline constexpr int mirror_group = CosineFilm<double>::group;
using MirrorRow = std::array<double, mirror_group>;

struct MirrorRates {
  MirrorRow q, ux, uy, rate;
};

/// Of the modes block * group ... along x.
inline MirrorRates mirror_rates(const ModeBox& box, int block, int ky) {
  MirrorRates row;
  const double qy = ky * box.step_qy, qy_squared = qy * qy;
  for (int j = 0; j < mirror_group; ++j) {
    const double qx = (block * mirror_group + j) * box.step_qx;
    const double q_squared = qx * qx + qy_squared, q = std::sqrt(q_squared);
    const double inverse = 1 / (q > 0 ? q : 1);
    row.q[j] = q, row.ux[j] = inverse * qx, row.uy[j] = inverse * qy;
    row.rate[j] = box.rate_c + box.D * q_squared;
  }
  if (box.e2_nu != 0)
    for (int j = 0; j < mirror_group; ++j)
      if (row.q[j] > 0)
        row.rate[j] += box.D * row.q[j] * row.q[j] * screening_factor(box, row.q[j]);
  return row;
}

/// E and the response to it, summed over the drives.
struct MirrorSum {
  MirrorRow Ex, Ey, y, y_rate;
};

/// An interval between knots (KnottedSpectrum): coefficients of E_k, `stride` apart, and y at its
/// beginning.
struct MirrorKnot {
  const double *Ex, *Ey, *y;  // of a row of modes
  std::size_t stride;
  int terms;
  double tau, u;  // since its beginning [s], and of the interval
};

/// polynomial_response() of kernels/mode_response.hpp for a row.
void add_knot(const MirrorRates& mode, const MirrorKnot& knot, MirrorSum& sum);

}  // namespace kubomag
