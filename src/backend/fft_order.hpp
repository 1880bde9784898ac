#pragma once
// The passes of our own Fourier transforms, and where decimation in frequency leaves what.
#include <vector>

namespace kubomag {

class FftOrder {
 public:
  /// Whether n >= 1 is a product of 2, 3, 5 and 7.
  static bool possible(int n) {
    for (const int prime : {2, 3, 5, 7})
      while (n % prime == 0) n /= prime;
    return n == 1;
  }

  /// Transforms of n points; possible(n) must hold. Few passes, and none of two points where two of
  /// four can do it.
  explicit FftOrder(int n) : n_(n) {
    int twos = 0;
    for (; n % 2 == 0; n /= 2) ++twos;
    const int fours = twos % 3 == 2 ? 1 : (twos % 3 == 1 && twos > 1 ? 2 : 0);
    radices_.assign((twos - 2 * fours) / 3, 8);
    radices_.insert(radices_.end(), fours, 4);
    if (twos == 1) radices_.push_back(2);
    for (const int prime : {3, 5, 7})
      for (; n % prime == 0; n /= prime) radices_.push_back(prime);
  }

  /// In the order of the forward transform.
  const std::vector<int>& radices() const { return radices_; }

  /// Where the forward transform leaves frequency k, 0 <= k < n.
  int position(int k) const {
    int at = 0, length = n_;
    for (const int radix : radices_) {
      length /= radix;
      at += k % radix * length;
      k /= radix;
    }
    return at;
  }

 private:
  int n_;
  std::vector<int> radices_;
};

}  // namespace kubomag
