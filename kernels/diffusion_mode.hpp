#pragma once
// The diffusive field in Fourier space, one wave vector at a time, for uniform D:
//   d psi_q/dt = -lambda_q psi_q + i D q.E_q,     lambda_q = D q^2 (1 + s_q) + 1/tau_c
//   E'_q = E_q + i q (1 + s_q) psi_q              (E + grad psi; the screening field included)
// Sokolewicz 2018, (11)-(13); screening: docs/drive.md. With u = q/|q| and the longitudinal field
// L = u.E_q the mode reduces to dy/dt = -lambda_q y + L:
//   psi_q = i D |q| y,     E'_q = E_q - u L + u (dy/dt + y/tau_c)
// The second form has no cancellation: a static field without leak gives E' = 0 exactly.
#include <cmath>
#include <cstddef>

#include "complex.hpp"
#include "kubomag/constants.hpp"
#include "mode_response.hpp"

namespace kubomag {

/// The FFT box of px x py points and what sets the rates of its modes.
struct ModeBox {
  int px = 1, py = 1;
  double step_qx = 0, step_qy = 0;  // 2 pi over the box length [1/m]
  double D = 0;                     // [m^2/s]
  double rate_c = 0;                // 1/tau_c [1/s]
  double e2_nu = 0;                 // quantum capacitance [F/m^2]; 0: no screening
  double permittivity = 1;          // [F/m]
  double distance = 0;              // gate plane [m]; infinity: none

  KUBOMAG_HD int modes_x() const { return px / 2 + 1; }
};

/// s_q = e^2 nu (1 - exp(-2 q d))/(2 epsilon q); finite for q -> 0 with a gate plane and for
/// q d -> infinity. q > 0.
KUBOMAG_HD double screening_factor(const ModeBox& box, double q) {
  if (box.e2_nu == 0) return 0;
  return -box.e2_nu * std::expm1(-2 * q * box.distance) / (2 * box.permittivity * q);
}

/// One wave vector. The Nyquist modes have no sign of q and hence no derivative: u is 0 along that
/// axis. Their own longitudinal field is screened out (keep = 0): its rate, D (pi/dx)^2, is the
/// fastest of the film.
struct DiffusionMode {
  double q = 0;           // |q| [1/m]
  double ux = 0, uy = 0;  // q/|q|
  double keep_x = 1, keep_y = 1;
  double rate = 0;  // lambda_q [1/s]
};

KUBOMAG_HD DiffusionMode diffusion_mode(const ModeBox& box, int ix, int iy) {
  DiffusionMode mode;
  mode.rate = box.rate_c;
  if (box.D == 0 || (ix == 0 && iy == 0)) return mode;
  const double qx = ix * box.step_qx, qy = (2 * iy > box.py ? iy - box.py : iy) * box.step_qy;
  mode.q = std::sqrt(qx * qx + qy * qy);
  mode.keep_x = 2 * ix == box.px ? 0 : 1;
  mode.keep_y = 2 * iy == box.py ? 0 : 1;
  mode.ux = mode.keep_x * qx / mode.q;
  mode.uy = mode.keep_y * qy / mode.q;
  mode.rate += box.D * mode.q * mode.q * (1 + screening_factor(box, mode.q));
  return mode;
}

/// E of one mode and the response y to its longitudinal part, summed over the drives.
struct ModeSum {
  Complex Ex, Ey;     // [V/m]
  Complex y, y_rate;  // [V s/m], [V/m]
};

struct ModeFields {
  Complex psi, Ex, Ey;  // psi [V], E' [V/m]
};

KUBOMAG_HD Complex longitudinal(const DiffusionMode& mode, Complex Ex, Complex Ey) {
  return mode.ux * Ex + mode.uy * Ey;
}

KUBOMAG_HD ModeFields fields_of(const ModeBox& box, const DiffusionMode& mode, const ModeSum& sum) {
  const Complex exchange = sum.y_rate + box.rate_c * sum.y - longitudinal(mode, sum.Ex, sum.Ey);
  const double c = box.D * mode.q;
  return {{-c * sum.y.im, c * sum.y.re},
          mode.keep_x * (sum.Ex + mode.ux * exchange),
          mode.keep_y * (sum.Ey + mode.uy * exchange)};
}

/// A separable drive: the half spectrum of E (x fastest, modes_x() x py) and its signal's pieces,
/// signals[first] ... signals[last - 1].
struct DriveSpectrum {
  const Complex *Ex = nullptr, *Ey = nullptr;
  int first = 0, last = 0;
};

/// All drives that are known at knots only: a polynomial in time between two of them,
///   E = sum_k E_k (tau/length)^k,  `terms` of them, tau the time since the first,
/// with the response y at its beginning.
struct KnottedSpectrum {
  static constexpr int line = 2, most = 9;  // `terms` is one of these

