#pragma once
#include "backend/cpu_backend.hpp"
#include "backend/cpu_spectral_filter.hpp"
#include "solver/spectral_filter.hpp"

namespace kubomag {

template <>
class SpectralFilter<CpuBackend> : public CpuSpectralFilter {
 public:
  SpectralFilter(const Grid& grid, const CpuBackend& backend)
      : CpuSpectralFilter(grid, backend.threads()) {}
};

}  // namespace kubomag
