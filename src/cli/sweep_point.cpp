#include "cli/sweep_point.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>

#include "analysis/moving_window.hpp"
#include "kubomag/batch.hpp"
#include "kubomag/error.hpp"

namespace kubomag::cli {
namespace {

using Rows = std::vector<std::vector<double>>;

/// The value of `along` where `of` first crosses the level, linear between two rows.
double crossing(const Rows& rows, const io::Observe& what, const io::ColumnFormula& of,
                const io::ColumnFormula& along) {
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (rows[i - 1].front() < what.from || rows[i].front() > what.to) continue;
    const double a = of(rows[i - 1]) - what.level, b = of(rows[i]) - what.level;
    if (a == 0 && b != 0) return along(rows[i - 1]);
    if (!(a * b < 0)) continue;
    const double x = along(rows[i - 1]), y = along(rows[i]);
    return x + (y - x) * a / (a - b);
  }
  return NAN;
}

double number(const Rows& rows, const io::Observe& what, const io::ColumnFormula& of,
              const io::ColumnFormula& along) {
  using Take = io::Observe::Take;
  if (rows.empty()) return NAN;
  if (what.take == Take::last) return of(rows.back());
  if (what.take == Take::crossing) return crossing(rows, what, of, along);
  double sum = 0, low = INFINITY, high = -INFINITY;
  long count = 0;
  for (const std::vector<double>& row : rows) {
    if (row.front() < what.from || row.front() > what.to) continue;
    const double value = of(row);
    sum += value;
    low = std::min(low, value);
    high = std::max(high, value);
    ++count;
  }
  if (count == 0) return NAN;
  return what.take == Take::mean  ? sum / static_cast<double>(count)
         : what.take == Take::min ? low
                                  : high;
}

/// One at a time: the parsers of formulas share their tables.
io::RunConfig read(const io::SweepConfig& sweep, std::size_t point) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  return sweep.read_case(point);
}

PointResult finished(const io::SweepConfig& sweep, std::size_t point, const io::RunConfig& config,
                     Engine& engine, RowRecorder& recorder) {
  PointResult result;
  result.point = point;
  recorder.finish(engine, config.hysteresis.has_value());
  result.values = Observer(sweep.observe, recorder.columns(engine))(recorder.rows);
  if (sweep.save_m) result.m = engine.m();
  result.done = true;
  return result;
}

PointResult failed(std::size_t point, const std::string& error) {
  PointResult result;
  result.point = point;
  result.error = error;
  return result;
}

PointResult run_film(const io::SweepConfig& sweep, std::size_t point, const io::RunConfig& config,
                     const DeviceChoice& choice, FilmGang* gang,
                     const std::function<bool()>& go_on) {
  Simulation simulation(gang != nullptr ? make_member(*gang, config.problem, choice)
                                        : make_engine(config.problem, choice),
                        config.output, config.relax, config.time, config.hysteresis);
  const DrivenInGang driven(gang, simulation.engine());
  if (config.window)
    simulation.set_follower(
        config.window->every,
        [window = MovingWindow(config.problem.grid, *config.window)](
            Engine& engine, SimulationState& state) { window.follow(engine, state); });
  RowRecorder recorder(config, simulation.state());
  PointResult result;
  result.point = point;
  if (simulation.run(recorder, [&](const Progress&) { return go_on(); }) == Outcome::interrupted)
    return result;
  return finished(sweep, point, config, simulation.engine(), recorder);
}

using Cells = std::vector<std::pair<std::size_t, io::RunConfig>>;  // points with their cases

/// Cells whose outputs are due at the same times, as Simulation::run takes each of them.
std::vector<PointResult> run_cells(const io::SweepConfig& sweep, const Cells& cells,
                                   DeviceChoice choice, const std::function<bool()>& go_on) {
  const io::RunConfig& first = cells.front().second;
  std::vector<Problem> problems;
  for (const auto& [point, config] : cells) problems.push_back(config.problem);
  choice.threads = 1;
  Batch batch(problems, choice);
  SimulationState state;
  std::vector<RowRecorder> recorders;
  for (std::size_t r = 0; r < cells.size(); ++r) {
    recorders.emplace_back(cells[r].second, state);
    if (!first.relax) continue;
    batch.replica(r).relax(*first.relax, [&](const RelaxInfo&) { return go_on(); });
    batch.replica(r).set_time(0);
  }
  const OutputClock clock(first.output, first.time);
  double t = 0;
  const auto record = [&] {
    if (clock.due(first.output.table_interval, state.table_rows, t)) {
      ++state.table_rows;
      for (std::size_t r = 0; r < cells.size(); ++r)
        if (batch.failure(r).empty()) recorders[r].table_row(batch.replica(r));
    }
    if (clock.due(first.output.field_interval, state.field_sets, t)) ++state.field_sets;
    if (clock.due(first.output.picture_interval, state.picture_sets, t)) ++state.picture_sets;
  };
  record();
  bool whole = go_on();
  while (whole && !clock.over(t)) {
    t = clock.next(state);
    whole = batch.run(t, go_on);
    if (whole) record();
  }
  std::vector<PointResult> results;
  for (std::size_t r = 0; r < cells.size() && whole; ++r)
    results.push_back(batch.failure(r).empty() ? finished(sweep, cells[r].first, cells[r].second,
                                                          batch.replica(r), recorders[r])
                                               : failed(cells[r].first, batch.failure(r)));
  return results;
}

