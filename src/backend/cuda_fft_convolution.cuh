#pragma once
// Rows and columns of the demagnetising convolution by cuFFT: rows of the padded half of the box
// are never transformed along x.
#include "backend/cuda_spectrum.cuh"

namespace kubomag {
namespace cuda {

/// (Ms) m of the film's cells into the spectrum's rows, seen as rows of 2 pitch real numbers, with
/// zeros up to `width`.
template <class Real>
__global__ void pad_kernel(SpectrumShape shape, int width, Components some, FilmState<Real> m,
                           const Real* Ms, Real* rows) {
  const int ix = blockIdx.x * blockDim.x + threadIdx.x, iy = blockIdx.y;
  const int c = some.first + static_cast<int>(blockIdx.z);
  if (ix >= width) return;
  const std::size_t i = ix + static_cast<std::size_t>(shape.nx) * iy;
  Real value = 0;
  if (ix < shape.nx) value = Ms ? Ms[i] * m(c, i) : m(c, i);
  rows[2 * shape.row(iy, c) + ix] = value;
}

/// Each thread: a wave vector and its mirror image, so that the tensor is read once.
template <class Real, class Complex>
__global__ void product_kernel(SpectrumShape shape, const TensorMode<Real>* tensor, Real Ms,
                               Complex* spectrum) {
  const int kx = blockIdx.x * blockDim.x + threadIdx.x, ky = blockIdx.y;
  if (kx >= shape.modes()) return;
  const TensorMode<Real> N = tensor[kx + static_cast<std::size_t>(shape.modes()) * ky];
  Complex* at = spectrum + shape.row(ky, 0) + kx;
  multiply(N, Real(1), Ms, at[0], at[shape.pitch], at[2 * shape.pitch]);
  const int mirrored = shape.py - ky;
  if (ky == 0 || mirrored == ky) return;
  at = spectrum + shape.row(mirrored, 0) + kx;
  multiply(N, Real(-1), Ms, at[0], at[shape.pitch], at[2 * shape.pitch]);
}

}  // namespace cuda

/// Rows of the film to rows of the spectrum and back.
template <class Real>
class CufftRows {
  using Types = cuda::CufftTypes<Real>;
  using Complex = typename Types::Complex;

 public:
  CufftRows(const SpectrumShape& shape, int components, cudaStream_t stream)
      : shape_(shape), stream_(stream) {
    const int batch = components * shape.ny, row = components == 1 ? 3 * shape.pitch : shape.pitch;
    const auto plan = [&](int in, int out, cufftType type, int count) {
      return CufftPlan::many(shape.px, 1, in, 1, out, type, count, stream);
    };
    forward_ = plan(2 * row, row, Types::forward, batch);
    inverse_ = plan(row, 2 * row, Types::inverse, batch);
    // Rows of the film as they lie, where nothing pads them: even, for cuFFT's alignment.
    unpadded_ = shape.px == shape.nx && shape.nx % 2 == 0;
    if (!unpadded_) return;
    take_ = plan(shape.nx, 3 * shape.pitch, Types::forward, shape.ny);
    put_ = plan(3 * shape.pitch, shape.nx, Types::inverse, shape.ny);
  }

  /// Whether forward() can make m on the way.
  bool makes_states(const Real* Ms) const { return !unpadded_ || Ms != nullptr; }

  void forward(const FilmState<Real>& m, const Real* Ms, Components some, Complex* spectrum) const {
    if (!makes_states(Ms)) {
      for (int c = some.first; c < some.first + some.count; ++c)  // cuFFT only reads its input
        cuda::execute(take_, const_cast<Real*>(m.m.component(c)), spectrum + shape_.row(0, c));
      return;
    }
    const int width = shape_.px > 1 ? shape_.px : 2;  // of one point: its imaginary part
    Real* rows = reinterpret_cast<Real*>(spectrum);
    cuda::launch(cuda::pad_kernel<Real>, cuda::film_rows(width, shape_.ny, some.count), stream_,
                 shape_, width, some, m, Ms, rows);
    Complex* first = spectrum + shape_.row(0, some.first);
    if (!forward_.trivial()) cuda::execute(forward_, reinterpret_cast<Real*>(first), first);
  }

  void inverse(Complex* spectrum, Components some, const FilmArrays<Real>& B) const {
    if (unpadded_) {
      for (int c = some.first; c < some.first + some.count; ++c)
        cuda::execute(put_, spectrum + shape_.row(0, c), B.component(c));
      return;
    }
    Complex* first = spectrum + shape_.row(0, some.first);
    if (!inverse_.trivial()) cuda::execute(inverse_, first, reinterpret_cast<Real*>(first));
    cuda::launch(cuda::unpad_kernel<Real>, cuda::film_rows(shape_.nx, shape_.ny, some.count),
                 stream_, shape_, some, reinterpret_cast<const Real*>(spectrum), B);
  }

  /// Of the plans' own areas.
  std::size_t bytes() const {
    return forward_.bytes() + inverse_.bytes() + take_.bytes() + put_.bytes();
  }

 private:
  SpectrumShape shape_;
  cudaStream_t stream_;
  bool unpadded_ = false;
  CufftPlan forward_, inverse_, take_, put_;
};

/// Columns of the spectrum, the product with the tensor, and back. Where the box is larger than the
/// film, rows from ny on of the spectrum that comes in are zero and stay it: the transformed
/// columns have an array of their own.
template <class Real>
class CufftColumns {
  using Types = cuda::CufftTypes<Real>;
  using Complex = typename Types::Complex;

 public:
  CufftColumns(const SpectrumShape& shape, int components, cudaStream_t stream)
      : shape_(shape), stream_(stream) {
    const int stride = 3 * shape.pitch;
    const int batch = components == 1 ? shape.modes() : components * shape.pitch;
    plan_ = CufftPlan::many(shape.py, stride, 1, stride, 1, Types::columns, batch, stream);
    if (shape.py > shape.ny) columns_ = DeviceBuffer<Complex>(shape.size(shape.py));
  }

  /// Where forward() leaves what comes in `spectrum`.
  Complex* columns(Complex* spectrum) { return columns_.size() > 0 ? columns_.data() : spectrum; }
  void forward(Complex* spectrum, Components some) {
    transform(spectrum, columns(spectrum), some, CUFFT_FORWARD);
  }
  void inverse(Complex* spectrum, Components some) {
    transform(columns(spectrum), columns(spectrum), some, CUFFT_INVERSE);
  }
  void product(Complex* spectrum, const TensorMode<Real>* tensor, Real Ms) {
    cuda::launch(cuda::product_kernel<Real, Complex>,
                 cuda::film_rows(shape_.modes(), shape_.py / 2 + 1, 1), stream_, shape_, tensor, Ms,
                 columns(spectrum));
  }

  std::size_t bytes() const { return columns_.size() * sizeof(Complex) + plan_.bytes(); }

 private:
  void transform(Complex* from, Complex* to, Components some, int direction) const {
    const std::size_t first = shape_.row(0, some.first);
    if (!plan_.trivial()) cuda::execute(plan_, from + first, to + first, direction);
  }

  SpectrumShape shape_;
  cudaStream_t stream_;
  CufftPlan plan_;
  DeviceBuffer<Complex> columns_;
};

}  // namespace kubomag
