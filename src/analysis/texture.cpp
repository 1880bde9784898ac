#include "analysis/texture.hpp"

#include <algorithm>

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

double angle(Vec3<double> a, Vec3<double> b) { return std::atan2(norm(cross(a, b)), dot(a, b)); }

}  // namespace

double charge_by_differences(const FilmView& film) {
  const auto density = [&](int ix, int iy) -> std::array<double, 1> {
    const std::size_t at = film.find(ix, iy);
    if (at == FilmView::none) return {0};
    const Vec3<double> along_x = difference(film, at, film.find(ix - 1, iy), film.find(ix + 1, iy));
    const Vec3<double> along_y = difference(film, at, film.find(ix, iy - 1), film.find(ix, iy + 1));
    return {dot(film[at], cross(along_x, along_y))};
  };
  return sum_over_film<1>(film.grid, density)[0] / (4 * constants::pi);
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
  const auto sums = sum_over_film<5>(film.grid, [&](int ix, int iy) -> std::array<double, 5> {
    const std::size_t at = film.find(ix, iy);
    if (at == FilmView::none) return {};
    const Vec3<double> m = film[at];
    const double in_wall = 1 - m.z * m.z;
    return {1, m.z, ix == 0 ? m.z : 0, in_wall * m.x, in_wall * m.y};
  });
  const double side = std::copysign(0.5 * film.grid.size_x(), sums[2]);
  return {side * sums[1] / std::max(sums[0], 1.0), std::atan2(sums[4], sums[3])};
}

}  // namespace kubomag
