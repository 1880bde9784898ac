#include "cli/bench_gate.hpp"

#include <omp.h>

#include <algorithm>
#include <cmath>

#include "cli/bench_measure.hpp"
#include "cli/bench_workloads.hpp"
#include "solver/device_memory.hpp"

namespace kubomag::cli {
namespace {

constexpr int edge = 48, steps = 100, steps_of_threads = 20;
// Over 100 steps rounding adds up to some 1e-13 in double and some 1e-6 in single precision; a
// wrong sign or factor of any term changes m by a good part of its motion (docs/benchmarks.md).
constexpr double bound_double = 1e-9, bound_single = 2e-5;
constexpr double least_motion = 50;  // in bounds

/// A texture without symmetry, so that every term acts in every cell.
std::vector<double> texture(const Grid& grid) {
  std::vector<double> m(3 * grid.cells());
  for (int iy = 0; iy < grid.ny; ++iy)
    for (int ix = 0; ix < grid.nx; ++ix) {
      const double a = 5.0 * ix / grid.nx, b = 4.0 * iy / grid.ny;
      const std::size_t i = grid.index(ix, iy);
      m[i] = 0.4 + std::sin(a), m[grid.cells() + i] = std::cos(b);
      m[2 * grid.cells() + i] = 0.7 + 0.5 * std::sin(a - b);
    }
  return m;
}

}  // namespace

double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  double largest = a.size() == b.size() ? 0 : INFINITY;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    const double difference = std::abs(a[i] - b[i]);
    largest = difference > largest || std::isnan(difference) ? difference : largest;
    if (std::isnan(largest)) return largest;
  }
  return largest;
}

bool Agreement::holds() const {
  return difference <= bound && motion >= std::max(least_motion * bound, 1e-3);
}

Agreement compare(Engine& device, Engine& reference, const std::vector<double>& m, double dt,
                  int count) {
  std::vector<double> begin;
  for (Engine* engine : {&device, &reference}) {
    engine->set_time(0);
    engine->set_m(m);
    if (engine == &reference) begin = engine->m();
    long taken = 0;
    take_steps(*engine, dt, taken, count);
  }
  Agreement agreement;
  agreement.steps = count;
  agreement.difference = largest_difference(device.m(), reference.m());
  agreement.motion = largest_difference(reference.m(), begin);
  return agreement;
}

std::vector<Agreement> check_agreement(const std::string& workload, const DeviceChoice& choice) {
  const io::RunConfig config = workload_config(workload, edge);
  const Problem& problem = config.problem;
  const std::vector<double> m = texture(problem.grid);
  const Precision precision = device_precision(choice);
  const bool cpu = device_memory(choice).kind == DeviceKind::cpu;
  std::vector<Agreement> all;
  const auto add = [&](const DeviceChoice& a, const DeviceChoice& b, const char* what, double bound,
                       int count = steps) {
    const auto device = make_engine(problem, a), reference = make_engine(problem, b);
    all.push_back(compare(*device, *reference, m, problem.integrator.FixDt, count));
    all.back().workload = workload, all.back().what = what;
    all.back().cells = edge, all.back().bound = bound;
  };
  const DeviceChoice reference{"cpu", Precision::double_precision, choice.threads};
  if (!cpu) {
    const bool single = precision == Precision::single_precision;
    add(choice, reference, "the device against the CPU in double precision",
        single ? bound_single : bound_double);
    return all;
  }
  add({"cpu", Precision::single_precision, choice.threads}, reference,
      "single against double precision", bound_single);
  const int several = std::max(2, choice.threads > 0 ? choice.threads : omp_get_num_procs());
  add({"cpu", precision, several}, {"cpu", precision, 1}, "several threads against one", 0,
      steps_of_threads);
  return all;
}

}  // namespace kubomag::cli
