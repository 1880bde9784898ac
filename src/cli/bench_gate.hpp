#pragma once
// The agreement that must hold before anything is timed: a device that computes something else has
// no speed.
#include <string>
#include <vector>

#include "kubomag/engine.hpp"

namespace kubomag::cli {

/// Two trajectories of the same film by fixed steps.
struct Agreement {
  std::string workload, what;  // "single against double precision on the CPU"
  int cells = 0, steps = 0;    // along an edge
  double difference = 0;       // largest of any component of m of any cell at the end
  double motion = 0;           // largest change of such a component since the beginning
  double bound = 0;            // of the difference

  /// Within the bound, and the film has moved so far that this means something.
  bool holds() const;
};

/// The largest of |a_i - b_i|; infinite for different sizes, NaN if there is one.
double largest_difference(const std::vector<double>& a, const std::vector<double>& b);

/// Sets both engines to `m` at t = 0, takes `steps` steps of dt and compares.
Agreement compare(Engine& device, Engine& reference, const std::vector<double>& m, double dt,
                  int steps);

/// The device against the CPU in double precision; on the CPU single against double precision, and
/// one thread against several, where every bit must agree.
std::vector<Agreement> check_agreement(const std::string& workload, const DeviceChoice& choice);

}  // namespace kubomag::cli
