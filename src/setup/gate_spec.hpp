#pragma once
// What the [gate] section says, as plain data in SI (docs/config.md).
#include "kubomag/signal.hpp"

namespace kubomag {

struct GateSpec {
  enum class Kind {
    grating,          // periodic fingers
    travelling_wave,  // E0 cos(w t - q s)
    standing_wave,    // E0 sin(q s) cos(w t)
    strip             // one finger on a grounded plane
  };
  enum class Profile {
    rectangular,  // `voltage` on the fingers, 0 in the gaps
    linear,       // falls linearly from a finger's edge to 0 in the middle of the gap
    sine          // voltage cos(2 pi s / period)
  };
  Kind kind = Kind::grating;
  Profile profile = Profile::rectangular;
  double period = 0;      // grating and waves [m]; a travelling wave may run backwards: < 0
  double duty = 0.5;      // finger width / period
  double width = 0;       // strip [m]
  double height = 0;      // gate plane above the surface [m]
  double dielectric = 0;  // gate plane above the film, where it acts on the anisotropy [m]
  double voltage = 0;     // [V]
  double amplitude = 0;   // waves: E0 [V/m]; where it is 0, E0 = q voltage exp(-q height)
  double direction = 0;   // of the grating vector, from x [rad]
  double offset = 0;      // shift along the direction [m]
  double frequency = 0;   // waves [Hz]
  double phase = 0;       // waves, added to w t [rad]
  double start = 0;       // waves: switched on then; -infinity: for ever [s]
  Signal signal = Signal::constant();  // grating and strip
  double interval = 0;  // between samples in the plane of a signal that is a formula; else 0 [s]
};

}  // namespace kubomag
