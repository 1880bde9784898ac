#pragma once
// Timing of one film, and what fits into the time and the memory there is.
#include <chrono>
#include <optional>
#include <string>

#include "io/config.hpp"
#include "solver/traffic.hpp"

namespace kubomag::cli {

/// One film of n x n cells, timed by fixed steps.
struct Point {
  std::string workload, scheme;
  int n = 0, evaluations_per_step = 0;
  double dt = 0;             // [s]
  double setup_seconds = 0;  // from the configuration to the first step
  long steps = 0;            // that were timed
  double seconds = 0;        // of them
  double bytes = 0;          // that the engine holds on its device
  Traffic traffic;           // of an evaluation, counted
  std::string device;

  double cells() const { return static_cast<double>(n) * n; }
  /// Cells times evaluations per second.
  double rate() const {
    return cells() * static_cast<double>(steps) * evaluations_per_step / seconds;
  }
  /// Simulated by these steps in an hour of computing [s].
  double simulated_per_hour() const { return static_cast<double>(steps) * dt / seconds * 3600; }
  /// What the counted traffic comes to [bytes per second].
  double bandwidth() const { return rate() * traffic.total(); }
};

/// Films of one workload, each of n x n cells, taken through the same steps.
struct Replicas {
  std::string workload;
  int n = 0, films = 0;
  // Cells times evaluations per second: as a Batch (kubomag/batch.hpp), and one engine after the
  // other.
  double together = 0, one_by_one = 0;
  double difference = 0;  // between the two, the largest of a component of m after 20 steps

  double cells() const { return static_cast<double>(films) * n * n; }
};

/// `count` fixed steps of dt from t = taken dt on, as many at a time as the device takes by itself.
void take_steps(Engine& engine, double dt, long& taken, long count);

/// Makes the engine, steps until `seconds` are over (two steps at least), after steps that are not
/// timed.
Point measure(const std::string& workload, int n, const DeviceChoice& choice, double seconds);

/// Either way for `seconds`, after steps that are not timed. Throws RunError where the two do not
/// agree.
Replicas measure_replicas(const std::string& workload, int n, int films, const DeviceChoice& choice,
                          double seconds);

/// Decides what a time budget still holds.
class Budget {
 public:
  explicit Budget(double seconds) : seconds_(seconds) {}

  double left() const;
  double used() const { return seconds_ - left(); }
  /// How long a film is timed, so that all of them fit.
  double per_point() const;
  /// Seconds that the same workload would take on n x n cells, going by a smaller one.
  static double expected(const Point& smaller, int n, double per_point);

 private:
  using Clock = std::chrono::steady_clock;
  double seconds_;
  Clock::time_point begin_ = Clock::now();
};

/// Why n x n cells of a workload do not fit into the memory of the device; empty if they do.
/// `smaller` is the workload on fewer cells.
std::string does_not_fit(const Problem& smaller, int n, const DeviceChoice& choice);

}  // namespace kubomag::cli
