#pragma once
// The functions of the exponential integrator for y' = -lambda y + S with S a polynomial in time
// (docs/drive.md, "Closed solutions", c):
//   S(tau) = sum_k S_k (tau/h)^k,
//   y(tau) = e^z y(0) + tau sum_k S_k (tau/h)^k f_k(z),   z = -lambda tau,
//   f_k(z) = integral of e^{z (1 - s)} s^k over s from 0 to 1 = k! phi_{k+1}(z).
// Without a branch, so that loops over many modes are vectorised.
#include <bit>
#include <cstdint>

#include "kubomag/host_device.hpp"
#include "kubomag/unroll.hpp"

namespace kubomag {
/// e^z for z <= 0, right to a few units in the last place; 0 below -708. 2^k e^r with
/// |r| <= ln(2)/2 and the Taylor series of e^r; ln(2) in two parts, the first of which has few
/// enough digits for k times it to be exact.
KUBOMAG_HD double decay(double z) {
  constexpr double to_integer = 6755399441055744.0;  // 1.5 * 2^52: its last digit is worth 1
  constexpr double ln_2_high = 6.93147180369123816490e-01, ln_2_low = 1.90821492927058770002e-10;
  const double clamped = z < -708 ? -708 : z;
  const double shifted = clamped * 1.44269504088896340736 + to_integer;
  const double k = shifted - to_integer, r = (clamped - k * ln_2_high) - k * ln_2_low;
  constexpr double over_factorial[] = {1.0,
                                       1.0,
                                       1.0 / 2,
                                       1.0 / 6,
                                       1.0 / 24,
                                       1.0 / 120,
                                       1.0 / 720,
                                       1.0 / 5040,
                                       1.0 / 40320,
                                       1.0 / 362880,
                                       1.0 / 3628800,
                                       1.0 / 39916800,
                                       1.0 / 479001600,
                                       1.0 / 6227020800.0};
  double sum = over_factorial[13];
  KUBOMAG_UNROLL
  for (int n = 12; n >= 0; --n) sum = sum * r + over_factorial[n];
  const auto exponent = std::bit_cast<std::int64_t>(shifted) << 52;
  const double value = std::bit_cast<double>(std::bit_cast<std::int64_t>(sum) + exponent);
  return z < -708 ? 0 : value;
}

template <int n>
struct DecayMoments {
  double exp;        // e^z
  double moment[n];  // f_0 ... f_{n-1}
};

/// For z <= 0, right to a few units in the last place. Partial integration leads from one to the
/// next: upwards, f_k = (k f_{k-1} - 1)/z, where |z| is large, downwards, f_{k-1} = (1 + z f_k)/k,
/// from the Taylor series of the last where it is small.
template <int n>
KUBOMAG_HD DecayMoments<n> decay_moments(double z) {
  constexpr double large = n > 2 ? -4 : -0.5;  // from here on differences do not cancel
  constexpr int terms = n > 2 ? 25 : 14;       // of the Taylor series
  const double e = decay(z), down = z < large ? large : z, over = 1 / (z < large ? z : large);
  double series = 0;
  KUBOMAG_UNROLL
  for (int m = terms; m >= 1; --m) series = (1 + series) * (down * (1.0 / (n + m)));
  DecayMoments<n> out;
  out.exp = e;
  out.moment[n - 1] = (1 + series) * (1.0 / n);
  KUBOMAG_UNROLL
  for (int k = n - 1; k >= 1; --k) out.moment[k - 1] = (1 + down * out.moment[k]) * (1.0 / k);
  double up = (e - 1) * over;
  out.moment[0] = z < large ? up : out.moment[0];
  KUBOMAG_UNROLL
  for (int k = 1; k < n; ++k) {
    up = (k * up - 1) * over;
    out.moment[k] = z < large ? up : out.moment[k];
  }
  return out;
}

}  // namespace kubomag
