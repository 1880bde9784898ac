#pragma once
// Single cells side by side on one device, each with its own parameters, time, step size and error,
// and with the bits that it has alone. On the CPU up to `lanes` of them go in step, one SIMD lane
// each: a lane whose step is refused tries again while the others take their next. On a GPU any
// number, one thread each.
#include <array>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "kubomag/engine.hpp"

namespace kubomag {

class MacrospinBlock {
 public:
  static constexpr int lanes = 16;  // of a block on the CPU

  virtual ~MacrospinBlock() = default;
  virtual std::string device() const = 0;  // as Engine::device
  virtual Precision precision() const = 0;
  virtual std::size_t size() const = 0;   // cells
  virtual std::size_t bytes() const = 0;  // of the whole block, on the device

  virtual Vec3<double> demag() const = 0;  // of each cell (solver/macrospin_observables.hpp)

  virtual double time(std::size_t cell) const = 0;
  virtual void set_time(std::size_t cell, double t) = 0;
  virtual Vec3<double> m(std::size_t cell) const = 0;
  virtual void set_m(std::size_t cell, Vec3<double> m) = 0;  // taken as it is
  virtual double max_torque(std::size_t cell) = 0;           // largest |dm/dt|/gamma [T]

  /// One accepted step of one cell, as Engine::step.
  virtual StepInfo step(std::size_t cell, double t_end) = 0;
  /// Several of them, as Engine::advance.
  virtual AdvanceInfo advance(std::size_t cell, double t_end, long /*max_steps*/) {
    const StepInfo last = step(cell, t_end);
    return {1, last.rejected, last.dt, last.max_torque};
  }
  /// All cells to `t_end`; `go_on` is asked now and then, on the CPU after every attempt. A cell
  /// that fails stays where it is and keeps the reason. Returns false if it was ended early.
  virtual bool run(double t_end, const std::function<bool()>& go_on) = 0;
  /// Why a cell failed, "" if it did not.
  virtual const std::string& failure(std::size_t cell) const = 0;

  /// What a bit-exact continuation needs besides t and m.
  struct Pace {
    double dt = 0, previous_ratio = 1;
    std::uint64_t steps = 0;
  };
  virtual Pace pace(std::size_t cell) const = 0;
  virtual void set_pace(std::size_t cell, const Pace& pace) = 0;
};

/// Whether the problem is a single cell that a block can hold: without local diffusion, voltage
/// control and custom terms, and with noise only at a fixed step (docs/sweeps.md).
bool is_macrospin(const Problem& problem);
/// Whether a GPU can drive such a cell by itself: no signal that is a C++ function, no sampled
/// field, and E on a film without edges, where a single cell has no diffusive potential of its own.
bool drives_itself(const Problem& macrospin);

/// Cells of the same kind can share a block: those with the same grid, gamma, scheme and terms.
std::string macrospin_kind(const Problem& problem);

/// On the CPU, from 1 to `lanes` cells of one kind, in double precision.
std::shared_ptr<MacrospinBlock> make_macrospin_block(const std::vector<const Problem*>& cells);

/// One cell of a block as an engine of its own.
std::unique_ptr<Engine> make_macrospin_engine(const Problem& problem,
                                              std::shared_ptr<MacrospinBlock> block,
                                              std::size_t cell);

}  // namespace kubomag
