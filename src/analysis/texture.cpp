#include "analysis/texture.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include "kubomag/constants.hpp"

namespace kubomag {
namespace {

/// The signed solid angle of the triangle a b c on the sphere (van Oosterom and Strackee, IEEE
/// Trans. Biomed. Eng. 30, 125 (1983), eq. 8).
double solid_angle(Vec3<double> a, Vec3<double> b, Vec3<double> c) {
  return 2 * std::atan2(dot(a, cross(b, c)), 1 + dot(a, b) + dot(b, c) + dot(c, a));
}

/// Difference of m per cell along one axis from what neighbours there are.
Vec3<double> difference(const FilmView& film, std::size_t at, std::size_t before,
                        std::size_t after) {
  const bool left = before != FilmView::none, right = after != FilmView::none;
  if (left && right) return 0.5 * (film[after] - film[before]);
  if (right) return film[after] - film[at];
  if (left) return film[at] - film[before];
  return {};
}

/// m . (dm/dx x dm/dy) dx dy by central differences.
double solid_angle_of_cell(const FilmView& film, int ix, int iy) {
  const std::size_t at = film.find(ix, iy);
  if (at == FilmView::none) return 0;
  const Vec3<double> along_x = difference(film, at, film.find(ix - 1, iy), film.find(ix + 1, iy));
  const Vec3<double> along_y = difference(film, at, film.find(ix, iy - 1), film.find(ix, iy + 1));
  return dot(film[at], cross(along_x, along_y));
}

double angle(Vec3<double> a, Vec3<double> b) { return std::atan2(norm(cross(a, b)), dot(a, b)); }

/// The mean mz of each column; that of the column before where one has no magnetic cell.
std::vector<double> columns(const FilmView& film) {
  std::vector<double> mean(static_cast<std::size_t>(film.grid.nx));
  for (int ix = 0; ix < film.grid.nx; ++ix) {
    double sum = 0, count = 0;
    for (int iy = 0; iy < film.grid.ny; ++iy) {
      const std::size_t at = film.find(ix, iy);
      if (at != FilmView::none) sum += film[at].z, ++count;
    }
    const auto i = static_cast<std::size_t>(ix);
    mean[i] = count > 0 ? sum / count : i > 0 ? mean[i - 1] : 0;
  }
  return mean;
}

double median(const double* begin, const double* end) {
  std::vector<double> all(begin, end);
  std::sort(all.begin(), all.end());
  const std::size_t half = all.size() / 2;
  return all.size() % 2 == 1 ? all[half] : 0.5 * (all[half - 1] + all[half]);
}

/// Where these columns' mz passes zero [m]; NaN where no place parts them into domains of opposite
/// mz. Between two columns atanh(mz/c), with the domains' c, is linear, as in a wall of the form
/// c tanh(x/delta).
double wall_position(const std::vector<double>& mz, const Grid& grid) {
  double sum = 0, left = 0, largest = 0;
  std::size_t at = 0;  // columns to the left of the place that parts them best: mz has one sign to
                       // its left and another to its right, or the place would be beside it
  for (const double one : mz) sum += one;
  for (std::size_t i = 1; i < mz.size(); ++i) {
    left += mz[i - 1];
    const double contrast = std::abs(2 * left - sum);
    if (contrast > largest) largest = contrast, at = i;
  }
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  if (at == 0) return none;
  const double* const begin = mz.data();
  const double m_left = median(begin, begin + at), m_right = median(begin + at, begin + mz.size());
  if (m_left * m_right >= 0) return none;
  const auto steep = [c = 0.5 * (m_left - m_right)](double value) {
    return std::atanh(std::clamp(value / c, -0.999, 0.999));
  };
  const double before = steep(mz[at - 1]), behind = steep(mz[at]);
  return grid.x(static_cast<int>(at) - 1) + grid.dx * before / (before - behind);
}

}  // namespace

double charge_by_differences(const FilmView& film) {
  return sum_over_film<1>(film.grid,
                          [&](int ix, int iy) -> std::array<double, 1> {
                            return {solid_angle_of_cell(film, ix, iy)};
                          })[0] /
         (4 * constants::pi);
}

std::vector<double> charge_density(const FilmView& film) {
  const Grid& grid = film.grid;
  std::vector<double> q(grid.cells());
  for (int iy = 0; iy < grid.ny; ++iy)
    for (int ix = 0; ix < grid.nx; ++ix)
      q[grid.index(ix, iy)] =
          solid_angle_of_cell(film, ix, iy) / (4 * constants::pi * grid.dx * grid.dy);
  return q;
}

double charge_of_square(const FilmView& film, int ix, int iy) {
  const std::size_t corners[] = {film.find(ix, iy), film.find(ix + 1, iy),
                                 film.find(ix + 1, iy + 1), film.find(ix, iy + 1)};
  std::array<Vec3<double>, 4> m;  // of the corners that are there, counter-clockwise
  std::size_t count = 0;
  for (const std::size_t cell : corners)
    if (cell != FilmView::none) m[count++] = film[cell];
  if (count < 3) return 0;
  double sum = solid_angle(m[0], m[1], m[2]);
  if (count == 4) sum += solid_angle(m[0], m[2], m[3]);
  return sum / (4 * constants::pi);
}

double charge_on_lattice(const FilmView& film) {
  return sum_over_film<1>(film.grid, [&](int ix, int iy) -> std::array<double, 1> {
    return {charge_of_square(film, ix, iy)};
  })[0];
}

double largest_angle(const FilmView& film) {
  double largest = 0;
#pragma omp parallel for schedule(static) reduction(max : largest)
  for (int iy = 0; iy < film.grid.ny; ++iy)
    for (int ix = 0; ix < film.grid.nx; ++ix) {
      const std::size_t at = film.find(ix, iy);
      if (at == FilmView::none) continue;
      for (const std::size_t next : {film.find(ix + 1, iy), film.find(ix, iy + 1)})
        if (next != FilmView::none) largest = std::max(largest, angle(film[at], film[next]));
    }
  return largest;
}

Wall find_wall(const FilmView& film) {
  const auto sums = sum_over_film<2>(film.grid, [&](int ix, int iy) -> std::array<double, 2> {
    const std::size_t at = film.find(ix, iy);
    if (at == FilmView::none) return {};
    const Vec3<double> m = film[at];
    const double in_wall = 1 - m.z * m.z;
    return {in_wall * m.x, in_wall * m.y};
  });
  return {wall_position(columns(film), film.grid), std::atan2(sums[1], sums[0])};
}

}  // namespace kubomag