/// Cells that may run side by side have the same text here.
std::string schedule(const io::RunConfig& config) {
  std::string text = fmt::format("{} {} {} {}", config.time, config.output.table_interval,
                                 config.output.field_interval, config.output.picture_interval);
  if (const auto& relax = config.relax)
    text += fmt::format(" {} {} {}", static_cast<int>(relax->descent), relax->stop_torque,
                        relax->max_steps);
  return text;
}

}  // namespace

Observer::Observer(const std::vector<io::Observe>& wanted, const std::vector<io::Column>& columns) {
  for (const io::Observe& what : wanted) {
    io::ColumnFormula of(what.of, columns);
    io::ColumnFormula along(what.along.empty() ? columns.front().name : what.along, columns);
    const std::string& unit = what.take == io::Observe::Take::crossing ? along.unit() : of.unit();
    numbers_.push_back({what.name, what.unit.empty() ? unit : what.unit});
    parts_.push_back({what, std::move(of), std::move(along)});
  }
}

std::vector<double> Observer::operator()(const Rows& rows) const {
  std::vector<double> values;
  for (const Part& part : parts_) values.push_back(number(rows, part.what, part.of, part.along));
  return values;
}

FirstPoint check_values(const io::SweepConfig& sweep, const DeviceChoice& choice) {
  std::size_t stride = sweep.points();
  for (std::size_t a = 0; a < sweep.axes.size(); ++a) {
    stride = sweep.zip ? 1 : stride / sweep.axes[a].count();
    for (std::size_t i = 1; i < sweep.axes[a].count(); ++i) sweep.read_case(i * stride);
    if (sweep.zip) break;
  }
  FirstPoint first{{}, sweep.read_case(0)};
  SimulationState state;
  const auto engine = make_engine(first.config.problem, choice);
  check_outputs(first.config, *engine);
  const RowRecorder recorder(first.config, state);
  first.numbers = Observer(sweep.observe, recorder.columns(*engine)).numbers();
  for (const io::Observe& what : sweep.observe)
    if (what.take != io::Observe::Take::last && first.config.output.table_interval == 0 &&
        !first.config.hysteresis)
      throw InputError(
          fmt::format("{}: '{}' is made of the rows of a table, and the case has none; table = "
                      "\"10 ps\" in its "
                      "[output], say, is expected",
                      sweep.file.string(), what.name));
  return first;
}

bool shares_registers(const io::RunConfig& config, const DeviceChoice& choice) {
  const bool replaced = config.relax && config.relax->B_ext;  // by a field of the point's own
  return !config.hysteresis && !config.window && !config.stop_when && !replaced &&
         kubomag::shares_registers(config.problem, choice);
}

std::vector<PointResult> run_points(const io::SweepConfig& sweep,
                                    const std::vector<std::size_t>& points,
                                    const DeviceChoice& choice, FilmGang* gang,
                                    const std::function<bool()>& go_on) {
  std::vector<PointResult> results;
  std::map<std::string, Cells> cells;
  for (const std::size_t point : points) try {
      io::RunConfig config = read(sweep, point);
      if (shares_registers(config, choice))
        cells[schedule(config)].emplace_back(point, std::move(config));
      else
        results.push_back(run_film(sweep, point, config, choice, gang, go_on));
    } catch (const std::exception& error) {
      results.push_back(failed(point, error.what()));
    }
  for (const auto& [text, group] : cells) try {
      for (PointResult& result : run_cells(sweep, group, choice, go_on))
        results.push_back(std::move(result));
    } catch (const std::exception& error) {
      for (const auto& [point, config] : group) results.push_back(failed(point, error.what()));
    }
  return results;
}

}  // namespace kubomag::cli
