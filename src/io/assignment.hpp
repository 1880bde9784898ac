#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace kubomag::io {

/// Where a formula has a single =, which muParser would take for an assignment: it would change the
/// variable.
inline std::optional<std::size_t> find_assignment(const std::string& text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '=') continue;
    if (i + 1 < text.size() && text[i + 1] == '=') {
      ++i;
      continue;
    }
    if (i > 0 && std::string_view("<>!").find(text[i - 1]) != std::string_view::npos) continue;
    return i;
  }
  return std::nullopt;
}

}  // namespace kubomag::io
