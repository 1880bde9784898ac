#include "cli/recorder.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "io/material_keys.hpp"
#include "io/picture.hpp"
#include "io/plot.hpp"
#include "kubomag/error.hpp"

namespace kubomag::cli {
namespace {

/// An input of [material], as shapes, regions, grains and files have made it.
std::optional<Quantity> find_parameter(const Problem& problem, const std::string& name) {
  for (const Input& input : io::material_inputs())
    if (name == input.name && problem.material.contains(name))
      return Quantity{name, input.unit, 1, input.help};
  return std::nullopt;
}

Quantity find_quantity(const Problem& problem, const Engine& engine, const std::string& name) {
  if (const auto parameter = find_parameter(problem, name)) return *parameter;
  std::vector<std::string> names;
  for (const Quantity& quantity : engine.quantities()) {
    if (quantity.name == name) return quantity;
    names.push_back(quantity.name);
  }
  throw InputError(fmt::format(
      "output: there is no quantity '{}' in this run; there are {}, and the inputs of [material]",
      name, fmt::join(names, ", ")));
}

std::vector<double> values_of(const Problem& problem, Engine& engine, const std::string& name) {
  if (!find_parameter(problem, name)) return engine.quantity(name);
  const ScalarMap& map = problem.material[name];
  std::vector<double> values;
  for (std::size_t i = 0; i < problem.grid.cells(); ++i) values.push_back(map(i));
  return values;
}

}  // namespace

void check_quantities(const io::RunConfig& config, const Engine& engine) {
  for (const auto* names : {&config.output.fields, &config.output.pictures})
    for (const std::string& name : *names) find_quantity(config.problem, engine, name);
}

void FileRecorder::resume_table(Engine& engine, long rows) {
  if (rows == 0) return;
  const auto count = static_cast<std::size_t>(rows);
  table_ = io::TableWriter::resume(folder_ / "table.txt", rows_.columns(engine), count);
  const io::Table table = io::read_table(folder_ / "table.txt");
  rows_.resume([&](const std::string& name) {
    return table.data[name == "t" ? 0 : table.find(name)][count - 1];
  });
}

io::TableWriter& FileRecorder::table(Engine& engine) {
  if (!table_) table_.emplace(folder_ / "table.txt", rows_.columns(engine));
  return *table_;
}

void FileRecorder::table_row(Engine& engine) { table(engine).append(rows_.row(engine)); }

void FileRecorder::loop_row(Engine& engine, long index, const RelaxInfo& info) {
  table(engine).append(rows_.row(engine, index, info));
}

std::filesystem::path FileRecorder::numbered(const std::string& name, long index,
                                             const char* ending) const {
  return folder_ / fmt::format("{}{:06}{}", name, index, ending);
}

io::OvfField FileRecorder::field(Engine& engine, const std::string& name) const {
  const Quantity quantity = find_quantity(config_.problem, engine, name);
  io::OvfField field =
      io::make_ovf_field(config_.problem.grid, name, quantity.unit, quantity.components,
                         values_of(config_.problem, engine, name), engine.time());
  if (config_.hysteresis) {
    const auto point = static_cast<std::size_t>(engine.time());
    const Vec3<double> B = config_.hysteresis->B[point];
    field.desc = {
        fmt::format("Point {} of the loop, B_ext = ({}, {}, {}) T", point, B.x, B.y, B.z)};
  }
  if (!config_.title.empty()) field.desc.push_back("Run: " + config_.title);
  return field;
}

void FileRecorder::fields(Engine& engine, long index) {
  for (const std::string& name : config_.output.fields)
    io::write_ovf(numbered(name, index, ".ovf"), field(engine, name), config_.ovf);
}

void FileRecorder::pictures(Engine& engine, long index) {
  for (const std::string& name : config_.output.pictures)
    io::write_picture(numbered(name, index, ".png"), field(engine, name));
}

void FileRecorder::finish(Engine& engine) {
  io::write_ovf(folder_ / "m.ovf", field(engine, "m"), config_.ovf);
  if (!table_ || table_->rows() < 2) return;
  sync();
  const io::Table table = io::read_table(folder_ / "table.txt");
  io::write_plot(folder_ / "table.png", table, {"mx", "my", "mz"}, config_.title);
  if (config_.hysteresis && config_.hysteresis->direction) plot_loop(table);
}

void FileRecorder::plot_loop(const io::Table& table) const {
  io::Table loop;
  for (const char* name : {"B", "m_B"}) {
    loop.columns.push_back(table.columns[table.find(name)]);
    loop.data.push_back(table.data[table.find(name)]);
  }
  io::write_plot(folder_ / "hysteresis.png", loop, {"m_B"}, config_.title);
}

long FileRecorder::unconverged() const {
  if (!config_.hysteresis || !table_) return 0;
  const io::Table table = io::read_table(folder_ / "table.txt");
  const std::vector<double>& converged = table.data[table.find("converged")];
  return std::count(converged.begin(), converged.end(), 0.0);
}

void FileRecorder::sync() {
  if (table_) table_->sync();
}

}  // namespace kubomag::cli
