#pragma once
// A Fourier transform for short series of a power of two.
#include <complex>
#include <utility>
#include <vector>

#include "kubomag/constants.hpp"

namespace kubomag {

/// sum_j z_j exp(sign 2 pi i j m/n) in place, n a power of two, sign +1 or -1.
inline void fourier_sums(std::vector<std::complex<double>>& z, int sign) {
  const std::size_t n = z.size();
  for (std::size_t i = 1, reversed = 0; i < n; ++i) {
    std::size_t bit = n / 2;
    for (; reversed & bit; bit /= 2) reversed ^= bit;
    reversed ^= bit;
    if (i < reversed) std::swap(z[i], z[reversed]);
  }
  std::vector<std::complex<double>> turns(n / 2);
  for (std::size_t i = 0; i < turns.size(); ++i)
    turns[i] = std::polar(1.0, sign * 2 * constants::pi * double(i) / double(n));
  for (std::size_t half = 1; half < n; half *= 2)
    for (std::size_t begin = 0; begin < n; begin += 2 * half)
      for (std::size_t i = 0; i < half; ++i) {
        const std::complex<double> turn = turns[i * (n / 2 / half)], b = z[begin + half + i];
        const std::complex<double> turned(turn.real() * b.real() - turn.imag() * b.imag(),
                                          turn.real() * b.imag() + turn.imag() * b.real());
        z[begin + half + i] = z[begin + i] - turned;
        z[begin + i] += turned;
      }
}

}  // namespace kubomag
