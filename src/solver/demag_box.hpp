#pragma once
// Sizes of the demagnetising field's transforms (setup/demag_tensor.hpp), to count with.
#include <cmath>

#include "kubomag/grid.hpp"
#include "setup/fft_size.hpp"

namespace kubomag {

struct DemagBox {
  double px, py;   // points of the box: open axes are padded
  double modes;    // of a row
  double quarter;  // modes that each part of the tensor is stored for

  explicit DemagBox(const Grid& grid)
      : px(grid.periodic_x ? grid.nx : fft_size(2 * grid.nx)),
        py(grid.periodic_y ? grid.ny : fft_size(2 * grid.ny)),
        modes(std::floor(px / 2) + 1),
        quarter(modes * (std::floor(py / 2) + 1)) {}
};

}  // namespace kubomag
