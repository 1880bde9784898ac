#pragma once
// Three fields from their modes to the film, side by side, by one of two ways: by cuFFT (the modes,
// a call for the columns of all, one for the rows, the film's part), or by two kernels of our own
// (the modes with their columns, the rows).
//
// `Modes` is what computes them: modes(kx, ky, store) calls store(field, re, im) for fields 0 to 2.
#include <optional>

#include "backend/convolution_method.hpp"
#include "backend/cuda_fused_convolution.cuh"

namespace kubomag {
namespace cuda {

template <class Complex, class Modes>
__global__ void mode_kernel(SpectrumShape shape, const __grid_constant__ Modes modes,
                            Complex* spectrum) {
  using Real = decltype(Complex::x);
  const int kx = blockIdx.x * blockDim.x + threadIdx.x, ky = blockIdx.y;
  if (kx >= shape.modes()) return;
  modes(kx, ky, [&](int field, double re, double im) {
    spectrum[shape.row(ky, field) + kx] = {static_cast<Real>(re), static_cast<Real>(im)};
  });
}

/// The columns of `shape` as ColumnsProduct has them, from modes that its threads compute: those of
/// all three fields by one thread. Of what comes out the film's rows are kept.
template <class Real, class Complex, class Modes>
struct ColumnsOfModes {
  static constexpr int most_threads = 192, least_blocks = 1;
  SpectrumShape shape;
  BlockFft<Complex> fft;
  Modes modes;
  Complex* spectrum;

  __device__ void operator()() const {
    const int spacing = blockDim.x, field_size = fft.size(fft.n) * spacing;
    const int kx = blockIdx.x * blockDim.x + threadIdx.x, c = threadIdx.z;
    const int first = threadIdx.y, step = blockDim.y;
    const bool inside = kx < shape.modes();
    Complex* x = shared_numbers<Complex>() + threadIdx.x;  // this column's first field
    for (int ky = first + step * c; ky < shape.py; ky += 3 * step) {
      Complex* at = x + fft.place_of(ky) * spacing;
      modes(inside ? kx : 0, ky, [&](int field, double re, double im) {
        at[field * field_size] = {static_cast<Real>(re), static_cast<Real>(im)};
      });
    }
    Complex* mine = x + c * field_size;
    fft_inverse(fft, mine, spacing, first, step);
    if (!inside) return;
    for (int y = first; y < shape.ny; y += step)
      spectrum[shape.row(y, c) + kx] = mine[fft.place(y) * spacing];
  }
};

}  // namespace cuda

/// `shape`: the box, and the rows and columns of it that are the film's.
template <class Real, class Modes>
class CufftInverse {
  using Types = cuda::CufftTypes<Real>;
  using Complex = typename Types::Complex;

 public:
  CufftInverse(const SpectrumShape& shape, cudaStream_t stream)
      : shape_(shape), stream_(stream), spectrum_(shape.size(shape.py)) {
    const int stride = 3 * shape.pitch;
    columns_ = CufftPlan::many(shape.py, stride, 1, stride, 1, Types::columns, stride, stream);
    rows_ = CufftPlan::many(shape.px, 1, shape.pitch, 1, 2 * shape.pitch, Types::inverse,
                            3 * shape.ny, stream);
  }

  void operator()(const Modes& modes, const FilmArrays<Real>& film) {
    Complex* const spectrum = spectrum_.data();
    Real* const rows = reinterpret_cast<Real*>(spectrum);
    cuda::launch(cuda::mode_kernel<Complex, Modes>, cuda::film_rows(shape_.modes(), shape_.py, 1),
                 stream_, shape_, modes, spectrum);
    cuda::columns(columns_, spectrum, CUFFT_INVERSE);
    // of one point: it is where it should be
    if (!rows_.trivial()) cuda::execute(rows_, spectrum, rows);
    cuda::launch(cuda::unpad_kernel<Real>, cuda::film_rows(shape_.nx, shape_.ny, 3), stream_,
                 shape_, Components{0, 3}, rows, film);
  }

  std::size_t bytes() const {
    return spectrum_.size() * sizeof(Complex) + columns_.bytes() + rows_.bytes();
  }

 private:
  SpectrumShape shape_;
  cudaStream_t stream_;
  DeviceBuffer<Complex> spectrum_;
  CufftPlan columns_, rows_;
};

/// The same by our own kernels, which gangs can share.
template <class Real, class Modes>
class FusedInverse {
  using Complex = typename cuda::CufftTypes<Real>::Complex;
  using Tables = BlockFftTables<Complex>;
  using Columns = cuda::ColumnsOfModes<Real, Complex, Modes>;

 public:
  static bool possible(const SpectrumShape& shape, const BlockLimits& limits) {
    return FusedRows<Real>::possible(shape, limits) && FusedColumns<Real>::possible(shape, limits);
  }
  FusedInverse(const SpectrumShape& shape, const BlockLimits& limits, cudaStream_t stream)
      : shape_(shape),
        stream_(stream),
        columns_(shape.py),
        launch_(FusedColumns<Real>::blocks(shape, limits, Columns::most_threads)),
        rows_(shape, limits, stream),
        spectrum_(shape.size(shape.ny)) {
    cuda::allow_shared_of<Columns>(limits.shared_memory);
  }

  void operator()(const Modes& modes, const FilmArrays<Real>& film) {
    cuda::launch_body(Columns{shape_, columns_.fft(), modes, spectrum_.data()}, launch_, stream_);
    rows_.inverse(spectrum_.data(), film);
  }

  std::size_t bytes() const {
    return spectrum_.size() * sizeof(Complex) + columns_.bytes() + rows_.bytes();
  }

 private:
  SpectrumShape shape_;
  cudaStream_t stream_;
  Tables columns_;
  cuda::Shape launch_;
  FusedRows<Real> rows_;
  DeviceBuffer<Complex> spectrum_;
};

/// By our own kernels where these are the way and a block can hold an axis, else by cuFFT.
template <class Real, class Modes>
class ModesToFilm {
 public:
  /// As of CufftInverse.
  ModesToFilm(const SpectrumShape& shape, ConvolutionMethod method, const BlockLimits& limits,
              cudaStream_t stream) {
    using Fused = FusedInverse<Real, Modes>;
    if (method == ConvolutionMethod::fused && Fused::possible(shape, limits))
      fused_.emplace(shape, limits, stream);
    else
      cufft_.emplace(shape, stream);
  }

  /// The fields, without a factor. Queued in the stream.
  void operator()(const Modes& modes, const FilmArrays<Real>& film) {
    fused_ ? (*fused_)(modes, film) : (*cufft_)(modes, film);
  }
  std::size_t bytes() const { return fused_ ? fused_->bytes() : cufft_->bytes(); }

 private:
  std::optional<CufftInverse<Real, Modes>> cufft_;
  std::optional<FusedInverse<Real, Modes>> fused_;
};

}  // namespace kubomag
