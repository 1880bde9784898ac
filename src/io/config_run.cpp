#include "io/config_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "io/units.hpp"

namespace kubomag::io {
namespace {

/// A value above 0, or `fallback` if the key is missing.
double positive(const ConfigTable& table, const std::string& key, const char* unit,
                double fallback) {
  const auto value = table.find(key);
  if (!value) return fallback;
  const double number = value->quantity(unit);
  if (!(number > 0)) value->fail(fmt::format("{}; a value above 0 is expected", number));
  return number;
}

/// A time or none: 0.
double interval(const ConfigTable& table, const std::string& key) {
  const double time = positive(table, key, "s", 0);
  if (std::isinf(time)) table[key].fail("a finite time is expected; leave the key out for none");
  return time;
}

/// An interval of outputs of a run over `time` [s].
double output_interval(const ConfigTable& table, const std::string& key, double time) {
  constexpr double most = 1e9;
  const double step = interval(table, key);
  if (step > 0 && time > most * step)
    table[key].fail(
        fmt::format("{} s makes {:.3g} outputs of the run; at most {:g}, {} or more, is expected",
                    step, time / step, most, format_quantity(time / most, "s")));
  return step;
}

std::vector<std::string> names(const ConfigTable& table, const std::string& key,
                               const std::string& interval_key, bool without_time) {
  std::vector<std::string> list;
  const auto value = table.find(key);
  if (value)
    for (const ConfigValue& element : value->elements(0)) list.push_back(element.text());
  if (without_time) return list;
  if (!list.empty() && !table.has(interval_key))
    value->fail(interval_key + " is missing; " + expectation("s"));
  if (list.empty() && table.has(interval_key))
    table[interval_key].fail(key + " is missing or empty; a list such as [\"m\"] is expected");
  return list;
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

std::optional<Relax> read_relax(const ConfigTable& root) {
  const auto in_time = root.table("relax"), minimise = root.table("minimise");
  if (in_time && minimise)
    root["minimise"].fail("there is [relax] too; one of the two ways to a minimum is expected");
  const auto& table = minimise ? minimise : in_time;
  if (!table) return std::nullopt;
  Relax relax;
  relax.descent = minimise ? Descent::barzilai_borwein : Descent::in_time;
  relax.stop_torque = positive(*table, "stop_torque", "T", relax.stop_torque);
  relax.max_steps = table->integer("max_steps", relax.max_steps);
  if (relax.max_steps < 1) (*table)["max_steps"].fail("a whole number from 1 is expected");
  if (const auto B = table->find("B_ext")) relax.B_ext = read_vector(*B, "T");
  return relax;
}

Integrator read_integrator(const ConfigTable& root) {
  Integrator integrator;
  const auto table = root.table("run");
  if (!table) return integrator;
  constexpr Scheme schemes[] = {Scheme::dormand_prince, Scheme::bogacki_shampine, Scheme::rk4,
                                Scheme::heun};
  integrator.scheme =
      schemes[table->choice("scheme", {"dormand_prince", "bogacki_shampine", "rk4", "heun"})];
  integrator.MaxErr = positive(*table, "MaxErr", "1", integrator.MaxErr);
  integrator.MinDt = positive(*table, "MinDt", "s", integrator.MinDt);
  integrator.MaxDt = positive(*table, "MaxDt", "s", integrator.MaxDt);
  integrator.FixDt = interval(*table, "FixDt");
  integrator.InitialDt = positive(*table, "InitialDt", "s", integrator.InitialDt);
  const long seed = table->integer("seed", static_cast<long>(integrator.seed));
  if (seed < 0) (*table)["seed"].fail("a whole number of at least 0 is expected");
  integrator.seed = static_cast<std::uint64_t>(seed);
  if (integrator.MinDt > integrator.MaxDt)
    (*table)["MaxDt"].fail(
        fmt::format("{} s is below MinDt = {} s", integrator.MaxDt, integrator.MinDt));
  return integrator;
}

double read_time(const ConfigTable& root) {
  const auto table = root.table("run");
  if (!table) {
    if (!root.has("relax") && !root.has("minimise") && !root.has("hysteresis"))
      root.fail("[run] is missing; [run], [relax], [minimise] or [hysteresis] is expected");
    return 0;
  }
  const double time = table->quantity("time", "s");
  if (!(time >= 0) || std::isinf(time))
    (*table)["time"].fail("a finite time of at least 0, such as \"2 ns\", is expected");
  return time;
}

OutputPlan read_output(const ConfigTable& root, const Grid& grid, double time) {
  OutputPlan plan;
  const bool loop = root.has("hysteresis"), at_rest = !loop && !root.has("run");
  if (const auto table = root.table("output")) {
    for (const char* key : {"table", "field_interval", "picture_interval"})
      if (loop && table->has(key))
        (*table)[key].fail("a loop has no time and writes at every point; leave it out");
    plan.table_interval = output_interval(*table, "table", time);
    plan.field_interval = output_interval(*table, "field_interval", time);
    plan.picture_interval = output_interval(*table, "picture_interval", time);
    plan.fields = names(*table, "fields", "field_interval", loop || at_rest);
    plan.pictures = names(*table, "pictures", "picture_interval", loop || at_rest);
    read_columns(*table, grid, plan);
  }
  if (at_rest) write_once(plan);
  return plan;
}

OvfFormat read_ovf_format(const ConfigTable& root) {
  const auto table = root.table("output");
  constexpr OvfFormat formats[] = {OvfFormat::binary4, OvfFormat::binary8, OvfFormat::text};
  return formats[table ? table->choice("ovf", {"binary4", "binary8", "text"}) : 0];
}

DeviceChoice read_device(const ConfigTable& root) {
  DeviceChoice choice;
  const auto table = root.table("device");
  if (!table) return choice;
  choice.device = table->text("device", choice.device);
  if (table->has("precision"))
    choice.precision = table->choice("precision", {"single", "double"}) == 0
                           ? Precision::single_precision
                           : Precision::double_precision;
  const long threads = table->integer("threads", 0);
  if (threads < 0 || threads > 4096)
    (*table)["threads"].fail(
        "a number of threads from 1, or 0 for the film's size to decide, is "
        "expected");
  choice.threads = static_cast<int>(threads);
  return choice;
}

}  // namespace kubomag::io
