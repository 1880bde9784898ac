#pragma once
// B = -N * (Ms m) by FFT on the CPU. Only the film's rows are transformed along x; columns are
// taken in blocks of 128 bytes a row, transformed along y, multiplied and transformed back while
// they are in the cache, so that the spectrum is read once and written once. Zero padding exists
// in the work space alone. Both transforms run one row or column per SIMD lane
// (backend/column_fft.hpp), and modes stay in the order in which the transform leaves them.
#include <omp.h>

#include <algorithm>
#include <vector>

#include "backend/column_transform.hpp"
#include "backend/host_buffer.hpp"
#include "backend/row_transform.hpp"

namespace kubomag {

/// The tensor's transform on the FFT box px x py: a real quarter (px/2+1) x (py/2+1), x fastest,
/// even in ky but for xy, which is odd; with mu_0 and 1/(px py) [T m/A].
struct ConvolutionKernel {
  int px = 1, py = 1;
  const double *xx = nullptr, *yy = nullptr, *zz = nullptr, *xy = nullptr;
};

template <class Real>
class CpuConvolution {
 public:
  CpuConvolution(int nx, int ny, const ConvolutionKernel& kernel, int threads)
      : nx_(nx),
        ny_(ny),
        py_(kernel.py),
        padded_(kernel.py >= 2 * ny),
        threads_(threads),
        rows_(nx, kernel.px),
        columns_(kernel.py) {
    block_stride_ = static_cast<std::size_t>(groups() * Rows::group) * row;
    for (auto& component : spectrum_)
      component = HostBuffer<Real>(rows_.blocks() * block_stride_, threads);
    work_size_ = std::max(rows_.work_size(), 3 * static_cast<std::size_t>(py_) * row);
    work_ = HostBuffer<Real>(threads_ * work_size_, threads);
    for (int ky = 0; ky < py_; ++ky)
      position_.push_back(static_cast<std::size_t>(columns_.position(ky)) * row);
    store_kernel(kernel);
  }

  /// m[c], B[c]: nx x ny values each; Ms: per cell, or null and `Ms_uniform` [A/m]; B in T.
  void operator()(const Real* const m[3], const Real* Ms, Real Ms_uniform, Real* const B[3]) {
#pragma omp parallel num_threads(threads_)
    {
#pragma omp for collapse(2) schedule(static)
      for (int c = 0; c < 3; ++c)
        for (int g = 0; g < groups(); ++g) forward_rows(m[c], Ms, Ms_uniform, c, g);
#pragma omp for schedule(static)
      for (int b = 0; b < rows_.blocks(); ++b) multiply_columns(b);
#pragma omp for collapse(2) schedule(static)
      for (int c = 0; c < 3; ++c)
        for (int g = 0; g < groups(); ++g) inverse_rows(B[c], c, g);
    }
  }

  std::size_t bytes() const {
    return sizeof(Real) * (3 * spectrum_[0].size() + kernel_.size() + work_.size());
  }

 private:
  using Rows = RowTransform<Real>;
  static constexpr int width = ColumnTransform<Real>::width;
  static constexpr int row = ColumnTransform<Real>::row;
  static constexpr int lanes = simd_bytes / sizeof(Real);

  int groups() const { return (ny_ + Rows::group - 1) / Rows::group; }
  int rows_in(int g) const {
    return std::min(static_cast<int>(Rows::group), ny_ - g * Rows::group);
  }
  Real* work() { return work_.data() + omp_get_thread_num() * work_size_; }
  Real* spectrum_rows(int c, int g) {
    return spectrum_[c].data() + static_cast<std::size_t>(g * Rows::group) * row;
  }

  /// Block by block, ky by ky: xx, yy, zz, xy of `width` modes. The sign of the demagnetising
  /// field and the factor 2 of the rows' spectra go into it.
  void store_kernel(const ConvolutionKernel& kernel) {
    const double* parts[4] = {kernel.xx, kernel.yy, kernel.zz, kernel.xy};
    const int modes = kernel.px / 2 + 1, ky_count = py_ / 2 + 1;
    kernel_ =
        HostBuffer<Real>(static_cast<std::size_t>(rows_.blocks()) * ky_count * 4 * width, threads_);
    for (int ky = 0; ky < ky_count; ++ky)
      for (int kx = 0; kx < modes; ++kx)
        for (int c = 0; c < 4; ++c)
          kernel_row(kx / width, ky)[c * width + kx % width] =
              static_cast<Real>(-0.5 * parts[c][static_cast<std::size_t>(ky) * modes + kx]);
  }
  Real* kernel_row(int b, int ky) {
    return kernel_.data() + (static_cast<std::size_t>(b) * (py_ / 2 + 1) + ky) * 4 * width;
  }

  void forward_rows(const Real* m, const Real* Ms, Real Ms_uniform, int c, int g) {
    const std::size_t begin = static_cast<std::size_t>(g * Rows::group) * nx_;
    rows_.forward(m + begin, Ms ? Ms + begin : nullptr, Ms_uniform, rows_in(g), work(),
                  spectrum_rows(c, g), block_stride_);
  }

  void inverse_rows(Real* B, int c, int g) {
    rows_.inverse(spectrum_rows(c, g), block_stride_, rows_in(g), work(),
                  B + static_cast<std::size_t>(g * Rows::group) * nx_);
  }

  void multiply_columns(int b) {
    Real* const block = work();
    const std::size_t size = static_cast<std::size_t>(py_) * row;
    const std::size_t film = static_cast<std::size_t>(ny_) * row;
    const std::size_t half = static_cast<std::size_t>(padded_ ? (py_ + 1) / 2 : py_) * row;
    for (int c = 0; c < 3; ++c) {
      Real* data = block + c * size;
      std::copy_n(spectrum_[c].data() + b * block_stride_, film, data);
      std::fill(data + film, data + half, Real(0));
      columns_.forward(data, padded_);
    }
    for (int ky = 0; ky <= py_ / 2; ++ky) {
      const Real* kernel = kernel_row(b, ky);
      multiply_row(kernel, Real(1), block + position_[ky]);
      if (ky > 0 && 2 * ky < py_) multiply_row(kernel, Real(-1), block + position_[py_ - ky]);
    }
    for (int c = 0; c < 3; ++c) {
      Real* data = block + c * size;
      columns_.inverse(data, padded_);
      std::copy_n(data, film, spectrum_[c].data() + b * block_stride_);
    }
  }

  /// B_q = -N_q M_q for one row of a block; the kernel is real, so real and imaginary parts go
  /// alike. `sign` is that of ky, in which xy is odd.
  void multiply_row(const Real* kernel, Real sign, Real* data) const {
    const std::size_t size = static_cast<std::size_t>(py_) * row;
    for (int k = 0; k < width; k += lanes) {
      const auto xx = simd(kernel + k), yy = simd(kernel + k + width);
      const auto zz = simd(kernel + k + 2 * width), xy = sign * simd(kernel + k + 3 * width);
      for (Real* x = data + k; x < data + row; x += width) {
        Real *y = x + size, *z = y + size;
        const auto mx = simd(x), my = simd(y);
        simd(x) = xx * mx + xy * my;
        simd(y) = xy * mx + yy * my;
        simd(z) *= zz;
      }
    }
  }

  int nx_, ny_, py_;
  bool padded_;
  int threads_;
  Rows rows_;
  ColumnTransform<Real> columns_;
  std::size_t block_stride_ = 0, work_size_ = 0;
  std::vector<std::size_t> position_;  // where ky lies in a block
  HostBuffer<Real> kernel_, work_, spectrum_[3];
};

}  // namespace kubomag
