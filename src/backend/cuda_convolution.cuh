#pragma once
// B = -N * (Ms m) by cuFFT: rows of the film, then columns, product, and back. Rows of the padded
// half of the box are never transformed along x.
#include <array>
#include <complex>
#include <type_traits>
#include <vector>

#include "backend/cuda_launch.cuh"
#include "backend/cuda_memory.cuh"

namespace kubomag {
namespace cuda {

template <class Real>
struct CufftTypes;
template <>
struct CufftTypes<float> {
  using Complex = cufftComplex;
  static constexpr cufftType forward = CUFFT_R2C, inverse = CUFFT_C2R, columns = CUFFT_C2C;
};
template <>
struct CufftTypes<double> {
  using Complex = cufftDoubleComplex;
  static constexpr cufftType forward = CUFFT_D2Z, inverse = CUFFT_Z2D, columns = CUFFT_Z2Z;
};

inline void execute(const CufftPlan& p, float* in, cufftComplex* out) {
  KUBOMAG_CUFFT(cufftExecR2C(p.get(), in, out));
}
inline void execute(const CufftPlan& p, double* in, cufftDoubleComplex* out) {
  KUBOMAG_CUFFT(cufftExecD2Z(p.get(), in, out));
}
inline void execute(const CufftPlan& p, cufftComplex* in, float* out) {
  KUBOMAG_CUFFT(cufftExecC2R(p.get(), in, out));
}
inline void execute(const CufftPlan& p, cufftDoubleComplex* in, double* out) {
  KUBOMAG_CUFFT(cufftExecZ2D(p.get(), in, out));
}
inline void execute(const CufftPlan& p, cufftComplex* data, int direction) {
  KUBOMAG_CUFFT(cufftExecC2C(p.get(), data, data, direction));
}
inline void execute(const CufftPlan& p, cufftDoubleComplex* data, int direction) {
  KUBOMAG_CUFFT(cufftExecZ2Z(p.get(), data, data, direction));
}

/// Transforms of length 1: a real number and its spectrum are the same.
template <class Real, class Complex>
__global__ void to_complex_kernel(int count, const Real* in, Complex* out) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < count) out[i] = {in[i], Real(0)};
}
template <class Real, class Complex>
__global__ void to_real_kernel(int count, const Complex* in, Real* out) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < count) out[i] = in[i].x;
}

template <class Real, class Complex>
void forward(const CufftPlan& p, Real* in, Complex* out) {
  if (!p.trivial()) return execute(p, in, out);
  launch(to_complex_kernel<Real, Complex>, {blocks_for(p.batch(), 128), 128}, p.stream(), p.batch(),
         in, out);
}
template <class Real, class Complex>
void inverse(const CufftPlan& p, Complex* in, Real* out) {
  if (!p.trivial()) return execute(p, in, out);
  launch(to_real_kernel<Real, Complex>, {blocks_for(p.batch(), 128), 128}, p.stream(), p.batch(),
         in, out);
}
template <class Complex>
void columns(const CufftPlan& p, Complex* data, int direction) {
  if (!p.trivial()) execute(p, data, direction);
}

struct FilmInBox {
  int nx, ny, px, py;
  __host__ __device__ int modes() const { return px / 2 + 1; }
};

/// Ms m of the film's cells into rows of length px whose tails stay zero.
template <class Real>
__global__ void pad_kernel(FilmInBox box, const Real* m, const Real* Ms, Real Ms_uniform,
                           Real* rows) {
  const int ix = blockIdx.x * blockDim.x + threadIdx.x, iy = blockIdx.y;
  if (ix >= box.nx) return;
  const std::size_t i = ix + static_cast<std::size_t>(box.nx) * iy;
  rows[ix + static_cast<std::size_t>(box.px) * iy] = (Ms ? Ms[i] : Ms_uniform) * m[i];
}

/// The film's part of rows of length px; a single row or column stands for all of them.
template <class Real>
__global__ void crop_kernel(FilmInBox box, int row_count, const Real* rows, Real* B) {
  const int ix = blockIdx.x * blockDim.x + threadIdx.x, iy = blockIdx.y;
  if (ix >= box.nx) return;
  const std::size_t row = row_count > 1 ? iy : 0, column = box.px > 1 ? ix : 0;
  B[ix + static_cast<std::size_t>(box.nx) * iy] = rows[column + box.px * row];
}

