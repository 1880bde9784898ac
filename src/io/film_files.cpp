#include "io/film_files.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "io/npy.hpp"

namespace kubomag::io {
namespace {

using Shape = std::vector<std::size_t>;

NpyArray read_finite(const ConfigValue& file) {
  NpyArray array = file.located([&] { return read_npy(file.file()); });
  for (const double number : array.values)
    if (!std::isfinite(number)) file.fail("the file holds values that are not finite numbers");
  return array;
}

}  // namespace

std::vector<double> read_film_npy(const ConfigValue& file, const Grid& grid) {
  NpyArray array = read_finite(file);
  const auto nx = static_cast<std::size_t>(grid.nx), ny = static_cast<std::size_t>(grid.ny);
  if (array.shape != Shape{ny, nx} && array.shape != Shape{1, ny, nx})
    file.fail(fmt::format("the array has the shape {}; [{}, {}] (ny, nx) is expected", array.shape,
                          ny, nx));
  return std::move(array.values);
}

std::vector<double> read_film_npy_vectors(const ConfigValue& file, const Grid& grid) {
  NpyArray array = read_finite(file);
  const auto nx = static_cast<std::size_t>(grid.nx), ny = static_cast<std::size_t>(grid.ny);
  if (array.shape == Shape{3, ny, nx} || array.shape == Shape{3, 1, ny, nx})
    return std::move(array.values);
  if (array.shape != Shape{ny, nx, 3})
    file.fail(fmt::format("the array has the shape {}; [3, {}, {}] or [{}, {}, 3] is expected",
                          array.shape, ny, nx, ny, nx));
  std::vector<double> values(array.values.size());
  for (std::size_t cell = 0; cell < grid.cells(); ++cell)
    for (std::size_t c = 0; c < 3; ++c)
      values[c * grid.cells() + cell] = array.values[3 * cell + c];
  return values;
}

std::vector<double> read_film_png(const ConfigValue& file, const Grid& grid) {
  const GreyImage image = file.located([&] { return read_grey_png(file.file()); });
  const auto pixel = [](int cell, int cells, int pixels) {
    return std::min(static_cast<int>((cell + 0.5) * pixels / cells), pixels - 1);
  };
  std::vector<double> values;
  values.reserve(grid.cells());
  for (int iy = 0; iy < grid.ny; ++iy)
    for (int ix = 0; ix < grid.nx; ++ix)
      values.push_back(image.at(pixel(ix, grid.nx, image.width), pixel(iy, grid.ny, image.height)));
  return values;
}

}  // namespace kubomag::io
