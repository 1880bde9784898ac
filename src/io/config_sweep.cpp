#include "io/config_sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <set>

#include "io/config_reader.hpp"
#include "io/read_file.hpp"
#include "io/units.hpp"
#include "kubomag/error.hpp"

namespace kubomag::io {
namespace {

constexpr std::size_t most_points = 10'000'000;

/// A value of an axis: a number with the unit as it is written, or anything else as it stands.
struct AxisValue {
  double number = NAN;
  std::string unit;
  std::string literal;

  bool is_number() const { return !std::isnan(number); }
};

std::string literal(double number, const std::string& unit) {
  return unit.empty() ? fmt::format("{}", number) : fmt::format("\"{} {}\"", number, unit);
}

AxisValue read_axis_value(const ConfigValue& value) {
  AxisValue out;
  if (value.is_number()) {
    out.number = value.quantity("1");
  } else if (value.is_text()) {
    const std::string text = value.text();
    if (is_quantity(text)) {
      char* rest = nullptr;
      out.number = std::strtod(text.c_str(), &rest);
      while (*rest == ' ') ++rest;
      out.unit = rest;
      value.located([&] { return parse_unit(out.unit.empty() ? "1" : out.unit); });
    }
  }
  if (!out.is_number() && value.literal().find('\n') != std::string::npos)
    value.fail("a value of an axis is expected on one line");
  out.literal = out.is_number() ? literal(out.number, out.unit) : value.literal();
  return out;
}

/// The name of the SI unit of this dimension, as the table shows it.
std::string si_name(const std::string& unit) {
  if (unit.empty()) return "";
  constexpr const char* names[] = {"1",    "m",   "s",     "Hz",   "J",   "T",   "K",
                                   "A",    "V",   "A/m",   "V/m",  "m/s", "J/m", "J/m2",
                                   "J/m3", "rad", "rad/s", "A/m2", "1/m", "1/m2"};
  const Dimension wanted = parse_unit(unit).dimension;
  for (const char* name : names)
    if (parse_unit(name).dimension == wanted) return std::string(name) == "1" ? "" : name;
  return parse_unit(unit).factor == 1 ? unit : "SI";
}

SweepKey make_key(const ConfigValue& name, const std::vector<AxisValue>& values) {
  SweepKey key;
  key.key = name.text();
  const bool numbers = key.numbers =
      std::all_of(values.begin(), values.end(), [](const auto& v) { return v.is_number(); });
  for (const AxisValue& value : values) {
    key.literals.push_back(value.literal);
    key.values.push_back(numbers && value.unit.empty() ? value.number
                         : numbers ? value.number * parse_unit(value.unit).factor
                                   : static_cast<double>(key.values.size()));
    if (numbers && key.unit.empty()) key.unit = si_name(value.unit);
  }
  return key;
}

/// from, to, count, scale.
std::vector<AxisValue> read_range(const ConfigTable& table, bool& logarithmic) {
  const AxisValue from = read_axis_value(table["from"]), to = read_axis_value(table["to"]);
  for (const char* end : {"from", "to"})
    if (const double number = read_axis_value(table[end]).number; !std::isfinite(number))
      table[end].fail("a finite number, such as 0.5 or \"10 mT\", is expected");
  if (from.unit != to.unit)
    table["to"].fail(fmt::format("its unit is '{}' and that of from is '{}'; the same is expected",
                                 to.unit, from.unit));
  const long count = table["count"].integer();
  if (count < 2 || count > static_cast<long>(most_points))
    table["count"].fail(fmt::format("a whole number from 2 to {} is expected", most_points));
  logarithmic = table.choice("scale", {"linear", "log"}) == 1;
  if (logarithmic && !(from.number * to.number > 0))
    table["from"].fail("with scale = \"log\" from and to are both above 0 or both below");
  std::vector<AxisValue> values;
  for (long i = 0; i < count; ++i) {
    const double part = static_cast<double>(i) / static_cast<double>(count - 1);
    AxisValue value = i == count - 1 ? to : from;
    if (i > 0 && i < count - 1)
      value.number = logarithmic ? from.number * std::pow(to.number / from.number, part)
                                 : from.number + (to.number - from.number) * part;
    value.literal = literal(value.number, value.unit);
    values.push_back(value);
  }
  return values;
}

/// keys and rows: several keys that change together.
SweepAxis read_rows(const ConfigTable& table) {
  SweepAxis axis;
  const std::vector<ConfigValue> names = table["keys"].elements(0);
  if (names.empty()) table["keys"].fail("a list of keys is expected");
  std::vector<std::vector<AxisValue>> columns(names.size());
  for (const ConfigValue& row : table["rows"].elements(0)) {
    const std::vector<ConfigValue> values = row.elements(names.size());
    for (std::size_t k = 0; k < names.size(); ++k) columns[k].push_back(read_axis_value(values[k]));
  }
  if (columns.front().empty()) table["rows"].fail("at least one row of values is expected");
  for (std::size_t k = 0; k < names.size(); ++k)
    axis.keys.push_back(make_key(names[k], columns[k]));
  return axis;
}

SweepAxis read_axis(const ConfigTable& table) {
  if (table.has("keys")) return read_rows(table);
  SweepAxis axis;
  std::vector<AxisValue> values;
  const ConfigValue key = table["key"];
  if (const auto list = table.find("values")) {
    for (const char* other : {"from", "to", "count", "scale"})
      if (table.has(other)) table[other].fail("values are given; leave this out");
    for (const ConfigValue& value : list->elements(0)) values.push_back(read_axis_value(value));
    if (values.empty()) list->fail("at least one value is expected");
  } else {
    values = read_range(table, axis.logarithmic);
  }
  axis.keys.push_back(make_key(key, values));
  return axis;
}

Observe read_observe(const ConfigTable& table) {
  Observe one;
  one.name = table["name"].text();
  one.of = table.text("of", one.name);
  one.unit = table.text("unit", "");
  one.take =
      static_cast<Observe::Take>(table.choice("take", {"last", "mean", "min", "max", "crossing"}));
  const bool crossing = one.take == Observe::Take::crossing;
  one.from = table.quantity("from", "s", one.from);
  one.to = table.quantity("to", "s", one.to);
  one.level = table.quantity("level", "1", 0);
  one.along = table.text("along", "");
  for (const char* key : {"level", "along"})
    if (!crossing && table.has(key)) table[key].fail("belongs to take = \"crossing\"");
  for (const char* key : {"from", "to"})
    if (one.take == Observe::Take::last && table.has(key))
      table[key].fail(
          "the last row is taken; take = \"mean\", \"min\", \"max\" or \"crossing\" is "
          "expected with a window");
  return one;
}

void read_observed(const ConfigTable& root, SweepConfig& sweep) {
  if (const auto table = root.table("sweep"))
    if (const auto columns = table->find("observe"))
      for (const ConfigValue& column : columns->elements(0)) {
        sweep.observe.push_back({});
        sweep.observe.back().name = sweep.observe.back().of = column.text();
      }
  for (const ConfigTable& table : root.tables("observe"))
    sweep.observe.push_back(read_observe(table));
  if (sweep.observe.empty())
    throw InputError(
        "nothing is observed; observe = [\"mz\"] in [sweep], or a section [[observe]], is "
        "expected");
  std::set<std::string> names{"point"};
  for (const SweepAxis& axis : sweep.axes)
    for (const SweepKey& key : axis.keys) names.insert(key.key);
  for (const Observe& one : sweep.observe)
    if (!names.insert(one.name).second)
      throw InputError(
          fmt::format("two columns would have the name '{}'; give another with name "
                      "in [[observe]]",
                      one.name));
}

void read_axes(const ConfigTable& root, SweepConfig& sweep) {
  for (const ConfigTable& table : root.tables("axis")) {
    sweep.axes.push_back(read_axis(table));
    for (const SweepKey& key : sweep.axes.back().keys)
      (table.has("keys") ? table["keys"] : table["key"]).located([&] {
        sweep.cases->mark(key.key);
      });
    if (sweep.zip && sweep.axes.back().count() != sweep.axes.front().count())
      table.fail(
          fmt::format("{} values, and the first axis has {}; with zip = true as many are "
                      "expected",
                      sweep.axes.back().count(), sweep.axes.front().count()));
  }
  if (sweep.axes.empty())
    throw InputError("there is no [[axis]]; one with key, from, to and count is expected");
  if (sweep.points() > most_points)
    throw InputError(fmt::format("the axes make more than {} points", most_points));
}

void read_head(const ConfigTable& root, const SweepParts& parts, SweepConfig& sweep) {
  const auto table = root.table("sweep");
  const auto base = table ? table->find("base") : std::nullopt;
  sweep.zip = table && table->boolean("zip", false);
  sweep.save_m = table && table->boolean("save_m", false);
  sweep.title = table ? table->text("title", "") : "";
  sweep.case_file = base ? base->file() : sweep.file;
  const bool inside = parts.run.find_first_not_of(" \n\r\t") != std::string::npos;
  if (base && !toml::parse(parts.run).empty())
    base->fail("the file holds sections of a case itself; one of the two is expected");
  if (!base && !inside)
    throw InputError(
        "there is no case; base = \"case.toml\" in [sweep], or the sections of a case in this "
        "file, are expected");
  const std::string text =
      base ? base->located([&] { return read_file(sweep.case_file); }) : parts.run;
  sweep.cases.emplace(sweep.case_file.string(), text);
}

}  // namespace

std::size_t SweepConfig::points() const {
  if (zip) return axes.front().count();
  std::size_t product = 1;
  for (const SweepAxis& axis : axes) product = std::min(product, 1000 * most_points) * axis.count();
  return product;
}

std::vector<std::size_t> SweepConfig::place(std::size_t point) const {
  std::vector<std::size_t> at(axes.size(), point);
  if (zip) return at;
  for (std::size_t a = axes.size(); a-- > 0;) {
    at[a] = point % axes[a].count();
    point /= axes[a].count();
  }
  return at;
}

std::vector<double> SweepConfig::values(std::size_t point) const {
  std::vector<double> all;
  const std::vector<std::size_t> at = place(point);
  for (std::size_t a = 0; a < axes.size(); ++a)
    for (const SweepKey& key : axes[a].keys) all.push_back(key.values[at[a]]);
  return all;
}

std::string SweepConfig::describe(std::size_t point) const {
  std::string all;
  const std::vector<std::size_t> at = place(point);
  for (std::size_t a = 0; a < axes.size(); ++a)
    for (const SweepKey& key : axes[a].keys)
      all += fmt::format("{}{} = {}", all.empty() ? "" : ", ", key.key, key.literals[at[a]]);
  return all;
}

std::string SweepConfig::case_text(std::size_t point) const {
  std::vector<std::string> literals;
  const std::vector<std::size_t> at = place(point);
  for (std::size_t a = 0; a < axes.size(); ++a)
    for (const SweepKey& key : axes[a].keys) literals.push_back(key.literals[at[a]]);
  return cases->with(literals);
}

RunConfig SweepConfig::read_case(std::size_t point) const {
  try {
    return read_config(case_file, case_text(point));
  } catch (const InputError& error) {
    throw InputError(fmt::format("{}\n  at point {} of the sweep {}: {}", error.what(), point,
                                 file.string(), describe(point)));
  }
}

bool is_sweep(const std::filesystem::path& path) {
  return split_sweep(path.string(), read_file(path)).sweep;
}

SweepConfig read_sweep(const std::filesystem::path& path) {
  SweepConfig sweep;
  sweep.file = path;
  sweep.text = read_file(path);
  const SweepParts parts = split_sweep(path.string(), sweep.text);
  ConfigFile file(path, parts.plan);
  const ConfigTable root = file.root();
  file.attempt("sweep", [&] { read_head(root, parts, sweep); });
  file.throw_kept();
  file.attempt("axis", [&] { read_axes(root, sweep); });
  file.attempt("observe", [&] { read_observed(root, sweep); });
  file.finish();
  return sweep;
}

}  // namespace kubomag::io
