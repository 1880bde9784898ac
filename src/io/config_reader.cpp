#include "io/config_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "io/read_file.hpp"
#include "io/toml_source.hpp"
#include "io/units.hpp"
#include "kubomag/error.hpp"

namespace kubomag::io {

namespace {

/// An InputError that knows its line.
struct LocatedError : InputError {
  LocatedError(const std::string& message, long line_number)
      : InputError(message), line(line_number) {}
  long line;
};

/// Levenshtein distance; a swap of case counts half so that "msat" is close to "Msat".
double edit_distance(std::string_view a, std::string_view b) {
  std::vector<double> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0.0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    double diagonal = row[0];
    row[0] = static_cast<double>(i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool case_only = std::tolower(static_cast<unsigned char>(a[i - 1])) ==
                             std::tolower(static_cast<unsigned char>(b[j - 1]));
      const double change = a[i - 1] == b[j - 1] ? 0 : case_only ? 0.5 : 1;
      const double best = std::min({row[j] + 1, row[j - 1] + 1, diagonal + change});
      diagonal = row[j];
      row[j] = best;
    }
  }
  return row[b.size()];
}

/// The name closest to `key` if it is close enough to be what was meant.
std::string closest(const std::string& key, const std::set<std::string>& names) {
  std::string best;
  const double allowed = key.size() <= 3 ? 1 : std::max(2.0, static_cast<double>(key.size()) / 3);
  double distance = allowed + 0.25;
  for (const std::string& name : names)
    if (const double d = edit_distance(key, name); d < distance) best = name, distance = d;
  return best;
}

}  // namespace

namespace detail {

struct ConfigState {
  std::filesystem::path file;
  std::string content;
  toml::table root;
  std::map<const toml::table*, std::set<std::string>> known;  // keys asked for, per table
  std::set<const toml::table*> broken;  // whose keys are not looked at: reading stopped there
  std::vector<LocatedError> problems;

  std::string place(long line) const {
    return line > 0 ? fmt::format("{}:{}: ", file.string(), line)
                    : fmt::format("{}: ", file.string());
  }
  [[noreturn]] void fail(long line, const std::string& message) const {
    throw LocatedError(place(line) + message, line);
  }
};

}  // namespace detail

using detail::ConfigState;

namespace {

long line_of(const toml::node& node) { return static_cast<long>(node.source().begin.line); }

std::string unknown_key(const std::string& key, const std::string& path,
                        const std::set<std::string>& known) {
  std::string text = path.empty() ? fmt::format("unknown section [{}]", key)
                                  : fmt::format("unknown key '{}' in [{}]", key, path);
  const std::string meant = closest(key, known);
  if (!meant.empty()) return text + fmt::format("; did you mean '{}'?", meant);
  return text + fmt::format("; used here: {}", fmt::join(known, ", "));
}

/// Keys that were never asked for, in `table` and the tables below it.
void find_unknown(const ConfigState& state, const toml::table& table, const std::string& path,
                  std::vector<LocatedError>& problems) {
  if (state.broken.contains(&table)) return;
  const auto found = state.known.find(&table);
  const std::set<std::string> known =
      found == state.known.end() ? std::set<std::string>{} : found->second;
  for (const auto& [key, node] : table) {
    const std::string name(key.str());
    const std::string inner = path.empty() ? name : fmt::format("{}.{}", path, name);
    if (!known.contains(name)) {
      const long line = static_cast<long>(key.source().begin.line);
      problems.emplace_back(state.place(line) + unknown_key(name, path, known), line);
    } else if (const toml::table* below = node.as_table()) {
      find_unknown(state, *below, inner, problems);
    } else if (const toml::array* array = node.as_array()) {
      for (const toml::node& element : *array)
        if (const toml::table* item = element.as_table())
          find_unknown(state, *item, inner, problems);
    }
  }
}

/// One error of all problems, in the order of the file; none: returns.
void throw_all(std::vector<LocatedError> problems) {
  if (problems.empty()) return;
  std::stable_sort(problems.begin(), problems.end(),
                   [](const auto& a, const auto& b) { return a.line < b.line; });
  std::vector<std::string> lines;
  lines.reserve(problems.size());
  for (const LocatedError& problem : problems) lines.emplace_back(problem.what());
  throw InputError(fmt::format("{}", fmt::join(lines, "\n")));
}

/// The keys in and below `node` are not looked at.
void take_as_it_is(const toml::node& node, std::set<const toml::table*>& unchecked) {
  if (const toml::table* table = node.as_table()) unchecked.insert(table);
  if (const toml::array* array = node.as_array())
    for (const toml::node& element : *array) take_as_it_is(element, unchecked);
}

std::string kind_of(const toml::node& node) {
  if (node.is_table()) return "a table";
  if (node.is_array()) return "an array";
  if (node.is_string()) return "a text";
  if (node.is_boolean()) return "true or false";
  if (node.is_number()) return "a number";
  return "a date or time";
}

}  // namespace

