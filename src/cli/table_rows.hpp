#pragma once
// The rows of a run's table: what the engine observes, probes, window and texture.
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "analysis/table_analysis.hpp"
#include "io/column_formula.hpp"
#include "io/config.hpp"
#include "io/table.hpp"
#include "kubomag/simulation.hpp"

namespace kubomag::cli {

class TableRows {
 public:
  /// `config` and `state`, that of the run in progress, must outlive this object.
  TableRows(const io::RunConfig& config, const SimulationState& state)
      : config_(config), state_(state), analysis_(config.problem.grid, config.output.analysis) {}

  /// Throws InputError for a column that is there twice and for a condition that does not fit the
  /// columns.
  void check(Engine& engine) const;

  std::vector<io::Column> columns(Engine& engine) const;
  /// The row of the present moment.
  std::vector<double> row(Engine& engine);
  /// The row of a point of a loop.
  std::vector<double> row(Engine& engine, long index, const RelaxInfo& info);
  /// Whether the condition of [run] was true in the last row.
  bool ends() const { return ends_; }

  /// Makes the next row follow a row of an earlier run; `value` gives its numbers by name.
  void resume(Engine& engine, const std::function<double(const std::string&)>& value);

 private:
  std::vector<double> complete(Engine& engine, std::vector<double> first, const RelaxInfo* info);
  io::ColumnFormula condition(Engine& engine) const;
  void add_reductions(Engine& engine, std::vector<double>& row) const;
  Vec2<double> window() const;
  void look_for_end(Engine& engine, const std::vector<double>& row);

  const io::RunConfig& config_;
  const SimulationState& state_;
  TableAnalysis analysis_;
  std::optional<io::ColumnFormula> stop_when_;
  bool ends_ = false;
};

/// What only the engine can tell of a configuration's outputs: throws InputError for a quantity
/// that it does not have, and as TableRows::check.
void check_outputs(const io::RunConfig& config, Engine& engine);

}  // namespace kubomag::cli
