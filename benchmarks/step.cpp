// One evaluation of the right-hand side as it happens in a run: field, torque and its share of the
// Runge-Kutta step. Workloads: local terms; with demag; with the Dirac surface under a grating that
// is a sum of fixed fields (harmonic) or needs transforms at every evaluation (general).
//   build/bin/step --benchmark_filter=demag_double
// Where the CUDA plug-in finds a GPU the same workloads are timed there too, with cuda in the name.
#include <benchmark/benchmark.h>

#include <string>

#include "films.hpp"
#include "solver/traffic.hpp"

namespace {

using namespace kubomag;
using benchmark::Counter;
enum class Work { local, demag, harmonic_drive, general_drive };

struct Case {
  const char* device;
  Work work;
  Precision precision;
};

Problem problem(Work work, int n) {
  Problem p = bench::film(n);
  if (work == Work::demag) p.demag.enabled = true;
  if (work == Work::harmonic_drive || work == Work::general_drive) {
    bench::add_surface(p);
    bench::add_grating(p, work == Work::general_drive);
  }
  return p;
}

void step(benchmark::State& state, Case what) {
  const int n = static_cast<int>(state.range(0)), threads = static_cast<int>(state.range(1));
  const Problem p = problem(what.work, n);
  const auto engine = make_engine(p, {what.device, what.precision, threads});
  double t = 0;
  for (auto _ : state) engine->step(t += p.integrator.FixDt);
  const double evaluations =
      static_cast<double>(state.iterations()) * bench::evaluations_per_step(p.integrator.scheme);
  const double cells = static_cast<double>(p.grid.cells());
  const double bytes = runge_kutta_numbers(tableau(p.integrator.scheme)) *
                       (what.precision == Precision::single_precision ? 4 : 8);
  state.counters["ms_per_evaluation"] =
      Counter(evaluations * 1e-3, Counter::kIsRate | Counter::kInvert);
  state.counters["Mcells/s"] = Counter(cells * evaluations * 1e-6, Counter::kIsRate);
  state.counters["B/cell_of_passes"] = bytes;
  state.counters["GB/s_of_passes"] = Counter(cells * evaluations * bytes * 1e-9, Counter::kIsRate);
}

std::string name(const Case& what) {
  const char* works[] = {"local", "demag", "harmonic_drive", "general_drive"};
  std::string out = std::string("step/") + works[static_cast<int>(what.work)];
  out += what.precision == Precision::single_precision ? "_single" : "_double";
  return std::string(what.device) == "cuda" ? out + "_cuda" : out;
}

void add_cases(const char* device, const std::vector<int>& threads, int largest) {
  for (const Work work : {Work::local, Work::demag, Work::harmonic_drive, Work::general_drive})
    for (const Precision precision : {Precision::double_precision, Precision::single_precision}) {
      const Case what{device, work, precision};
      auto* added = benchmark::RegisterBenchmark(name(what).c_str(), step, what);
      for (const int count : threads)
        for (int n = 64; n <= largest; n *= 2) added->Args({n, count});
      added->ArgNames({"n", "threads"})->UseRealTime()->Unit(benchmark::kMillisecond);
    }
}

}  // namespace

int main(int argc, char** argv) {
  add_cases("cpu", {1, 2}, 2048);
  if (find_devices().cuda_available) add_cases("cuda", {1}, 4096);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
