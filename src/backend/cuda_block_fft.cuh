#pragma once
// Fourier transforms in a block's shared memory, in place: decimation in frequency there, in time
// back, so that nothing is reordered (as src/backend/column_fft.hpp on the CPU).
#include <cmath>
#include <vector>

#include "backend/butterflies.hpp"
#include "backend/cuda_fft.cuh"
#include "backend/fft_order.hpp"

/// The dynamic memory of a block.
alignas(16) extern __shared__ unsigned char kubomag_shared_memory[];

namespace kubomag {
namespace cuda {

/// What the device knows of a transform of n points, a product of 2, 3, 5 and 7.
template <class Complex>
struct BlockFft {
  static constexpr int most_passes = 16;
  int n, passes;
  unsigned long long radices;  // four bits each
  const Complex* roots;        // exp(-2 pi i k / n)
  const int* positions;        // where the forward transform leaves frequency k

  /// Where element p lies: gaps after every 16 and 256 numbers, so that neither neighbouring
  /// butterflies nor neighbouring frequencies meet in one bank (docs/performance-gpu.md).
  __host__ __device__ static int place(int p) { return p + (p >> 4) + (p >> 8); }
  __host__ __device__ static int size(int n) { return place(n - 1) + 1; }
  __device__ int radix(int pass) const { return static_cast<int>(radices >> (4 * pass)) & 15; }
  __device__ int place_of(int frequency) const { return place(positions[frequency]); }
};

/// Multiplies by a root, or divides.
template <bool Inverse, class Real, class Complex>
__device__ void turn(Real& re, Real& im, Complex root) {
  const Real c = root.x, s = Inverse ? -root.y : root.y, x = re;
  re = c * x - s * im, im = s * x + c * im;
}

/// One pass over blocks of `length` elements, by threads first, first + step, ...; element p lies
/// at data[place(p) * spacing].
template <int R, bool Inverse, class Complex>
__device__ void fft_pass(const BlockFft<Complex>& fft, int length, Complex* data, int spacing,
                         int first, int step) {
  using Real = decltype(Complex::x);
  using B = Butterfly<Real, R, false, Real>;
  const int count = length / R, turns = fft.n / length;
  for (int b = first; b < fft.n / R; b += step) {
    const int block = b / count, j = b - block * count, start = block * length + j;
    Real re[R], im[R];
    KUBOMAG_UNROLL
    for (int q = 0; q < R; ++q) {
      const Complex x = data[fft.place(start + q * count) * spacing];
      re[q] = x.x, im[q] = x.y;
      if (Inverse && q > 0 && count > 1) turn<true>(re[q], im[q], fft.roots[j * q * turns]);
    }
    if constexpr (Inverse)
      B::apply(im, re);
    else
      B::apply(re, im);
    KUBOMAG_UNROLL
    for (int r = 0; r < R; ++r) {
      if (!Inverse && r > 0 && count > 1) turn<false>(re[r], im[r], fft.roots[j * r * turns]);
      data[fft.place(start + r * count) * spacing] = {re[r], im[r]};
    }
  }
}

template <bool Inverse, class Complex>
__device__ void fft_pass(const BlockFft<Complex>& fft, int radix, int length, Complex* data,
                         int spacing, int first, int step) {
  switch (radix) {
    case 8:
      return fft_pass<8, Inverse>(fft, length, data, spacing, first, step);
    case 4:
      return fft_pass<4, Inverse>(fft, length, data, spacing, first, step);
    case 2:
      return fft_pass<2, Inverse>(fft, length, data, spacing, first, step);
    case 3:
      return fft_pass<3, Inverse>(fft, length, data, spacing, first, step);
    case 5:
      return fft_pass<5, Inverse>(fft, length, data, spacing, first, step);
    default:
      return fft_pass<7, Inverse>(fft, length, data, spacing, first, step);
  }
}

/// With exp(-2 pi i j k / n), frequencies left at place_of(k). All threads of the block call it; it
/// begins and ends with a barrier.
template <class Complex>
__device__ void fft_forward(const BlockFft<Complex>& fft, Complex* data, int spacing, int first,
                            int step) {
  __syncthreads();
  for (int pass = 0, length = fft.n; pass < fft.passes; length /= fft.radix(pass++)) {
    fft_pass<false>(fft, fft.radix(pass), length, data, spacing, first, step);
    __syncthreads();
  }
}

/// The way back, without a factor: from place_of(k) with exp(+2 pi i j k / n) to place(j).
template <class Complex>
__device__ void fft_inverse(const BlockFft<Complex>& fft, Complex* data, int spacing, int first,
                            int step) {
  __syncthreads();
  for (int pass = fft.passes - 1, length = 1; pass >= 0; --pass) {
    length *= fft.radix(pass);
    fft_pass<true>(fft, fft.radix(pass), length, data, spacing, first, step);
    __syncthreads();
  }
}

}  // namespace cuda

/// Owner of a transform's tables.
template <class Complex>
class BlockFftTables {
 public:
  BlockFftTables() = default;
  /// FftOrder::possible(n) must hold.
  explicit BlockFftTables(int n) : roots_(n), positions_(n) {
    using Real = decltype(Complex::x);
    const FftOrder order(n);
    fft_ = {n, static_cast<int>(order.radices().size()), 0, roots_.data(), positions_.data()};
    for (int pass = 0; pass < fft_.passes; ++pass)
      fft_.radices |= static_cast<unsigned long long>(order.radices()[pass]) << (4 * pass);
    std::vector<Complex> roots(n);
    std::vector<int> positions(n);
    for (int k = 0; k < n; ++k) {
      const double angle = -2 * std::acos(-1.0) * k / n;
      roots[k] = {static_cast<Real>(std::cos(angle)), static_cast<Real>(std::sin(angle))};
      positions[k] = order.position(k);
    }
    KUBOMAG_CUDA(
        cudaMemcpy(roots_.data(), roots.data(), n * sizeof(Complex), cudaMemcpyHostToDevice));
    KUBOMAG_CUDA(
        cudaMemcpy(positions_.data(), positions.data(), n * sizeof(int), cudaMemcpyHostToDevice));
  }

  /// Whether a block can hold `columns` transforms of n points.
  static bool possible(int n, int columns, std::size_t shared_memory) {
    return FftOrder::possible(n) && shared_bytes(n, columns) <= shared_memory &&
           FftOrder(n).radices().size() <= cuda::BlockFft<Complex>::most_passes;
  }
  static std::size_t shared_bytes(int n, int columns) {
    return static_cast<std::size_t>(columns) * cuda::BlockFft<Complex>::size(n) * sizeof(Complex);
  }

  const cuda::BlockFft<Complex>& fft() const { return fft_; }
  std::size_t bytes() const {
    return roots_.size() * sizeof(Complex) + positions_.size() * sizeof(int);
  }

 private:
  cuda::BlockFft<Complex> fft_{};
  DeviceBuffer<Complex> roots_;
  DeviceBuffer<int> positions_;
};

}  // namespace kubomag
