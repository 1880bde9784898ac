#pragma once
// erfcx(x) = exp(x^2) erfc(x): CUDA has it built in; on the host it comes from libcerf, declared
// here because <cerf.h> brings C's complex.h and its macro I into every file.
#if !defined(__CUDACC__)
extern "C" double erfcx(double x);
#endif
