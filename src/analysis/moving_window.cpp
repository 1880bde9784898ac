#include "analysis/moving_window.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "analysis/skyrmions.hpp"
#include "analysis/texture.hpp"
#include "kubomag/error.hpp"

namespace kubomag {

std::vector<double> shifted_film(const Grid& grid, const std::vector<double>& m, int nx, int ny) {
  if (std::abs(nx) >= grid.nx || std::abs(ny) >= grid.ny)
    throw InputError("a shift by the whole film (less than its cells is allowed)");
  const std::size_t n = grid.cells();
  std::vector<double> shifted(m.size());
  for (int iy = 0; iy < grid.ny; ++iy)
    for (int ix = 0; ix < grid.nx; ++ix) {
      const std::size_t from =
          grid.index(std::clamp(ix + nx, 0, grid.nx - 1), std::clamp(iy + ny, 0, grid.ny - 1));
      for (std::size_t c = 0; c < 3; ++c) shifted[c * n + grid.index(ix, iy)] = m[c * n + from];
    }
  return shifted;
}

Vec2<double> MovingWindow::offset(const std::vector<double>& m) const {
  const FilmView film{grid_, m};
  if (window_.target == Window::Target::wall) {
    const double x = find_wall(film).x;
    return {std::isfinite(x) ? x : 0, 0};
  }
  const std::vector<SkyrmionCore> cores = find_skyrmions(film);
  if (cores.empty()) return {};
  const auto distance = [](const SkyrmionCore& core) {
    return std::hypot(core.centre.x, core.centre.y);
  };
  return std::min_element(cores.begin(), cores.end(),
                          [&](const auto& a, const auto& b) { return distance(a) < distance(b); })
      ->centre;
}

void MovingWindow::follow(Engine& engine, SimulationState& state) const {
  const std::vector<double> m = engine.m();
  const Vec2<double> off = offset(m);
  const int nx = window_.x ? static_cast<int>(off.x / grid_.dx) : 0;
  const int ny = window_.y ? static_cast<int>(off.y / grid_.dy) : 0;
  if (nx == 0 && ny == 0) return;
  engine.set_m(shifted_film(grid_, m, nx, ny));
  state.window_x += nx;
  state.window_y += ny;
}

}  // namespace kubomag
