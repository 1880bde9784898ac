#pragma once
// Up to `lanes` single cells in step: one SIMD lane each, with its own parameters, time, step size
// and error. Every lane goes through the same instructions whatever the others hold, so a cell has
// the same bits alone and in any company. A lane whose step is refused tries again while the others
// take their next.
#include <array>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "kubomag/engine.hpp"

namespace kubomag {

class MacrospinBlock {
 public:
  static constexpr int lanes = 16;

  virtual ~MacrospinBlock() = default;
  virtual int size() const = 0;           // lanes in use
  virtual std::size_t bytes() const = 0;  // of the whole block

  virtual double time(int lane) const = 0;
  virtual void set_time(int lane, double t) = 0;
  virtual Vec3<double> m(int lane) const = 0;
  virtual void set_m(int lane, Vec3<double> m) = 0;  // taken as it is
  virtual double max_torque(int lane) = 0;           // largest |dm/dt|/gamma [T]

  /// One accepted step of one lane, as Engine::step.
  virtual StepInfo step(int lane, double t_end) = 0;
  /// All lanes to `t_end`; `go_on` is asked after every attempt. A lane that fails stays where it
  /// is and keeps the reason. Returns false if it was ended early.
  virtual bool run(double t_end, const std::function<bool()>& go_on) = 0;
  /// Why a lane failed, "" if it did not.
  virtual const std::string& failure(int lane) const = 0;

  /// What a bit-exact continuation needs besides t and m.
  struct Pace {
    double dt = 0, previous_ratio = 1;
    std::uint64_t steps = 0;
  };
  virtual Pace pace(int lane) const = 0;
  virtual void set_pace(int lane, const Pace& pace) = 0;
};

/// Whether the problem is a single cell that a lane can hold, on the CPU in double: without local
/// diffusion, voltage control and custom terms, and with noise only at a fixed step
/// (docs/sweeps.md).
bool is_macrospin(const Problem& problem);

/// Cells of the same kind can share a block: those with the same grid, gamma, scheme and terms.
std::string macrospin_kind(const Problem& problem);

/// From 1 to `lanes` cells of one kind.
std::shared_ptr<MacrospinBlock> make_macrospin_block(const std::vector<const Problem*>& cells);

/// One lane of a block as an engine of its own.
std::unique_ptr<Engine> make_macrospin_engine(const Problem& problem,
                                              std::shared_ptr<MacrospinBlock> block, int lane);

}  // namespace kubomag
