// A kernel that holds more numbers than it has registers: it must not compile as the CUDA plug-in
// does.
__global__ void __launch_bounds__(1024, 2) spills(const double* in, double* out) {
  constexpr int count = 64;
  double kept[count];
#pragma unroll
  for (int i = 0; i < count; ++i) kept[i] = in[threadIdx.x + 1024 * i];
  __syncthreads();
#pragma unroll
  for (int i = 0; i < count; ++i)
    out[threadIdx.x + 1024 * i] = kept[i] * kept[(i + count / 2 - 1) % count];
}
