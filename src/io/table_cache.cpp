#include "io/table_cache.hpp"

#include <fmt/format.h>

#include <bit>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string_view>
#include <system_error>
#include <type_traits>

#include "io/atomic_file.hpp"
#include "kubomag/error.hpp"

namespace kubomag::io {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view magic = "kubomag torque tables 3\n";

/// FNV-1a; any single changed byte changes it.
std::uint64_t hash_of(std::string_view bytes) {
  std::uint64_t hash = 14695981039346656037ull;
  for (const char c : bytes) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 1099511628211ull;
  }
  return hash;
}

class Writer {
 public:
  template <class T>
  requires std::is_trivially_copyable_v<T>
  void add(const T& value) { bytes_.append(reinterpret_cast<const char*>(&value), sizeof value); }
  template <class T>
  void add(const std::vector<T>& values) {
    add(static_cast<std::uint64_t>(values.size()));
    for (const T& value : values) add(value);
  }
  void add(const std::string& text) { add(std::vector<char>(text.begin(), text.end())); }

  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

struct Unreadable {};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  template <class T>
  requires std::is_trivially_copyable_v<T>
  void get(T& value) { std::memcpy(&value, take(sizeof value).data(), sizeof value); }
  template <class T>
  void get(std::vector<T>& values) {
    std::uint64_t count = 0;
    get(count);
    if (count > bytes_.size()) throw Unreadable{};  // each takes a byte at least
    values.resize(count);
    for (T& value : values) get(value);
  }
  void get(std::string& text) {
    std::vector<char> letters;
    get(letters);
    text.assign(letters.begin(), letters.end());
  }
  std::string_view take(std::size_t count) {
    if (count > bytes_.size()) throw Unreadable{};
    const std::string_view out = bytes_.substr(0, count);
    bytes_.remove_prefix(count);
    return out;
  }
  std::string_view rest() const { return bytes_; }

 private:
  std::string_view bytes_;
};

/// Every field of the tables in turn: for writing and for reading.
template <class Archive, class Tables>
void visit(Archive& archive, Tables& built) {
  auto& t = built.tables;
  archive(t.drive);
  auto count = static_cast<std::uint64_t>(t.tables.size());
  archive(count);
  if constexpr (!std::is_const_v<Tables>) {
    if (count > 1'000'000) throw Unreadable{};
    t.tables.resize(count);
  }
  for (auto& h : t.tables) {
    archive(h.frame), archive(h.even), archive(h.jumps), archive(h.intervals), archive(h.buckets);
    archive(h.cells), archive(h.first_break), archive(h.first_bucket), archive(h.first_jump);
    archive(h.first_cell), archive(h.first_node), archive(h.first_box), archive(h.first_cubic);
    archive(h.first_chart), archive(h.first_axis), archive(h.begin), archive(h.end),
        archive(h.Delta_sd);
  }
  archive(t.breaks), archive(t.buckets), archive(t.jump_angles), archive(t.axes);
  archive(t.charts), archive(t.curves);
  archive(t.cells), archive(t.nodes), archive(t.splits), archive(t.boxes), archive(t.spin);
  archive(t.charge), archive(t.error), archive(built.warnings);
}

std::string packed(const std::string& fingerprint, const std::string& description,
                   const BuiltTables& built) {
  Writer writer;
  writer.add(std::endian::native);
  writer.add(fingerprint);
  writer.add(description);
  const auto add = [&](const auto& value) { writer.add(value); };
  visit(add, built);
  const std::string content = writer.take();
  Writer file;
  file.add(hash_of(content));
  return std::string(magic) + file.take() + content;
}

BuiltTables unpacked(std::string_view file, const std::string& fingerprint,
                     const std::string& description) {
  Reader reader(file);
  if (reader.take(magic.size()) != magic) throw Unreadable{};
  std::uint64_t hash = 0;
  reader.get(hash);
  if (hash != hash_of(reader.rest())) throw Unreadable{};
  std::endian endian{};
  std::string of_build, of_film;
  reader.get(endian), reader.get(of_build), reader.get(of_film);
  if (endian != std::endian::native || of_build != fingerprint || of_film != description)
    throw Unreadable{};
  BuiltTables built;
  const auto get = [&](auto& value) { reader.get(value); };
  visit(get, built);
  if (!reader.rest().empty()) throw Unreadable{};
  return built;
}

}  // namespace

std::optional<fs::path> table_cache_folder() {
  const auto variable = [](const char* name) {
    const char* value = std::getenv(name);
    return std::string(value ? value : "");
  };
  if (const std::string own = variable("KUBOMAG_CACHE"); !own.empty()) {
    if (own == "off") return {};
    return own;
  }
  // Of the XDG specification: a path that is not absolute is to be ignored.
  if (const fs::path cache = variable("XDG_CACHE_HOME"); cache.is_absolute())
    return cache / "kubomag";
  if (const fs::path home = variable("HOME"); home.is_absolute()) return home / ".cache/kubomag";
  return {};
}

TableCache::TableCache(fs::path folder, std::string fingerprint)
    : folder_(std::move(folder)), fingerprint_(std::move(fingerprint)) {}

fs::path TableCache::file_of(const std::string& description) const {
  return folder_ / fmt::format("{:016x}.tables", hash_of(fingerprint_ + "\n" + description));
}

std::optional<BuiltTables> TableCache::find(const std::string& description) const {
  std::ifstream file(file_of(description), std::ios::binary);
  if (!file) return {};
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (file.bad()) return {};
  try {
    return unpacked(bytes, fingerprint_, description);
  } catch (const Unreadable&) {
    return {};
  }
}

void TableCache::keep(const std::string& description, const BuiltTables& built) const {
  std::error_code ignored;
  fs::create_directories(folder_, ignored);
  try {
    write_file(file_of(description), packed(fingerprint_, description, built));
  } catch (const RunError&) {
    // Tables are made again next time.
  }
}

BuiltTables cached_tables(const std::string& description,
                          const std::function<BuiltTables()>& build) {
  const std::optional<fs::path> folder = table_cache_folder();
  if (!folder) return build();
  const TableCache cache(*folder);
  if (std::optional<BuiltTables> found = cache.find(description)) return *std::move(found);
  BuiltTables built = build();
  cache.keep(description, built);
  return built;
}

}  // namespace kubomag::io
