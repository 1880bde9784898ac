#pragma once
// One point of a sweep: a run like any other, of which some numbers are kept.
#include <functional>
#include <string>
#include <vector>

#include "cli/table_rows.hpp"
#include "io/column_formula.hpp"
#include "io/config_sweep.hpp"
#include "solver/film_gang.hpp"

namespace kubomag::cli {

/// Makes the observed numbers of a point from the rows of its table.
class Observer {
 public:
  /// Throws InputError for a formula that does not fit the columns.
  Observer(const std::vector<io::Observe>& wanted, const std::vector<io::Column>& columns);

  /// Name and unit of each number.
  const std::vector<io::Column>& numbers() const { return numbers_; }
  /// NaN where there is nothing to observe: no row in the window, no crossing.
  std::vector<double> operator()(const std::vector<std::vector<double>>& rows) const;

 private:
  struct Part {
    io::Observe what;
    io::ColumnFormula of, along;
  };
  std::vector<Part> parts_;
  std::vector<io::Column> numbers_;
};

/// Keeps the rows of one run in memory; fields and pictures are not written.
class RowRecorder : public Recorder {
 public:
  RowRecorder(const io::RunConfig& config, const SimulationState& state) : rows_(config, state) {}

  void table_row(Engine& engine) override { rows.push_back(rows_.row(engine)); }
  void fields(Engine&, long) override {}
  void pictures(Engine&, long) override {}
  void loop_row(Engine& engine, long index, const RelaxInfo& info) override {
    rows.push_back(rows_.row(engine, index, info));
  }
  bool ends() const override { return rows_.ends(); }
  /// The row of the end, if the plan had none there.
  void finish(Engine& engine, bool loop) {
    if (!loop && (rows.empty() || rows.back().front() != engine.time())) table_row(engine);
  }
  std::vector<io::Column> columns(Engine& engine) const { return rows_.columns(engine); }

  std::vector<std::vector<double>> rows;

 private:
  TableRows rows_;
};

struct PointResult {
  std::size_t point = 0;
  bool done = false;           // neither interrupted nor failed
  std::vector<double> values;  // the observed numbers
  std::vector<double> m;       // at the end, if it was asked for
  std::string error;           // why it failed
};

/// What is the same at all points, and the case of the first.
struct FirstPoint {
  std::vector<io::Column> numbers;
  io::RunConfig config;
};

/// Reads every value of every axis once, the other axes at their first: what is wrong with one of
/// them is said before anything is computed. Throws InputError, also for what cannot be observed.
FirstPoint check_values(const io::SweepConfig& sweep, const DeviceChoice& choice);

/// Whether points like this one run side by side as single cells (docs/sweeps.md).
bool shares_registers(const io::RunConfig& config, const DeviceChoice& choice);

/// Runs points on `choice`, a film by itself or as a member of `gang` (null: there is none), single
/// cells together; `go_on` is asked between steps. A case or a run that fails is a result with its
/// error.
std::vector<PointResult> run_points(const io::SweepConfig& sweep,
                                    const std::vector<std::size_t>& points,
                                    const DeviceChoice& choice, FilmGang* gang,
                                    const std::function<bool()>& go_on);

}  // namespace kubomag::cli
