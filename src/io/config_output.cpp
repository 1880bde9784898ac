#include "io/config_output.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>

#include "io/config_run.hpp"
#include "io/units.hpp"

namespace kubomag::io {
namespace {

/// An interval of outputs of a run over `time` [s].
double output_interval(const ConfigTable& table, const std::string& key, double time) {
  constexpr double most = 1e9;
  const double step = read_interval(table, key);
  if (step > 0 && time > most * step)
    table[key].fail(
        fmt::format("{} s makes {:.3g} outputs of the run; at most {:g}, {} or more, is expected",
                    step, time / step, most, format_quantity(time / most, "s")));
  return step;
}

std::vector<std::string> names(const ConfigTable& table, const std::string& key,
                               const std::string& interval_key, bool without_time,
                               std::vector<Placed>& all) {
  std::vector<std::string> list;
  const auto value = table.find(key);
  if (value)
    for (const ConfigValue& element : value->elements(0)) {
      list.push_back(element.text());
      all.push_back({element.text(), element.place()});
    }
  if (without_time) return list;
  if (!list.empty() && !table.has(interval_key))
    value->fail(interval_key + " is missing; " + expectation("s"));
  if (list.empty() && table.has(interval_key))
    table[interval_key].fail(key + " is missing or empty; a list such as [\"m\"] is expected");
  return list;
}

OvfFormat read_ovf_format(const ConfigTable& table) {
  constexpr OvfFormat formats[] = {OvfFormat::binary4, OvfFormat::binary8, OvfFormat::text};
  return formats[table.choice("ovf", {"binary4", "binary8", "text"})];
}

/// Without a run in time the minimum is all there is: a row of the table, and what is asked for,
/// at t = 0.
void write_once(OutputPlan& plan) {
  for (double* interval : {&plan.table_interval, &plan.field_interval, &plan.picture_interval})
    if (*interval == 0) *interval = 1;
}

int cell_of(const ConfigValue& value, double step, int count) {
  const double position = value.quantity("m");
  const double index = std::floor(position / step + 0.5 * count);
  if (!(index >= 0 && index < count))
    value.fail(fmt::format(
        "{} lies outside the film, which reaches from {} to {}", format_quantity(position, "m"),
        format_quantity(-0.5 * count * step, "m"), format_quantity(0.5 * count * step, "m")));
  return static_cast<int>(index);
}

/// The name of the cells in `where`, of which a column's name is made.
std::string read_cells_name(const ConfigTable& table) {
  const ConfigValue value = table["name"];
  const std::string name = value.text();
  const auto fits = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
  if (name.empty() || std::isdigit(static_cast<unsigned char>(name.front())) != 0 ||
      !std::all_of(name.begin(), name.end(), fits))
    value.fail(
        "letters, digits and _, no digit first, are expected: it ends the names of the columns");
  return name;
}

/// Elements are names of quantities or {of, where, name}.
void read_reductions(const ConfigTable& table, const std::string& key, Reduction::Take take,
                     Shapes& shapes, RunConfig& config) {
  const auto list = table.find(key);
  if (!list) return;
  for (const ConfigValue& element : list->elements(0)) {
    Reduction reduction{take, {}, {}, 1};
    if (element.is_table()) {
      const ConfigTable part = element.table();
      const ConfigValue of = part["of"];
      reduction.quantity = of.text();
      reduction.name = read_cells_name(part);
      const ConfigValue where = part["where"];
      reduction.where = covered(config.problem.grid, shapes.read(where), 1);
      const auto counts = [](double inside, double Ms) { return Ms > 0 ? inside : 0.0; };
      if (ScalarMap::combine(counts, reduction.where, config.problem.material["Msat"]).max() == 0)
        where.fail("no centre of a magnetic cell lies inside");
      config.quantities.push_back({reduction.quantity, of.place()});
    } else {
      reduction.quantity = element.text();
      const bool mean = take == Reduction::Take::mean;
      if (reduction.quantity == (mean ? "m" : "torque"))
        element.fail(
            fmt::format("{} in every table; other names, or {{of = \"{}\", where = \"x > "
                        "0\", name = \"right\"}}, are expected",
                        mean ? "mx, my and mz are" : "max_torque is", reduction.quantity));
      config.quantities.push_back({reduction.quantity, element.place()});
    }
    config.output.reductions.push_back(std::move(reduction));
  }
}

/// Further columns of the table.
void read_columns(const ConfigTable& table, const Grid& grid, OutputPlan& plan) {
  constexpr Analysis analyses[] = {Analysis::charge, Analysis::skyrmion, Analysis::skyrmions,
                                   Analysis::wall, Analysis::max_angle};
  if (const auto wanted = table.find("analysis"))
    for (const ConfigValue& name : wanted->elements(0)) {
      const Analysis one =
          analyses[name.choice({"charge", "skyrmion", "skyrmions", "wall", "max_angle"})];
      if (one == Analysis::wall && grid.periodic_x)
        name.fail("the film is periodic along x; a wall is found where x ends at edges");
      if (std::count(plan.analysis.begin(), plan.analysis.end(), one) == 0)
        plan.analysis.push_back(one);
    }
  if (const auto probes = table.find("probes"))
    for (const ConfigValue& probe : probes->elements(0)) {
      const std::vector<ConfigValue> position = probe.elements(2);
      plan.probes.emplace_back(cell_of(position[0], grid.dx, grid.nx),
                               cell_of(position[1], grid.dy, grid.ny));
    }
}

}  // namespace

void read_output(const ConfigTable& root, Shapes& shapes, RunConfig& config) {
  OutputPlan& plan = config.output;
  const double time = config.time;
  const bool loop = root.has("hysteresis"), at_rest = !loop && !root.has("run");
  if (const auto table = root.table("output")) {
    for (const char* key : {"table", "field_interval", "picture_interval"})
      if (loop && table->has(key))
        (*table)[key].fail("a loop has no time and writes at every point; leave it out");
    plan.table_interval = output_interval(*table, "table", time);
    plan.field_interval = output_interval(*table, "field_interval", time);
    plan.picture_interval = output_interval(*table, "picture_interval", time);
    const bool untimed = loop || at_rest;
    plan.fields = names(*table, "fields", "field_interval", untimed, config.quantities);
    plan.pictures = names(*table, "pictures", "picture_interval", untimed, config.quantities);
    read_reductions(*table, "averages", Reduction::Take::mean, shapes, config);
    read_reductions(*table, "maxima", Reduction::Take::max, shapes, config);
    read_columns(*table, config.problem.grid, plan);
    config.ovf = read_ovf_format(*table);
  }
  if (at_rest) write_once(plan);
}

}  // namespace kubomag::io
