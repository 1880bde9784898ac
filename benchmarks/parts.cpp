// The parts by themselves: the demagnetising convolution, the diffusive field (general path), and
// beside them the machine's bandwidth for the same number of bytes.
#include <benchmark/benchmark.h>
#include <omp.h>

#include "backend/cpu_convolution.hpp"
#include "films.hpp"
#include "setup/demag_tensor.hpp"
#include "solver/drive_evaluator.hpp"

namespace {

using namespace kubomag;
using benchmark::Counter;

/// Words per cell of a convolution whose spectrum has one padded half in memory: rows in and out,
/// columns in and out, the tensor once (docs/performance.md).
constexpr double convolution_words = 3 * (1 + 2) + 3 * (2 + 2) + 4 + 3 * (2 + 1);

void set_rates(benchmark::State& state, double cells, double bytes) {
  const double count = static_cast<double>(state.iterations());
  state.counters["ns_per_cell"] =
      Counter(count * cells * 1e-9, Counter::kIsRate | Counter::kInvert);
  state.counters["B/cell"] = bytes;
  state.counters["GB/s"] = Counter(count * cells * bytes * 1e-9, Counter::kIsRate);
}

template <class Real>
void demag(benchmark::State& state) {
  const int n = static_cast<int>(state.range(0)), threads = static_cast<int>(state.range(1));
  const Problem p = bench::film(n);
  const DemagKernel kernel = make_demag_kernel(p.grid);
  CpuConvolution<Real> convolve(n, n,
                                {kernel.px, kernel.py, kernel.xx.data(), kernel.yy.data(),
                                 kernel.zz.data(), kernel.xy.data()},
                                threads);
  HostBuffer<Real> m[3], B[3];
  for (int c = 0; c < 3; ++c) {
    m[c] = HostBuffer<Real>(p.grid.cells(), threads);
    B[c] = HostBuffer<Real>(p.grid.cells(), threads);
    for (std::size_t i = 0; i < p.grid.cells(); ++i)
      m[c][i] = static_cast<Real>(p.m[c * p.grid.cells() + i]);
  }
  const Real* const from[3] = {m[0].data(), m[1].data(), m[2].data()};
  Real* const to[3] = {B[0].data(), B[1].data(), B[2].data()};
  for (auto _ : state) {
    convolve.transform(from, nullptr, Real(8e5));
    convolve.inverse(to);
  }
  set_rates(state, static_cast<double>(p.grid.cells()), convolution_words * sizeof(Real));
}

void psi(benchmark::State& state) {
  const int n = static_cast<int>(state.range(0)), threads = static_cast<int>(state.range(1));
  Problem p = bench::film(n);
  bench::add_surface(p);
  bench::add_grating(p, true);
  DriveEvaluator drive(make_drive_plan(p.grid, p.diffusion, p.drive, threads), threads);
  const std::size_t cells = p.grid.cells();
  std::vector<double> out(3 * cells);
  double t = 0;
  for (auto _ : state) {
    t += 1e-13;
    drive.evaluate(t, t, out.data(), out.data() + cells, out.data() + 2 * cells);
  }
  // three inverse transforms on the mirrored box (4 points a cell) and E's spectra
  set_rates(state, static_cast<double>(cells), 8 * (4 * 2 + 3 * (4 * 4 + 1)));
}

/// a = b + c d over the arrays of a film: nominal bytes, no write-allocate counted.
template <class Real>
void triad(benchmark::State& state) {
  const auto cells = static_cast<std::ptrdiff_t>(state.range(0)) * state.range(0);
  const int threads = static_cast<int>(state.range(1));
  HostBuffer<Real> a(cells, threads), b(cells, threads), c(cells, threads);
  Real *pa = a.data(), *pb = b.data(), *pc = c.data();
  for (auto _ : state) {
#pragma omp parallel for simd schedule(static) num_threads(threads)
    for (std::ptrdiff_t i = 0; i < cells; ++i) pa[i] = pb[i] + Real(1.0001) * pc[i];
    benchmark::ClobberMemory();
  }
  set_rates(state, static_cast<double>(cells), 3 * sizeof(Real));
}

void sizes(benchmark::internal::Benchmark* b) {
  for (const int threads : {1, 2})
    for (int n = 64; n <= 2048; n *= 2) b->Args({n, threads});
  b->ArgNames({"n", "threads"})->UseRealTime()->Unit(benchmark::kMillisecond);
}

BENCHMARK_TEMPLATE(demag, double)->Apply(sizes);
BENCHMARK_TEMPLATE(demag, float)->Apply(sizes);
BENCHMARK(psi)->Apply(sizes);
BENCHMARK_TEMPLATE(triad, double)->Apply(sizes);
BENCHMARK_TEMPLATE(triad, float)->Apply(sizes);

}  // namespace

BENCHMARK_MAIN();