void detail::rethrow_located(const ConfigValue& value) {
  try {
    throw;
  } catch (const LocatedError&) {
    throw;
  } catch (const InputError& error) {
    value.fail(error.what());
  }
}

ConfigValue::ConfigValue(std::shared_ptr<ConfigState> state, const toml::node& node,
                         std::string path)
    : state_(std::move(state)), node_(&node), path_(std::move(path)) {}

void ConfigValue::fail(const std::string& message) const {
  // messages of other parts may begin with the key themselves: "surface.disorder = ..."
  const bool named = message.starts_with(path_ + " = ");
  state_->fail(line_of(*node_), named ? message : path_ + ": " + message);
}

std::string ConfigValue::place() const { return state_->place(line_of(*node_)) + path_; }

double ConfigValue::quantity(std::string_view unit) const {
  return located([&] {
    if (const auto number = node_->value<double>()) {
      if (std::isnan(*number)) throw InputError("nan is not a value; " + expectation(unit));
      return *number;
    }
    if (node_->is_string()) return parse_quantity(*node_->value<std::string>(), unit);
    throw InputError(kind_of(*node_) + " is given; " + expectation(unit));
  });
}

long ConfigValue::integer() const {
  const auto* integer = node_->as_integer();
  if (!integer) fail("a whole number is expected");
  return static_cast<long>(integer->get());
}

bool ConfigValue::boolean() const {
  const auto* boolean = node_->as_boolean();
  if (!boolean) fail("true or false is expected");
  return boolean->get();
}

std::string ConfigValue::text() const {
  const auto* text = node_->as_string();
  if (!text) fail(kind_of(*node_) + " is given; a text in quotes is expected");
  return text->get();
}

std::string ConfigValue::literal() const {
  take_as_it_is(*node_, state_->broken);
  const TextRange range = text_range(state_->content, node_->source());
  return state_->content.substr(range.begin, range.end - range.begin);
}

std::filesystem::path ConfigValue::file() const {
  return state_->file.parent_path() / std::filesystem::path(text());
}

std::vector<ConfigValue> ConfigValue::elements(std::size_t count) const {
  const toml::array* array = node_->as_array();
  if (!array || (count != 0 && array->size() != count))
    fail((array ? fmt::format("an array of {}", array->size()) : kind_of(*node_)) + " is given; " +
         (count == 0 ? std::string("an array [...] is expected")
                     : fmt::format("an array of {} values is expected", count)));
  std::vector<ConfigValue> values;
  for (const toml::node& element : *array) values.emplace_back(state_, element, path_);
  return values;
}

ConfigTable ConfigValue::table() const {
  const toml::table* table = node_->as_table();
  if (!table) fail(kind_of(*node_) + " is given; a table is expected");
  return {state_, *table, path_};
}

std::size_t ConfigValue::choice(const std::vector<std::string_view>& names) const {
  const std::string given = text();
  const auto found = std::find(names.begin(), names.end(), given);
  if (found == names.end())
    fail(fmt::format("'{}' is not one of {}", given, fmt::join(names, ", ")));
  return static_cast<std::size_t>(found - names.begin());
}

ConfigTable::ConfigTable(std::shared_ptr<ConfigState> state, const toml::table& table,
                         std::string path)
    : state_(std::move(state)), table_(&table), path_(std::move(path)) {}

std::string ConfigTable::key_path(const std::string& key) const {
  return path_.empty() ? key : path_ + "." + key;
}

void ConfigTable::fail(const std::string& message) const {
  const long line = path_.empty() ? 0 : line_of(*table_);
  state_->fail(line, path_.empty() ? message : "[" + path_ + "]: " + message);
}

