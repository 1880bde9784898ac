#pragma once
// Tables of numbers in text files: one row per line, '#' begins a comment.
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace kubomag::test {

inline std::vector<std::vector<double>> read_columns(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error(path + " cannot be read");
  std::vector<std::vector<double>> rows;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::istringstream words(line);
    std::vector<double> row;
    for (double value; words >> value;) row.push_back(value);
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace kubomag::test
