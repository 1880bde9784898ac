#pragma once
#include "backend/mode_number.hpp"

namespace kubomag {

/// A field on the film times a real, even function of the wave vector; axes that are not periodic
/// are continued by mirror images. Specialised for each backend in spectral_filter_cpu.hpp and
/// spectral_filter_cuda.cuh:
///   SpectralFilter(const Grid&, const Backend&)
///   Field tabulate(f);  void tabulate(f, Field& factors);   f(ModeNumber), factors for apply
///   void apply(const Field& factors, const Field& in, Field& out);
///   std::size_t bytes() const;
template <class Backend>
class SpectralFilter;

}  // namespace kubomag
