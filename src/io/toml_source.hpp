#pragma once
// Where the values of a TOML file stand in its text.
#include <toml++/toml.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace kubomag::io {

/// Bytes [begin, end) of a text.
struct TextRange {
  std::size_t begin = 0, end = 0;
};

/// The range of a parsed node in the text that it was parsed from.
TextRange text_range(std::string_view text, const toml::source_region& region);

}  // namespace kubomag::io
