#pragma once
// FFT of `width` columns at once, one column per SIMD lane: no shuffles, and the twiddle factors
// are shared by all lanes. A block holds the columns row by row: the real parts of row j, then its
// imaginary parts, 128 bytes in all. The spectrum is left in the order in which decimation in
// frequency finds it; the inverse (decimation in time) takes it from there, so that nothing is
// ever reordered (W. M. Gentleman and G. Sande, Fast Fourier transforms - for fun and profit,
// 1966).
#include <algorithm>
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

  /// Points are taken in parts() parts of part() each, which is what the first pass combines.
  int parts() const { return passes_.empty() ? 1 : passes_[0].radix; }
  int part() const { return n_ / parts(); }

  /// The row in which the forward transform leaves frequency k, 0 <= k < n.
  int position(int k) const { return order_.position(k); }

  /// The forward transform, with exp(-2 pi i j k / n), of the first `given` parts, all or the first
  /// half (where parts() is even); the others count as zero. begin() is its first pass, forward()
  /// the others in place. n rows each, aligned to 64 bytes; `data` may be `work`.
  void begin(const Real* data, int given, Real* work) const {
    if (!passes_.empty()) return run<false>(passes_[0], data, work, given < parts());
    if (data != work) std::copy_n(data, row, work);
  }
  void forward(Real* work) const { forward_from(1, passes_.size(), work, parts()); }

  /// The inverse, with exp(+2 pi i j k / n) and without a factor, in place but for its last pass,
  /// finish(), which leaves out half of the parts if only that half is wanted.
  void inverse(Real* work) const { inverse_from(1, passes_.size(), work, parts()); }
  void finish(const Real* work, int wanted, Real* data) const {
    if (!passes_.empty()) return run<true>(passes_[0], work, data, wanted < parts());
    if (data != work) std::copy_n(work, row, data);
  }

  /// inverse(product(forward())) of `Count` work spaces at once, one after the other in memory: the
  /// product is taken while rows are in registers. product(position, lane, re, im, ...), with re
  /// and im of each, changes the numbers from `lane` on of the row of a frequency.
  template <int Count, class Product>
  void filter(Real* work, const Product& product) const {
    const std::size_t size = static_cast<std::size_t>(n_) * row;
    const std::size_t last = passes_.empty() ? 0 : passes_.size() - 1;
    for (int c = 0; c < Count; ++c) forward_from(1, last, work + c * size, parts());
    multiply<Count>(work, product);
    for (int c = 0; c < Count; ++c) inverse_from(1, last, work + c * size, parts());
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

  /// The passes from `p` to before `end` over consecutive blocks of equal length: one after the
  /// other once a block is larger than the cache, pass by pass below.
  void forward_from(std::size_t p, std::size_t end, Real* data, int blocks) const {
    if (p >= end) return;
    const Pass& pass = passes_[p];
    const std::size_t size = static_cast<std::size_t>(pass.length) * row;
    if (pass.length > in_cache && blocks > 1) {
      for (int b = 0; b < blocks; ++b) forward_from(p, end, data + b * size, 1);
      return;
    }
    for (int b = 0; b < blocks; ++b) run<false>(pass, data + b * size, data + b * size, false);
    forward_from(p + 1, end, data, blocks * pass.radix);
  }

  void inverse_from(std::size_t p, std::size_t end, Real* data, int blocks) const {
    if (p >= end) return;
    const Pass& pass = passes_[p];
    const std::size_t size = static_cast<std::size_t>(pass.length) * row;
    if (pass.length > in_cache && blocks > 1) {
      for (int b = 0; b < blocks; ++b) inverse_from(p, end, data + b * size, 1);
      return;
    }
    inverse_from(p + 1, end, data, blocks * pass.radix);
    for (int b = 0; b < blocks; ++b) run<true>(pass, data + b * size, data + b * size, false);
  }

  template <bool Inverse>
  static void run(const Pass& pass, const Real* in, Real* out, bool half) {
    switch (pass.radix) {
      case 8:
        return half ? butterflies<8, Inverse, true>(pass, in, out)
                    : butterflies<8, Inverse, false>(pass, in, out);
      case 4:
        return half ? butterflies<4, Inverse, true>(pass, in, out)
                    : butterflies<4, Inverse, false>(pass, in, out);
      case 2:
        return half ? butterflies<2, Inverse, true>(pass, in, out)
                    : butterflies<2, Inverse, false>(pass, in, out);
      case 3:
        return butterflies<3, Inverse, false>(pass, in, out);
      case 5:
        return butterflies<5, Inverse, false>(pass, in, out);
      default:
        return butterflies<7, Inverse, false>(pass, in, out);
    }
  }

  template <int R, bool Inverse, bool Half>
  static void butterflies(const Pass& pass, const Real* in, Real* out) {
    const int count = pass.length / R;
    const std::size_t stride = static_cast<std::size_t>(count) * row;
    if (count == 1) return butterfly<R, Inverse, Half, false>(in, out, stride, nullptr);
    const Real* twiddle = pass.twiddles.data();
    for (int j = 0; j < count; ++j, in += row, out += row, twiddle += 2 * (R - 1))
      butterfly<R, Inverse, Half, true>(in, out, stride, twiddle);
  }

  /// R rows: forward transforms, then turns by the twiddles; inverse turns back, then transforms.
  template <int R, bool Inverse, bool Half, bool Turn>
  static KUBOMAG_HD void butterfly(const Real* from, Real* to, std::size_t stride,
                                   const Real* twiddle) {
    constexpr int in = Half && !Inverse ? R / 2 : R, out = Half && Inverse ? R / 2 : R;
    for (int lane = 0; lane < width; lane += lanes) {
      V re[R], im[R];
      KUBOMAG_UNROLL
      for (int q = 0; q < in; ++q) {
        re[q] = simd(from + q * stride + lane), im[q] = simd(from + q * stride + lane + width);
        if (Inverse && Turn && q > 0) turn(re[q], im[q], twiddle[2 * q - 2], -twiddle[2 * q - 1]);
      }
      if constexpr (Inverse)
        Butterfly<Real, R>::apply(im, re);
      else
        Butterfly<Real, R, Half>::apply(re, im);
      KUBOMAG_UNROLL
      for (int r = 0; r < out; ++r) {
        if (!Inverse && Turn && r > 0) turn(re[r], im[r], twiddle[2 * r - 2], twiddle[2 * r - 1]);
        simd(to + r * stride + lane) = re[r];
        simd(to + r * stride + lane + width) = im[r];
      }
    }
  }

  /// The last pass forward, the product, the first pass back; a single pass is begin()'s.
  template <int Count, class Product>
  void multiply(Real* work, const Product& product) const {
    switch (passes_.size() > 1 ? passes_.back().radix : 1) {
      case 8:
        return multiply_rows<8, Count>(work, product);
      case 4:
        return multiply_rows<4, Count>(work, product);
      case 2:
        return multiply_rows<2, Count>(work, product);
      case 3:
        return multiply_rows<3, Count>(work, product);
      case 5:
        return multiply_rows<5, Count>(work, product);
      case 7:
        return multiply_rows<7, Count>(work, product);
      default:
        return multiply_rows<1, Count>(work, product);
    }
  }

  template <int R, int Count, class Product>
  void multiply_rows(Real* work, const Product& product) const {
    const std::size_t size = static_cast<std::size_t>(n_) * row;
    for (int p = 0; p < n_; p += R)
      for (int lane = 0; lane < width; lane += lanes) {
        Real* const at = work + static_cast<std::size_t>(p) * row + lane;
        V re[Count][R], im[Count][R];
#pragma GCC unroll 2
        for (int c = 0; c < Count; ++c) {
#pragma GCC unroll 8
          for (int r = 0; r < R; ++r) {
            re[c][r] = simd(at + c * size + r * row);
            im[c][r] = simd(at + c * size + r * row + width);
          }
          if constexpr (R > 1) Butterfly<Real, R>::apply(re[c], im[c]);
        }
#pragma GCC unroll 8
        for (int r = 0; r < R; ++r)
          if constexpr (Count == 1)
            product(p + r, lane, re[0][r], im[0][r]);
          else
            product(p + r, lane, re[0][r], im[0][r], re[1][r], im[1][r]);
#pragma GCC unroll 2
        for (int c = 0; c < Count; ++c) {
          if constexpr (R > 1) Butterfly<Real, R>::apply(im[c], re[c]);
#pragma GCC unroll 8
          for (int r = 0; r < R; ++r) {
            simd(at + c * size + r * row) = re[c][r];
            simd(at + c * size + r * row + width) = im[c][r];
          }
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
