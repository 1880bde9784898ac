#pragma once
// FFT of `width` columns at once, one column per SIMD lane: no shuffles, and the twiddle factors
// are shared by all lanes. A block holds the columns row by row: the real parts of row j, then its
// imaginary parts, 128 bytes in all. The spectrum is left in the order in which decimation in
// frequency finds it; the inverse (decimation in time) takes it from there, so that nothing is
// ever reordered (W. M. Gentleman and G. Sande, Fast Fourier transforms - for fun and profit,
// 1966).
#include <cmath>
#include <cstddef>
#include <vector>

#include "backend/butterflies.hpp"
#include "backend/fft_order.hpp"

namespace kubomag {

template <class Real>
class ColumnFft {
 public:
  static constexpr int width = 64 / sizeof(Real);  // columns per block
  static constexpr int row = 2 * width;            // numbers per row of a block

  /// Columns of n points; FftOrder::possible(n) must hold.
  explicit ColumnFft(int n) : n_(n), order_(n) {
    int length = n_;
    for (const int radix : order_.radices()) {
      passes_.push_back({radix, length, twiddles(radix, length)});
      length /= radix;
    }
  }

  /// The row in which the forward transform leaves frequency k, 0 <= k < n.
  int position(int k) const { return order_.position(k); }

  /// In place, with exp(-2 pi i j k / n). If upper_half_zero, rows from n/2 on are taken as zero
  /// whatever they hold. n rows, aligned to 64 bytes.
  void forward(Real* data, bool upper_half_zero) const {
    if (passes_.empty()) return;
    const bool half = upper_half_zero && passes_[0].radix % 2 == 0;
    if (upper_half_zero && !half)
      for (std::size_t i = static_cast<std::size_t>(n_ + 1) / 2 * row;
           i < static_cast<std::size_t>(n_) * row; ++i)
        data[i] = 0;
    run<false>(passes_[0], data, half);
    forward_from(1, data, passes_[0].radix);
  }

  /// In place from the order of forward(), with exp(+2 pi i j k / n), without a factor. If
  /// lower_half_only, what rows from n/2 on hold afterwards is unspecified.
  void inverse(Real* data, bool lower_half_only) const {
    if (passes_.empty()) return;
    inverse_from(1, data, passes_[0].radix);
    run<true>(passes_[0], data, lower_half_only && passes_[0].radix % 2 == 0);
  }

 private:
  using V = Simd<Real>;
  static constexpr int lanes = simd_bytes / sizeof(Real);
  static constexpr int in_cache = 128;  // rows that the L1 cache holds with their twiddles

  struct Pass {
    int radix = 1, length = 1;
    std::vector<Real> twiddles{};  // for j < length/radix and 1 <= r < radix: re, im
  };

  static std::vector<Real> twiddles(int radix, int length) {
    const double turn = -2 * std::acos(-1.0) / length;
    std::vector<Real> out;
    for (int j = 0; j < length / radix; ++j)
      for (int r = 1; r < radix; ++r) {
        out.push_back(static_cast<Real>(std::cos(turn * (j * r))));
        out.push_back(static_cast<Real>(std::sin(turn * (j * r))));
      }
    return out;
  }

  /// The passes from `p` on over consecutive blocks of equal length: one after the other once a
  /// block is larger than the cache, pass by pass below.
  void forward_from(std::size_t p, Real* data, int blocks) const {
    if (p == passes_.size()) return;
    const Pass& pass = passes_[p];
    const std::size_t size = static_cast<std::size_t>(pass.length) * row;
    if (pass.length > in_cache && blocks > 1) {
      for (int b = 0; b < blocks; ++b) forward_from(p, data + b * size, 1);
      return;
    }
    for (int b = 0; b < blocks; ++b) run<false>(pass, data + b * size, false);
    forward_from(p + 1, data, blocks * pass.radix);
  }

  void inverse_from(std::size_t p, Real* data, int blocks) const {
    if (p == passes_.size()) return;
    const Pass& pass = passes_[p];
    const std::size_t size = static_cast<std::size_t>(pass.length) * row;
    if (pass.length > in_cache && blocks > 1) {
      for (int b = 0; b < blocks; ++b) inverse_from(p, data + b * size, 1);
      return;
    }
    inverse_from(p + 1, data, blocks * pass.radix);
    for (int b = 0; b < blocks; ++b) run<true>(pass, data + b * size, false);
  }

  template <bool Inverse>
  static void run(const Pass& pass, Real* data, bool half) {
    switch (pass.radix) {
      case 8:
        return half ? butterflies<8, Inverse, true>(pass, data)
                    : butterflies<8, Inverse, false>(pass, data);
      case 4:
        return half ? butterflies<4, Inverse, true>(pass, data)
                    : butterflies<4, Inverse, false>(pass, data);
      case 2:
        return half ? butterflies<2, Inverse, true>(pass, data)
                    : butterflies<2, Inverse, false>(pass, data);
      case 3:
        return butterflies<3, Inverse, false>(pass, data);
      case 5:
        return butterflies<5, Inverse, false>(pass, data);
      default:
        return butterflies<7, Inverse, false>(pass, data);
    }
  }

  template <int R, bool Inverse, bool Half>
  static void butterflies(const Pass& pass, Real* data) {
    const int count = pass.length / R;
    const std::size_t stride = static_cast<std::size_t>(count) * row;
    if (count == 1) return butterfly<R, Inverse, Half, false>(data, stride, nullptr);
    const Real* twiddle = pass.twiddles.data();
    for (int j = 0; j < count; ++j)
      butterfly<R, Inverse, Half, true>(data + static_cast<std::size_t>(j) * row, stride,
                                        twiddle + static_cast<std::size_t>(j) * 2 * (R - 1));
  }

  /// R rows: forward transforms, then turns by the twiddles; inverse turns back, then transforms.
  template <int R, bool Inverse, bool Half, bool Turn>
  static KUBOMAG_HD void butterfly(Real* data, std::size_t stride, const Real* twiddle) {
    constexpr int in = Half && !Inverse ? R / 2 : R, out = Half && Inverse ? R / 2 : R;
    for (int lane = 0; lane < width; lane += lanes) {
      V re[R], im[R];
      KUBOMAG_UNROLL
      for (int q = 0; q < in; ++q) {
        re[q] = simd(data + q * stride + lane), im[q] = simd(data + q * stride + lane + width);
        if (Inverse && Turn && q > 0) turn(re[q], im[q], twiddle[2 * q - 2], -twiddle[2 * q - 1]);
      }
      if constexpr (Inverse)
        Butterfly<Real, R>::apply(im, re);
      else
        Butterfly<Real, R, Half>::apply(re, im);
      KUBOMAG_UNROLL
      for (int r = 0; r < out; ++r) {
        if (!Inverse && Turn && r > 0) turn(re[r], im[r], twiddle[2 * r - 2], twiddle[2 * r - 1]);
        simd(data + r * stride + lane) = re[r];
        simd(data + r * stride + lane + width) = im[r];
      }
    }
  }

  static KUBOMAG_HD void turn(V& re, V& im, Real c, Real s) {
    const V x = re;
    re = c * x - s * im, im = s * x + c * im;
  }

  int n_;
  FftOrder order_;
  std::vector<Pass> passes_;
};

}  // namespace kubomag
