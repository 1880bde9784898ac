#include "setup/demag_tensor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <mutex>
#include <utility>

#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"
#include "setup/cell_pair.hpp"
#include "setup/ewald.hpp"
#include "setup/fft_size.hpp"
#include "setup/mirror_transform.hpp"
#include "setup/periodic_row.hpp"

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

void store(DemagTensor& tensor, std::size_t at, const PairTensor& N) {
  tensor.xx[at] = N.xx, tensor.yy[at] = N.yy, tensor.zz[at] = N.zz, tensor.xy[at] = N.xy;
}

// Fills the offsets 0 <= i < columns, 0 <= j < rows of the quarter with N(i, j).
template <class Function>
void fill(DemagTensor& tensor, int columns, int rows, const Function& N) {
  const auto width = static_cast<std::size_t>(tensor.px) / 2 + 1;
#pragma omp parallel for schedule(dynamic)
  for (int j = 0; j < rows; ++j)
    for (int i = 0; i < columns; ++i) {
      const std::size_t at = static_cast<std::size_t>(i) + width * static_cast<std::size_t>(j);
      store(tensor, at, N(i, j));
    }
}

// What the full tensor of a doubly periodic film has beyond its smooth part.
class ShortRange {
 public:
  explicit ShortRange(const Grid& grid)
      : grid_(grid),
        pair_(grid.dx, grid.dy, grid.dz),
        split_(grid.dx, grid.dy, grid.dz, EwaldSplit::largest_alpha(grid.dx, grid.dy, grid.dz)) {}

  // The sum over the images within the reach.
  PairTensor operator()(int i, int j) const {
    const auto [first_x, last_x] = images(i * grid_.dx, grid_.size_x());
    const auto [first_y, last_y] = images(j * grid_.dy, grid_.size_y());
    PairTensor sum;
    for (int b = first_y; b <= last_y; ++b)
      for (int a = first_x; a <= last_x; ++a) {
        const int column = i + a * grid_.nx, row = j + b * grid_.ny;
        const double x = column * grid_.dx, y = row * grid_.dy;
        if (std::hypot(x, y) > split_.reach()) continue;
        sum += pair_(column, row);
        sum -= split_.smooth(x, y);
      }
    if (i == 0 || j == 0) sum.xy = 0;
    return sum;
  }

  const EwaldSplit& split() const { return split_; }

 private:
  std::pair<int, int> images(double offset, double period) const {
    return {static_cast<int>(std::ceil((-split_.reach() - offset) / period)),
            static_cast<int>(std::floor((split_.reach() - offset) / period))};
  }

  Grid grid_;
  CellPair pair_;
  EwaldSplit split_;
};

DemagTensor tensor_periodic_along_x(const Grid& grid) {
  const PeriodicRow periodic_row(grid);
  DemagTensor tensor = empty_tensor(grid.nx, fft_size(2 * grid.ny));
#pragma omp parallel for schedule(dynamic)
  for (int j = 0; j < grid.ny; ++j) {
    const std::vector<PairTensor> row = periodic_row(j);
    for (std::size_t i = 0; i < row.size(); ++i)
      store(tensor, i + row.size() * static_cast<std::size_t>(j), row[i]);
  }
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
  const ShortRange short_range(grid);
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
      for (int a = -images_x; a <= images_x; ++a) sum += pair(i + a * grid.nx, j + b * grid.ny);
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

namespace {

DemagKernel transformed_tensor(const Grid& grid) {
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

bool same_film(const Grid& a, const Grid& b) {
  return a.nx == b.nx && a.ny == b.ny && a.dx == b.dx && a.dy == b.dy && a.dz == b.dz &&
         a.periodic_x == b.periodic_x && a.periodic_y == b.periodic_y;
}

}  // namespace

DemagKernel make_demag_kernel(const Grid& grid) {
  struct Known {
    Grid grid;
    DemagKernel kernel;
  };
  constexpr std::size_t most = 4, largest = 1 << 19;  // kernels, numbers per component
  static std::mutex mutex;
  static std::deque<Known> known;
  const std::lock_guard lock(mutex);
  for (const Known& one : known)
    if (same_film(one.grid, grid)) return one.kernel;
  DemagKernel kernel = transformed_tensor(grid);
  if (kernel.xx.size() > largest) return kernel;
  known.push_front({grid, kernel});
  if (known.size() > most) known.pop_back();
  return kernel;
}

}  // namespace kubomag
