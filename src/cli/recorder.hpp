#pragma once
// Writes what a run records into its folder.
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "analysis/table_analysis.hpp"
#include "io/config.hpp"
#include "io/table.hpp"
#include "kubomag/simulation.hpp"

namespace kubomag::cli {

/// Throws InputError if the plan names a quantity that the engine does not have.
void check_quantities(const OutputPlan& plan, const Engine& engine);

class FileRecorder : public Recorder {
 public:
  /// Nothing is written before the first record. `state` is that of the run in progress.
  FileRecorder(const io::RunConfig& config, std::filesystem::path folder,
               const SimulationState& state)
      : config_(config),
        state_(state),
        folder_(std::move(folder)),
        analysis_(config.problem.grid, config.output.analysis) {}

  /// The table goes on after its first `rows` rows. Throws InputError if it does not have them.
  void resume_table(Engine& engine, long rows);

  void table_row(Engine& engine) override;
  void fields(Engine& engine, long index) override;
  void pictures(Engine& engine, long index) override;
  void loop_row(Engine& engine, long index, const RelaxInfo& info) override;

  /// Points of a loop that did not converge, of all in the table.
  long unconverged() const;
  /// m.ovf, the state that the run ended in, table.png, and hysteresis.png of a loop along a line.
  void finish(Engine& engine);
  /// Brings the table's rows to the disk, before a checkpoint counts on them.
  void sync();

 private:
  std::vector<io::Column> columns(Engine& engine) const;
  std::vector<io::Column> first_columns() const;
  void append(Engine& engine, std::vector<double> first, const RelaxInfo* info);
  void plot_loop(const io::Table& table) const;
  io::OvfField field(Engine& engine, const std::string& name) const;
  std::filesystem::path numbered(const std::string& name, long index, const char* ending) const;

  /// How far the film has moved with its window [m].
  Vec2<double> window() const;

  const io::RunConfig& config_;
  const SimulationState& state_;
  std::filesystem::path folder_;
  std::optional<io::TableWriter> table_;
  TableAnalysis analysis_;
};

}  // namespace kubomag::cli
