#pragma once
// The part of the local Green function that is an integral over the plane of k.
#include "khat/band_contour.hpp"

namespace kubomag {

inline constexpr const char* edge_too_close =
    "fermi_energy is too close to an edge or a crossing of the bands for the real part of g0 (must "
    "be further away, or scheme = \"first_born\", which has none)";

/// int d^2k/(2 pi)^2 F(H) over |k| < cutoff for F(E) = (1 - exp(-(x/W)^2))/x, x = eps - E, an
/// entire function of the matrix: Pauli components and an estimate of their error [1/(J m^2)].
/// Every ring and every part is refined to `tolerance`. Throws InputError (edge_too_close) where
/// that takes more than 6 10^7 points.
RealGreen regular_green(const Bands& bands, const BandGrid& grid, const BandModel& model, double W,
                        double tolerance);

}  // namespace kubomag
