#pragma once
// B = -N * (Ms m) by FFT on the CPU. Only the film's rows are transformed along x; columns are
// taken in blocks of 128 bytes, transformed along y, multiplied and transformed back while they
// are in the cache, so that the spectrum is read once and written once. Zero padding exists in
// the block buffer alone.
#include <omp.h>

#include <algorithm>
#include <complex>
#include <vector>

#include "backend/fftw.hpp"
#include "backend/host_buffer.hpp"

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
        px_(kernel.px),
        py_(kernel.py),
        modes_(kernel.px / 2 + 1),
        stride_((modes_ + width - 1) / width * width),
        threads_(threads) {
    store_kernel(kernel);
    for (auto& component : spectrum_)
      component = HostBuffer<Complex>(static_cast<std::size_t>(ny) * stride_, threads);
    const std::size_t row = (static_cast<std::size_t>(px_) + 31) / 16 * 16;
    rows_ = HostBuffer<Real>(threads_ * row);
    row_stride_ = row;
    blocks_ = HostBuffer<Complex>(static_cast<std::size_t>(threads_) * 3 * py_ * width);
    rows_forward_ =
        FftwPlan<Real>(Fftw<Real>::rows_forward(px_, row_buffer(0), fftw(spectrum_[0].data())));
    rows_inverse_ =
        FftwPlan<Real>(Fftw<Real>::rows_inverse(px_, fftw(spectrum_[0].data()), row_buffer(0)));
    columns_forward_ =
        FftwPlan<Real>(Fftw<Real>::columns(py_, width, fftw(block(0, 0)), FFTW_FORWARD));
    columns_inverse_ =
        FftwPlan<Real>(Fftw<Real>::columns(py_, width, fftw(block(0, 0)), FFTW_BACKWARD));
  }

  /// m[c], B[c]: nx x ny values each; Ms: per cell, or null and `Ms_uniform` [A/m]; B in T.
  void operator()(const Real* const m[3], const Real* Ms, Real Ms_uniform, Real* const B[3]) {
#pragma omp parallel num_threads(threads_)
    {
#pragma omp for schedule(static)
      for (int iy = 0; iy < ny_; ++iy)
        for (int c = 0; c < 3; ++c) forward_row(m[c], Ms, Ms_uniform, c, iy);
#pragma omp for schedule(static)
      for (int kx = 0; kx < stride_; kx += width) multiply_columns(kx);
#pragma omp for schedule(static)
      for (int iy = 0; iy < ny_; ++iy)
        for (int c = 0; c < 3; ++c) inverse_row(B[c], c, iy);
    }
  }

  std::size_t bytes() const {
    return sizeof(Complex) * (3 * spectrum_[0].size() + blocks_.size()) +
           sizeof(Real) * (4 * kernel_[0].size() + rows_.size());
  }

 private:
  using Complex = std::complex<Real>;
  using FftwComplex = typename Fftw<Real>::Complex;
  static constexpr int width = 128 / sizeof(Complex);  // columns per block

  static FftwComplex* fftw(Complex* p) { return reinterpret_cast<FftwComplex*>(p); }
  Real* row_buffer(int thread) { return rows_.data() + thread * row_stride_; }
  Complex* block(int thread, int c) {
    return blocks_.data() + (static_cast<std::size_t>(thread) * 3 + c) * py_ * width;
  }
  Complex* spectrum_row(int c, int iy) {
    return spectrum_[c].data() + static_cast<std::size_t>(iy) * stride_;
  }

  /// The sign of the demagnetising field goes into the stored kernel.
  void store_kernel(const ConvolutionKernel& kernel) {
    const double* parts[4] = {kernel.xx, kernel.yy, kernel.zz, kernel.xy};
    const int ky_count = py_ / 2 + 1;
    for (int c = 0; c < 4; ++c) {
      kernel_[c] = HostBuffer<Real>(static_cast<std::size_t>(ky_count) * stride_);
      for (int ky = 0; ky < ky_count; ++ky)
        for (int kx = 0; kx < modes_; ++kx)
          kernel_[c][static_cast<std::size_t>(ky) * stride_ + kx] =
              static_cast<Real>(-parts[c][static_cast<std::size_t>(ky) * modes_ + kx]);
    }
  }

  void forward_row(const Real* m, const Real* Ms, Real Ms_uniform, int c, int iy) {
    Real* row = row_buffer(omp_get_thread_num());
    const std::size_t begin = static_cast<std::size_t>(iy) * nx_;
    for (int ix = 0; ix < nx_; ++ix) row[ix] = (Ms ? Ms[begin + ix] : Ms_uniform) * m[begin + ix];
    std::fill(row + nx_, row + px_, Real(0));
    Fftw<Real>::forward(rows_forward_.get(), row, fftw(spectrum_row(c, iy)));
  }

  void inverse_row(Real* B, int c, int iy) {
    Real* row = row_buffer(omp_get_thread_num());
    Fftw<Real>::inverse(rows_inverse_.get(), fftw(spectrum_row(c, iy)), row);
    std::copy(row, row + nx_, B + static_cast<std::size_t>(iy) * nx_);
  }

  void multiply_columns(int kx) {
    const int thread = omp_get_thread_num();
    for (int c = 0; c < 3; ++c) {
      Complex* data = block(thread, c);
      for (int iy = 0; iy < ny_; ++iy)
        std::copy_n(spectrum_row(c, iy) + kx, width, data + static_cast<std::size_t>(iy) * width);
      std::fill(data + static_cast<std::size_t>(ny_) * width,
                data + static_cast<std::size_t>(py_) * width, Complex(0));
      Fftw<Real>::columns(columns_forward_.get(), fftw(data));
    }
    for (int ky = 0; ky < py_; ++ky) multiply_row(thread, kx, ky);
    for (int c = 0; c < 3; ++c) {
      Complex* data = block(thread, c);
      Fftw<Real>::columns(columns_inverse_.get(), fftw(data));
      for (int iy = 0; iy < ny_; ++iy)
        std::copy_n(data + static_cast<std::size_t>(iy) * width, width, spectrum_row(c, iy) + kx);
    }
  }

  /// B_q = -N_q M_q for one block row; real kernel, so real and imaginary parts go alike.
  void multiply_row(int thread, int kx, int ky) {
    const bool mirrored = ky > py_ / 2;
    const std::size_t at = static_cast<std::size_t>(mirrored ? py_ - ky : ky) * stride_ + kx;
    const Real sign = mirrored ? Real(-1) : Real(1);
    Real* data[3];
    for (int c = 0; c < 3; ++c)
      data[c] = reinterpret_cast<Real*>(block(thread, c) + static_cast<std::size_t>(ky) * width);
    const Real *xx = kernel_[0].data() + at, *yy = kernel_[1].data() + at,
               *zz = kernel_[2].data() + at, *xy = kernel_[3].data() + at;
#pragma omp simd
    for (int k = 0; k < width; ++k)
      for (int part = 0; part < 2; ++part) {
        const int j = 2 * k + part;
        const Real x = data[0][j], y = data[1][j], nxy = sign * xy[k];
        data[0][j] = xx[k] * x + nxy * y;
        data[1][j] = nxy * x + yy[k] * y;
        data[2][j] *= zz[k];
      }
  }

  int nx_, ny_, px_, py_, modes_, stride_, threads_;
  std::size_t row_stride_ = 0;
  HostBuffer<Real> kernel_[4];
  HostBuffer<Complex> spectrum_[3];
  HostBuffer<Real> rows_;
  HostBuffer<Complex> blocks_;
  FftwPlan<Real> rows_forward_, rows_inverse_, columns_forward_, columns_inverse_;
};

}  // namespace kubomag
