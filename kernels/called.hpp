#pragma once
// Functions that a pass calls instead of having them inlined: compiled once, their registers are
// not added to those of every pass. KUBOMAG_CALLED: on host and device.

#if defined(__CUDACC__)
#define KUBOMAG_NOT_INLINE __noinline__
#define KUBOMAG_CALLED __host__ __device__ __noinline__
#else
#define KUBOMAG_NOT_INLINE __attribute__((noinline))
#define KUBOMAG_CALLED __attribute__((noinline))
#endif
