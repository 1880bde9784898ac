#pragma once
// Calls of cuFFT in either precision, and what a transform of one point needs.
#include "backend/cuda_launch.cuh"
#include "backend/cuda_memory.cuh"

namespace kubomag::cuda {

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
inline void execute(const CufftPlan& p, cufftComplex* in, cufftComplex* out, int direction) {
  KUBOMAG_CUFFT(cufftExecC2C(p.get(), in, out, direction));
}
inline void execute(const CufftPlan& p, cufftDoubleComplex* in, cufftDoubleComplex* out,
                    int direction) {
  KUBOMAG_CUFFT(cufftExecZ2Z(p.get(), in, out, direction));
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
  require_no_recording();
  if (!p.trivial()) return execute(p, in, out);
  launch(to_complex_kernel<Real, Complex>, {blocks_for(p.batch(), 128), 128}, p.stream(), p.batch(),
         in, out);
}
template <class Real, class Complex>
void inverse(const CufftPlan& p, Complex* in, Real* out) {
  require_no_recording();
  if (!p.trivial()) return execute(p, in, out);
  launch(to_real_kernel<Real, Complex>, {blocks_for(p.batch(), 128), 128}, p.stream(), p.batch(),
         in, out);
}
template <class Complex>
void columns(const CufftPlan& p, Complex* data, int direction) {
  require_no_recording();
  if (!p.trivial()) execute(p, data, data, direction);
}

}  // namespace kubomag::cuda
