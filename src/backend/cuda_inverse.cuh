#pragma once
// Three fields from their half spectra to the film, side by side: one call of cuFFT takes the
// columns of all, one the rows, in place, and one kernel the film's part.
#include "backend/cuda_spectrum.cuh"

namespace kubomag {

template <class Real>
class CufftInverse {
  using Types = cuda::CufftTypes<Real>;

 public:
  using Complex = typename Types::Complex;

  /// `shape`: the box, and the rows and columns of it that are the film's; a single one stands for
  /// all nx columns or ny rows of the film.
  CufftInverse(const SpectrumShape& shape, int nx, int ny, cudaStream_t stream)
      : shape_(shape), nx_(nx), ny_(ny), stream_(stream), spectrum_(shape.size(shape.py)) {
    const int stride = 3 * shape.pitch;
    columns_ = CufftPlan::many(shape.py, stride, 1, stride, 1, Types::columns, stride, stream);
    rows_ = CufftPlan::many(shape.px, 1, shape.pitch, 1, 2 * shape.pitch, Types::inverse,
                            3 * shape.ny, stream);
  }

  const SpectrumShape& shape() const { return shape_; }
  /// Field c at wave vector (kx, ky): shape().row(ky, c) + kx.
  Complex* spectrum() { return spectrum_.data(); }

  /// The fields, without a factor; overwrites the spectrum. Queued in the stream.
  void operator()(const FilmArrays<Real>& film) {
    Complex* const spectrum = spectrum_.data();
    Real* const rows = reinterpret_cast<Real*>(spectrum);
    cuda::columns(columns_, spectrum, CUFFT_INVERSE);
    // of one point: it is where it should be
    if (!rows_.trivial()) cuda::execute(rows_, spectrum, rows);
    cuda::launch(cuda::unpad_kernel<Real>, cuda::film_rows(nx_, ny_, 3), stream_, shape_, nx_,
                 Components{0, 3}, rows, film);
  }

  std::size_t bytes() const {
    return spectrum_.size() * sizeof(Complex) + columns_.bytes() + rows_.bytes();
  }

 private:
  SpectrumShape shape_;
  int nx_, ny_;
  cudaStream_t stream_;
  DeviceBuffer<Complex> spectrum_;
  CufftPlan columns_, rows_;
};

}  // namespace kubomag
