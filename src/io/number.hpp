#pragma once
// Numbers in text files: independent of the locale, exact in both directions.
#include <charconv>
#include <optional>
#include <string_view>

namespace kubomag::io {

/// The number that `text` spells from its first to its last character, nothing otherwise.
template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  Number number{};
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || rest != end) return std::nullopt;
  return number;
}

}  // namespace kubomag::io
