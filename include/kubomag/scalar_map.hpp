#pragma once
// A parameter of the film: one value everywhere, or one per cell (row-major, x fastest).
#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace kubomag {

class ScalarMap {
 public:
  ScalarMap(double value = 0) : value_(value) {}
  explicit ScalarMap(std::vector<double> per_cell) : cells_(std::move(per_cell)) {
    if (!cells_.empty() && std::equal(cells_.begin() + 1, cells_.end(), cells_.begin())) {
      value_ = cells_.front();
      cells_.clear();
    }
  }

  bool uniform() const { return cells_.empty(); }
  double operator()(std::size_t cell) const { return uniform() ? value_ : cells_[cell]; }
  const std::vector<double>& cells() const { return cells_; }
  double min() const {
    return uniform() ? value_ : *std::min_element(cells_.begin(), cells_.end());
  }
  double max() const {
    return uniform() ? value_ : *std::max_element(cells_.begin(), cells_.end());
  }

  /// The map f(a, b, ...) of every cell; uniform where all inputs are.
  template <class F, class... Maps>
  static ScalarMap combine(F f, const Maps&... maps) {
    const std::size_t count = std::max({maps.cells_.size()...});
    if (count == 0) return ScalarMap(f(maps(0)...));
    std::vector<double> out(count);
    for (std::size_t i = 0; i < count; ++i) out[i] = f(maps(i)...);
    return ScalarMap(std::move(out));
  }

 private:
  double value_ = 0;
  std::vector<double> cells_;
};

}  // namespace kubomag
