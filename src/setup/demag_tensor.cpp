#include "setup/demag_tensor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"
#include "setup/cell_pair.hpp"
#include "setup/ewald.hpp"
#include "setup/mirror_transform.hpp"

namespace kubomag {
namespace {

using constants::pi;

void validate(const Grid& grid) {
  if (grid.nx < 1 || grid.ny < 1)
    throw InputError(fmt::format("the grid has {} x {} cells: both numbers must be at least 1",
                                 grid.nx, grid.ny));
  for (const double edge : {grid.dx, grid.dy, grid.dz})
    if (!(edge > 0) || !std::isfinite(edge))
      throw InputError(fmt::format("a cell measures {} x {} x {} m: every edge must be positive",
                                   grid.dx, grid.dy, grid.dz));
}

DemagTensor empty_tensor(int px, int py) {
  const std::vector<double> zero(static_cast<std::size_t>(px / 2 + 1) *
                                 static_cast<std::size_t>(py / 2 + 1));
  return {px, py, zero, zero, zero, zero};
}

// Fills the offsets 0 <= i < columns, 0 <= j < rows of the quarter with N(i, j).
template <class Function>
void fill(DemagTensor& tensor, int columns, int rows, const Function& N) {
  const std::size_t width = static_cast<std::size_t>(tensor.px / 2 + 1);
#pragma omp parallel for schedule(dynamic)
  for (int j = 0; j < rows; ++j)
    for (int i = 0; i < columns; ++i) {
      const PairTensor value = N(i, j);
      const std::size_t at = static_cast<std::size_t>(i) + width * static_cast<std::size_t>(j);
      tensor.xx[at] = value.xx, tensor.yy[at] = value.yy;
      tensor.zz[at] = value.zz, tensor.xy[at] = value.xy;
    }
}

void add(PairTensor& sum, const PairTensor& term, double factor = 1) {
  sum.xx += factor * term.xx, sum.yy += factor * term.yy;
  sum.zz += factor * term.zz, sum.xy += factor * term.xy;
}

// sum over images of what the full tensor has beyond its smooth part, within the reach.
class ShortRange {
 public:
  ShortRange(const Grid& grid, double alpha)
      : grid_(grid), pair_(grid.dx, grid.dy, grid.dz), split_(grid.dx, grid.dy, grid.dz, alpha) {}

  PairTensor operator()(int i, int j) const {
    const auto [first_x, last_x] = images(i * grid_.dx, grid_.size_x(), grid_.periodic_x);
    const auto [first_y, last_y] = images(j * grid_.dy, grid_.size_y(), grid_.periodic_y);
    PairTensor sum;
    for (int b = first_y; b <= last_y; ++b)
      for (int a = first_x; a <= last_x; ++a) {
        const int column = i + a * grid_.nx, row = j + b * grid_.ny;
        const double x = column * grid_.dx, y = row * grid_.dy;
        if (std::hypot(x, y) > split_.reach()) continue;
        add(sum, pair_(column, row));
        add(sum, split_.smooth(x, y), -1);
      }
    if (i == 0 || j == 0) sum.xy = 0;
    return sum;
  }

  const EwaldSplit& split() const { return split_; }

 private:
  // The images whose cells can lie within the reach.
  std::pair<int, int> images(double offset, double period, bool periodic) const {
    if (!periodic) return {0, 0};
    return {static_cast<int>(std::ceil((-split_.reach() - offset) / period)),
            static_cast<int>(std::floor((split_.reach() - offset) / period))};
  }

