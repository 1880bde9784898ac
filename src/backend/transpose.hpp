#pragma once
// Transposition of square tiles in SIMD registers.
#include <cstddef>
#include <utility>

#include "backend/butterflies.hpp"

namespace kubomag {

/// to[j * to_stride + i] = from[i * from_stride + j] for i, j < size; all rows aligned to
/// simd_bytes, size a multiple of the lanes of a register.
template <class Real>
class Transpose {
 public:
  template <int size>
  static KUBOMAG_HD void tile(const Real* from, std::size_t from_stride, Real* to,
                              std::size_t to_stride) {
    for (int i = 0; i < size; i += lanes)
      for (int j = 0; j < size; j += lanes)
        square(from + i * from_stride + j, from_stride, to + j * to_stride + i, to_stride);
  }

 private:
  using V = Simd<Real>;
  static constexpr int lanes = simd_bytes / sizeof(Real);

  static KUBOMAG_HD void square(const Real* from, std::size_t from_stride, Real* to,
                                std::size_t to_stride) {
    V rows[lanes];
#pragma GCC unroll 16
    for (int i = 0; i < lanes; ++i) rows[i] = simd(from + i * from_stride);
    exchange<1>(rows);
#pragma GCC unroll 16
    for (int i = 0; i < lanes; ++i) simd(to + i * to_stride) = rows[i];
  }

  /// Exchanges the off-diagonal quarters of all squares of 2 Step rows, then of twice as many.
  template <int Step>
  static KUBOMAG_HD void exchange(V* rows) {
    if constexpr (Step < lanes) {
#pragma GCC unroll 16
      for (int i = 0; i < lanes; ++i)
        if ((i & Step) == 0) exchange<Step>(rows[i], rows[i + Step], Lanes{});
      exchange<2 * Step>(rows);
    }
  }

  using Lanes = std::make_integer_sequence<int, lanes>;
  template <int Step, int... J>
  static KUBOMAG_HD void exchange(V& a, V& b, std::integer_sequence<int, J...>) {
    const V left = __builtin_shufflevector(a, b, ((J & Step) ? lanes + J - Step : J)...);
    b = __builtin_shufflevector(a, b, ((J & Step) ? lanes + J : J + Step)...);
    a = left;
  }
};

}  // namespace kubomag
