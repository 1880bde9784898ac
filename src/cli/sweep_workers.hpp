#pragma once
// The points of a sweep on all processors.
#include <functional>

#include "cli/sweep_point.hpp"

namespace kubomag::cli {

class SweepWorkers {
 public:
  /// On the CPU one film per thread, whose working set then stays in its cache; on a GPU films side
  /// by side until they fill it, each driven by a thread, small ones as a gang. Single cells: a
  /// group for each thread. choice.threads: CPU threads in all, 0: one per processor. `first` is
  /// the case of any point.
  SweepWorkers(const io::SweepConfig& sweep, const io::RunConfig& first,
               const DeviceChoice& choice);

  /// Points at a time.
  int count() const { return count_; }

  /// Runs every point that `skip` does not name. `take` gets the results as they come, one at a
  /// time. `go_on` is asked by all threads after every step. What `take` throws ends the work and
  /// is thrown.
  void run(const std::function<bool(std::size_t point)>& skip,
           const std::function<void(const PointResult&)>& take,
           const std::function<bool()>& go_on) const;

 private:
  const io::SweepConfig& sweep_;
  DeviceChoice choice_;  // of each engine
  int count_ = 1;
  std::unique_ptr<FilmGang> gang_;  // of all films; null: they share nothing
  std::size_t together_ = 1;        // points that a thread takes at once
};

}  // namespace kubomag::cli
