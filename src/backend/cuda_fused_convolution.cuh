#pragma once
// The demagnetising convolution in three kernels of our own: rows of the film to rows of the
// spectrum; columns there, product and back; rows back. What the padding would read and write never
// reaches the device's memory.
#include <algorithm>

#include "backend/cuda_block_fft.cuh"
#include "backend/cuda_gang.cuh"
#include "backend/cuda_spectrum.cuh"

namespace kubomag {
namespace cuda {

/// At most so many threads per block, and at least so many blocks at a time: what the butterflies'
/// registers leave room for.
inline constexpr int row_threads = 256;
template <class Real>
inline constexpr int row_blocks = sizeof(Real) == 4 ? 4 : 2;
template <class Real>
inline constexpr int column_threads = sizeof(Real) == 4 ? 512 : 256;

template <class Complex>
__device__ Complex* shared_numbers() {
  return reinterpret_cast<Complex*>(kubomag_shared_memory);
}

/// One component of rows 2 blockIdx.x and the next as real and imaginary part of one transform.
template <class Real, class Complex>
struct RowsForward {
  static constexpr int most_threads = row_threads, least_blocks = row_blocks<Real>;
  SpectrumShape shape;
  BlockFft<Complex> fft;
  FilmState<Real> m;
  const Real* Ms;
  Complex* spectrum;

  __device__ void operator()() const {
    Complex* z = shared_numbers<Complex>();
    const int y = 2 * blockIdx.x, c = blockIdx.y, first = threadIdx.x, step = blockDim.x;
    const bool second = y + 1 < shape.ny;
    const std::size_t row = static_cast<std::size_t>(shape.nx) * y;
    const auto moment = [&](std::size_t i) { return Ms ? Ms[i] * m(c, i) : m(c, i); };
    for (int x = first; x < shape.px; x += step) {
      Complex value{0, 0};
      if (x < shape.nx) value = {moment(row + x), second ? moment(row + shape.nx + x) : Real(0)};
      z[fft.place(x)] = value;
    }
    fft_forward(fft, z, 1, first, step);
    constexpr Real half = 0.5;
    for (int k = first; k < shape.modes(); k += step) {
      const Complex a = z[fft.place_of(k)], b = z[fft.place_of(k > 0 ? shape.px - k : 0)];
      spectrum[shape.row(y, c) + k] = {half * (a.x + b.x), half * (a.y - b.y)};
      if (second) spectrum[shape.row(y + 1, c) + k] = {half * (a.y + b.y), half * (b.x - a.x)};
    }
  }
};

/// The way back.
template <class Real, class Complex>
struct RowsInverse {
  static constexpr int most_threads = row_threads, least_blocks = row_blocks<Real>;
  SpectrumShape shape;
  BlockFft<Complex> fft;
  const Complex* spectrum;
  FilmArrays<Real> B;

  __device__ void operator()() const {
    Complex* z = shared_numbers<Complex>();
    const int y = 2 * blockIdx.x, c = blockIdx.y, first = threadIdx.x, step = blockDim.x;
    const bool two = y + 1 < shape.ny;
    const Complex* from = spectrum + shape.row(y, c);
    const Complex* next = from + 3 * shape.pitch;
    for (int k = first; k < shape.modes(); k += step) {
      const Complex a = from[k];
      const Complex b = two ? next[k] : Complex{0, 0};
      const int mirrored = k > 0 ? shape.px - k : 0;
      if (mirrored == k) {  // real but for rounding
        z[fft.place_of(k)] = {a.x, b.x};
      } else {
        z[fft.place_of(k)] = {a.x - b.y, a.y + b.x};
        z[fft.place_of(mirrored)] = {a.x + b.y, b.x - a.y};
      }
    }
    fft_inverse(fft, z, 1, first, step);
    Real* row = B.component(c) + static_cast<std::size_t>(shape.nx) * y;
    for (int x = first; x < shape.nx; x += step) {
      const Complex value = z[fft.place(x)];
      row[x] = value.x;
      if (two) row[shape.nx + x] = value.y;
    }
  }
};

/// Product of the columns kx of all components, by threads first, first + step, ... of a column.
template <class Real, class Complex>
__device__ void multiply_column(const SpectrumShape& shape, const BlockFft<Complex>& fft,
                                const TensorMode<Real>* tensor, Real Ms, int kx, Complex* x,
                                int component, int spacing, int first, int step) {
  for (int ky = first; ky <= shape.py / 2; ky += step) {
    const TensorMode<Real> N = tensor[kx + static_cast<std::size_t>(shape.modes()) * ky];
    Complex* at = x + fft.place_of(ky) * spacing;
    multiply(N, Real(1), Ms, at[0], at[component], at[2 * component]);
    const int mirrored = shape.py - ky;
    if (ky == 0 || mirrored == ky) continue;
    at = x + fft.place_of(mirrored) * spacing;
    multiply(N, Real(-1), Ms, at[0], at[component], at[2 * component]);
  }
}

/// blockDim.x neighbouring columns, transformed by blockDim.y threads each and per component
/// (z, 3). Rows of the spectrum from ny on are taken as zero, and not written.
template <class Real, class Complex>
struct ColumnsProduct {
  static constexpr int most_threads = column_threads<Real>, least_blocks = 1;
  SpectrumShape shape;
  BlockFft<Complex> fft;
  const TensorMode<Real>* tensor;
  Real Ms;
  Complex* spectrum;

