#pragma once
// The spectral filter on the GPU: cuFFT on the film, mirrored along the axes that are not periodic.
#include <algorithm>

#include "backend/cuda_backend.cuh"
#include "backend/cuda_fft.cuh"
#include "kubomag/constants.hpp"
#include "solver/spectral_filter.hpp"

namespace kubomag {
namespace cuda {

/// The film in the box of the transforms: the box is the film or, mirrored, twice as long.
struct FilterBox {
  Grid grid;
  int px, py;
  __host__ __device__ int modes() const { return px / 2 + 1; }
};

template <class Real>
__global__ void extend_kernel(FilterBox box, const Real* film, Real* rows) {
  const int ix = blockIdx.x * blockDim.x + threadIdx.x, iy = blockIdx.y;
  if (ix >= box.px) return;
  const int fx = ix < box.grid.nx ? ix : box.px - 1 - ix;
  const int fy = iy < box.grid.ny ? iy : box.py - 1 - iy;
  rows[ix + static_cast<std::size_t>(box.px) * iy] =
      film[fx + static_cast<std::size_t>(box.grid.nx) * fy];
}

template <class Real>
__global__ void restrict_kernel(FilterBox box, const Real* rows, Real* film) {
  const int ix = blockIdx.x * blockDim.x + threadIdx.x, iy = blockIdx.y;
  if (ix >= box.grid.nx) return;
  film[ix + static_cast<std::size_t>(box.grid.nx) * iy] =
      rows[ix + static_cast<std::size_t>(box.px) * iy];
}

template <class Real, class Complex>
__global__ void factor_kernel(FilterBox box, const Real* factors, Complex* spectrum) {
  const int kx = blockIdx.x * blockDim.x + threadIdx.x, ky = blockIdx.y;
  if (kx >= box.modes()) return;
  const std::size_t q = kx + static_cast<std::size_t>(box.modes()) * ky;
  spectrum[q] = {factors[q] * spectrum[q].x, factors[q] * spectrum[q].y};
}

template <class F>
__global__ void tabulate_kernel(FilterBox box, F f, double* factors) {
  const int kx = blockIdx.x * blockDim.x + threadIdx.x, ky = blockIdx.y;
  if (kx >= box.modes()) return;
  const int signed_ky = 2 * ky > box.py ? ky - box.py : ky;
  const double qx = 2 * constants::pi * kx / (box.px * box.grid.dx);
  const double qy = 2 * constants::pi * signed_ky / (box.py * box.grid.dy);
  const double scale = 1.0 / (static_cast<double>(box.px) * box.py);
  factors[kx + static_cast<std::size_t>(box.modes()) * ky] =
      scale * f(combined(axis_mode(qx, box.grid.dx), axis_mode(qy, box.grid.dy)));
}

}  // namespace cuda

template <>
class SpectralFilter<CudaBackend> {
 public:
  using Field = DeviceBuffer<double>;

  SpectralFilter(const Grid& grid, const CudaBackend& backend)
      : backend_(backend),
        box_{grid, grid.periodic_x ? grid.nx : 2 * grid.nx,
             grid.periodic_y ? grid.ny : 2 * grid.ny} {
    const int modes = box_.modes();
    const cudaStream_t stream = backend.stream();
    extended_ = Field(static_cast<std::size_t>(box_.px) * box_.py);
    spectrum_ = DeviceBuffer<cufftDoubleComplex>(static_cast<std::size_t>(modes) * box_.py);
    forward_ = CufftPlan::many(box_.px, 1, box_.px, 1, modes, CUFFT_D2Z, box_.py, stream);
    inverse_ = CufftPlan::many(box_.px, 1, modes, 1, box_.px, CUFFT_Z2D, box_.py, stream);
    columns_ = CufftPlan::many(box_.py, modes, 1, modes, 1, CUFFT_Z2Z, modes, stream);
  }

  template <class F>
  Field tabulate(const F& f) const {
    Field factors(spectrum_.size());
    tabulate(f, factors);
    return factors;
  }
  template <class F>
  void tabulate(const F& f, Field& factors) const {
    cuda::launch(cuda::tabulate_kernel<F>, rows(box_.modes(), box_.py), backend_.stream(), box_, f,
                 factors.data());
  }

  void apply(const Field& factors, const Field& in, Field& out) {
    const cudaStream_t stream = backend_.stream();
    cuda::launch(cuda::extend_kernel<double>, rows(box_.px, box_.py), stream, box_, in.data(),
                 extended_.data());
    cuda::forward(forward_, extended_.data(), spectrum_.data());
    cuda::columns(columns_, spectrum_.data(), CUFFT_FORWARD);
    cuda::launch(cuda::factor_kernel<double, cufftDoubleComplex>, rows(box_.modes(), box_.py),
                 stream, box_, factors.data(), spectrum_.data());
    cuda::columns(columns_, spectrum_.data(), CUFFT_INVERSE);
    cuda::inverse(inverse_, spectrum_.data(), extended_.data());
    cuda::launch(cuda::restrict_kernel<double>, rows(box_.grid.nx, box_.grid.ny), stream, box_,
                 extended_.data(), out.data());
  }

  std::size_t bytes() const {
    return extended_.size() * sizeof(double) + spectrum_.size() * sizeof(cufftDoubleComplex) +
           forward_.bytes() + inverse_.bytes() + columns_.bytes();
  }

 private:
  static constexpr int threads = 128;
  static cuda::Shape rows(int nx, int ny) {
    return {dim3(cuda::blocks_for(nx, threads), ny), threads};
  }

  const CudaBackend& backend_;
  cuda::FilterBox box_;
  Field extended_;
  DeviceBuffer<cufftDoubleComplex> spectrum_;
  CufftPlan forward_, inverse_, columns_;
};

}  // namespace kubomag
