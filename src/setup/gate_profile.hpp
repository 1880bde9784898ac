#pragma once
// Potential and field along s of each gate profile, in closed form where the Fourier series has
// one.
#include <functional>

#include "setup/gate_spec.hpp"

namespace kubomag {

/// phi(s) [V] and E_s(s) = -d phi/ds [V/m] at the surface.
struct GateProfile {
  std::function<double(double s)> potential, field;
};

/// phi(s) = sum_{n>0} V_n cos(n k s) exp(-n k height), k = 2 pi / period, plus the average for
/// rectangular and linear profiles. Rectangular and linear fields and the rectangular potential are
/// the sums of the series; the linear potential is summed to a relative 1e-16 (1e-6 for height =
/// 0).
GateProfile grating_profile(const GateSpec& spec);

/// A strip at `voltage` on the grounded plane, seen from the distance `height`:
/// phi = (V/pi) [atan((s + w/2)/d) - atan((s - w/2)/d)].
GateProfile strip_profile(const GateSpec& spec);

}  // namespace kubomag