std::optional<ConfigValue> ConfigTable::find(const std::string& key) const {
  state_->known[table_].insert(key);
  const toml::node* node = table_->get(key);
  if (!node) return std::nullopt;
  return ConfigValue(state_, *node, key_path(key));
}

void ConfigTable::refuse_near_miss(const std::string& key) const {
  const std::set<std::string>& known = state_->known[table_];
  for (const auto& [other, node] : *table_) {
    const std::string name(other.str());
    if (!known.contains(name) && closest(name, {key}) == key)
      state_->fail(static_cast<long>(other.source().begin.line), unknown_key(name, path_, {key}));
  }
}

ConfigValue ConfigTable::operator[](const std::string& key) const {
  if (const auto value = find(key)) return *value;
  refuse_near_miss(key);
  fail(path_.empty() ? fmt::format("[{}] is missing", key) : fmt::format("{} is missing", key));
}

std::vector<std::string> ConfigTable::keys() const {
  std::vector<std::string> names;
  for (const auto& [key, node] : *table_) names.emplace_back(key.str());
  return names;
}

std::optional<ConfigTable> ConfigTable::table(const std::string& key) const {
  const auto value = find(key);
  if (!value) return std::nullopt;
  return value->table();
}

std::vector<ConfigTable> ConfigTable::tables(const std::string& key) const {
  std::vector<ConfigTable> list;
  const auto value = find(key);
  if (!value) return list;
  if (!value->is_array()) return {value->table()};
  for (const ConfigValue& element : value->elements(0)) list.push_back(element.table());
  return list;
}

double ConfigTable::quantity(const std::string& key, std::string_view unit) const {
  if (const auto value = find(key)) return value->quantity(unit);
  refuse_near_miss(key);
  fail(fmt::format("{} is missing; {}", key, expectation(unit)));
}

double ConfigTable::quantity(const std::string& key, std::string_view unit, double fallback) const {
  const auto value = find(key);
  return value ? value->quantity(unit) : fallback;
}

long ConfigTable::integer(const std::string& key, long fallback) const {
  const auto value = find(key);
  return value ? value->integer() : fallback;
}

bool ConfigTable::boolean(const std::string& key, bool fallback) const {
  const auto value = find(key);
  return value ? value->boolean() : fallback;
}

std::string ConfigTable::text(const std::string& key, const std::string& fallback) const {
  const auto value = find(key);
  return value ? value->text() : fallback;
}

std::size_t ConfigTable::choice(const std::string& key,
                                std::initializer_list<std::string_view> names) const {
  const auto value = find(key);
  return value ? value->choice(names) : 0;
}

ConfigFile::ConfigFile(const std::filesystem::path& path) : ConfigFile(path, read_file(path)) {}

ConfigFile::ConfigFile(const std::filesystem::path& path, std::string text)
    : state_(std::make_shared<ConfigState>()) {
  state_->file = path;
  state_->content = std::move(text);
  try {
    state_->root = toml::parse(state_->content, path.string());
  } catch (const toml::parse_error& error) {
    state_->fail(static_cast<long>(error.source().begin.line),
                 fmt::format("not valid TOML: {}", error.description()));
  }
}

ConfigTable ConfigFile::root() const { return {state_, state_->root, ""}; }
const std::string& ConfigFile::content() const { return state_->content; }

void ConfigFile::attempt(const std::string& section, const std::function<void()>& read) {
  const auto keep = [&](const LocatedError& error) {
    state_->problems.push_back(error);
    const toml::node* node = state_->root.get(section);
    if (node && node->is_table()) state_->broken.insert(node->as_table());
    if (node && node->is_array())
      for (const toml::node& element : *node->as_array())
        if (element.is_table()) state_->broken.insert(element.as_table());
  };
  try {
    read();
  } catch (const LocatedError& error) {
    keep(error);
  } catch (const InputError& error) {
    keep(LocatedError(state_->place(0) + error.what(), 0));
  }
}

void ConfigFile::throw_kept() const { throw_all(state_->problems); }

void ConfigFile::finish() const {
  std::vector<LocatedError> problems = state_->problems;
  find_unknown(*state_, state_->root, "", problems);
  throw_all(std::move(problems));
}

}  // namespace kubomag::io
