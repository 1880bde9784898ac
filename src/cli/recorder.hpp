#pragma once
// Writes what a run records into its folder.
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/table_rows.hpp"
#include "io/config.hpp"
#include "io/table.hpp"
#include "kubomag/simulation.hpp"

namespace kubomag::cli {

class FileRecorder : public Recorder {
 public:
  /// Nothing is written before the first record. `state` is that of the run in progress.
  FileRecorder(const io::RunConfig& config, std::filesystem::path folder,
               const SimulationState& state)
      : config_(config), folder_(std::move(folder)), rows_(config, state) {}

  /// The table goes on after its first `rows` rows. Throws InputError if it does not have them.
  void resume_table(Engine& engine, long rows);

  void table_row(Engine& engine) override;
  void fields(Engine& engine, long index) override;
  void pictures(Engine& engine, long index) override;
  void loop_row(Engine& engine, long index, const RelaxInfo& info) override;
  bool ends() const override { return rows_.ends(); }

  /// Points of a loop that did not converge, of all in the table.
  long unconverged() const;
  /// m.ovf, the state that the run ended in, table.png, and hysteresis.png of a loop along a line.
  void finish(Engine& engine);
  /// Brings the table's rows to the disk, before a checkpoint counts on them.
  void sync();

 private:
  io::TableWriter& table(Engine& engine);
  void plot_loop(const io::Table& table) const;
  io::OvfField field(Engine& engine, const std::string& name) const;
  std::filesystem::path numbered(const std::string& name, long index, const char* ending) const;

  const io::RunConfig& config_;
  std::filesystem::path folder_;
  std::optional<io::TableWriter> table_;
  TableRows rows_;
};

}  // namespace kubomag::cli