  __device__ void operator()() const {
    const int spacing = blockDim.x, component = fft.size(fft.n) * spacing;
    const int kx = blockIdx.x * blockDim.x + threadIdx.x, c = threadIdx.z;
    const int first = threadIdx.y, step = blockDim.y;
    const bool inside = kx < shape.modes();
    Complex* x = shared_numbers<Complex>() + threadIdx.x;  // this column's first component
    Complex* mine = x + c * component;
    for (int y = first; y < shape.py; y += step)
      mine[fft.place(y) * spacing] =
          inside && y < shape.ny ? spectrum[shape.row(y, c) + kx] : Complex{0, 0};
    fft_forward(fft, mine, spacing, first, step);
    if (inside)
      multiply_column(shape, fft, tensor, Ms, kx, x, component, spacing, first + step * c,
                      3 * step);
    fft_inverse(fft, mine, spacing, first, step);
    if (!inside) return;
    for (int y = first; y < shape.ny; y += step)
      spectrum[shape.row(y, c) + kx] = mine[fft.place(y) * spacing];
  }
};

}  // namespace cuda

/// What a block of the device can hold, and how many of them run at the same time.
struct BlockLimits {
  std::size_t shared_memory;
  int multiprocessors;

  static BlockLimits of_device() {
    int device = 0;
    cudaDeviceProp properties{};
    KUBOMAG_CUDA(cudaGetDevice(&device));
    KUBOMAG_CUDA(cudaGetDeviceProperties(&properties, device));
    return {properties.sharedMemPerBlockOptin, properties.multiProcessorCount};
  }
};

template <class Real>
class FusedRows {
  using Complex = typename cuda::CufftTypes<Real>::Complex;
  using Tables = BlockFftTables<Complex>;
  using Forward = cuda::RowsForward<Real, Complex>;
  using Inverse = cuda::RowsInverse<Real, Complex>;

 public:
  static bool possible(const SpectrumShape& shape, const BlockLimits& limits) {
    return Tables::possible(shape.px, 1, limits.shared_memory);
  }
  FusedRows(const SpectrumShape& shape, const BlockLimits& limits, cudaStream_t stream)
      : shape_(shape), stream_(stream), tables_(shape.px) {
    const unsigned threads = std::clamp(shape.px / 8 / 32 * 32, 32, cuda::row_threads);
    launch_ = {dim3(cuda::blocks_for(shape.ny, 2), 3), threads, Tables::shared_bytes(shape.px, 1)};
    cuda::allow_shared_of<Forward>(limits.shared_memory);
    cuda::allow_shared_of<Inverse>(limits.shared_memory);
  }

  void forward(const FilmState<Real>& m, const Real* Ms, Complex* spectrum) const {
    cuda::launch_body(Forward{shape_, tables_.fft(), m, Ms, spectrum}, launch_, stream_);
  }
  void inverse(const Complex* spectrum, const FilmArrays<Real>& B) const {
    cuda::launch_body(Inverse{shape_, tables_.fft(), spectrum, B}, launch_, stream_);
  }
  std::size_t bytes() const { return tables_.bytes(); }

 private:
  SpectrumShape shape_;
  cudaStream_t stream_;
  Tables tables_;
  cuda::Shape launch_;
};

template <class Real>
class FusedColumns {
  using Complex = typename cuda::CufftTypes<Real>::Complex;
  using Tables = BlockFftTables<Complex>;
  using Product = cuda::ColumnsProduct<Real, Complex>;

 public:
  static bool possible(const SpectrumShape& shape, const BlockLimits& limits) {
    return Tables::possible(shape.py, 3, limits.shared_memory);
  }
  FusedColumns(const SpectrumShape& shape, const BlockLimits& limits, cudaStream_t stream)
      : shape_(shape),
        stream_(stream),
        tables_(shape.py),
        launch_(FusedColumns::blocks(shape, limits, Product::most_threads)) {
    cuda::allow_shared_of<Product>(limits.shared_memory);
  }

  /// Of a kernel like ColumnsProduct with blocks of at most so many threads.
  static cuda::Shape blocks(const SpectrumShape& shape, const BlockLimits& limits,
                            int most_threads) {
    const int columns = columns_of_block(shape, limits);
    const unsigned threads = threads_of_column(shape.py, columns, most_threads);
    return {cuda::blocks_for(shape.modes(), columns), dim3(columns, threads, 3),
            Tables::shared_bytes(shape.py, 3 * columns)};
  }

  void operator()(Complex* spectrum, const TensorMode<Real>* tensor, Real Ms) const {
    cuda::launch_body(Product{shape_, tables_.fft(), tensor, Ms, spectrum}, launch_, stream_);
  }
  std::size_t bytes() const { return tables_.bytes(); }

 private:
  /// As many as fill a sector of memory (32 bytes), fewer where they do not fit or leave
  /// multiprocessors without a block.
  static int columns_of_block(const SpectrumShape& shape, const BlockLimits& limits) {
    int columns = 32 / sizeof(Complex);
    while (columns > 1 && (Tables::shared_bytes(shape.py, 3 * columns) > limits.shared_memory ||
                           shape.modes() < columns * limits.multiprocessors))
      columns /= 2;
    return columns;
  }
  /// One per butterfly of eight points, whole warps if there are so many.
  static int threads_of_column(int n, int columns, int most_threads) {
    const int most = std::clamp(n / 8, 1, most_threads / (3 * columns));
    const int unit = 32 / columns;
    return most > unit ? most / unit * unit : most;
  }

  SpectrumShape shape_;
  cudaStream_t stream_;
  Tables tables_;
  cuda::Shape launch_;
};

}  // namespace kubomag
