#include "io/units.hpp"

#include <fmt/format.h>

#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <optional>

#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"

namespace kubomag::io {
namespace {

struct Symbol {
  std::string_view name;
  Unit unit;
  bool prefixes = true;
};

using E = std::array<int, 6>;  // m, kg, s, A, K, rad

constexpr double degree = constants::pi / 180;

const std::vector<Symbol>& symbols() {
  static const std::vector<Symbol> all = {
      {"m", {1, {E{1}}}},
      {"g", {1e-3, {E{0, 1}}}},
      {"s", {1, {E{0, 0, 1}}}},
      {"A", {1, {E{0, 0, 0, 1}}}},
      {"K", {1, {E{0, 0, 0, 0, 1}}}},
      {"rad", {1, {E{0, 0, 0, 0, 0, 1}}}},
      {"deg", {degree, {E{0, 0, 0, 0, 0, 1}}}, false},
      {"\u00b0", {degree, {E{0, 0, 0, 0, 0, 1}}}, false},
      {"%", {0.01, {}}, false},
      {"Hz", {1, {E{0, 0, -1}}}},
      {"T", {1, {E{0, 1, -2, -1}}}},
      {"J", {1, {E{2, 1, -2}}}},
      {"eV", {constants::e_abs, {E{2, 1, -2}}}},
      {"N", {1, {E{1, 1, -2}}}},
      {"W", {1, {E{2, 1, -3}}}},
      {"V", {1, {E{2, 1, -3, -1}}}},
      {"C", {1, {E{0, 0, 1, 1}}}},
      {"F", {1, {E{-2, -1, 4, 2}}}},
      {"S", {1, {E{-2, -1, 3, 2}}}},
      {"Ohm", {1, {E{2, 1, -3, -2}}}},
  };
  return all;
}

struct Prefix {
  std::string_view name;
  double factor;
};

// Both code points of the Greek letter are in use: U+00B5 and U+03BC.
constexpr Prefix prefixes[] = {{"a", 1e-18}, {"f", 1e-15},     {"p", 1e-12},     {"n", 1e-9},
                               {"u", 1e-6},  {"\u00b5", 1e-6}, {"\u03bc", 1e-6}, {"m", 1e-3},
                               {"c", 1e-2},  {"k", 1e3},       {"M", 1e6},       {"G", 1e9},
                               {"P", 1e15},  {"T", 1e12}};

std::optional<Unit> find_symbol(std::string_view text) {
  for (const Symbol& symbol : symbols())
    if (symbol.name == text) return symbol.unit;
  for (const Prefix& prefix : prefixes) {
    if (!text.starts_with(prefix.name)) continue;
    for (const Symbol& symbol : symbols())
      if (symbol.prefixes && symbol.name == text.substr(prefix.name.size()))
        return Unit{prefix.factor * symbol.unit.factor, symbol.unit.dimension};
  }
  return std::nullopt;
}

Unit multiply(Unit a, Unit b, int power) {
  a.factor *= std::pow(b.factor, power);
  for (std::size_t i = 0; i < a.dimension.exponents.size(); ++i)
    a.dimension.exponents[i] += power * b.dimension.exponents[i];
  return a;
}

/// unit = factor { ("*" | "." | " " | "/") factor },  factor = symbol | "1" | "(" unit ")" with an
/// optional integer power ("m2", "m^-2").
class UnitParser {
 public:
  explicit UnitParser(std::string_view text) : text_(text) {}

  Unit parse() {
    const Unit unit = product();
    if (position_ != text_.size()) fail();
    return unit;
  }

 private:
  [[noreturn]] void fail() const {
    throw InputError(
        fmt::format("'{}' is not a unit; units are written like nm, A/m, kJ/m3, m^2/s", text_));
  }
  void skip_spaces() {
    while (position_ < text_.size() && text_[position_] == ' ') ++position_;
  }
  bool take(char c) {
    if (position_ >= text_.size() || text_[position_] != c) return false;
    ++position_;
    return true;
  }