  Grid grid_;
  CellPair pair_;
  EwaldSplit split_;
};

DemagTensor tensor_periodic_along_x(const Grid& grid) {
  const ShortRange short_range(grid, std::min(EwaldSplit::largest_alpha(grid.dx, grid.dy, grid.dz),
                                              EwaldSplit::alpha_for_period(grid.size_x())));
  std::vector<PairTensor> rows;
  for (int j = 0; j < grid.ny; ++j)
    rows.push_back(short_range.split().smooth_row(j * grid.dy, grid.size_x()));
  DemagTensor tensor = empty_tensor(grid.nx, fft_size(2 * grid.ny));
  fill(tensor, grid.nx / 2 + 1, grid.ny, [&](int i, int j) {
    PairTensor N = short_range(i, j);
    add(N, rows[static_cast<std::size_t>(j)]);
    return N;
  });
  return tensor;
}

DemagTensor tensor_periodic_along_y(const Grid& grid) {
  const DemagTensor turned = tensor_periodic_along_x(
      {grid.ny, grid.nx, grid.dy, grid.dx, grid.dz, grid.periodic_y, grid.periodic_x});
  DemagTensor tensor = empty_tensor(turned.py, turned.px);
  fill(tensor, tensor.px / 2 + 1, tensor.py / 2 + 1, [&](int i, int j) -> PairTensor {
    const std::size_t at =
        static_cast<std::size_t>(j) +
        static_cast<std::size_t>(turned.px / 2 + 1) * static_cast<std::size_t>(i);
    return {turned.yy[at], turned.xx[at], turned.zz[at], turned.xy[at]};
  });
  return tensor;
}

DemagTensor tensor_periodic_along_both(const Grid& grid) {
  const ShortRange short_range(grid, EwaldSplit::largest_alpha(grid.dx, grid.dy, grid.dz));
  DemagTensor tensor = empty_tensor(grid.nx, grid.ny), modes = tensor;
  const int columns = grid.nx / 2 + 1, rows = grid.ny / 2 + 1;
  fill(tensor, columns, rows, short_range);
  fill(modes, columns, rows, [&](int kx, int ky) {
    PairTensor mode =
        short_range.split().smooth_mode(2 * pi * kx / grid.size_x(), 2 * pi * ky / grid.size_y());
    if (kx == 0 || ky == 0 || 2 * kx == grid.nx || 2 * ky == grid.ny) mode.xy = 0;
    return mode;
  });
  const auto add_modes = [&](std::vector<double>& N, const std::vector<double>& N_k,
                             Parity parity) {
    const std::vector<double> smooth = mirror_transform(grid.nx, grid.ny, N_k, parity);
    for (std::size_t i = 0; i < N.size(); ++i)
      N[i] += smooth[i] / static_cast<double>(grid.cells());
  };
  add_modes(tensor.xx, modes.xx, Parity::even);
  add_modes(tensor.yy, modes.yy, Parity::even);
  add_modes(tensor.zz, modes.zz, Parity::even);
  add_modes(tensor.xy, modes.xy, Parity::odd);
  return tensor;
}

}  // namespace

int fft_size(int n) {
  for (int size = n + n % 2;; size += 2) {
    int rest = size;
    for (const int factor : {2, 3, 5, 7})
      while (rest % factor == 0) rest /= factor;
    if (rest == 1) return size;
  }
}

DemagTensor make_replicated_demag_tensor(const Grid& grid, int images_x, int images_y) {
  validate(grid);
  if (images_x < 0 || images_y < 0)
    throw InputError(fmt::format("{} and {} periodic images: the numbers must not be negative",
                                 images_x, images_y));
  const CellPair pair(grid.dx, grid.dy, grid.dz);
  DemagTensor tensor = empty_tensor(fft_size(2 * grid.nx), fft_size(2 * grid.ny));
  fill(tensor, grid.nx, grid.ny, [&](int i, int j) {
    PairTensor sum;
    for (int b = -images_y; b <= images_y; ++b)
      for (int a = -images_x; a <= images_x; ++a) add(sum, pair(i + a * grid.nx, j + b * grid.ny));
    if (i == 0 || j == 0) sum.xy = 0;
    return sum;
  });
  return tensor;
}

DemagTensor make_demag_tensor(const Grid& grid) {
  validate(grid);
  if (grid.periodic_x && grid.periodic_y) return tensor_periodic_along_both(grid);
  if (grid.periodic_x) return tensor_periodic_along_x(grid);
  if (grid.periodic_y) return tensor_periodic_along_y(grid);
  return make_replicated_demag_tensor(grid, 0, 0);
}

DemagKernel make_demag_kernel(const Grid& grid) {
  const DemagTensor tensor = make_demag_tensor(grid);
  const double scale = constants::mu_0 / (static_cast<double>(tensor.px) * tensor.py);
  const auto transform = [&](const std::vector<double>& N, Parity parity) {
    std::vector<double> N_q = mirror_transform(tensor.px, tensor.py, N, parity);
    for (double& value : N_q) value *= scale;
    return N_q;
  };
  return {tensor.px,
          tensor.py,
          transform(tensor.xx, Parity::even),
          transform(tensor.yy, Parity::even),
          transform(tensor.zz, Parity::even),
          transform(tensor.xy, Parity::odd)};
}

}  // namespace kubomag
