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

  // As ColumnFft has them; without it there is one part, and begin() and finish() copy.
  int parts() const { return own_ ? own_->parts() : 1; }
  int position(int k) const { return own_ ? own_->position(k) : k; }

  /// Parts that have something in them if the points from n/2 (rounded up) on are zero.
  int filled(bool upper_half_zero) const {
    return upper_half_zero && parts() % 2 == 0 ? parts() / 2 : parts();
  }

  void begin(const Real* data, int given, Real* work) const {
    if (own_) return own_->begin(data, given, work);
    if (data != work) std::copy_n(data, numbers(n_), work);
  }
  void forward(Real* work) const {
    if (own_) return own_->forward(work);
    Fftw<Real>::split_columns(forward_.get(), work, work + width);
  }
  void inverse(Real* work) const {
    if (own_) return own_->inverse(work);
    Fftw<Real>::split_columns(inverse_.get(), work + width, work);
  }
  void finish(const Real* work, int wanted, Real* data) const {
    if (own_) return own_->finish(work, wanted, data);
    if (data != work) std::copy_n(work, numbers(n_), data);
  }

  template <int Count, class Product>
  void filter(Real* work, const Product& product) const {
    if (own_) return own_->template filter<Count>(work, product);
    for (int c = 0; c < Count; ++c) forward(work + c * numbers(n_));
    for (int k = 0; k < n_; ++k)
      for (int lane = 0; lane < width; lane += simd_bytes / sizeof(Real)) {
        Real *a = work + numbers(k) + lane, *b = a + (Count - 1) * numbers(n_);
        if constexpr (Count == 1)
          product(k, lane, simd(a), simd(a + width));
        else
          product(k, lane, simd(a), simd(a + width), simd(b), simd(b + width));
      }
    for (int c = 0; c < Count; ++c) inverse(work + c * numbers(n_));
  }

 private:
  static std::size_t numbers(int rows) { return static_cast<std::size_t>(rows) * row; }

  int n_;
  std::optional<ColumnFft<Real>> own_;
  FftwPlan<Real> forward_, inverse_;
};

}  // namespace kubomag
