#pragma once
// Fourier transform of blocks of columns for any n: our own where n is a product of 2, 3, 5 and 7,
// as padded axes always are, and FFTW's for other periodic axes.
#include <algorithm>
#include <optional>

#include "backend/column_fft.hpp"
#include "backend/fftw.hpp"
#include "backend/host_buffer.hpp"

namespace kubomag {

template <class Real>
class ColumnTransform {
 public:
  static constexpr int width = ColumnFft<Real>::width;  // columns per block
  static constexpr int row = ColumnFft<Real>::row;      // numbers per row of a block

  /// Columns of n >= 1 points. Not safe while another thread plans with FFTW.
  explicit ColumnTransform(int n) : n_(n) {
    if (FftOrder::possible(n)) {
      own_.emplace(n);
    } else {
      HostBuffer<Real> block(static_cast<std::size_t>(n) * row);
      Real *re = block.data(), *im = re + width;
      forward_ = FftwPlan<Real>(Fftw<Real>::split_columns(n, width, row, re, im));
      inverse_ = FftwPlan<Real>(Fftw<Real>::split_columns(n, width, row, im, re));
    }
  }

  /// The row in which forward() leaves frequency k, 0 <= k < n.
  int position(int k) const { return own_ ? own_->position(k) : k; }

  /// In place, with exp(-2 pi i j k / n). If upper_half_zero, rows from n/2 (rounded up) on are
  /// taken as zero whatever they hold. n rows of `row` numbers, aligned to 64 bytes.
  void forward(Real* data, bool upper_half_zero) const {
    if (own_) return own_->forward(data, upper_half_zero);
    if (upper_half_zero)
      std::fill(data + static_cast<std::size_t>(n_ + 1) / 2 * row,
                data + static_cast<std::size_t>(n_) * row, Real(0));
    Fftw<Real>::split_columns(forward_.get(), data, data + width);
  }

  /// In place from the order of forward(), with exp(+2 pi i j k / n), without a factor. If
  /// lower_half_only, what rows from n/2 on hold afterwards is unspecified.
  void inverse(Real* data, bool lower_half_only) const {
    if (own_) return own_->inverse(data, lower_half_only);
    Fftw<Real>::split_columns(inverse_.get(), data + width, data);
  }

 private:
  int n_;
  std::optional<ColumnFft<Real>> own_;
  FftwPlan<Real> forward_, inverse_;
};

}  // namespace kubomag
