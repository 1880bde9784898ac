#include "io/table.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <iterator>
#include <string_view>
#include <utility>

#include "io/atomic_file.hpp"
#include "io/number.hpp"
#include "io/read_file.hpp"
#include "kubomag/error.hpp"

namespace kubomag::io {
namespace {

std::string header_line(const std::vector<Column>& columns) {
  if (columns.empty()) throw InputError("a table without columns (at least one is needed)");
  std::string line = "# ";
  for (const Column& column : columns) {
    const bool plain = column.name.find_first_of("\t\n\r(") == std::string::npos &&
                       column.unit.find_first_of("\t\n\r()") == std::string::npos;
    if (column.name.empty() || !plain)
      throw InputError(
          fmt::format("table column \"{}\" with unit \"{}\" (names are not empty; tabs, "
                      "line ends and brackets are not allowed)",
                      column.name, column.unit));
    if (line.size() > 2) line += '\t';
    line += fmt::format("{} ({})", column.name, column.unit);
  }
  return line + '\n';
}

std::vector<std::string_view> split(std::string_view line) {
  std::vector<std::string_view> words;
  for (std::size_t tab = 0; tab != std::string_view::npos;) {
    tab = line.find('\t');
    words.push_back(line.substr(0, tab));
    if (tab != std::string_view::npos) line.remove_prefix(tab + 1);
  }
  return words;
}

class TableReader {
 public:
  TableReader(std::string_view bytes, std::string name) : bytes_(bytes), name_(std::move(name)) {}

  Table read() {
    std::string_view line;
    if (!next_line(line)) fail("the file has no header line");
    read_header(line);
    while (next_line(line)) read_row(line);
    return std::move(table_);
  }

 private:
  [[noreturn]] void fail(const std::string& why) const {
    throw InputError(fmt::format("{}:{}: {}", name_, line_, why));
  }

  bool next_line(std::string_view& line) {
    const std::size_t end = bytes_.find('\n', at_);
    if (end == std::string_view::npos) return false;
    line = bytes_.substr(at_, end - at_);
    if (line.ends_with('\r')) line.remove_suffix(1);
    at_ = end + 1;
    ++line_;
    return true;
  }

  void read_header(std::string_view line) {
    if (!line.starts_with("# ")) fail("the first line is not a header (\"# t (s)<tab>mx ()...\")");
    for (const std::string_view word : split(line.substr(2))) {
      const std::size_t open = word.find(" (");
      if (open == 0 || open == std::string_view::npos || !word.ends_with(')'))
        fail(fmt::format("column {} of the header is not of the form \"name (unit)\"",
                         table_.columns.size() + 1));
      table_.columns.push_back({std::string(word.substr(0, open)),
                                std::string(word.substr(open + 2, word.size() - open - 3))});
    }
    table_.data.resize(table_.columns.size());
  }

  void read_row(std::string_view line) {
    const auto words = split(line);
    if (words.size() != table_.columns.size())
      fail(fmt::format("the row has {} numbers ({} columns need as many)", words.size(),
                       table_.columns.size()));
    for (std::size_t c = 0; c < words.size(); ++c) {
      const auto number = parse_number<double>(words[c]);
      if (!number) fail(fmt::format("column {} is not a number", table_.columns[c].name));
      table_.data[c].push_back(*number);
    }
  }

  std::string_view bytes_;
  std::string name_;
  std::size_t at_ = 0;
  long line_ = 0;
  Table table_;
};

/// Length of the header and the first `rows` rows in bytes.
std::size_t length_of_rows(const std::string& bytes, std::size_t rows) {
  std::size_t end = bytes.find('\n') + 1;
  for (std::size_t row = 0; row < rows; ++row) end = bytes.find('\n', end) + 1;
  return end;
}

}  // namespace

std::size_t Table::find(const std::string& name) const {
  std::string names;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    if (columns[c].name == name) return c;
    names += (c > 0 ? ", " : "") + columns[c].name;
  }
  throw InputError(fmt::format("the table has no column {} (it has {})", name, names));
}

Table read_table(const std::filesystem::path& path) {
  const std::string bytes = read_file(path);
  return TableReader(bytes, path.string()).read();
}

void write_table(const std::filesystem::path& path, const Table& table) {
  std::string text = header_line(table.columns);
  for (std::size_t row = 0; row < table.rows(); ++row)
    for (std::size_t c = 0; c < table.columns.size(); ++c)
      fmt::format_to(std::back_inserter(text), "{}{}", table.data[c][row],
                     c + 1 < table.columns.size() ? '\t' : '\n');
  write_file(path, text);
}

TableWriter::TableWriter(FileHandle file, std::size_t columns, std::size_t rows)
    : file_(std::move(file)), columns_(columns), rows_(rows) {}

TableWriter::TableWriter(const std::filesystem::path& path, const std::vector<Column>& columns)
    : columns_(columns.size()) {
  const std::string line = header_line(columns);
  file_ = FileHandle(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND);
  write_whole(line);
}

TableWriter TableWriter::resume(const std::filesystem::path& path,
                                const std::vector<Column>& columns, std::size_t rows) {
  const std::string bytes = read_file(path);
  const Table table = TableReader(bytes, path.string()).read();
  if (table.columns != columns)
    throw InputError(
        fmt::format("cannot continue {} (its columns are not those of this run)", path.string()));
  if (table.rows() < rows)
    throw InputError(
        fmt::format("cannot continue {} (it has {} rows, the checkpoint was written "
                    "after {})",
                    path.string(), table.rows(), rows));
  FileHandle file(path, O_WRONLY | O_APPEND);
  file.truncate(static_cast<long long>(length_of_rows(bytes, rows)));
  return TableWriter(std::move(file), columns.size(), rows);
}

void TableWriter::append(const std::vector<double>& row) {
  if (row.size() != columns_)
    throw InputError(
        fmt::format("a table row of {} numbers ({} columns need as many)", row.size(), columns_));
  std::string line;
  for (const double number : row)
    fmt::format_to(std::back_inserter(line), "{}{}", line.empty() ? "" : "\t", number);
  write_whole(line + '\n');
  ++rows_;
}

/// A full disk may take half a row: that half goes again, so that the table stays readable.
void TableWriter::write_whole(const std::string& line) {
  const long long before = file_.size();
  try {
    file_.write(line);
  } catch (...) {
    try {
      file_.truncate(before);
    } catch (const RunError&) {
      // The first error is the one to report.
    }
    throw;
  }
}

}  // namespace kubomag::io