/// B_q = -N_q M_q; the stored quarter holds -N.
template <class Real, class Complex>
__global__ void product_kernel(FilmInBox box, const Real* xx, const Real* yy, const Real* zz,
                               const Real* xy, Complex* x, Complex* y, Complex* z) {
  const int kx = blockIdx.x * blockDim.x + threadIdx.x, ky = blockIdx.y;
  if (kx >= box.modes()) return;
  const bool mirrored = ky > box.py / 2;
  const std::size_t at = kx + static_cast<std::size_t>(box.modes()) * (mirrored ? box.py - ky : ky);
  const std::size_t q = kx + static_cast<std::size_t>(box.modes()) * ky;
  const Real nxx = xx[at], nyy = yy[at], nzz = zz[at], nxy = mirrored ? -xy[at] : xy[at];
  const Complex mx = x[q], my = y[q], mz = z[q];
  x[q] = {nxx * mx.x + nxy * my.x, nxx * mx.y + nxy * my.y};
  y[q] = {nxy * mx.x + nyy * my.x, nxy * mx.y + nyy * my.y};
  z[q] = {nzz * mz.x, nzz * mz.y};
}

}  // namespace cuda

template <class Real>
class CudaConvolution {
  using Types = cuda::CufftTypes<Real>;
  using Complex = typename Types::Complex;

 public:
  /// Kernel parts as in DemagKernel: (px/2+1) x (py/2+1) quarters.
  CudaConvolution(int nx, int ny, int px, int py, const std::array<const double*, 4>& kernel,
                  cudaStream_t stream)
      : box_{nx, ny, px, py}, stream_(stream) {
    const int modes = box_.modes();
    const std::size_t quarter = static_cast<std::size_t>(modes) * (py / 2 + 1);
    for (int c = 0; c < 4; ++c) {
      std::vector<Real> minus_N(quarter);
      for (std::size_t i = 0; i < quarter; ++i) minus_N[i] = static_cast<Real>(-kernel[c][i]);
      kernel_[c] = DeviceBuffer<Real>(quarter);
      KUBOMAG_CUDA(cudaMemcpy(kernel_[c].data(), minus_N.data(), quarter * sizeof(Real),
                              cudaMemcpyHostToDevice));
    }
    padded_ = DeviceBuffer<Real>(static_cast<std::size_t>(px) * ny);
    back_ = DeviceBuffer<Real>(static_cast<std::size_t>(px) * ny);
    for (auto& part : spectrum_) part = DeviceBuffer<Complex>(static_cast<std::size_t>(modes) * py);
    forward_ = CufftPlan::many(px, 1, px, 1, modes, Types::forward, ny, stream);
    inverse_ = CufftPlan::many(px, 1, modes, 1, px, Types::inverse, ny, stream);
    columns_ = CufftPlan::many(py, modes, 1, modes, 1, Types::columns, modes, stream);
  }

  void operator()(const std::array<const Real*, 3>& m, const Real* Ms, Real Ms_uniform,
                  const std::array<Real*, 3>& B) {
    const int modes = box_.modes();
    const cuda::Shape film = rows(box_.nx, box_.ny);
    const std::size_t used = static_cast<std::size_t>(modes) * box_.ny;
    for (int c = 0; c < 3; ++c) {
      cuda::launch(cuda::pad_kernel<Real>, film, stream_, box_, m[c], Ms, Ms_uniform,
                   padded_.data());
      Complex* spectrum = spectrum_[c].data();
      cuda::forward(forward_, padded_.data(), spectrum);
      KUBOMAG_CUDA(cudaMemsetAsync(spectrum + used, 0,
                                   (spectrum_[c].size() - used) * sizeof(Complex), stream_));
      cuda::columns(columns_, spectrum, CUFFT_FORWARD);
    }
    cuda::launch(cuda::product_kernel<Real, Complex>, rows(modes, box_.py), stream_, box_,
                 kernel_[0].data(), kernel_[1].data(), kernel_[2].data(), kernel_[3].data(),
                 spectrum_[0].data(), spectrum_[1].data(), spectrum_[2].data());
    for (int c = 0; c < 3; ++c) {
      cuda::columns(columns_, spectrum_[c].data(), CUFFT_INVERSE);
      cuda::inverse(inverse_, spectrum_[c].data(), back_.data());
      cuda::launch(cuda::crop_kernel<Real>, film, stream_, box_, box_.ny, back_.data(), B[c]);
    }
  }

  std::size_t bytes() const {
    return 4 * kernel_[0].size() * sizeof(Real) + 2 * padded_.size() * sizeof(Real) +
           3 * spectrum_[0].size() * sizeof(Complex) + forward_.bytes() + inverse_.bytes() +
           columns_.bytes();
  }

 private:
  static constexpr int threads = 128;
  static cuda::Shape rows(int nx, int ny) {
    return {dim3(cuda::blocks_for(nx, threads), ny), threads};
  }
  cuda::FilmInBox box_;
  cudaStream_t stream_;
  std::array<DeviceBuffer<Real>, 4> kernel_;
  DeviceBuffer<Real> padded_, back_;
  std::array<DeviceBuffer<Complex>, 3> spectrum_;
  CufftPlan forward_, inverse_, columns_;
};

}  // namespace kubomag
