#pragma once
// Batch: independent copies of a case, each a Problem with its own parameters, drives, noise, time,
// step size and error. A replica has the same bits as the same Problem in an engine of its own.
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "kubomag/engine.hpp"

namespace kubomag {

class Batch {
 public:
  /// On the CPU every film is run by one thread, so that it stays in that thread's cache, and
  /// single cells share SIMD registers; on a GPU single cells share launches, one thread of the
  /// device each, small films of one kind share launches as a gang, each driven by a thread of the
  /// host, and others follow each other (docs/sweeps.md). choice.threads: CPU threads in all,
  /// 0: one per processor. Throws like make_engine.
  Batch(const std::vector<Problem>& replicas, const DeviceChoice& choice);
  ~Batch();
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;

  std::size_t size() const;
  /// The state of one replica: m, time, observables, fields, checkpoint, relaxation, single steps.
  Engine& replica(std::size_t r);

  /// Takes every replica that is before `t_end` there, each by steps of its own. `go_on` is asked
  /// between steps (of single cells on a GPU: between launches), by several threads. False: it
  /// ended early. A replica whose run fails stays where it is; the others go on.
  bool run(double t_end, const std::function<bool()>& go_on = {});
  /// Why the run of a replica failed, "" if it did not.
  const std::string& failure(std::size_t r) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// Whether a batch on this device runs the problem as a single cell among others: in SIMD
/// registers, or in the launches of all.
bool shares_registers(const Problem& problem, const DeviceChoice& choice);

}  // namespace kubomag
