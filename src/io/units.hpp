#pragma once
// Quantities with units: "4 nm", "20 meV", "10 kJ/m3", "1.7595e11 rad/(T s)".
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kubomag::io {

/// Exponents of m, kg, s, A, K and rad. The radian counts as a base unit so that an angular
/// frequency cannot be taken for a frequency.
struct Dimension {
  std::array<int, 6> exponents{};

  friend bool operator==(const Dimension&, const Dimension&) = default;
};

/// A unit: its size in SI base units and its dimension.
struct Unit {
  double factor = 1;
  Dimension dimension;
};

/// Parses products, quotients, powers and parentheses of SI units with prefixes: "A/m", "J/m3",
/// "m^2/s", "rad/(T s)", "1". Throws InputError for an unknown symbol or a broken expression.
Unit parse_unit(std::string_view text);

/// True if `text` is a number, alone or followed by a unit (right or wrong); false for anything
/// else, such as a formula.
bool is_quantity(std::string_view text);

/// The value of "number unit" in SI. `expected` is the SI unit that gives the dimension ("m",
/// "A/m", "1"). A number without a unit is SI; "inf" and "-inf" have every dimension. Throws
/// InputError that names what was given, what is expected and an example.
double parse_quantity(std::string_view text, std::string_view expected);

/// The same for a finite number in any unit. Throws InputError.
double parse_any_quantity(std::string_view text);

/// "a length is expected, such as \"4 nm\"", for the SI unit `expected`.
std::string expectation(std::string_view expected);

/// A value in SI with the prefix that suits it: format_quantity(4e-9, "m") is "4 nm". Four
/// significant digits; the prefix goes to the first symbol of the unit. Units that start with a
/// kilogram, a power or a number get none.
std::string format_quantity(double value, std::string_view unit);

/// Units as named factors for formulas: nm, ps, GHz, mT, meV, kV, deg, ...
const std::vector<std::pair<std::string, double>>& unit_constants();

}  // namespace kubomag::io
