#include "cli/bench_measure.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/bench_gate.hpp"
#include "cli/bench_workloads.hpp"
#include "kubomag/batch.hpp"
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

struct Timed {
  long steps = 0;
  double seconds = 0;
};

/// Steps by take(how many) for so long, after two that are not timed.
template <class Take>
Timed time_steps(double seconds, const Take& take) {
  take(2L);
  Timed timed;
  const auto begin = Clock::now();
  for (long count = 2; timed.seconds < seconds; count *= 2) {  // a device may take many by itself
    take(count);
    timed.steps += count;
    const double chunk = since(begin) - timed.seconds;
    timed.seconds += chunk;
    if (chunk > 0.02 * seconds) count = (count + 1) / 2;
  }
  return timed;
}

/// Films of a workload that differ in their damping.
std::vector<Problem> replicas_of(const std::string& workload, int n, int films) {
  std::vector<Problem> problems(static_cast<std::size_t>(films),
                                workload_config(workload, n).problem);
  for (std::size_t i = 0; i < problems.size(); ++i)
    problems[i].material.set("alpha", 0.01 * (1 + 0.01 * static_cast<double>(i)));
  return problems;
}

/// The largest between the films of a batch and others.
double difference(Batch& batch, const std::vector<std::unique_ptr<Engine>>& engines) {
  std::vector<double> of_films;
  for (std::size_t r = 0; r < engines.size(); ++r)
    of_films.push_back(largest_difference(batch.replica(r).m(), engines[r]->m()));
  return largest_difference(of_films, std::vector<double>(of_films.size()));
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
  long taken = 0;
  const Timed timed =
      time_steps(seconds, [&](long count) { take_steps(*engine, point.dt, taken, count); });
  point.steps = timed.steps, point.seconds = timed.seconds;
  point.bytes = static_cast<double>(engine->bytes());
  return point;
}

Replicas measure_replicas(const std::string& workload, int n, int films, const DeviceChoice& choice,
                          double seconds) {
  const std::vector<Problem> problems = replicas_of(workload, n, films);
  const Integrator& rule = problems.front().integrator;
  Batch batch(problems, choice);
  std::vector<std::unique_ptr<Engine>> engines;
  for (const Problem& problem : problems) engines.push_back(make_engine(problem, choice));
  long batch_taken = 0, engines_taken = 0;
  const auto together = [&](long count) {
    batch.run(static_cast<double>(batch_taken += count) * rule.FixDt);
  };
  const auto one_by_one = [&](long count) {
    for (const auto& engine : engines) {
      long taken = engines_taken;
      take_steps(*engine, rule.FixDt, taken, count);
    }
    engines_taken += count;
  };
  Replicas replicas{workload, n, films};
  together(20), one_by_one(20);
  replicas.difference = difference(batch, engines);
  const double bound = device_precision(choice) == Precision::single_precision ? 2e-5 : 1e-9;
  if (!(replicas.difference <= bound))
    throw RunError(
        fmt::format("films side by side and one after the other do not agree (they "
                    "differ by {:.3g}, {:.3g} is allowed); they were not timed",
                    replicas.difference, bound));
  const auto rate = [&](const Timed& timed) {
    return replicas.cells() * static_cast<double>(timed.steps) * tableau(rule.scheme).stages /
           timed.seconds;
  };
  replicas.together = rate(time_steps(seconds, together));
  replicas.one_by_one = rate(time_steps(seconds, one_by_one));
  return replicas;
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
