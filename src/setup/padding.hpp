#pragma once
// How far the FFT box must go on beyond a film with infinite edges.
#include <string>

#include "kubomag/problem.hpp"

namespace kubomag {

struct Padding {
  double width = 0;    // added at each infinite edge [m]
  double error = 0;    // estimate of the wrap-around in psi, relative to its largest value
  double length = 0;   // the diffusion length that decides [m]
  std::string reason;  // which one it is: "run time", "charge leak" or "drive period"
};

/// The padding with which charge that enters over the wrap-around, a distance w away, is damped to
/// `tolerance`. The smallest of (docs/drive.md, "Edges")
///   run time      erfc(w / (2 l)),  l = sqrt(D_eff t_end)             the heat kernel's mass
///   beyond w charge leak   exp(-w / l),      l = sqrt(D_eff tau_c)             if tau_c is finite
///   drive period  exp(-w / l),      l = sqrt(2 D_eff / omega_min)     if all signals are sines
/// but at most four times the film's larger side; `error` is the estimate for the width returned.
/// D_eff = D (1 + s) with the screening factor s of the wave number 1/l, found by iteration.
/// Zero without an infinite edge, without diffusion or without a drive.
Padding default_padding(const Grid& grid, const Diffusion& diffusion, const Drive& drive,
                        double t_end, double tolerance = 1e-4);

}  // namespace kubomag
