#include "analysis/reductions.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "analysis/film_view.hpp"

namespace kubomag {

std::vector<Observable> reduced_columns(const Reduction& reduction, const Quantity& quantity) {
  const std::string cells = reduction.name.empty() ? "" : "_" + reduction.name;
  if (reduction.take == Reduction::Take::max)
    return {{"max_" + quantity.name + cells, quantity.unit}};
  if (quantity.components == 1) return {{quantity.name + cells, quantity.unit}};
  std::vector<Observable> columns;
  const std::string joint = quantity.name == "m" ? "" : "_";  // mx as in every table
  for (int c = 0; c < quantity.components; ++c)
    columns.push_back({quantity.name + joint + "xyz"[c] + cells, quantity.unit});
  return columns;
}

std::vector<double> reduced(const Reduction& reduction, const Grid& grid, const ScalarMap& Msat,
                            const std::vector<double>& values) {
  const std::size_t n = grid.cells(), components = values.size() / n;
  const auto counts = [&](std::size_t i) { return Msat(i) > 0 && reduction.where(i) != 0; };
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  if (reduction.take == Reduction::Take::max) {
    double largest = none;
    for (std::size_t i = 0; i < n; ++i) {
      if (!counts(i)) continue;
      double square = 0;
      for (std::size_t c = 0; c < components; ++c) square += values[c * n + i] * values[c * n + i];
      largest = std::fmax(largest, std::sqrt(square));
    }
    return {largest};
  }
  std::size_t first = 0;
  while (first < n && !counts(first)) ++first;
  if (first == n) return std::vector<double>(components, none);
  // differences from one of the cells: the mean of equal values is that value
  const std::array<double, 4> sums = sum_over_film<4>(grid, [&](int ix, int iy) {
    std::array<double, 4> cell{};
    const std::size_t i = grid.index(ix, iy);
    if (!counts(i)) return cell;
    for (std::size_t c = 0; c < components; ++c)
      cell[c] = values[c * n + i] - values[c * n + first];
    cell[3] = 1;
    return cell;
  });
  std::vector<double> means;
  for (std::size_t c = 0; c < components; ++c)
    means.push_back(values[c * n + first] + sums[c] / sums[3]);
  return means;
}

}  // namespace kubomag
