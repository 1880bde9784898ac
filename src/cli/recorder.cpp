#include "cli/recorder.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/quantities.hpp"
#include "io/picture.hpp"
#include "io/plot.hpp"

namespace kubomag::cli {
void FileRecorder::resume_table(Engine& engine, long rows) {
  if (rows == 0) return;
  const auto count = static_cast<std::size_t>(rows);
  table_ = io::TableWriter::resume(folder_ / "table.txt", rows_.columns(engine), count);
  const io::Table table = io::read_table(folder_ / "table.txt");
  rows_.resume(engine, [&](const std::string& name) {
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
