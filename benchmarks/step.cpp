// One evaluation of the right-hand side as it happens in a run: field, torque and its share of the
// Runge-Kutta step. Workloads: local terms; with demag; with the Dirac surface under a grating.
//   build/bin/step --benchmark_filter=demag
#include <benchmark/benchmark.h>

#include "films.hpp"

namespace {

using namespace kubomag;
enum class Work { local, demag, harmonic_drive, general_drive };

Problem problem(Work work, int n) {
  Problem p = bench::film(n);
  if (work == Work::demag) p.demag.enabled = true;
  if (work == Work::harmonic_drive || work == Work::general_drive) {
    bench::add_surface(p);
    bench::add_grating(p, work == Work::general_drive);
  }
  return p;
}

void step(benchmark::State& state, Work work, Precision precision) {
  const int n = static_cast<int>(state.range(0)), threads = static_cast<int>(state.range(1));
  const Problem p = problem(work, n);
  const auto engine = make_engine(p, {"cpu", precision, threads});
  double t = 0;
  for (auto _ : state) engine->step(t += p.integrator.FixDt);
  const double evaluations =
      static_cast<double>(state.iterations()) * bench::evaluations_per_step(p.integrator.scheme);
  const double cells = static_cast<double>(p.grid.cells());
  const double bytes = bench::words_per_evaluation(p.integrator.scheme) *
                       (precision == Precision::single_precision ? 4 : 8);
  using benchmark::Counter;
  state.counters["ms_per_evaluation"] =
      Counter(evaluations * 1e-3, Counter::kIsRate | Counter::kInvert);
  state.counters["Mcells/s"] = Counter(cells * evaluations * 1e-6, Counter::kIsRate);
  state.counters["B/cell_of_passes"] = bytes;
  state.counters["GB/s_of_passes"] = Counter(cells * evaluations * bytes * 1e-9, Counter::kIsRate);
}

void sizes(benchmark::internal::Benchmark* b) {
  for (const int threads : {1, 2})
    for (int n = 64; n <= 2048; n *= 2) b->Args({n, threads});
  b->ArgNames({"n", "threads"})->UseRealTime()->Unit(benchmark::kMillisecond);
}

constexpr auto in_double = Precision::double_precision;
constexpr auto in_single = Precision::single_precision;
BENCHMARK_CAPTURE(step, local_double, Work::local, in_double)->Apply(sizes);
BENCHMARK_CAPTURE(step, local_single, Work::local, in_single)->Apply(sizes);
BENCHMARK_CAPTURE(step, demag_double, Work::demag, in_double)->Apply(sizes);
BENCHMARK_CAPTURE(step, demag_single, Work::demag, in_single)->Apply(sizes);
BENCHMARK_CAPTURE(step, harmonic_drive_double, Work::harmonic_drive, in_double)->Apply(sizes);
BENCHMARK_CAPTURE(step, harmonic_drive_single, Work::harmonic_drive, in_single)->Apply(sizes);
BENCHMARK_CAPTURE(step, general_drive_double, Work::general_drive, in_double)->Apply(sizes);
BENCHMARK_CAPTURE(step, general_drive_single, Work::general_drive, in_single)->Apply(sizes);

}  // namespace

BENCHMARK_MAIN();
