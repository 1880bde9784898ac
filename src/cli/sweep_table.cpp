#include "cli/sweep_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "io/heat_map.hpp"
#include "io/plot.hpp"
#include "kubomag/error.hpp"

namespace kubomag::cli {
namespace {

/// What an axis of a picture shows: the values, their logarithms, or where there is no equal step
/// the values as they were written, those of keys that change together side by side.
struct Scale {
  std::string name, unit;
  std::vector<double> values;
  std::vector<std::string> names = {};
};

/// A value as it was written, without the quotes and line breaks of TOML; "value 2" where it is
/// long.
std::string short_name(std::string literal, std::size_t at) {
  std::erase_if(literal, [](char c) { return c == '"' || c == '\'' || c == '\n'; });
  return literal.size() < 30 ? literal : fmt::format("value {}", at);
}

Scale named_scale(const io::SweepAxis& axis) {
  Scale scale;
  scale.names.resize(axis.count());
  for (const io::SweepKey& key : axis.keys) {
    scale.name += (scale.name.empty() ? "" : ", ") + key.key;
    for (std::size_t i = 0; i < axis.count(); ++i)
      scale.names[i] += (scale.names[i].empty() ? "" : ", ") + short_name(key.literals[i], i);
  }
  return scale;
}

/// `any_step`: values need not be equidistant.
Scale scale_of(const io::SweepAxis& axis, bool any_step) {
  const io::SweepKey& key = axis.keys.front();
  Scale scale{key.key, key.unit, key.values};
  if (axis.logarithmic) {
    scale.name = fmt::format("log10 {}{}", key.key, key.unit.empty() ? "" : "/" + key.unit);
    scale.unit = "";
    for (double& value : scale.values) value = std::log10(std::abs(value));
    return scale;
  }
  if (any_step) return scale;
  if (axis.keys.size() > 1 || !key.numbers) return named_scale(axis);
  const double step = (key.values.back() - key.values.front()) /
                      std::max(1.0, static_cast<double>(axis.count()) - 1);
  bool equal = step != 0;
  for (std::size_t i = 0; i < axis.count(); ++i)
    equal = equal && std::abs(key.values[i] - key.values.front() - static_cast<double>(i) * step) <
                         1e-6 * std::abs(step);
  return equal ? scale : named_scale(axis);
}

/// "key = value", or of long values "key: value 2".
std::string short_value(const io::SweepKey& key, std::size_t at) {
  const std::string& literal = key.literals[at];
  return literal.size() < 30 ? key.key + " = " + literal : fmt::format("{}: value {}", key.key, at);
}

/// A file name of letters, digits, ., - and _.
std::string file_name(std::string name) {
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '.' && c != '-') c = '_';
  return name;
}

}  // namespace

SweepTable::SweepTable(const io::SweepConfig& sweep, const std::vector<io::Column>& numbers)
    : sweep_(sweep), numbers_(numbers) {}

io::Table SweepTable::table() const {
  io::Table table;
  table.columns.push_back({"point", ""});
  for (const io::SweepAxis& axis : sweep_.axes)
    for (const io::SweepKey& key : axis.keys) table.columns.push_back({key.key, key.unit});
  table.columns.insert(table.columns.end(), numbers_.begin(), numbers_.end());
  table.data.resize(table.columns.size());
  for (const auto& [point, values] : rows_) {
    std::size_t column = 0;
    table.data[column++].push_back(static_cast<double>(point));
    for (const double value : sweep_.values(point)) table.data[column++].push_back(value);
    for (const double value : values) table.data[column++].push_back(value);
  }
  return table;
}