  Unit product() {
    Unit unit = factor();
    for (;;) {
      skip_spaces();
      if (position_ == text_.size() || text_[position_] == ')') return unit;
      const bool divide = take('/');
      if (!divide && !take('*')) take('.');
      skip_spaces();
      unit = multiply(unit, factor(), divide ? -1 : 1);
    }
  }

  Unit factor() {
    Unit unit;
    if (take('(')) {
      unit = product();
      if (!take(')')) fail();
    } else if (!take('1')) {
      unit = symbol();
    }
    return multiply({}, unit, power());
  }

  Unit symbol() {
    const std::size_t begin = position_;
    const auto part_of_symbol = [](unsigned char c) {
      return std::isalpha(c) || c >= 0x80 || c == '%';
    };
    while (position_ < text_.size() && part_of_symbol(text_[position_])) ++position_;
    const std::string_view name = text_.substr(begin, position_ - begin);
    if (const auto unit = find_symbol(name)) return *unit;
    if (name.empty()) fail();
    throw InputError(fmt::format("unknown unit '{}'", name));
  }

  int power() {
    const std::size_t begin = position_;
    take('^');
    const bool negative = take('-');
    std::string digits;
    while (position_ < text_.size() && std::isdigit(static_cast<unsigned char>(text_[position_])))
      digits += text_[position_++];
    if (digits.empty() && position_ == begin) return 1;
    if (digits.empty() || digits.size() > 2) fail();
    return (negative ? -1 : 1) * std::atoi(digits.c_str());
  }

