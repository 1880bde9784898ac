#pragma once
// For loops of a few steps that are to be written out: over registers, which need names at compile
// time, or within loops that are to be vectorised. nvcc does so by itself.

#if defined(__CUDACC__)
#define KUBOMAG_UNROLL
#else
#define KUBOMAG_UNROLL _Pragma("GCC unroll 32")
#endif
