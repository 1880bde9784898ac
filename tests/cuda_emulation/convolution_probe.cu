// What tests/support/convolution_probe.hpp asks for.
#include "support/convolution_probe.hpp"

#include "control.hpp"
#include "solver/convolution_cuda.cuh"
#include "solver/device_film.hpp"

namespace kubomag::test {
namespace {

template <class Real>
void run_in(ConvolutionProbe& probe) {
  const ArenaScope scope(0, 1 << 20);  // as in an engine: the plans share one area
  const CudaBackend backend(0);
  const std::size_t cells = probe.grid.cells();
  VectorBuffer<CudaBackend, Real> m(backend, cells), k(backend, cells), B(backend, cells);
  m.upload(backend, probe.m);
  if (!probe.k.empty()) k.upload(backend, probe.k);
  DeviceBuffer<Real> h(1);
  backend.upload(h, {static_cast<Real>(probe.h)});
  const DemagKernel kernel = make_demag_kernel(probe.grid);
  CudaConvolution<Real> convolution(
      probe.grid.nx, probe.grid.ny, kernel.px, kernel.py,
      {kernel.xx.data(), kernel.yy.data(), kernel.zz.data(), kernel.xy.data()}, probe.method,
      {probe.shared_memory, probe.multiprocessors}, backend.stream());
  scope.close();
  const bool uniform = probe.Ms.size() == 1;
  DeviceBuffer<Real> Ms(uniform ? 0 : cells);
  if (!uniform) backend.upload(Ms, std::vector<Real>(probe.Ms.begin(), probe.Ms.end()));
  probe.makes_states = convolution.makes_states(Ms.data());
  const auto in = std::as_const(m).view(), slope = std::as_const(k).view();
  const auto out = B.view();
  FilmState<Real> state{{in.x, in.y, in.z}};
  if (!probe.k.empty()) {
    state.k = {slope.x, slope.y, slope.z}, state.h = static_cast<Real>(probe.h);
    if (probe.h_on_device) state.h = 0, state.h_at = h.data();
  }
  for (int evaluation = 0; evaluation < 2; ++evaluation) {  // the second after what the first left
    const std::size_t before = cuda_emulation_work_count();
    convolution(state, uniform ? nullptr : Ms.data(),
                uniform ? static_cast<Real>(probe.Ms[0]) : Real(0), {out.x, out.y, out.z});
    probe.work = cuda_emulation_work_count() - before;
    probe.B = B.download(backend);
  }
  probe.bytes = convolution.bytes();
}

}  // namespace
}  // namespace kubomag::test

extern "C" __attribute__((visibility("default"))) void kubomag_convolution_probe(
    kubomag::test::ConvolutionProbe* probe) {
  cuda_emulation_reverse_order(probe->reversed);
  probe->single ? kubomag::test::run_in<float>(*probe) : kubomag::test::run_in<double>(*probe);
  cuda_emulation_reverse_order(false);
}
