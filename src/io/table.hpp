#pragma once
// table.txt: one row per output time, in the form of mumax3 that pandas, gnuplot and Ubermag read:
// "# t (s)<tab>mx ()<tab>my ()...", every name with its unit, then numbers separated by tabs.
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "io/file_handle.hpp"

namespace kubomag::io {

struct Column {
  std::string name, unit;  // unit "" is dimensionless
  bool operator==(const Column&) const = default;
};

struct Table {
  std::vector<Column> columns;
  std::vector<std::vector<double>> data;  // [column][row]

  std::size_t rows() const { return data.empty() ? 0 : data.front().size(); }
  /// Position of the column `name`; throws InputError that lists the names there are.
  std::size_t find(const std::string& name) const;
};

/// Reads a table. Throws InputError with file and line for a bad header, number or row.
/// A last line without its line end (a writer at work or killed) is left out.
Table read_table(const std::filesystem::path& path);

/// Writes a whole table, atomically. Errors as of TableWriter.
void write_table(const std::filesystem::path& path, const Table& table);

/// A table that grows row by row. Each row is one write at the end of the file, so that readers of
/// a run in progress see whole rows. Numbers are the shortest that read back to the same double.
/// Throws InputError for names or row lengths that do not fit, RunError when writing fails.
class TableWriter {
 public:
  /// A new file with the header line; an earlier file of that name is replaced.
  TableWriter(const std::filesystem::path& path, const std::vector<Column>& columns);
  /// Continues a file that must have these columns; everything behind its first `rows` rows goes.
  static TableWriter resume(const std::filesystem::path& path, const std::vector<Column>& columns,
                            std::size_t rows);

  void append(const std::vector<double>& row);
  /// Brings the rows to the disk: to be called before a checkpoint counts on them.
  void sync() { file_.sync(); }
  std::size_t rows() const { return rows_; }

 private:
  TableWriter(FileHandle file, std::size_t columns, std::size_t rows);
  void write_whole(const std::string& line);

  FileHandle file_;
  std::size_t columns_ = 0, rows_ = 0;
};

}  // namespace kubomag::io
