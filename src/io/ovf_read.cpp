#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <map>
#include <utility>

#include "io/number.hpp"
#include "io/ovf.hpp"
#include "io/read_file.hpp"
#include "kubomag/error.hpp"

namespace kubomag::io {
namespace {

constexpr std::string_view blanks = " \t\r\n\v\f";

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

/// "Data  Binary   4" and "data binary 4" are the same to OVF.
std::string normalised(std::string_view text) {
  std::string out;
  for (const char c : lower(trimmed(text))) {
    const bool blank = blanks.find(c) != std::string_view::npos;
    if (!blank) out += c;
    if (blank && out.back() != ' ') out += ' ';
  }
  return out;
}

/// Text that quotes a file in a message: short, and printable whatever the file holds.
std::string excerpt(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, 40)) out += c >= ' ' && c <= '~' ? c : '?';
  return out;
}

/// Splits an OVF 2.0 list: words, {several words}, {} for an empty one.
std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> words;
  while (!(text = trimmed(text)).empty()) {
    const bool braced = text.front() == '{';
    if (braced) text.remove_prefix(1);
    const std::size_t end =
        std::min(braced ? text.find('}') : text.find_first_of(blanks), text.size());
    words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

class OvfReader {
 public:
  OvfReader(std::string_view bytes, std::string name) : bytes_(bytes), name_(std::move(name)) {}

  OvfField read() {
    read_version();
    read_header();
    fill_mesh();
    fill_names();
    if (format_ == "data text") {
      read_text();
    } else if (format_ == "data binary 4") {
      read_binary<float, std::uint32_t>(1234567.0F);
    } else if (format_ == "data binary 8") {
      read_binary<double, std::uint64_t>(123456789012345.0);
    } else {
      fail(fmt::format("begins \"{}\" (Data Text, Data Binary 4, Data Binary 8 are allowed)",
                       excerpt(format_)));
    }
    expect_end();
    return std::move(field_);
  }

 private:
  struct Entry {
    std::string value;
    long line = 0;
  };

  [[noreturn]] void fail(const std::string& why, long line = 0) const {
    throw InputError(fmt::format("{}:{}: {}", name_, line > 0 ? line : line_, why));
  }

  std::string_view next_line() {
    if (at_ >= bytes_.size()) fail("the file ends in its header (it is cut short)");
    const std::size_t end = std::min(bytes_.find('\n', at_), bytes_.size());
    const std::string_view line = bytes_.substr(at_, end - at_);
    at_ = std::min(end + 1, bytes_.size());
    ++line_;
    return line;
  }

  void read_version() {
    const std::string line = normalised(next_line());
    if (line == "# oommf ovf 2.0") {
      version_ = 2;
    } else if (line == "# oommf: rectangular mesh v1.0" || line == "# oommf ovf 1.0") {
      version_ = 1;
    } else {
      fail(fmt::format("\"{}\" is not the first line of an OVF 1.0 or 2.0 file", excerpt(line)));
    }
  }

  /// Every "# key: value" up to "# Begin: Data ...".
  void read_header() {
    while (true) {
      std::string_view line = trimmed(next_line());
      line = line.substr(0, line.find("##"));
      if (line.empty()) continue;
      if (line.front() != '#') fail(fmt::format("\"{}\" is not a header line", excerpt(line)));
      line.remove_prefix(1);
      const std::size_t colon = line.find(':');
      if (colon == std::string_view::npos) continue;
      const std::string key = lower(trimmed(line.substr(0, colon)));
      const std::string_view value = trimmed(line.substr(colon + 1));
      if (key == "desc") field_.desc.emplace_back(value);
      if (key == "begin" && normalised(value).starts_with("data")) {
        format_ = normalised(value);
        return;
      }
      header_[key] = {std::string(value), line_};
    }
  }

  const Entry& entry(const std::string& key) const {
    const auto found = header_.find(key);
    if (found == header_.end()) fail(fmt::format("the header has no {}", key));
    return found->second;
  }

  std::string optional_value(const std::string& key) const {
    const auto found = header_.find(key);
    return found == header_.end() ? "" : found->second.value;
  }

  int count(const std::string& key) const {
    const auto number = parse_number<int>(entry(key).value);
    if (!number || *number < 1)
      fail(fmt::format("{}: {} (must be a whole number of at least 1)", key,
                       excerpt(entry(key).value)),
           entry(key).line);
    return *number;
  }

  double length(const std::string& key, bool positive) const {
    const auto number = parse_number<double>(entry(key).value);
    if (!number || !std::isfinite(*number) || (positive && *number <= 0))
      fail(fmt::format("{}: {} (must be a {}number)", key, excerpt(entry(key).value),
                       positive ? "positive " : ""),
           entry(key).line);
    return *number;
  }

  void fill_mesh() {
    const auto only = [this](const char* key, const char* allowed) {
      const std::string value = optional_value(key);
      if (!value.empty() && lower(value) != allowed)
        fail(fmt::format("{}: {} (only {} can be read)", key, excerpt(value), allowed),
             entry(key).line);
    };
    only("segment count", "1");
    only("meshtype", "rectangular");
    only("meshunit", "m");
    field_.nx = count("xnodes"), field_.ny = count("ynodes"), field_.nz = count("znodes");
    field_.dx = length("xstepsize", true);
    field_.dy = length("ystepsize", true);
    field_.dz = length("zstepsize", true);
    field_.xbase = length("xbase", false);
    field_.ybase = length("ybase", false);
    field_.zbase = length("zbase", false);
    field_.components = version_ == 2 ? count("valuedim") : 3;
    if (field_.components > 3)
      fail(fmt::format("valuedim: {} (1, 2 and 3 can be read)", field_.components),
           entry("valuedim").line);
  }

  void fill_names() {
    field_.title = optional_value("title");
    const auto components = static_cast<std::size_t>(field_.components);
    field_.labels = split_list(optional_value("valuelabels"));
    field_.units = split_list(optional_value(version_ == 2 ? "valueunits" : "valueunit"));
    if (version_ == 1) field_.units.resize(1);
    if (field_.labels.size() != components) {
      field_.labels.clear();
      for (std::size_t c = 0; c < components; ++c)
        field_.labels.push_back(components == 1 ? "value" : std::string(1, "xyz"[c]));
    }
    // One unit stands for all components, as OVF 1.0 has it and some OVF 2.0 writers keep it.
    if (field_.units.size() == 1) field_.units.resize(components, field_.units.front());
    field_.units.resize(components);
    for (std::string& unit : field_.units)
      if (unit == "1") unit.clear();
  }

  /// Makes room for the values, but only if the file can hold them: a header that promises too
  /// many cells must not exhaust the memory.
  std::size_t allocate(std::size_t bytes_per_value, std::size_t bytes_available) {
    const std::size_t room = bytes_available / bytes_per_value;
    const auto nx = static_cast<std::size_t>(field_.nx), ny = static_cast<std::size_t>(field_.ny);
    const auto nz = static_cast<std::size_t>(field_.nz);
    // Divisions, as the product of the node counts may overflow.
    if (room / nx / ny / nz < static_cast<std::size_t>(field_.components))
      fail(
          fmt::format("{} x {} x {} cells with {} components need more data than the file has (it "
                      "is cut short, or the node counts are wrong)",
                      field_.nx, field_.ny, field_.nz, field_.components));
    field_.values.resize(static_cast<std::size_t>(field_.components) * field_.cells());
    return field_.values.size();
  }

  void store(std::size_t position, double value) {
    const auto components = static_cast<std::size_t>(field_.components);
    field_.values[position % components * field_.cells() + position / components] = value;
  }

  double multiplier() const {
    return version_ == 1 && header_.contains("valuemultiplier") ? length("valuemultiplier", false)
                                                                : 1;
  }

  template <class Real, class Bits>
  Real binary_value() {
    Bits bits;
    std::memcpy(&bits, bytes_.data() + at_, sizeof bits);
    at_ += sizeof bits;
    // OVF 1.0 is big endian, OVF 2.0 little endian.
    const bool swap = (version_ == 1) == (std::endian::native == std::endian::little);
    if (swap) {
      char* raw = reinterpret_cast<char*>(&bits);
      std::reverse(raw, raw + sizeof bits);
    }
    return std::bit_cast<Real>(bits);
  }

  template <class Real, class Bits>
  void read_binary(Real check_value) {
    const std::size_t available = bytes_.size() - at_;
    if (available < sizeof(Real)) fail("the file ends before its data (it is cut short)");
    const Real first = binary_value<Real, Bits>();
    if (first != check_value)
      fail(
          fmt::format("the binary data begins with {} (the check value {} is expected: the file "
                      "is damaged or has the wrong byte order)",
                      first, check_value));
    const std::size_t values = allocate(sizeof(Real), available - sizeof(Real));
    const double factor = multiplier();
    for (std::size_t i = 0; i < values; ++i)
      store(i, factor * static_cast<double>(binary_value<Real, Bits>()));
  }

  /// The next word of the data, with the lines counted; empty at a '#' or the end of the file.
  std::string_view next_word() {
    for (; at_ < bytes_.size() && blanks.find(bytes_[at_]) != std::string_view::npos; ++at_)
      if (bytes_[at_] == '\n') ++line_;
    if (at_ >= bytes_.size() || bytes_[at_] == '#') return {};
    const std::size_t end = std::min(bytes_.find_first_of(blanks, at_), bytes_.size());
    const std::string_view word = bytes_.substr(at_, end - at_);
    at_ = end;
    return word;
  }

  void read_text() {
    ++line_;  // the reader stands on the first line of the data
    const std::size_t available = bytes_.size() - at_;
    const std::size_t values = allocate(2, available + 1);  // a digit and a separator each
    const double factor = multiplier();
    for (std::size_t i = 0; i < values; ++i) {
      const std::string_view word = next_word();
      if (word.empty())
        fail(
            fmt::format("the data ends after {} numbers ({} x {} x {} cells with {} components "
                        "need {})",
                        i, field_.nx, field_.ny, field_.nz, field_.components, values));
      const auto number = parse_number<double>(word);
      if (!number) fail(fmt::format("\"{}\" is not a number", excerpt(word)));
      store(i, factor * *number);
    }
  }

  void expect_end() {
    const std::string_view extra = next_word();
    if (!extra.empty())
      fail(
          fmt::format("\"{}\" follows the last value (the header promises {} x {} x {} cells with "
                      "{} components)",
                      excerpt(extra), field_.nx, field_.ny, field_.nz, field_.components));
    if (!normalised(bytes_.substr(at_, 80)).starts_with("# end: data"))
      fail("the data does not end with \"# End: Data\" (the file is cut short)");
  }

  std::string_view bytes_;
  std::string name_;
  std::size_t at_ = 0;
  long line_ = 0;
  int version_ = 2;
  std::string format_;
  std::map<std::string, Entry> header_;
  OvfField field_;
};

}  // namespace

std::optional<double> ovf_time(const OvfField& field) {
  for (const std::string_view line : field.desc) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string key = normalised(line.substr(0, colon));
    if (key != "total simulation time" && key != "time (s)") continue;
    const std::string_view value = trimmed(line.substr(colon + 1));
    const auto time = parse_number<double>(value.substr(0, value.find_first_of(blanks)));
    // OOMMF marks a time that it does not know as -1 or -2.
    if (time && *time >= 0) return time;
  }
  return std::nullopt;
}

OvfField parse_ovf(std::string_view bytes, const std::string& name) {
  return OvfReader(bytes, name).read();
}

OvfField read_ovf(const std::filesystem::path& path) {
  return parse_ovf(read_file(path), path.string());
}

}  // namespace kubomag::io
