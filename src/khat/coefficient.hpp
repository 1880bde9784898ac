#pragma once
// One derived number with its name, unit and source, and lists of them as text, CSV and JSON.
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace kubomag {

struct Coefficient {
  std::string name;    // "longitudinal conductivity"
  std::string symbol;  // "sigma_0"
  double value = 0;
  std::string unit;    // "1" for pure numbers
  std::string source;  // paper and equation
};

/// Aligned lines for a terminal.
std::string coefficient_text(const std::vector<Coefficient>& rows);
/// Lines "symbol,value,unit,name,source" without a title; full precision, texts are quoted.
std::string coefficient_csv(const std::vector<Coefficient>& rows);
constexpr const char* coefficient_csv_title = "symbol,value,unit,name,source\n";
/// An array of objects with the members' names as keys.
nlohmann::ordered_json coefficient_json(const std::vector<Coefficient>& rows);

}  // namespace kubomag
