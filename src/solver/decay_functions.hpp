#pragma once
// exp(z), phi_1(z) and phi_2(z) (kernels/phi_functions.hpp) for z <= 0 without
// a branch, so that loops over many modes are vectorised. Right to a few units
// in the last place; exp is 0 below -708.
#include <array>
#include <bit>
#include <cstdint>

#include "kubomag/host_device.hpp"

namespace kubomag {
namespace detail {

/// 1/0!, 1/1!, ...
inline constexpr std::array<double, 16> inverse_factorials = [] {
  std::array<double, 16> all{1};
  for (std::size_t n = 1; n < all.size(); ++n) all[n] = all[n - 1] / static_cast<double>(n);
  return all;
}();

}  // namespace detail

/// e^z = 2^k e^r with |r| <= ln(2)/2 and the Taylor series of e^r; ln(2) in two
/// parts, the first of which has few enough digits for k times it to be exact.
KUBOMAG_HD double decay(double z) {
  constexpr double to_integer = 6755399441055744.0;  // 1.5 * 2^52: its last digit is worth 1
  constexpr double ln_2_high = 6.93147180369123816490e-01, ln_2_low = 1.90821492927058770002e-10;
  const double clamped = z < -708 ? -708 : z;
  const double shifted = clamped * 1.44269504088896340736 + to_integer;
  const double k = shifted - to_integer, r = (clamped - k * ln_2_high) - k * ln_2_low;
  double sum = detail::inverse_factorials[13];
#pragma GCC unroll 16
  for (int n = 12; n >= 0; --n) sum = sum * r + detail::inverse_factorials[n];
  const auto exponent = std::bit_cast<std::int64_t>(shifted) << 52;
  const double value = std::bit_cast<double>(std::bit_cast<std::int64_t>(sum) + exponent);
  return z < -708 ? 0 : value;
}

struct DecayFunctions {
  double exp, phi_1, phi_2;
};

KUBOMAG_HD DecayFunctions decay_functions(double z) {
  constexpr double large = -0.5;  // from here on quotients do not cancel
  double series = detail::inverse_factorials[15];
#pragma GCC unroll 16
  for (int n = 14; n >= 2; --n) series = series * z + detail::inverse_factorials[n];
  const double e = decay(z), safe = z < large ? z : large;
  const double quotient = (e - 1) / safe;
  const double phi_1 = z < large ? quotient : 1 + z * series;
  const double phi_2 = z < large ? (quotient - 1) / safe : series;
  return {e, phi_1, phi_2};
}

}  // namespace kubomag
