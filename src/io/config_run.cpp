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

}  // namespace

double read_interval(const ConfigTable& table, const std::string& key) {
  const double time = positive(table, key, "s", 0);
  if (std::isinf(time)) table[key].fail("a finite time is expected; leave the key out for none");
  return time;
}

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
  integrator.FixDt = read_interval(*table, "FixDt");
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

std::optional<Placed> read_stop(const ConfigTable& root) {
  const auto run = root.table("run");
  const auto value = run ? run->find("stop_when") : std::nullopt;
  if (!value) return {};
  const auto output = root.table("output");
  if (!output || !output->has("table"))
    value->fail(
        "the condition is looked at in the rows of the table, and there are none; table = \"10 "
        "ps\" in [output], say, is expected");
  return Placed{value->text(), value->place()};
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
