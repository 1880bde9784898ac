#include "khat/coefficient.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace kubomag {
namespace {

std::string quoted(const std::string& text) { return '"' + text + '"'; }

}  // namespace

std::string coefficient_text(const std::vector<Coefficient>& rows) {
  std::string out;
  std::size_t symbol = 14, name = 20;
  for (const Coefficient& c : rows) {
    symbol = std::max(symbol, c.symbol.size());
    name = std::max(name, c.name.size());
  }
  for (const Coefficient& c : rows)
    out += fmt::format("{:<{}}{:>16.7g}  {:<11}{:<{}}{}\n", c.symbol, symbol, c.value,
                       c.unit == "1" ? "" : c.unit, c.name, name + 2, c.source);
  return out;
}

std::string coefficient_csv(const std::vector<Coefficient>& rows) {
  std::string out;
  for (const Coefficient& c : rows)
    out += fmt::format("{},{},{},{},{}\n", c.symbol, c.value, quoted(c.unit), quoted(c.name),
                       quoted(c.source));
  return out;
}

nlohmann::ordered_json coefficient_json(const std::vector<Coefficient>& rows) {
  auto out = nlohmann::ordered_json::array();
  for (const Coefficient& c : rows)
    out.push_back({{"name", c.name},
                   {"symbol", c.symbol},
                   {"value", c.value},
                   {"unit", c.unit},
                   {"source", c.source}});
  return out;
}

}  // namespace kubomag
