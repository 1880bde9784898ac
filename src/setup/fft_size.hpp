#pragma once
#include <initializer_list>

namespace kubomag {

/// The smallest even number >= n that has no prime factor above 7. n >= 1.
inline int fft_size(int n) {
  for (int size = n + n % 2;; size += 2) {
    int rest = size;
    for (const int factor : {2, 3, 5, 7})
      while (rest % factor == 0) rest /= factor;
    if (rest == 1) return size;
  }
}

}  // namespace kubomag
