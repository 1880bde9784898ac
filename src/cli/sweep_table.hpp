#pragma once
// The table of a sweep, table.txt in its folder: a row for every point that is done, in the order
// of the points. The file is replaced as a whole each time, so that it is complete at any moment.
#include <filesystem>
#include <map>
#include <vector>

#include "io/config_sweep.hpp"
#include "io/table.hpp"

namespace kubomag::cli {

class SweepTable {
 public:
  /// `numbers`: the observed ones. `sweep` must outlive this object.
  SweepTable(const io::SweepConfig& sweep, const std::vector<io::Column>& numbers);

  void add(std::size_t point, const std::vector<double>& values) { rows_[point] = values; }
  bool has(std::size_t point) const { return rows_.contains(point); }
  std::size_t size() const { return rows_.size(); }
  io::Table table() const;

  /// Takes the rows of an earlier file of this sweep. Throws InputError if it is of another one.
  void resume(const std::filesystem::path& path);

  /// Pictures of the observed numbers into `folder`: a curve over one axis, a map over two, one for
  /// each pair of values of the further axes.
  void write_pictures(const std::filesystem::path& folder) const;

 private:
  void write_curve(const std::filesystem::path& folder, std::size_t number) const;
  void write_map(const std::filesystem::path& path, std::size_t number, std::size_t first,
                 const std::string& title) const;

  const io::SweepConfig& sweep_;
  std::vector<io::Column> numbers_;
  std::map<std::size_t, std::vector<double>> rows_;
};

}  // namespace kubomag::cli
