#pragma once
// How much of a drive relaxes at which rate: what bounds the error of
// interpolating its fields in time without looking at the fields themselves.
#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <map>
#include <vector>

#include "kernels/diffusion_mode.hpp"
#include "kubomag/unroll.hpp"

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
  int last_ = 0;              // the bin that was added to
  double from_ = 0, to_ = 0;  // its rates
};

/// A separable drive: psi is the sum of D q |L_q| y(t), E' that of |L_q| (y' +
/// y/tau_c), and of E_q across q times s(t): `across` is the sum of that, and
/// the sum of its squares.
struct DriveRates {
  RateSpectrum along;
  double across = 0, across_squared = 0;
};
DriveRates drive_rates(const ModeBox& box, const Complex* Ex, const Complex* Ey);

/// One interval of the drives that are known at knots, from its beginning, tau = 0, on. A mode
/// that relaxes within it is a polynomial in u = tau/length and the transient c_q exp(-lambda_q
/// tau) with which it begins; a slower one is the beginning of its Taylor series. Polynomials are
/// sums of Chebyshev's T_k(2u - 1), whose sizes add up to little more than that of their sum.
struct KnotRates {
  static constexpr int slow_terms = 26;  // (lambda length)^n/n! is below 1e-17 at the limit
  static constexpr double slow = 2;      // lambda length of the slow modes, at most

  struct Weight {
    double psi = 0, current = 0;
  };
  std::array<Weight, slow_terms> polynomials;   // of T_k: what sums over the modes bound
  RateSpectrum transients;                      // D q |c_q| and |c_q|
  double psi_squared = 0, current_squared = 0;  // mean squares of psi and E' at its end
};

/// One mode of such an interval: E_q = sum_k E_k u^k along q (L) and the sizes of its parts across
/// q, and y at its beginning; real or complex. What is not used is 0.
template <class Value>
struct KnotMode {
  std::array<Value, KnottedSpectrum::most> L{};
  std::array<double, KnottedSpectrum::most> across{};  // of the coefficients of T_k
  double across_end = 0;                               // size of the sum of all parts across q
  Value y{};
};

inline double size_of(double a) { return std::abs(a); }
inline double size_of(const std::complex<double>& a) { return std::sqrt(std::norm(a)); }

/// y of a mode without its transient as the coefficients of u^k, k < KnotRates::slow_terms.
template <class Value>
std::array<Value, KnotRates::slow_terms> knot_polynomial(const KnotMode<Value>& knot, double rate,
                                                         double length) {
  constexpr int terms = KnottedSpectrum::most;
  std::array<Value, KnotRates::slow_terms> y{};
  if (rate * length > KnotRates::slow) {  // y' = -lambda y + L from the highest power down
    for (int k = terms - 1; k >= 0; --k)
      y[k] = (1 / rate) * (knot.L[k] - ((k + 1) / length) * y[k + 1]);
    return y;
  }
  y[0] = knot.y;
  for (int k = 0; k + 1 < KnotRates::slow_terms; ++k) {
    const Value L = k < terms ? knot.L[k] : Value(0);
    y[k + 1] = (length / (k + 1)) * (L - rate * y[k]);
  }
  return y;
}

/// u^n = sum_k M[k][n] T_k(2u - 1).
using ChebyshevMatrix =
    std::array<std::array<double, KnotRates::slow_terms>, KnotRates::slow_terms>;
const ChebyshevMatrix& powers_in_chebyshev();

/// The sizes of the coefficients of T_k of a polynomial with `terms` powers of u.
template <int terms, class Values>
std::array<double, terms> chebyshev_sizes(const Values& powers) {
  const ChebyshevMatrix& M = powers_in_chebyshev();
  std::array<double, terms> sizes;
  KUBOMAG_UNROLL
  for (int k = 0; k < terms; ++k) {
    auto sum = M[k][k] * powers[k];
    KUBOMAG_UNROLL
    for (int n = k + 1; n < terms; ++n) sum += M[k][n] * powers[n];
    sizes[k] = size_of(sum);
  }
  return sizes;
}

/// Adds `count` modes of the rate mode.rate, q > 0, whose y without the transient is a polynomial
/// of `terms` powers; returns the transient's size.
template <int terms, class Value>
double add_knot_polynomials(KnotRates& sum, const ModeBox& box, const DiffusionMode& mode,
                            int count, const KnotMode<Value>& knot, double length) {
  const auto y = knot_polynomial(knot, mode.rate, length);
  const double D_q = box.D * mode.q;
  std::array<Value, terms> current{};  // y' + y/tau_c
  Value y_end(0), current_end(0), L_end(0);
  for (int k = 0; k < terms; ++k) {
    if (k + 1 < terms) current[k] = ((k + 1) / length) * y[k + 1];
    current[k] += box.rate_c * y[k];
    y_end += y[k], current_end += current[k];
    if (k < KnottedSpectrum::most) L_end += knot.L[k];
  }
  const auto y_sizes = chebyshev_sizes<terms>(y), current_sizes = chebyshev_sizes<terms>(current);
  for (int k = 0; k < terms; ++k) {
    sum.polynomials[k].psi += count * D_q * y_sizes[k];
    sum.polynomials[k].current += count * current_sizes[k];
  }
  const double psi = D_q * size_of(y_end);
  const double size = std::max(size_of(current_end), least_current * size_of(L_end));
  sum.psi_squared += count * psi * psi;
  sum.current_squared += count * size * size;
  return size_of(knot.y - y[0]);
}

/// Adds `count` modes; `length` of the interval [s].
template <class Value>
void add_knot_mode(KnotRates& sum, const ModeBox& box, const DiffusionMode& mode, int count,
                   const KnotMode<Value>& knot, double length) {
  for (int k = 0; k < KnottedSpectrum::most; ++k)
    sum.polynomials[k].current += count * knot.across[k];
  sum.current_squared += count * knot.across_end * knot.across_end;
  if (mode.q == 0) return;
  if (mode.rate * length > KnotRates::slow) {
    const double transient =
        add_knot_polynomials<KnottedSpectrum::most>(sum, box, mode, count, knot, length);
    sum.transients.add(mode.rate, count, box.D * mode.q * transient, transient);
  } else {
    add_knot_polynomials<KnotRates::slow_terms>(sum, box, mode, count, knot, length);
  }
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
