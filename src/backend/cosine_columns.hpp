#pragma once
// Sums of cosines or sines in columns, and back.
//   f(i) = sum_k a_k cos(pi k (i + 1/2)/n), or sin, 0 <= i, k < n
// is one complex transform of n points for two real columns at once (J.
// Makhoul, IEEE Trans. Acoust. 28, 27 (1980)): with b_0 = a_0, b_k = a_k/2, b_n
// = 0,
//   V_k = exp(i pi k/2n) (b_k - i b_{n-k}),   v = transform of V,
//   f(2j) = v(j), f(2j + 1) = v(n - 1 - j),
// and sin(pi k (i + 1/2)/n) = (-1)^i cos(pi (n - k)(i + 1/2)/n).
#include <algorithm>
#include <cmath>
#include <vector>

#include "backend/column_transform.hpp"

namespace kubomag {

/// Columns of n values; a row of memory holds one value or coefficient of each
/// of its `row` columns. Blocks are aligned to 64 bytes. Values stand in an
/// order of their own (value_at), and those of sines carry a sign.
template <class Real>
class CosineColumns {
 public:
  static constexpr int row = ColumnTransform<Real>::row;

  explicit CosineColumns(int n) : n_(n), transform_(n) {
    const double turn = std::acos(-1.0) / (2 * n);
    for (int k = 0; k < n; ++k) {
      cos_.push_back(static_cast<Real>(std::cos(turn * k) * (k > 0 ? 0.5 : 1)));
      sin_.push_back(static_cast<Real>(std::sin(turn * k) * (k > 0 ? 0.5 : 1)));
      mode_.push_back(static_cast<std::size_t>(transform_.position(k)) * row);
      value_.push_back(static_cast<std::size_t>(k % 2 == 0 ? k / 2 : n - 1 - k / 2) * row);
    }
  }

  /// Where the values at i stand, and the factor between them and f(i).
  std::size_t value_at(int i) const { return value_[i]; }
  static Real sign(int i, bool sine) { return sine && i % 2 != 0 ? Real(-1) : Real(1); }

  /// From n rows of coefficients to n rows of values.
  void sum(const Real* coefficients, bool sine, Real* values) const {
    for (int k = 0; k < n_; ++k) {
      const int up = sine ? n_ - k : k,
                down = sine ? k : n_ - k;  // b_k and b_{n-k}
      turn(k == 0 && sine ? none() : at(coefficients, up), k == 0 ? none() : at(coefficients, down),
           cos_[k], sin_[k], values + mode_[k]);
    }
    transform_.inverse(values);
    transform_.finish(values, transform_.parts(), values);
  }

  /// From values, which are overwritten, to coefficients; the one of the sine k
  /// = 0 is zero.
  void analyse(Real* values, bool sine, Real* coefficients) const {
    transform_.begin(values, transform_.parts(), values);
    transform_.forward(values);
    if (sine) std::fill_n(coefficients, row, Real(0));
    for (int k = sine ? 1 : 0; k < n_; ++k) {
      const Real factor = static_cast<Real>((k > 0 ? 2.0 : 0.5) / n_);
      turn_back(values + mode_[k], values + mode_[(n_ - k) % n_], factor * cos_[k],
                factor * sin_[k], coefficients + static_cast<std::size_t>(sine ? n_ - k : k) * row);
    }
  }

 private:
  static constexpr int width = ColumnTransform<Real>::width;
  static constexpr int lanes = simd_bytes / sizeof(Real);

  static const Real* at(const Real* rows, int k) {
    return rows + static_cast<std::size_t>(k) * row;
  }
  static const Real* none() {
    alignas(64) static const Real zeros[row] = {};
    return zeros;
  }

  /// (c + i s)(p - i q) of the columns in the real lanes, and i times that of
  /// those in the others.
  static void turn(const Real* p, const Real* q, Real c, Real s, Real* to) {
    for (int lane = 0; lane < width; lane += lanes) {
      const auto p_a = simd(p + lane), q_a = simd(q + lane);
      const auto p_b = simd(p + lane + width), q_b = simd(q + lane + width);
      simd(to + lane) = (c * p_a + s * q_a) - (s * p_b - c * q_b);
      simd(to + lane + width) = (s * p_a - c * q_a) + (c * p_b + s * q_b);
    }
  }

  /// The real part of (c - i s) V for either half of the columns; Z = V_a + i
  /// V_b at k and -k.
  static void turn_back(const Real* z, const Real* z_minus, Real c, Real s, Real* to) {
    for (int lane = 0; lane < width; lane += lanes) {
      const auto re = simd(z + lane), im = simd(z + lane + width);
      const auto re_m = simd(z_minus + lane), im_m = simd(z_minus + lane + width);
      simd(to + lane) = c * (re + re_m) + s * (im - im_m);
      simd(to + lane + width) = c * (im + im_m) + s * (re_m - re);
    }
  }

  int n_;
  ColumnTransform<Real> transform_;
  std::vector<Real> cos_, sin_;
  std::vector<std::size_t> mode_, value_;
};

}  // namespace kubomag