  std::string_view text_;
  std::size_t position_ = 0;
};

struct Kind {
  const char* unit;
  const char* name;
  const char* example;
};

constexpr Kind kinds[] = {
    {"1", "a pure number", "0.01"},
    {"m", "a length", "4 nm"},
    {"s", "a time", "10 ps"},
    {"kg", "a mass", "1 kg"},
    {"A", "a current", "1 mA"},
    {"K", "a temperature", "300 K"},
    {"rad", "an angle", "45 deg"},
    {"Hz", "a frequency or rate", "7 GHz"},
    {"rad/s", "an angular frequency", "1e10 rad/s"},
    {"m/s", "a velocity", "5e5 m/s"},
    {"m2/s", "a diffusion constant", "0.01 m2/s"},
    {"A/m", "a magnetisation", "140 kA/m"},
    {"A/m2", "a current density", "1e12 A/m2"},
    {"J/m", "an exchange stiffness", "4 pJ/m"},
    {"J", "an energy", "20 meV"},
    {"J/m2", "an energy per area", "1 mJ/m2"},
    {"J/m3", "an energy density", "10 kJ/m3"},
    {"T", "a magnetic flux density", "100 mT"},
    {"V", "a voltage", "50 mV"},
    {"V/m", "an electric field", "1e5 V/m"},
    {"rad/(T s)", "a gyromagnetic ratio", "1.7595e11 rad/(T s)"},
};

const Kind* find_kind(const Dimension& dimension) {
  for (const Kind& kind : kinds)
    if (parse_unit(kind.unit).dimension == dimension) return &kind;
  return nullptr;
}

std::string_view trim(std::string_view text) {
  const auto space = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && space(text.front())) text.remove_prefix(1);
  while (!text.empty() && space(text.back())) text.remove_suffix(1);
  return text;
}

struct Split {
  double number = 0;
  std::string_view unit;
};

/// A decimal number at the beginning of `text` and what follows it.
std::optional<Split> split_number(std::string_view text) {
  text = trim(text);
  for (const std::string_view word : {"inf", "+inf", "-inf"})
    if (text == word) return Split{word[0] == '-' ? -INFINITY : INFINITY, ""};
  // from_chars alone would also take "nan" and "infinity"
  const std::size_t sign = !text.empty() && (text[0] == '+' || text[0] == '-') ? 1 : 0;
  if (text.size() <= sign ||
      (!std::isdigit(static_cast<unsigned char>(text[sign])) && text[sign] != '.'))
    return std::nullopt;
  double number = 0;
  const char* begin = text.data() + (text[0] == '+' ? 1 : 0);
  const auto [end, error] = std::from_chars(begin, text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  const auto length = static_cast<std::size_t>(end - text.data());
  return Split{number, trim(text.substr(length))};
}

}  // namespace

Unit parse_unit(std::string_view text) { return UnitParser(trim(text)).parse(); }

bool is_quantity(std::string_view text) {
  const auto split = split_number(text);
  if (!split) return false;
  if (split->unit.empty()) return true;
  const auto first = static_cast<unsigned char>(split->unit.front());
  return std::isalpha(first) || first >= 0x80 || first == '%' || split->unit.starts_with("1/");
}

std::string expectation(std::string_view expected) {
  if (const Kind* kind = find_kind(parse_unit(expected).dimension))
    return fmt::format("{} is expected, such as \"{}\"", kind->name, kind->example);
  return fmt::format("a quantity in {} is expected", expected);
}

double parse_quantity(std::string_view text, std::string_view expected) {
  const auto split = split_number(text);
  if (!split)
    throw InputError(fmt::format("'{}' is not a number; {}", text, expectation(expected)));
  if (split->unit.empty()) return split->number;
  Unit unit;
  try {
    unit = parse_unit(split->unit);
  } catch (const InputError& error) {
    throw InputError(fmt::format("'{}': {}; {}", text, error.what(), expectation(expected)));
  }
  if (unit.dimension == parse_unit(expected).dimension) return split->number * unit.factor;
  const Kind* kind = find_kind(unit.dimension);
  const std::string given = kind ? kind->name : fmt::format("in {}", split->unit);
  throw InputError(fmt::format("'{}' is {}; {}", text, given, expectation(expected)));
}

double parse_any_quantity(std::string_view text) {
  const auto split = split_number(text);
  if (!split || !std::isfinite(split->number))
    throw InputError(
        fmt::format("'{}'; a finite number with a unit, such as \"17 meV nm\", is expected", text));
  return split->unit.empty() ? split->number : split->number * parse_unit(split->unit).factor;
}

std::string format_quantity(double value, std::string_view unit) {
  static constexpr Prefix steps[] = {{"f", 1e-15}, {"p", 1e-12}, {"n", 1e-9}, {"u", 1e-6},
                                     {"m", 1e-3},  {"", 1},      {"k", 1e3},  {"M", 1e6},
                                     {"G", 1e9},   {"T", 1e12}};
  const bool power_first = unit.size() > 1 && std::isdigit(static_cast<unsigned char>(unit[1]));
  const bool plain = unit.empty() || unit == "1" || unit.starts_with("kg") || power_first ||
                     !std::isalpha(static_cast<unsigned char>(unit[0])) || unit.starts_with("e2");
  const double size = std::abs(value);
  if (unit.empty() || unit == "1") return fmt::format("{:.4g}", value);
  if (plain || size == 0 || !std::isfinite(value) || size < 1e-15 || size >= 1e15)
    return fmt::format("{:.4g} {}", value, unit);
  const Prefix* best = steps;
  for (const Prefix& step : steps)
    if (size >= step.factor * 0.99995) best = &step;  // 999.95 is printed as 1000
  return fmt::format("{:.4g} {}{}", value / best->factor, best->name, unit);
}

const std::vector<std::pair<std::string, double>>& unit_constants() {
  static const auto constants = [] {
    std::vector<std::pair<std::string, double>> list;
    for (const char* name : {"nm",  "um",  "mm",  "m",  "fs", "ps", "ns", "us", "s",   "kHz",
                             "MHz", "GHz", "THz", "Hz", "uT", "mT", "T",  "uV", "mV",  "V",
                             "kV",  "meV", "eV",  "J",  "kJ", "A",  "kA", "K",  "deg", "rad"})
      list.emplace_back(name, parse_unit(name).factor);
    return list;
  }();
  return constants;
}

}  // namespace kubomag::io
