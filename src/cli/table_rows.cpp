#include "cli/table_rows.hpp"

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <set>

#include "analysis/reductions.hpp"
#include "cli/quantities.hpp"
#include "kubomag/error.hpp"

namespace kubomag::cli {
namespace {

std::vector<io::Column> first_columns(const io::RunConfig& config) {
  if (!config.hysteresis) return {{"t", "s"}};
  return {{"point", ""}, {"B", "T"}, {"B_x", "T"}, {"B_y", "T"}, {"B_z", "T"}, {"m_B", ""}};
}

}  // namespace

void TableRows::check(Engine& engine) const {
  std::set<std::string> names;
  for (const io::Column& column : columns(engine))
    if (!names.insert(column.name).second)
      throw InputError(
          fmt::format("{}: [output]: the table would have two columns '{}'; give these "
                      "cells another name, or leave one of them out",
                      config_.file.string(), column.name));
  if (config_.stop_when) condition(engine);
}

io::ColumnFormula TableRows::condition(Engine& engine) const try {
  return io::ColumnFormula(config_.stop_when->text, columns(engine));
} catch (const InputError& error) {
  throw InputError(config_.stop_when->place + ": " + error.what());
}

std::vector<io::Column> TableRows::columns(Engine& engine) const {
  std::vector<io::Column> list = first_columns(config_);
  for (const Observable& observable : engine.observables())
    list.push_back({observable.name, observable.unit});
  for (const auto& [ix, iy] : config_.output.probes)
    for (const char* component : {"mx", "my", "mz"})
      list.push_back({fmt::format("{}_{}_{}", component, ix, iy), ""});
  for (const Reduction& reduction : config_.output.reductions)
    for (const Observable& column :
         reduced_columns(reduction, find_quantity(config_.problem, engine, reduction.quantity)))
      list.push_back({column.name, column.unit});
  if (config_.window) {
    list.push_back({"window_x", "m"});
    list.push_back({"window_y", "m"});
  }
  if (!analysis_.empty())
    for (const Observable& number :
         TableAnalysis(config_.problem.grid, config_.output.analysis).row(0, engine.m()))
      list.push_back({number.name, number.unit});
  if (config_.hysteresis) {
    list.push_back({"steps", ""});
    list.push_back({"converged", ""});
  }
  return list;
}

std::vector<double> TableRows::row(Engine& engine) {
  return complete(engine, {engine.time()}, nullptr);
}

/// B and m_B are along the line, or along the field of the point where there is no line.
std::vector<double> TableRows::row(Engine& engine, long index, const RelaxInfo& info) {
  const Hysteresis& loop = *config_.hysteresis;
  const Vec3<double> B = loop.B[static_cast<std::size_t>(index)];
  Vec3<double> along = loop.direction.value_or(B);
  if (norm(along) > 0) along = (1 / norm(along)) * along;
  const std::vector<Observable> all = engine.observables();  // begin with mx, my, mz
  const Vec3<double> m{all[0].value, all[1].value, all[2].value};
  return complete(engine, {static_cast<double>(index), dot(B, along), B.x, B.y, B.z, dot(m, along)},
                  &info);
}

std::vector<double> TableRows::complete(Engine& engine, std::vector<double> row,
                                        const RelaxInfo* info) {
  for (const Observable& observable : engine.observables()) row.push_back(observable.value);
  const bool asks_m = !config_.output.probes.empty() || !analysis_.empty();
  const std::vector<double> m = asks_m ? engine.m() : std::vector<double>{};
  const Grid& grid = config_.problem.grid;
  for (const auto& [ix, iy] : config_.output.probes)
    for (std::size_t c = 0; c < 3; ++c) row.push_back(m[c * grid.cells() + grid.index(ix, iy)]);
  add_reductions(engine, row);
  if (config_.window) row.insert(row.end(), {window().x, window().y});
  if (!analysis_.empty())
    for (const Observable& number : analysis_.row(engine.time(), m, window()))
      row.push_back(number.value);
  if (info) {
    row.push_back(static_cast<double>(info->steps));
    row.push_back(info->converged ? 1 : 0);
  }
  look_for_end(engine, row);
  return row;
}

/// Each quantity is asked for once.
void TableRows::add_reductions(Engine& engine, std::vector<double>& row) const {
  const Problem& problem = config_.problem;
  std::map<std::string, std::vector<double>> fields;
  for (const Reduction& reduction : config_.output.reductions) {
    std::vector<double>& field = fields[reduction.quantity];
    if (field.empty()) field = values_of(problem, engine, reduction.quantity);
    for (const double number : reduced(reduction, problem.grid, problem.material["Msat"], field))
      row.push_back(number);
  }
}

void TableRows::look_for_end(Engine& engine, const std::vector<double>& row) {
  if (!config_.stop_when) return;
  if (!stop_when_) stop_when_ = condition(engine);
  const double value = (*stop_when_)(row);
  ends_ = value != 0 && !std::isnan(value);
}

Vec2<double> TableRows::window() const {
  const Grid& grid = config_.problem.grid;
  return {static_cast<double>(state_.window_x) * grid.dx,
          static_cast<double>(state_.window_y) * grid.dy};
}

void TableRows::resume(Engine& engine, const std::function<double(const std::string&)>& value) {
  if (!analysis_.empty()) analysis_.resume(value);
  std::vector<double> row;
  for (const io::Column& column : columns(engine)) row.push_back(value(column.name));
  look_for_end(engine, row);
}

void check_outputs(const io::RunConfig& config, Engine& engine) {
  check_quantities(config, engine);
  const SimulationState begin;
  TableRows(config, begin).check(engine);
}

}  // namespace kubomag::cli