  Complex* y = nullptr;                        // null: there are none
  const Complex *Ex = nullptr, *Ey = nullptr;  // E_0, E_1 ..., `stride` apart
  std::size_t stride = 0;
  int terms = line;
  double tau = 0, length = HUGE_VAL;  // [s]
};

struct DriveSpectra {
  const DriveSpectrum* drives = nullptr;
  const SignalAt* signals = nullptr;
  int drive_count = 0;
  KnottedSpectrum knotted;
};

template <int n>
KUBOMAG_HD void add_knots(ModeSum& sum, const KnottedSpectrum& knots, const DiffusionMode& mode,
                          std::size_t at) {
  const double u = knots.tau / knots.length;
  Complex L[n], Ex, Ey;
  double power = 1;
  for (int k = 0; k < n; ++k) {
    const Complex Ex_k = knots.Ex[k * knots.stride + at], Ey_k = knots.Ey[k * knots.stride + at];
    L[k] = longitudinal(mode, Ex_k, Ey_k);
    Ex += power * Ex_k, Ey += power * Ey_k;
    power *= u;
  }
  const auto r = polynomial_response<n>(knots.y[at], L, u, mode.rate, knots.tau);
  sum.Ex += Ex, sum.Ey += Ey;
  sum.y += r.y, sum.y_rate += r.y_rate;
}

KUBOMAG_HD void add_knotted(ModeSum& sum, const KnottedSpectrum& knots, const DiffusionMode& mode,
                            std::size_t at) {
  if (knots.terms == KnottedSpectrum::line)
    add_knots<KnottedSpectrum::line>(sum, knots, mode, at);
  else
    add_knots<KnottedSpectrum::most>(sum, knots, mode, at);
}

/// psi_q and E'_q of the mode (ix, iy), ix < modes_x(), iy < py, at the spectra's instant.
KUBOMAG_HD ModeFields mode_fields(const ModeBox& box, const DriveSpectra& spectra, int ix, int iy) {
  const DiffusionMode mode = diffusion_mode(box, ix, iy);
  const std::size_t at = static_cast<std::size_t>(iy) * box.modes_x() + ix;
  ModeSum sum;
  for (int d = 0; d < spectra.drive_count; ++d) {
    const DriveSpectrum& drive = spectra.drives[d];
    ModeResponse r;
    double value = 0;
    for (int s = drive.first; s < drive.last; ++s) {
      const ModeResponse piece = mode_response(spectra.signals[s], mode.rate);
      value += spectra.signals[s].value;
      r.y += piece.y, r.y_rate += piece.y_rate;
    }
    const Complex Ex = drive.Ex[at], Ey = drive.Ey[at], L = longitudinal(mode, Ex, Ey);
    sum.Ex += value * Ex, sum.Ey += value * Ey;
    sum.y += r.y * L, sum.y_rate += r.y_rate * L;
  }
  if (spectra.knotted.y) add_knotted(sum, spectra.knotted, mode, at);
  return fields_of(box, mode, sum);
}

/// Moves the response of the knotted drives by tau, to the next knot.
KUBOMAG_HD void advance_mode(const ModeBox& box, const KnottedSpectrum& k, int ix, int iy) {
  const std::size_t at = static_cast<std::size_t>(iy) * box.modes_x() + ix;
  ModeSum sum;
  add_knotted(sum, k, diffusion_mode(box, ix, iy), at);
  k.y[at] = sum.y;
}

/// The response of the knotted drives before their first knot, where E_0 has stood for ever.
KUBOMAG_HD void settle_mode(const ModeBox& box, const KnottedSpectrum& k, int ix, int iy) {
  const std::size_t at = static_cast<std::size_t>(iy) * box.modes_x() + ix;
  const DiffusionMode mode = diffusion_mode(box, ix, iy);
  const double mobility = mode.rate > 0 ? 1 / mode.rate : 0;
  k.y[at] = mobility * longitudinal(mode, k.Ex[at], k.Ey[at]);
}

}  // namespace kubomag
