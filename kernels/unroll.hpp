#pragma once
// A loop of a few steps that is to be written out, so that loops around it are vectorised.

#if defined(__CUDACC__)
#define KUBOMAG_UNROLL _Pragma("unroll")
#else
#define KUBOMAG_UNROLL _Pragma("GCC unroll 32")
#endif
