#pragma once
// Any number of single cells on a device that takes them through many steps by itself. They are on
// the device slice by slice, as many at a time as its memory holds; the host knows where they
// stand.
#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "kubomag/error.hpp"
#include "solver/failure_text.hpp"
#include "solver/macrospin_block.hpp"
#include "solver/macrospin_observables.hpp"
#include "solver/macrospin_state.hpp"
#include "solver/signal_arrays.hpp"

namespace kubomag {

/// Takes the cells first ... last - 1 of a slice towards t_end: at most so many steps and attempts
/// of each; without an attempt it finds the slopes that are not known.
struct CellsTask {
  int first = 0, last = 0;
  double t_end = 0;
  long steps = std::numeric_limits<long>::max(), attempts = 0;
};

/// Cells of one kind that are on the device together.
template <class Real>
class MacrospinSlice {
 public:
  explicit MacrospinSlice(const std::vector<const Problem*>& cells) {
    for (const Problem* cell : cells) {
      const Vec3<double> m{cell->m[0], cell->m[1], cell->m[2]};
      states.push_back({first_state(*cell), cast<Real>(m), {}, false});
    }
  }
  virtual ~MacrospinSlice() = default;

  /// `states` of these cells are then those after the task.
  virtual void perform(const CellsTask& task) = 0;
  /// Frees the device's memory; perform() takes it again.
  virtual void drop() = 0;
  virtual std::size_t bytes() const = 0;  // that the device holds now

  std::vector<CellState<Real>> states;
};

/// Upper bound of what a cell takes on a device [bytes]; `before` is the cell before it, whose
/// tables it may share, or null.
template <class Real>
std::size_t bytes_on_device(const Problem& cell, const Problem* before) {
  constexpr std::size_t maps = 64, per_source = 128;  // more than there are; beside tables
  std::size_t sum = sizeof(CellState<Real>) + sizeof(MacrospinSetup) + maps * sizeof(Real);
  const auto add = [&](const Signal& signal) {
    for (const SignalTerm& term : signal.terms)
      sum += 2 * per_source + 3 * sizeof(double) * (1 + term.times.size()) + bytes_of_formula(term);
  };
  for (const auto* sources : {&cell.B_ext, &cell.current, &cell.sheet_current})
    for (const FieldSource& source : *sources) add(source.signal);
  for (const SeparableDrive& drive : cell.drive.separable) add(drive.signal);
  for (const PrescribedPsi& drive : cell.drive.psi) add(drive.signal);
  if (!cell.local || (before && before->local && before->local->spin == cell.local->spin))
    return sum;
  const LocalTables& local = *cell.local;
  return sum + sizeof(double) * (local.spin.size() + local.charge.size() + local.breaks.size() +
                                 local.buckets.size() + local.jump_angles.size() + 16);
}

template <class Real>
class MacrospinEnsemble final : public MacrospinBlock {
 public:
  using Cells = std::vector<const Problem*>;
  using MakeSlice =
      std::function<std::unique_ptr<MacrospinSlice<Real>>(const Cells&, Vec3<double> demag)>;

  /// Slices of at most `most` cells (0: any number) that take at most `memory` bytes each.
  MacrospinEnsemble(const Cells& cells, std::string device, std::size_t memory, std::size_t most,
                    const MakeSlice& make)
      : device_(std::move(device)), size_(cells.size()), demag_(demag_of_cell(*cells.front())) {
    constexpr std::size_t largest = std::size_t{1} << 20;
    most = most > 0 ? std::min(most, largest) : largest;
    for (std::size_t begin = 0; begin < cells.size();) {
      std::size_t end = begin;
      for (std::size_t bytes = 0; end < cells.size() && end - begin < most; ++end) {
        bytes += bytes_on_device<Real>(*cells[end], end > begin ? cells[end - 1] : nullptr);
        if (end > begin && bytes > memory) break;
      }
      begins_.push_back(begin);
      slices_.push_back(make(Cells(cells.begin() + static_cast<std::ptrdiff_t>(begin),
                                   cells.begin() + static_cast<std::ptrdiff_t>(end)),
                             demag_));
      begin = end;
    }
  }

  std::string device() const override { return device_; }
  Precision precision() const override {
    return sizeof(Real) == 4 ? Precision::single_precision : Precision::double_precision;
  }
  std::size_t size() const override { return size_; }
  /// The most that the device has held at once.
  std::size_t bytes() const override { return held_; }

