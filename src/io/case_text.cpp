#include "io/case_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <sstream>

#include "io/number.hpp"
#include "kubomag/error.hpp"

namespace kubomag::io {
namespace {

bool of_sweep(std::string_view section) {
  return section == "sweep" || section == "axis" || section == "observe";
}

toml::table parse(const std::string& name, const std::string& text) {
  try {
    return toml::parse(text, std::string_view(name));
  } catch (const toml::parse_error& error) {
    throw InputError(fmt::format("{}:{}: not valid TOML: {}", name, error.source().begin.line,
                                 error.description()));
  }
}

struct SectionStart {
  std::size_t line;
  bool sweep;
};

/// The header lines of all sections in and below `node`.
void find_sections(const toml::node& node, bool sweep, std::vector<SectionStart>& starts) {
  if (const toml::array* array = node.as_array()) {
    for (const toml::node& element : *array) find_sections(element, sweep, starts);
    return;
  }
  const toml::table* table = node.as_table();
  if (!table || table->is_inline()) return;
  starts.push_back({table->source().begin.line, sweep});
  for (const auto& [key, below] : *table) find_sections(below, sweep, starts);
}

/// "B_ext[0].B[2]" as B_ext, 0, B, 2.
std::vector<std::string> steps_of(std::string key) {
  std::replace(key.begin(), key.end(), '[', '.');
  key.erase(std::remove(key.begin(), key.end(), ']'), key.end());
  std::vector<std::string> steps;
  std::istringstream words(key);
  for (std::string word; std::getline(words, word, '.');) steps.push_back(word);
  return steps;
}

const toml::node* below(const toml::node& node, const std::string& step) {
  if (const toml::table* table = node.as_table()) return table->get(step);
  const toml::array* array = node.as_array();
  const auto index = parse_number<std::size_t>(step);
  return array && index ? array->get(*index) : nullptr;
}

}  // namespace

SweepParts split_sweep(const std::string& name, const std::string& text) {
  const toml::table root = parse(name, text);
  std::vector<SectionStart> starts;
  for (const auto& [key, node] : root) find_sections(node, of_sweep(key.str()), starts);
  std::sort(starts.begin(), starts.end(),
            [](const auto& a, const auto& b) { return a.line < b.line; });
  SweepParts parts;
  auto next = starts.begin();
  bool sweep = false;
  std::istringstream lines(text);
  std::size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    for (++number; next != starts.end() && next->line <= number; ++next) sweep = next->sweep;
    (sweep ? parts.plan : parts.run) += line;
    parts.plan += '\n';
    parts.run += '\n';
    parts.sweep = parts.sweep || sweep;
  }
  return parts;
}

CaseText::CaseText(std::string name, std::string text)
    : name_(std::move(name)), text_(std::move(text)), root_(parse(name_, text_)) {}

void CaseText::mark(const std::string& key) {
  const toml::node* node = &root_;
  for (const std::string& step : steps_of(key)) {
    node = below(*node, step);
    if (!node) break;
  }
  const bool section = node && node->is_table() && !node->as_table()->is_inline();
  const bool sections = node && node->is_array_of_tables() && !node->as_array()->empty() &&
                        !node->as_array()->get(0)->as_table()->is_inline();
  if (!node || node == &root_ || section || sections)
    throw InputError(
        fmt::format("'{}' is not a value of {}; a key that is given there is expected, such as "
                    "\"material.Ku1\" or \"B_ext[0].B[2]\"",
                    key, name_));
  const TextRange range = text_range(text_, node->source());
  for (const TextRange& other : marks_)
    if (range.begin < other.end && other.begin < range.end)
      throw InputError(fmt::format("'{}' is given by another axis already", key));
  marks_.push_back(range);
}

std::string CaseText::with(const std::vector<std::string>& values) const {
  std::vector<std::size_t> order(marks_.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return marks_[a].begin < marks_[b].begin; });
  std::string out;
  std::size_t at = 0;
  for (const std::size_t i : order) {
    out.append(text_, at, marks_[i].begin - at);
    out += values[i];
    at = marks_[i].end;
  }
  return out.append(text_, at);
}

}  // namespace kubomag::io
