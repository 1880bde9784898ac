#include "cli/recorder.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "io/picture.hpp"
#include "io/plot.hpp"
#include "kubomag/error.hpp"

namespace kubomag::cli {
namespace {

Quantity find_quantity(const Engine& engine, const std::string& name) {
  std::vector<std::string> names;
  for (const Quantity& quantity : engine.quantities()) {
    if (quantity.name == name) return quantity;
    names.push_back(quantity.name);
  }
  throw InputError(fmt::format("output: there is no quantity '{}' in this run; there are {}", name,
                               fmt::join(names, ", ")));
}

}  // namespace

void check_quantities(const OutputPlan& plan, const Engine& engine) {
  for (const std::string& name : plan.fields) find_quantity(engine, name);
  for (const std::string& name : plan.pictures) find_quantity(engine, name);
}

std::vector<io::Column> FileRecorder::first_columns() const {
  if (!config_.hysteresis) return {{"t", "s"}};
  return {{"point", ""}, {"B", "T"}, {"B_x", "T"}, {"B_y", "T"}, {"B_z", "T"}, {"m_B", ""}};
}

std::vector<io::Column> FileRecorder::columns(Engine& engine) const {
  std::vector<io::Column> list = first_columns();
  for (const Observable& observable : engine.observables())
    list.push_back({observable.name, observable.unit});
  for (const auto& [ix, iy] : config_.output.probes)
    for (const char* component : {"mx", "my", "mz"})
      list.push_back({fmt::format("{}_{}_{}", component, ix, iy), ""});
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

void FileRecorder::resume_table(Engine& engine, long rows) {
  if (rows == 0) return;
  const auto count = static_cast<std::size_t>(rows);
  table_ = io::TableWriter::resume(folder_ / "table.txt", columns(engine), count);
  if (analysis_.empty()) return;
  const io::Table table = io::read_table(folder_ / "table.txt");
  analysis_.resume([&](const std::string& name) {
    return table.data[name == "t" ? 0 : table.find(name)][count - 1];
  });
}

void FileRecorder::table_row(Engine& engine) { append(engine, {engine.time()}, nullptr); }

/// B and m_B are along the line, or along the field of the point where there is no line.
void FileRecorder::loop_row(Engine& engine, long index, const RelaxInfo& info) {
  const Hysteresis& loop = *config_.hysteresis;
  const Vec3<double> B = loop.B[static_cast<std::size_t>(index)];
  Vec3<double> along = loop.direction.value_or(B);
  if (norm(along) > 0) along = (1 / norm(along)) * along;
  const std::vector<Observable> all = engine.observables();  // begin with mx, my, mz
  const Vec3<double> m{all[0].value, all[1].value, all[2].value};
  append(engine, {static_cast<double>(index), dot(B, along), B.x, B.y, B.z, dot(m, along)}, &info);
}

void FileRecorder::append(Engine& engine, std::vector<double> row, const RelaxInfo* info) {
  if (!table_) table_.emplace(folder_ / "table.txt", columns(engine));
  for (const Observable& observable : engine.observables()) row.push_back(observable.value);
  const bool asks_m = !config_.output.probes.empty() || !analysis_.empty();
  const std::vector<double> m = asks_m ? engine.m() : std::vector<double>{};
  const Grid& grid = config_.problem.grid;
  for (const auto& [ix, iy] : config_.output.probes)
    for (std::size_t c = 0; c < 3; ++c) row.push_back(m[c * grid.cells() + grid.index(ix, iy)]);
  if (config_.window) row.insert(row.end(), {window().x, window().y});
  if (!analysis_.empty())
    for (const Observable& number : analysis_.row(engine.time(), m, window()))
      row.push_back(number.value);
  if (info) {
    row.push_back(static_cast<double>(info->steps));
    row.push_back(info->converged ? 1 : 0);
  }
  table_->append(row);
}

Vec2<double> FileRecorder::window() const {
  const Grid& grid = config_.problem.grid;
  return {static_cast<double>(state_.window_x) * grid.dx,
          static_cast<double>(state_.window_y) * grid.dy};
}

std::filesystem::path FileRecorder::numbered(const std::string& name, long index,
                                             const char* ending) const {
  return folder_ / fmt::format("{}{:06}{}", name, index, ending);
}

io::OvfField FileRecorder::field(Engine& engine, const std::string& name) const {
  const Quantity quantity = find_quantity(engine, name);
  io::OvfField field =
      io::make_ovf_field(config_.problem.grid, name, quantity.unit, quantity.components,
                         engine.quantity(name), engine.time());
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
