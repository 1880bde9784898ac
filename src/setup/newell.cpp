#include "setup/newell.hpp"

#include <array>
#include <boost/math/constants/constants.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <cstdlib>

namespace kubomag {
namespace {

using Quad = boost::multiprecision::cpp_bin_float_quad;
using Potentials = std::array<Quad, 4>;  // whose sixth differences are xx, yy, zz, xy

// asinh(a / sqrt(b^2 + c^2)) for a >= 0. Where b = c = 0 its prefactor vanishes.
Quad asinh_ratio(const Quad& a, const Quad& bb_cc, const Quad& R) {
  if (bb_cc == 0) return 0;
  return log((a + R) * (a + R) / bb_cc) / 2;
}

// atan(b c / (a R)) for a, b, c >= 0. Where a = 0 its prefactor vanishes.
Quad atan_ratio(const Quad& a, const Quad& bc, const Quad& R) {
  if (a == 0) return 0;
  return atan(bc / (a * R));
}

// f(x,y,z), f(y,x,z), f(z,y,x) and g(x,y,z) of eqs. 27 and 32 share their transcendental functions.
Potentials newell_potentials(const Quad& x, const Quad& y, const Quad& z) {
  const Quad xx = x * x, yy = y * y, zz = z * z, R = sqrt(xx + yy + zz);
  if (R == 0) return {0, 0, 0, 0};
  const Quad Lx = asinh_ratio(x, yy + zz, R);
  const Quad Ly = asinh_ratio(y, xx + zz, R);
  const Quad Lz = asinh_ratio(z, xx + yy, R);
  const Quad Tx = atan_ratio(x, y * z, R);
  const Quad Ty = atan_ratio(y, x * z, R);
  const Quad Tz = atan_ratio(z, x * y, R);
  return {
      y * (zz - xx) * Ly / 2 + z * (yy - xx) * Lz / 2 - x * y * z * Tx + (2 * xx - yy - zz) * R / 6,
      x * (zz - yy) * Lx / 2 + z * (xx - yy) * Lz / 2 - x * y * z * Ty + (2 * yy - xx - zz) * R / 6,
      y * (xx - zz) * Ly / 2 + x * (yy - zz) * Lx / 2 - x * y * z * Tz + (2 * zz - xx - yy) * R / 6,
      x * y * z * Lz + y * (3 * zz - yy) * Lx / 6 + x * (3 * zz - xx) * Ly / 6 - z * zz * Tz / 6 -
          z * yy * Ty / 2 - z * xx * Tx / 2 - x * y * R / 3};
}

// The second difference in z at z = 0 of the potentials, which are even in z, on the nodes
// (i dx, j dy), 0 <= i <= columns, 0 <= j <= rows.
class PotentialGrid {
 public:
  PotentialGrid(double dx, double dy, double dz, int columns, int rows)
      : columns_(columns), values_(static_cast<size_t>(columns + 1) * (rows + 1)) {
#pragma omp parallel for schedule(dynamic)
    for (int j = 0; j <= rows; ++j)
      for (int i = 0; i <= columns; ++i) {
        const Quad x = Quad(dx) * i, y = Quad(dy) * j;
        const Potentials above = newell_potentials(x, y, dz), level = newell_potentials(x, y, 0);
        for (size_t c = 0; c < 4; ++c) values_[index(i, j)][c] = 2 * (above[c] - level[c]);
      }
  }

  // At i, j >= -1: the diagonal potentials are even in x and y, g is odd in both.
  Quad operator()(size_t component, int i, int j) const {
    const Quad& value = values_[index(std::abs(i), std::abs(j))][component];
    return component == 3 && (i < 0) != (j < 0) ? Quad(-value) : value;
  }

 private:
  size_t index(int i, int j) const {
    return static_cast<size_t>(i) + static_cast<size_t>(columns_ + 1) * static_cast<size_t>(j);
  }
  int columns_;
  std::vector<Potentials> values_;
};

}  // namespace

std::vector<PairTensor> newell_block(double dx, double dy, double dz, int columns, int rows) {
  const PotentialGrid potentials(dx, dy, dz, columns, rows);
  const Quad scale = -1 / (4 * boost::math::constants::pi<Quad>() * Quad(dx) * Quad(dy) * Quad(dz));
  std::vector<PairTensor> block;
  for (int j = 0; j < rows; ++j)
    for (int i = 0; i < columns; ++i) {
      std::array<double, 4> N;
      for (size_t c = 0; c < 4; ++c) {
        const auto difference_x = [&](int row) -> Quad {
          return potentials(c, i - 1, row) - 2 * potentials(c, i, row) + potentials(c, i + 1, row);
        };
        const Quad sixth = difference_x(j - 1) - 2 * difference_x(j) + difference_x(j + 1);
        N[c] = static_cast<double>(Quad(scale * sixth));
      }
      block.push_back({N[0], N[1], N[2], N[3]});
    }
  return block;
}

}  // namespace kubomag
