#include "io/number_text.hpp"

#include <fmt/format.h>

#include <cmath>

namespace kubomag::io {
namespace {

bool takes_prefix(const std::string& unit) {
  if (unit.empty() || unit == "1" || unit == "deg") return false;
  const std::size_t end =
      unit.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
  if (end == 0) return false;
  // A prefix would be raised to the power as well: 1 mm2 is not 1e-3 m2.
  return end == std::string::npos || unit.find_first_of("0123456789^-", end) != end;
}

}  // namespace

SiPrefix si_prefix(double value, const std::string& unit) {
  static const char* const symbols[] = {"a", "f", "p", "n", "\u00b5", "m", "",
                                        "k", "M", "G", "T", "P",      "E"};
  constexpr int none = 6;
  const double size = std::abs(value);
  if (!takes_prefix(unit) || !std::isfinite(size) || size == 0) return {};
  // A hair above, so that 999.9999 reads 1 k and 1e-9 does not become 1000 p.
  const int power = static_cast<int>(std::floor(std::log10(size * 1.0005) / 3));
  if (power < -none || power > none) return {};
  return {std::pow(10.0, 3 * power), symbols[power + none]};
}

std::string si_text(double value, const std::string& unit) {
  const SiPrefix prefix = si_prefix(value, unit);
  const std::string number = fmt::format("{:.3g}", value / prefix.factor);
  const std::string symbol = prefix.symbol + (unit == "1" ? "" : unit);
  return symbol.empty() ? number : number + " " + symbol;
}

double round_length(double length) {
  const double power = std::pow(10.0, std::floor(std::log10(length) + 1e-9));
  for (const double factor : {5.0, 2.0})
    if (factor * power <= length * (1 + 1e-9)) return factor * power;
  return power;
}

std::vector<double> axis_ticks(double low, double high, int count) {
  const double wish = (high - low) / count;
  double step = round_length(wish);
  if (step < wish * (1 - 1e-9)) step = round_length(2.5 * step * (1 + 1e-6));
  std::vector<double> ticks;
  const double slack = 1e-9 * (high - low);
  for (double i = std::ceil((low - slack) / step); i * step <= high + slack; ++i)
    ticks.push_back(i == 0 ? 0.0 : i * step);
  return ticks;
}

}  // namespace kubomag::io
