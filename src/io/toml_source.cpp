#include "io/toml_source.hpp"

namespace kubomag::io {
namespace {

/// Lines and columns count from 1; columns count code points, not bytes.
std::size_t offset(std::string_view text, toml::source_position position) {
  std::size_t at = 0;
  for (toml::source_index line = 1; line < position.line; ++line) at = text.find('\n', at) + 1;
  for (toml::source_index column = 1; column < position.column && at < text.size(); ++column) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) ++at;
  }
  return at;
}

}  // namespace

TextRange text_range(std::string_view text, const toml::source_region& region) {
  return {offset(text, region.begin), offset(text, region.end)};
}

}  // namespace kubomag::io
