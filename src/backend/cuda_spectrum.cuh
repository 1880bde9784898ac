#pragma once
// What the transforms of three fields on the GPU share: where their spectrum lies, what of its rows
// is the film's, and the product with the demagnetising tensor.
#include <array>
#include <cstddef>
#include <vector>

#include "backend/cuda_fft.cuh"

namespace kubomag {

/// The film in its box, and its spectrum: rows [y][component][kx], so that one batched transform
/// takes the rows of all components and one the columns. `pitch` complex numbers lie between the
/// beginnings of rows; those from modes() on are never used.
struct SpectrumShape {
  int nx, ny, px, py, pitch;

  SpectrumShape(int nx_, int ny_, int px_, int py_)
      : nx(nx_), ny(ny_), px(px_), py(py_), pitch((px_ / 2 + 4) / 4 * 4) {}
  __host__ __device__ int modes() const { return px / 2 + 1; }
  __host__ __device__ std::size_t row(int y, int component) const {
    return (static_cast<std::size_t>(3) * y + component) * pitch;
  }
  /// Complex numbers of `rows` rows of each component.
  std::size_t size(int rows) const { return row(rows, 0); }
};

/// Components first .. first + count - 1: what one call transforms.
struct Components {
  int first, count;
};

template <class Real>
struct FilmArrays {
  Real *x, *y, *z;
  /// (An array that a kernel indexes would be copied to each thread's own memory.)
  __host__ __device__ Real* component(int c) const { return c == 0 ? x : c == 1 ? y : z; }
};

/// The film that comes in: m; with slopes k, m + h k, where h may lie in the device's memory.
template <class Real>
struct FilmState {
  FilmArrays<const Real> m, k{};
  Real h{};
  const Real* h_at = nullptr;

  __device__ Real operator()(int component, std::size_t i) const {
    const Real here = m.component(component)[i];
    if (k.x == nullptr) return here;  // a branch that all threads take alike
    return here + (h_at ? *h_at : h) * k.component(component)[i];
  }
};

/// -N at one wave vector.
template <class Real>
struct alignas(4 * sizeof(Real)) TensorMode {
  Real xx, yy, zz, xy;
};

namespace cuda {

/// A thread for each number of rows of so many components.
inline Shape film_rows(int width, int rows, int components) {
  constexpr int threads = 128;
  return {dim3(blocks_for(width, threads), rows, components), threads};
}

/// The film from its part of rows of 2 pitch real numbers.
template <class Real>
__global__ void unpad_kernel(SpectrumShape shape, Components some, const Real* rows,
                             FilmArrays<Real> film) {
  const int ix = blockIdx.x * blockDim.x + threadIdx.x, iy = blockIdx.y;
  const int c = some.first + static_cast<int>(blockIdx.z);
  if (ix >= shape.nx) return;
  film.component(c)[ix + static_cast<std::size_t>(shape.nx) * iy] = rows[2 * shape.row(iy, c) + ix];
}

template <class Complex, class Real>
__device__ Complex combined(Real a, Complex u, Real b, Complex v) {
  return {a * u.x + b * v.x, a * u.y + b * v.y};
}

/// B_q = -N_q M_q, M = Ms m, in place: m -> B. `sign` of xy: -1 in the mirrored half.
template <class Real, class Complex>
__device__ void multiply(const TensorMode<Real>& N, Real sign, Real Ms, Complex& x, Complex& y,
                         Complex& z) {
  const Real xy = sign * Ms * N.xy;
  const Complex mx = x, my = y;
  x = combined(Ms * N.xx, mx, xy, my);
  y = combined(xy, mx, Ms * N.yy, my);
  z = {Ms * N.zz * z.x, Ms * N.zz * z.y};
}

}  // namespace cuda

/// The quarter of -N on the device, (px/2+1) x (py/2+1), four numbers of a mode side by side.
template <class Real>
DeviceBuffer<TensorMode<Real>> upload_tensor(std::size_t modes,
                                             const std::array<const double*, 4>& N) {
  std::vector<TensorMode<Real>> minus_N(modes);
  for (std::size_t i = 0; i < modes; ++i)
    minus_N[i] = {static_cast<Real>(-N[0][i]), static_cast<Real>(-N[1][i]),
                  static_cast<Real>(-N[2][i]), static_cast<Real>(-N[3][i])};
  DeviceBuffer<TensorMode<Real>> buffer(modes);
  KUBOMAG_CUDA(cudaMemcpy(buffer.data(), minus_N.data(), modes * sizeof(TensorMode<Real>),
                          cudaMemcpyHostToDevice));
  return buffer;
}

}  // namespace kubomag
