#pragma once
// Polynomials in time through equidistant samples, from their differences: what is constant in time
// has none, and what is slow has small ones, so that nothing cancels.
#include <array>
#include <cstddef>

#include "kubomag/host_device.hpp"
#include "kubomag/unroll.hpp"

namespace kubomag {

/// The n-th differences of equidistant values, n = 0 ... Count - 1, in place.
template <class Value, std::size_t Count>
KUBOMAG_HD void take_differences(std::array<Value, Count>& values) {
  KUBOMAG_UNROLL
  for (std::size_t order = 1; order < Count; ++order) {
    KUBOMAG_UNROLL
    for (std::size_t j = Count - 1; j >= order; --j) values[j] = values[j] - values[j - 1];
  }
}

/// The polynomial through values at the positions 0, 1, 2 ... with the differences d_n, as
/// sum_k c_k u^k of u = (position - begin)/length: c_k = sum_n coefficients[k][n] d_n (Newton).
template <std::size_t Count>
std::array<std::array<double, Count>, Count> newton_coefficients(double begin, double length) {
  std::array<std::array<double, Count>, Count> coefficients{};
  std::array<double, Count> product{1};  // binomial(position, n) in powers of u
  for (std::size_t n = 0; n < Count; ++n) {
    for (std::size_t k = 0; k <= n; ++k) coefficients[k][n] = product[k];
    const double over = 1.0 / (n + 1.0), constant = (begin - n) * over, slope = length * over;
    for (std::size_t k = Count - 1; k > 0; --k)
      product[k] = constant * product[k] + slope * product[k - 1];
    product[0] *= constant;
  }
  return coefficients;
}

}  // namespace kubomag
