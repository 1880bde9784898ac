#pragma once
// Numbers for people: SI prefixes and round axis values.
#include <string>
#include <vector>

namespace kubomag::io {

/// A factor of 1000^n with its symbol: value / factor in "prefix + unit".
struct SiPrefix {
  double factor = 1;
  std::string symbol;
};

/// The prefix that brings |value| into [1, 1000), none for units that cannot carry one ("", "1",
/// "deg", powers such as m2/s) and for numbers beyond atto and exa.
SiPrefix si_prefix(double value, const std::string& unit);

/// Three significant digits with prefix and unit: "12.3 mT", "-200 nm", "0.5".
std::string si_text(double value, const std::string& unit);

/// The largest of 1, 2, 5 times a power of ten that is not above `length` (> 0).
double round_length(double length);

/// Round axis values inside [low, high] (low < high), a multiple of 1, 2 or 5 times a power of ten
/// apart, at most about `count` of them.
std::vector<double> axis_ticks(double low, double high, int count);

}  // namespace kubomag::io
