#include "cli/bench_measure.hpp"

#include <algorithm>

#include "cli/bench_workloads.hpp"
#include "kubomag/error.hpp"
#include "solver/device_memory.hpp"

namespace kubomag::cli {
namespace {

using Clock = std::chrono::steady_clock;

double since(Clock::time_point then) {
  return std::chrono::duration<double>(Clock::now() - then).count();
}

const char* scheme_name(Scheme scheme) {
  switch (scheme) {
    case Scheme::bogacki_shampine:
      return "bogacki_shampine";
    case Scheme::rk4:
      return "rk4";
    case Scheme::heun:
      return "heun";
    default:
      return "dormand_prince";
  }
}

void time_steps(Engine& engine, double dt, double seconds, Point& point) {
  long taken = 0;
  take_steps(engine, dt, taken, 2);
  const auto begin = Clock::now();
  for (long count = 2; point.seconds < seconds; count *= 2) {  // a device may take many by itself
    take_steps(engine, dt, taken, count);
    point.steps += count;
    const double chunk = since(begin) - point.seconds;
    point.seconds += chunk;
    if (chunk > 0.02 * seconds) count = (count + 1) / 2;
  }
}

}  // namespace

void take_steps(Engine& engine, double dt, long& taken, long count) {
  for (const long goal = taken + count; taken < goal;)
    taken += engine.advance(static_cast<double>(goal) * dt, goal - taken).steps;
}

Point measure(const std::string& workload, int n, const DeviceChoice& choice, double seconds) {
  const auto begin = Clock::now();
  const io::RunConfig config = workload_config(workload, n);
  const Problem& problem = config.problem;
  const auto engine = make_engine(problem, choice);
  Point point;
  point.workload = workload;
  point.n = n;
  point.scheme = scheme_name(problem.integrator.scheme);
  point.evaluations_per_step = tableau(problem.integrator.scheme).stages;
  point.dt = problem.integrator.FixDt;
  point.setup_seconds = since(begin);
  point.device = engine->device();
  point.traffic = evaluation_traffic(problem, device_memory(choice).kind, device_precision(choice));
  time_steps(*engine, point.dt, seconds, point);
  point.bytes = static_cast<double>(engine->bytes());
  return point;
}

double Budget::left() const { return seconds_ - since(begin_); }

double Budget::per_point() const { return std::clamp(seconds_ / 60, 0.02, 2.0); }

double Budget::expected(const Point& smaller, int n, double per_point) {
  const double more = 1.2 * n * n / smaller.cells();
  const double step = smaller.seconds / static_cast<double>(smaller.steps) * more;
  return smaller.setup_seconds * more + std::max(per_point + 3 * step, 4 * step);
}

std::string does_not_fit(const Problem& smaller, int n, const DeviceChoice& choice) {
  DeviceMemory device = device_memory(choice);
  device.total = device.available;  // nothing else should be swapped out while films are timed
  const MemoryModel model(smaller, device.kind, device_precision(choice), choice.threads);
  Grid grid = smaller.grid;
  grid.nx = grid.ny = n;
  try {
    require_memory(model, grid, device);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

}  // namespace kubomag::cli
