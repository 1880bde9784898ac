#pragma once
// The rows of a run's table: what the engine observes, probes, window and texture.
#include <functional>
#include <string>
#include <vector>

#include "analysis/table_analysis.hpp"
#include "io/config.hpp"
#include "io/table.hpp"
#include "kubomag/simulation.hpp"

namespace kubomag::cli {

class TableRows {
 public:
  /// `config` and `state`, that of the run in progress, must outlive this object.
  TableRows(const io::RunConfig& config, const SimulationState& state)
      : config_(config), state_(state), analysis_(config.problem.grid, config.output.analysis) {}

  std::vector<io::Column> columns(Engine& engine) const;
  /// The row of the present moment.
  std::vector<double> row(Engine& engine);
  /// The row of a point of a loop.
  std::vector<double> row(Engine& engine, long index, const RelaxInfo& info);

  /// Makes the next row follow a row of an earlier run; `value` gives its numbers by name.
  void resume(const std::function<double(const std::string&)>& value);

 private:
  std::vector<double> complete(Engine& engine, std::vector<double> first, const RelaxInfo* info);
  Vec2<double> window() const;

  const io::RunConfig& config_;
  const SimulationState& state_;
  TableAnalysis analysis_;
};

}  // namespace kubomag::cli
