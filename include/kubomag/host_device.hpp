#pragma once
// The only compiler-dependent macros: a function that runs on the host and on the device.

#if defined(__CUDACC__)
#define KUBOMAG_HD __host__ __device__ __forceinline__
#else
#define KUBOMAG_HD inline __attribute__((always_inline))
#endif
