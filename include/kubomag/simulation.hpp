#pragma once
// Simulation: an engine, what to record when, and the loop that takes it from start to end.
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "kubomag/engine.hpp"

namespace kubomag {

/// Numbers of the texture that go into the table (docs/skyrmions.md, "Analysis").
enum class Analysis { charge, skyrmion, skyrmions, wall, max_angle };

/// A quantity of the engine that the table has as numbers: over the magnetic cells in `where`.
struct Reduction {
  enum class Take { mean, max };  // of each component; of the length of vectors
  Take take = Take::mean;
  std::string quantity;
  std::string name;     // of these cells; empty: all
  ScalarMap where = 1;  // not 0 where a cell counts
};

/// What is recorded at the times 0, interval, 2 interval, ... An interval of 0: never.
struct OutputPlan {
  double table_interval = 0;  // [s]
  std::vector<std::string> fields;
  double field_interval = 0;  // [s]
  std::vector<std::string> pictures;
  double picture_interval = 0;              // [s]
  std::vector<std::pair<int, int>> probes;  // cells (ix, iy) whose m goes into the table
  std::vector<Reduction> reductions;        // of quantities, in the table
  std::vector<Analysis> analysis;           // columns made of the texture
};

/// A film that moves by whole cells so that what it follows stays in its centre.
struct Window {
  enum class Target { skyrmion, wall };
  Target target = Target::skyrmion;
  bool x = true, y = false;  // the axes along which it moves
  long every = 10;           // steps between looks
};

/// A loop of energy minima (docs/drivers.md): point i starts from the minimum at point i - 1 and is
/// found in the field B[i]. The engine's time is the number of the point: the problem's B_ext are
/// tables over it.
struct Hysteresis {
  std::vector<Vec3<double>> B;            // of each point [T]
  std::optional<Vec3<double>> direction;  // of a loop along a line
  Relax descent;
  double kick = 0;  // m is turned by this much at random before each point, per axis [rad]
  std::uint64_t seed = 1;
  ScalarMap frozen;  // > 0 where m is held
};

/// Takes what a run records. Called between steps, at the exact times of the plan.
class Recorder {
 public:
  virtual ~Recorder() = default;
  virtual void table_row(Engine& engine) = 0;
  virtual void fields(Engine& engine, long index) = 0;
  virtual void pictures(Engine& engine, long index) = 0;
  /// The row of a point of a loop; what records no loops may leave it.
  virtual void loop_row(Engine&, long /*index*/, const RelaxInfo&) {}
  /// Whether what the last row of the table shows ends the run.
  virtual bool ends() const { return false; }
};

/// Where the loop stands: with the engine's checkpoint all that a bit-exact continuation needs.
struct SimulationState {
  bool relaxed = false;  // the relaxation, if any, is over
  long steps = 0;
  long table_rows = 0, field_sets = 0, picture_sets = 0;  // recorded so far
  long window_x = 0, window_y = 0;                        // how far the film has moved [cells]
};

struct Progress {
  bool relaxing = false;
  double time = 0, end = 0;  // [s]
  double dt = 0;             // [s]
  double max_torque = 0;     // [T]
  long steps = 0;
  long point = 0, points = 0;  // of a loop; points = 0: no loop
};

enum class Outcome { done, interrupted };

/// When the outputs of a plan are due in a run from t = 0 to `end`.
class OutputClock {
 public:
  OutputClock(const OutputPlan& plan, double end);

  /// The time of the next output after those that `done` counts, or the end.
  double next(const SimulationState& done) const;
  /// Whether output number `count` of this interval is due at time t.
  bool due(double interval, long count, double t) const;
  /// Whether t is the end.
  bool over(double t) const { return t >= end_ - tolerance_; }

 private:
  double table_, fields_, pictures_, end_;
  double tolerance_ = 0;  // times closer than this are the same [s]
};

class Simulation {
 public:
  /// Relaxes first if asked to, then runs from t = 0 to `end` [s]; or goes through a loop.
  Simulation(std::unique_ptr<Engine> engine, OutputPlan plan, std::optional<Relax> relax,
             double end, std::optional<Hysteresis> loop = std::nullopt);

  Engine& engine() { return *engine_; }
  const SimulationState& state() const { return state_; }
  const std::optional<RelaxInfo>& relax_info() const { return relax_info_; }

  /// Continues from here on: the engine must have been restored to the same moment.
  void set_state(const SimulationState& state) { state_ = state; }

  /// Called after every `every` steps, once everything due is recorded: may move the film.
  void set_follower(long every, std::function<void(Engine&, SimulationState&)> follow) {
    follow_every_ = every;
    follow_ = std::move(follow);
  }

  /// Runs until the end, until the recorder ends it or until `go_on` returns false, which is asked
  /// after the relaxation (when relax_info() is that of its end) and between steps: after every
  /// one, or some ten times a second where the device takes many by itself; the steps in progress
  /// are always completed. A loop that is interrupted within a point goes back to where that point
  /// began. Throws RunError when the engine does.
  Outcome run(Recorder& recorder, const std::function<bool(const Progress&)>& go_on);

 private:
  bool relax(const std::function<bool(const Progress&)>& go_on);
  Outcome run_loop(Recorder& recorder, const std::function<bool(const Progress&)>& go_on);
  bool find_point(long index, const std::function<bool(const Progress&)>& go_on);
  void kick(long index);
  AdvanceInfo advance();
  void record(Recorder& recorder);

  std::unique_ptr<Engine> engine_;
  OutputPlan plan_;
  std::optional<Relax> relax_;
  std::optional<Hysteresis> loop_;
  double end_ = 0;
  long at_once_ = 1;  // steps that the engine may take without being asked
  OutputClock clock_;
  SimulationState state_;
  std::function<void(Engine&, SimulationState&)> follow_;
  long follow_every_ = 1;
  std::optional<RelaxInfo> relax_info_;
};

}  // namespace kubomag
