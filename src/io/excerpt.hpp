#pragma once
#include <algorithm>
#include <string>

namespace kubomag::io {

/// `text` for a message: long ones are cut to what is around the character `place`.
inline std::string excerpt(const std::string& text, std::size_t place = 0) {
  constexpr std::size_t most = 200;
  if (text.size() <= most) return text;
  const std::size_t begin = std::min(place > most / 2 ? place - most / 2 : 0, text.size() - most);
  return (begin > 0 ? "..." : "") + text.substr(begin, most) +
         (begin + most < text.size() ? "..." : "");
}

}  // namespace kubomag::io
