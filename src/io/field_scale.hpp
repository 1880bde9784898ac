#pragma once
// How fine, how strong and how fast a field given as a function is: estimates from samples, exact
// for a single wave (docs/drive.md, "How fine, strong and fast a drive is").
#include <functional>

#include "kubomag/problem.hpp"

namespace kubomag::io {

using StillField = std::function<Vec2<double>(double x, double y)>;

/// A field E in the plane, from up to 64 rows and 64 columns of the film, which go on over the
/// padding at infinite edges.
struct FieldScale {
  double q = 0;    // wave number [1/m]; 0: it does not vary, or too slowly for this film to tell
  double rms = 0;  // [V/m]
  double potential = 0;  // largest deviation of -integral of E ds from its mean on a line, E's own
                         // mean on that line taken off [V]
  Vec2<double> uniform;  // largest such mean: of Ex on a row, of Ey on a column [V/m]
  Vec2<double> uniform_rms;  // root mean square of these means [V/m]
};

/// The wave number is that of the field weighted as its potential is, |E| over |integral of E ds|.
/// A film with open edges that holds less than two waves cannot tell a wave from a ramp: there it
/// is at most that of the curvature, the root of |E''|/|E|.
FieldScale field_scale(const Grid& grid, const Diffusion& edges, const StillField& E);

using Signals = std::function<Vec2<double>(double t)>;

/// What a function of time does between 0 and `end`, sampled at most every `interval` [s].
struct SignalScale {
  double omega = 0;    // root of its largest second derivative over its largest value [rad/s]
  double largest = 0;  // value
};

/// Jumps and kinks have no frequency: they are left out, as steps and tables are. Of more samples
/// than 8192 those are looked at that differ most from their neighbours, of 2^20 at most.
SignalScale signal_scale(const Signals& f, double end, double interval);

/// The static answer of psi per potential of a wave: D q^2/(D q^2 (1 + s_q) + 1/tau_c).
double static_answer(const Diffusion& diffusion, double q);

}  // namespace kubomag::io