void SweepTable::resume(const std::filesystem::path& path) {
  const io::Table old = io::read_table(path);
  const auto other = [&](const std::string& why) {
    throw InputError(
        fmt::format("{}: is the table of another sweep ({}); give another folder with "
                    "-o, or overwrite it with --force",
                    path.string(), why));
  };
  if (old.columns != table().columns) other("its columns differ");
  const std::size_t first = old.columns.size() - numbers_.size();
  for (std::size_t row = 0; row < old.rows(); ++row) {
    const double number = old.data[0][row];
    if (!(number >= 0 && number < static_cast<double>(sweep_.points())))
      other("it has more points");
    const auto point = static_cast<std::size_t>(number);
    const std::vector<double> expected = sweep_.values(point);
    std::vector<double> values;
    for (std::size_t c = 1; c < first; ++c)
      if (old.data[c][row] != expected[c - 1]) other("the values of its axes differ");
    for (std::size_t c = first; c < old.columns.size(); ++c) values.push_back(old.data[c][row]);
    add(point, values);
  }
}

void SweepTable::write_curve(const std::filesystem::path& folder, std::size_t number) const {
  const Scale x = scale_of(sweep_.axes.front(), true);
  io::Table curve;
  curve.columns = {{x.name, x.unit}, numbers_[number]};
  curve.data.resize(2);
  for (const auto& [point, values] : rows_) {
    curve.data[0].push_back(x.values[sweep_.place(point).front()]);
    curve.data[1].push_back(values[number]);
  }
  io::write_plot(folder / (file_name(numbers_[number].name) + ".png"), curve,
                 {numbers_[number].name}, sweep_.title);
}

void SweepTable::write_map(const std::filesystem::path& path, std::size_t number, std::size_t first,
                           const std::string& title) const {
  const auto &rows = sweep_.axes[sweep_.axes.size() - 2], &columns = sweep_.axes.back();
  const Scale x = scale_of(columns, false), y = scale_of(rows, false);
  io::HeatMap map;
  map.title = title;
  map.x_name = x.name, map.x_unit = x.unit, map.y_name = y.name, map.y_unit = y.unit;
  map.x_names = x.names, map.y_names = y.names;
  if (x.names.empty()) map.x_low = x.values.front(), map.x_high = x.values.back();
  if (y.names.empty()) map.y_low = y.values.front(), map.y_high = y.values.back();
  map.columns = static_cast<int>(columns.count()), map.rows = static_cast<int>(rows.count());
  map.value_name = numbers_[number].name, map.value_unit = numbers_[number].unit;
  map.scale = io::HeatMap::Scale::linear;
  for (std::size_t i = 0; i < rows.count() * columns.count(); ++i) {
    const auto found = rows_.find(first + i);
    map.values.push_back(found == rows_.end() ? NAN : found->second[number]);
  }
  io::write_heat_map(path, map);
}

void SweepTable::write_pictures(const std::filesystem::path& folder) const {
  const std::size_t axes = sweep_.axes.size();
  const bool map = axes > 1 && !sweep_.zip && sweep_.axes[axes - 1].count() > 1 &&
                   sweep_.axes[axes - 2].count() > 1;
  if (rows_.empty() || (!map && axes > 1 && !sweep_.zip)) return;
  for (std::size_t number = 0; number < numbers_.size(); ++number) {
    if (!map) {
      write_curve(folder, number);
      continue;
    }
    const std::string name = file_name(numbers_[number].name);
    const std::size_t size = sweep_.axes[axes - 1].count() * sweep_.axes[axes - 2].count();
    for (std::size_t first = 0; first < sweep_.points(); first += size) {
      if (axes == 2) {
        write_map(folder / (name + ".png"), number, first, sweep_.title);
        continue;
      }
      std::string title = sweep_.title;
      const std::vector<std::size_t> at = sweep_.place(first);
      for (std::size_t a = 0; a + 2 < axes; ++a)
        title += (title.empty() ? "" : "; ") + short_value(sweep_.axes[a].keys[0], at[a]);
      write_map(folder / fmt::format("{}_{:02}.png", name, first / size), number, first, title);
    }
  }
}

}  // namespace kubomag::cli
