#pragma once
// How much of a drive relaxes at which rate: what bounds the error of
// interpolating its fields in time without looking at the fields themselves.
#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "kernels/diffusion_mode.hpp"

namespace kubomag {

/// The weights that the functions of time of one rate (within a factor 2^(1/4))
/// have in psi and in E': their sums over the modes bound what they are
/// anywhere on the film, the roots of the sums of their squares are what they
/// are on average over the box.
struct RateBin {
  double rate = 0;  // [1/s]
  double psi = 0, current = 0;
  double psi_squared = 0, current_squared = 0;
};

/// E' is not resolved to parts of less than this share of E, however small it
/// is itself.
inline constexpr double least_current = 1e-4;

class RateSpectrum {
 public:
  /// `count` modes of one rate.
  void add(double rate, int count, double psi, double current);
  /// The bins, without those that carry less than `negligible` of psi and of
  /// E'.
  std::vector<RateBin> bins(double negligible) const;

 private:
  std::map<int, RateBin> bins_;
};

/// A separable drive: psi is the sum of D q |L_q| y(t), E' that of |L_q| (y' +
/// y/tau_c), and of E_q across q times s(t): `across` is the sum of that, and
/// the sum of its squares.
struct DriveRates {
  RateSpectrum along;
  double across = 0, across_squared = 0;
};
DriveRates drive_rates(const ModeBox& box, const Complex* Ex, const Complex* Ey);

/// One interval of the drives that are known at knots: the transients c_q
/// exp(-lambda_q tau) with which it begins (D q |c_q| and |c_q|), and the mean
/// squares of psi and E' at its end without them.
struct KnotRates {
  RateSpectrum transients;
  double psi_squared = 0, current_squared = 0;
};

/// One mode of such an interval: q.E_q/q at its beginning and its end, and y at
/// its beginning; real or complex.
template <class Value>
struct KnotMode {
  Value L_0, L_1, y;
};

/// Adds `count` modes; `across`: the square of E_q across q at the interval's
/// end, `length` that of the interval [s].
template <class Value>
void add_knot_mode(KnotRates& sum, const ModeBox& box, const DiffusionMode& mode, int count,
                   double across, const KnotMode<Value>& knot, double length) {
  sum.current_squared += count * across;
  if (mode.q == 0) return;
  // between transients y = (L_0 + L' (tau - 1/lambda))/lambda
  const double per_rate = 1 / mode.rate;
  const Value slope = (1 / length) * (knot.L_1 - knot.L_0);
  const Value y = per_rate * (knot.L_0 - per_rate * slope);
  const double transient = std::abs(knot.y - y), L = std::abs(knot.L_1);
  sum.transients.add(mode.rate, count, box.D * mode.q * transient, transient);
  const double psi = box.D * mode.q * L * per_rate;
  const double current = std::max((std::abs(slope) + box.rate_c * L) * per_rate, least_current * L);
  sum.psi_squared += count * psi * psi;
  sum.current_squared += count * current * current;
}

/// The square of the part of E across q.
double across_squared(const DiffusionMode& mode, Complex Ex, Complex Ey);

/// f(mode, index, count) for the half spectrum; `count` modes of the whole
/// share its values.
template <class F>
void for_each_rate(const ModeBox& box, const F& f) {
  for (int iy = 0; iy < box.py; ++iy)
    for (int ix = 0; ix < box.modes_x(); ++ix)
      f(diffusion_mode(box, ix, iy), static_cast<std::size_t>(iy) * box.modes_x() + ix,
        ix == 0 || 2 * ix == box.px ? 1 : 2);
}

}  // namespace kubomag
