#pragma once
// Discrete Fourier transforms of 2, 3, 4, 5, 7 and 8 points on SIMD registers, where each lane is a
// transform of its own, or on plain numbers (a GPU's threads). X_r = sum_q x_q exp(-2 pi i q r /
// R), in place; with `re` and `im` exchanged they are the inverse without its factor 1/R. Formulas:
// H. J. Nussbaumer, Fast Fourier Transform and Convolution Algorithms (Springer, 1982), chapters 4
// and 5.
#include "kubomag/host_device.hpp"
#include "kubomag/unroll.hpp"

namespace kubomag {

// As wide as the machine's registers: half of that costs a third more time (docs/performance.md).
#if defined(__AVX512F__)
inline constexpr int simd_bytes = 64;
#elif defined(__AVX__)
inline constexpr int simd_bytes = 32;
#else
inline constexpr int simd_bytes = 16;
#endif

template <class Real>
struct SimdType {
  typedef Real type __attribute__((vector_size(simd_bytes)));
};
template <class Real>
using Simd = typename SimdType<Real>::type;

/// The register's worth of numbers at p, which is aligned to simd_bytes.
template <class Real>
KUBOMAG_HD Simd<Real>& simd(Real* p) {
  return *reinterpret_cast<Simd<Real>*>(p);
}
template <class Real>
KUBOMAG_HD const Simd<Real>& simd(const Real* p) {
  return *reinterpret_cast<const Simd<Real>*>(p);
}

/// cos and sin of 2 pi k / R for the odd radices, k = 1..(R-1)/2.
template <int R>
KUBOMAG_HD constexpr double odd_cos(int k) {
  if constexpr (R == 3) return -0.5;
  if constexpr (R == 5) return k == 1 ? 0.30901699437494742410 : -0.80901699437494742410;
  return k == 1   ? 0.62348980185873353053
         : k == 2 ? -0.22252093395631440429
                  : -0.90096886790241912624;
}
template <int R>
KUBOMAG_HD constexpr double odd_sin(int k) {
  if constexpr (R == 3) return 0.86602540378443864676;
  if constexpr (R == 5) return k == 1 ? 0.95105651629515357212 : 0.58778525229247312917;
  return k == 1 ? 0.78183148246802980871 : k == 2 ? 0.97492791218182360702 : 0.43388373911755812048;
}

/// Odd R: the pairs q and R - q share their cosines and sines.
/// With Half only the first half of the inputs is read, the others count as zero.
template <class Real, int R, bool Half = false, class V = Simd<Real>>
struct Butterfly {
  static_assert((R == 3 || R == 5 || R == 7) && !Half);
  static constexpr int pairs = (R - 1) / 2;

  static KUBOMAG_HD void apply(V* re, V* im) {
    V sum_re[pairs], sum_im[pairs], dif_re[pairs], dif_im[pairs];
    const V first_re = re[0], first_im = im[0];
    KUBOMAG_UNROLL
    for (int k = 0; k < pairs; ++k) {
      sum_re[k] = re[k + 1] + re[R - 1 - k], dif_re[k] = re[k + 1] - re[R - 1 - k];
      sum_im[k] = im[k + 1] + im[R - 1 - k], dif_im[k] = im[k + 1] - im[R - 1 - k];
      re[0] += sum_re[k], im[0] += sum_im[k];
    }
    KUBOMAG_UNROLL
    for (int r = 1; r <= pairs; ++r) {
      V a_re = first_re, a_im = first_im, b_re{}, b_im{};
      KUBOMAG_UNROLL
      for (int k = 1; k <= pairs; ++k) {
        const int turn = k * r % R, at = turn > pairs ? R - turn : turn;
        const Real c = static_cast<Real>(odd_cos<R>(at));
        const Real s = static_cast<Real>(turn > pairs ? -odd_sin<R>(at) : odd_sin<R>(at));
        a_re += c * sum_re[k - 1], a_im += c * sum_im[k - 1];
        b_re += s * dif_re[k - 1], b_im += s * dif_im[k - 1];
      }
      re[r] = a_re + b_im, im[r] = a_im - b_re;
      re[R - r] = a_re - b_im, im[R - r] = a_im + b_re;
    }
  }
};

template <class Real, bool Half, class V>
struct Butterfly<Real, 2, Half, V> {
  static KUBOMAG_HD void apply(V* re, V* im) {
    if constexpr (Half) {
      re[1] = re[0], im[1] = im[0];
    } else {
      const V r = re[1], i = im[1];
      re[1] = re[0] - r, im[1] = im[0] - i;
      re[0] += r, im[0] += i;
    }
  }
};

template <class Real, bool Half, class V>
struct Butterfly<Real, 4, Half, V> {
  static KUBOMAG_HD void apply(V* re, V* im) {
    if constexpr (Half) re[2] = re[0], im[2] = im[0], re[3] = re[1], im[3] = im[1];
    if constexpr (!Half) {
      const V r2 = re[2], i2 = im[2], r3 = re[3], i3 = im[3];
      re[2] = re[0] - r2, im[2] = im[0] - i2, re[0] += r2, im[0] += i2;
      re[3] = re[1] - r3, im[3] = im[1] - i3, re[1] += r3, im[1] += i3;
    }
    const V even_re = re[0], even_im = im[0], odd_re = re[1], odd_im = im[1];
    const V turned_re = im[3], turned_im = -re[3];  // times -i
    re[0] = even_re + odd_re, im[0] = even_im + odd_im;
    re[1] = re[2] + turned_re, im[1] = im[2] + turned_im;
    re[3] = re[2] - turned_re, im[3] = im[2] - turned_im;
    re[2] = even_re - odd_re, im[2] = even_im - odd_im;
  }
};

template <class Real, bool Half, class V>
struct Butterfly<Real, 8, Half, V> {
  static KUBOMAG_HD void apply(V* re, V* im) {
    V sum_re[4], sum_im[4], dif_re[4], dif_im[4];
    KUBOMAG_UNROLL
    for (int q = 0; q < 4; ++q) {
      sum_re[q] = re[q], sum_im[q] = im[q], dif_re[q] = re[q], dif_im[q] = im[q];
      if constexpr (!Half) {
        sum_re[q] += re[q + 4], sum_im[q] += im[q + 4];
        dif_re[q] -= re[q + 4], dif_im[q] -= im[q + 4];
      }
    }
    turn(dif_re, dif_im);
    Butterfly<Real, 4, false, V>::apply(sum_re, sum_im);
    Butterfly<Real, 4, false, V>::apply(dif_re, dif_im);
    KUBOMAG_UNROLL
    for (int r = 0; r < 4; ++r) {
      re[2 * r] = sum_re[r], im[2 * r] = sum_im[r];
      re[2 * r + 1] = dif_re[r], im[2 * r + 1] = dif_im[r];
    }
  }

 private:
  /// Times exp(-2 pi i q / 8).
  static KUBOMAG_HD void turn(V* re, V* im) {
    constexpr Real root = static_cast<Real>(0.70710678118654752440);
    const V r1 = re[1], r2 = re[2], r3 = re[3];
    re[1] = root * (r1 + im[1]), im[1] = root * (im[1] - r1);
    re[2] = im[2], im[2] = -r2;
    re[3] = root * (im[3] - r3), im[3] = -root * (im[3] + r3);
  }
};

}  // namespace kubomag
