#pragma once
// The film: one layer of nx x ny cells, row-major with x fastest. Cell i = ix + nx * iy.
#include <cstddef>

namespace kubomag {

struct Grid {
  int nx = 1, ny = 1;             // cells
  double dx = 0, dy = 0, dz = 0;  // cell size; dz is the film thickness [m]
  bool periodic_x = false, periodic_y = false;

  std::size_t cells() const { return static_cast<std::size_t>(nx) * static_cast<std::size_t>(ny); }
  std::size_t index(int ix, int iy) const {
    return static_cast<std::size_t>(ix) +
           static_cast<std::size_t>(nx) * static_cast<std::size_t>(iy);
  }
  double size_x() const { return nx * dx; }
  double size_y() const { return ny * dy; }
  double cell_volume() const { return dx * dy * dz; }

  // Cell centres; formulas of x and y have their origin in the middle of the film [m].
  double x(int ix) const { return (ix + 0.5 - 0.5 * nx) * dx; }
  double y(int iy) const { return (iy + 0.5 - 0.5 * ny) * dy; }
};

}  // namespace kubomag
