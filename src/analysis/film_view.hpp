#pragma once
// m of a film as the analysis reads it, and sums over it that do not depend on the threads.
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

#include "kubomag/grid.hpp"
#include "kubomag/vec3.hpp"

namespace kubomag {

/// m of every cell (mx of all cells, then my, then mz; 0 in vacuum) on its grid. Holds references.
struct FilmView {
  const Grid& grid;
  const std::vector<double>& m;

  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  Vec3<double> operator[](std::size_t cell) const {
    const std::size_t n = grid.cells();
    return {m[cell], m[n + cell], m[2 * n + cell]};
  }
  bool magnetic(std::size_t cell) const {
    const std::size_t n = grid.cells();
    return m[cell] != 0 || m[n + cell] != 0 || m[2 * n + cell] != 0;
  }
  /// The magnetic cell at (ix, iy), through periodic edges; `none` beyond the film and in vacuum.
  std::size_t find(int ix, int iy) const {
    if (grid.periodic_x) ix = (ix + grid.nx) % grid.nx;
    if (grid.periodic_y) iy = (iy + grid.ny) % grid.ny;
    if (ix < 0 || iy < 0 || ix >= grid.nx || iy >= grid.ny) return none;
    const std::size_t cell = grid.index(ix, iy);
    return magnetic(cell) ? cell : none;
  }
  /// A difference of two positions, to the nearest periodic image [m].
  Vec2<double> shortest(Vec2<double> r) const {
    if (grid.periodic_x) r.x -= grid.size_x() * std::round(r.x / grid.size_x());
    if (grid.periodic_y) r.y -= grid.size_y() * std::round(r.y / grid.size_y());
    return r;
  }
};

/// The sums of f(ix, iy) over all cells: row by row, then the rows in order, so that the result is
/// the same to the bit for any number of threads.
template <std::size_t Count, class F>
std::array<double, Count> sum_over_film(const Grid& grid, F f) {
  std::vector<std::array<double, Count>> rows(static_cast<std::size_t>(grid.ny));
#pragma omp parallel for schedule(static)
  for (int iy = 0; iy < grid.ny; ++iy) {
    std::array<double, Count> row{};
    for (int ix = 0; ix < grid.nx; ++ix) {
      const std::array<double, Count> terms = f(ix, iy);
      for (std::size_t k = 0; k < Count; ++k) row[k] += terms[k];
    }
    rows[static_cast<std::size_t>(iy)] = row;
  }
  std::array<double, Count> sums{};
  for (const auto& row : rows)
    for (std::size_t k = 0; k < Count; ++k) sums[k] += row[k];
  return sums;
}

}  // namespace kubomag