  Vec3<double> demag() const override { return demag_; }
  double time(std::size_t cell) const override { return state(cell).step.t; }
  void set_time(std::size_t cell, double t) override {
    state(cell).step.t = t;
    state(cell).slope_known = false;
  }
  Vec3<double> m(std::size_t cell) const override { return cast<double>(state(cell).m); }
  void set_m(std::size_t cell, Vec3<double> m) override {
    state(cell).m = cast<Real>(m);
    state(cell).slope_known = false;
  }
  /// The slopes of all cells are found at once.
  double max_torque(std::size_t cell) override {
    if (!state(cell).slope_known) perform(slice_of(cell), {0, count(slice_of(cell))});
    return state(cell).step.max_torque;
  }
  const std::string& failure(std::size_t cell) const override {
    static const std::string none;
    const auto found = failures_.find(cell);
    return found == failures_.end() ? none : found->second;
  }
  Pace pace(std::size_t cell) const override {
    const StepState& own = state(cell).step;
    return {own.control.dt, own.control.previous_ratio, own.steps};
  }
  void set_pace(std::size_t cell, const Pace& pace) override {
    state(cell).step.control = {pace.dt, pace.previous_ratio};
    state(cell).step.steps = pace.steps;
    state(cell).slope_known = false;
  }

  StepInfo step(std::size_t cell, double t_end) override {
    const AdvanceInfo info = advance(cell, t_end, 1);
    return {info.dt, state(cell).step.error, info.max_torque, static_cast<int>(info.rejected)};
  }
  AdvanceInfo advance(std::size_t cell, double t_end, long max_steps) override {
    StepState& own = state(cell).step;
    if (!(t_end >= own.t)) throw InputError("a step must end after the present time");
    own.failed = false;
    failures_.erase(cell);
    const StepState before = own;
    const std::size_t slice = slice_of(cell);
    const int i = static_cast<int>(cell - begins_[slice]);
    perform(slice, {i, i + 1, t_end, max_steps, std::numeric_limits<long>::max()});
    if (own.failed) throw RunError(failure(cell));
    return {own.accepted - before.accepted, own.rejected - before.rejected, own.taken,
            own.torque_before};
  }

  bool run(double t_end, const std::function<bool()>& go_on) override {
    constexpr long at_once = 65536;  // attempts between two questions
    for (std::size_t s = 0; s < slices_.size(); ++s)
      while (any_before(s, t_end)) {
        CellsTask task{0, count(s), t_end};
        task.attempts = at_once;
        perform(s, task);
        if (go_on && !go_on()) return false;
      }
    return true;
  }

 private:
  std::size_t slice_of(std::size_t cell) const {
    return static_cast<std::size_t>(std::upper_bound(begins_.begin(), begins_.end(), cell) -
                                    begins_.begin() - 1);
  }
  CellState<Real>& state(std::size_t cell) {
    const std::size_t slice = slice_of(cell);
    return slices_[slice]->states[cell - begins_[slice]];
  }
  const CellState<Real>& state(std::size_t cell) const {
    return const_cast<MacrospinEnsemble*>(this)->state(cell);
  }
  int count(std::size_t slice) const { return static_cast<int>(slices_[slice]->states.size()); }

  bool any_before(std::size_t slice, double t_end) const {
    const auto& all = slices_[slice]->states;
    return std::any_of(all.begin(), all.end(), [&](const CellState<Real>& one) {
      return one.step.t < t_end && !one.step.failed;
    });
  }

  void perform(std::size_t slice, const CellsTask& task) {
    slices_[slice]->perform(task);
    held_ = std::max(held_, slices_[slice]->bytes());
    if (slices_.size() > 1) slices_[slice]->drop();
    for (int i = task.first; i < task.last; ++i) {
      const StepState& own = slices_[slice]->states[static_cast<std::size_t>(i)].step;
      if (own.failed)
        failures_.try_emplace(begins_[slice] + static_cast<std::size_t>(i), failure_text(own));
    }
  }

  std::string device_;
  std::size_t size_;
  Vec3<double> demag_;
  std::vector<std::size_t> begins_;  // the first cell of each slice
  std::vector<std::unique_ptr<MacrospinSlice<Real>>> slices_;
  std::map<std::size_t, std::string> failures_;
  std::size_t held_ = 0;
};

}  // namespace kubomag
