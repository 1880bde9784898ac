#pragma once
// A TOML file walked table by table. Every error carries file, line and key; keys that nobody
// asked for are errors, so that a misspelt key never passes silently.
#include <toml++/toml.h>

#include <filesystem>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kubomag::io {

class ConfigTable;

/// A text of the file that only a later part can judge, and its ConfigValue::place().
struct Placed {
  std::string text, place;
};

namespace detail {
struct ConfigState;
}

/// One value of the file with its key path ("material.Msat"). All readers throw InputError
/// "file:line: path: what is wrong; what is allowed".
class ConfigValue {
 public:
  ConfigValue(std::shared_ptr<detail::ConfigState> state, const toml::node& node, std::string path);

  const std::string& path() const { return path_; }
  bool is_number() const { return node_->is_number(); }
  bool is_text() const { return node_->is_string(); }
  bool is_table() const { return node_->is_table(); }
  bool is_array() const { return node_->is_array(); }

  /// A number in SI or a string with a unit; `unit` is the expected one in SI. Never NaN.
  double quantity(std::string_view unit) const;
  long integer() const;
  bool boolean() const;
  std::string text() const;
  /// The value as it stands in the file; keys below it are not looked at.
  std::string literal() const;
  /// A text that names a file, relative to the folder of the configuration file.
  std::filesystem::path file() const;
  /// An array with `count` elements; 0: any number.
  std::vector<ConfigValue> elements(std::size_t count) const;
  ConfigTable table() const;
  /// The index of the text in `names`.
  std::size_t choice(const std::vector<std::string_view>& names) const;

  /// Runs `read` and gives an InputError thrown by it this value's place.
  template <class F>
  auto located(F read) const;
  [[noreturn]] void fail(const std::string& message) const;
  /// "file:line: path", for what can be told only later to be wrong.
  std::string place() const;

 private:
  std::shared_ptr<detail::ConfigState> state_;
  const toml::node* node_;
  std::string path_;
};

class ConfigTable {
 public:
  ConfigTable(std::shared_ptr<detail::ConfigState> state, const toml::table& table,
              std::string path);

  /// The value of `key`, or nothing. The key counts as known from now on.
  std::optional<ConfigValue> find(const std::string& key) const;
  bool has(const std::string& key) const { return find(key).has_value(); }
  /// The value of `key`; missing: an error that suggests a key misspelt nearby.
  ConfigValue operator[](const std::string& key) const;

  /// All keys that the file gives, for tables whose keys are names of the user's own.
  std::vector<std::string> keys() const;

  std::optional<ConfigTable> table(const std::string& key) const;
  /// The tables of [[key]], the one of [key], or none.
  std::vector<ConfigTable> tables(const std::string& key) const;

  double quantity(const std::string& key, std::string_view unit) const;
  double quantity(const std::string& key, std::string_view unit, double fallback) const;
  long integer(const std::string& key, long fallback) const;
  bool boolean(const std::string& key, bool fallback) const;
  std::string text(const std::string& key, const std::string& fallback) const;
  /// The index in `names` of the text at `key`; missing: 0.
  std::size_t choice(const std::string& key, std::initializer_list<std::string_view> names) const;

  [[noreturn]] void fail(const std::string& message) const;

 private:
  friend class ConfigFile;

  std::string key_path(const std::string& key) const;
  void refuse_near_miss(const std::string& key) const;

  std::shared_ptr<detail::ConfigState> state_;
  const toml::table* table_;
  std::string path_;
};

class ConfigFile {
 public:
  /// Throws InputError if the file cannot be read or is not TOML.
  explicit ConfigFile(const std::filesystem::path& path);
  /// The same of `text` as if it stood in the file `path`, whose folder file names are relative to.
  ConfigFile(const std::filesystem::path& path, std::string text);

  ConfigTable root() const;
  const std::string& content() const;

  /// Reads one section; an InputError is kept and the others are read all the same.
  void attempt(const std::string& section, const std::function<void()>& read);
  /// Throws one InputError with everything that was kept; for errors that the other sections cannot
  /// be read without.
  void throw_kept() const;
  /// Throws one InputError with everything that was kept and every key that was not asked for,
  /// one line each, in the order of the file.
  void finish() const;

 private:
  std::shared_ptr<detail::ConfigState> state_;
};

namespace detail {
/// Adds the place of `value` to the error that is being handled and throws it on.
[[noreturn]] void rethrow_located(const ConfigValue& value);
}  // namespace detail

template <class F>
auto ConfigValue::located(F read) const {
  try {
    return read();
  } catch (...) {
    detail::rethrow_located(*this);
  }
}

}  // namespace kubomag::io
