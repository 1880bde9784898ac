#include "setup/film_box.hpp"

#include <fmt/format.h>

#include <cmath>

#include "kubomag/error.hpp"
#include "setup/fft_size.hpp"

namespace kubomag {
namespace {

constexpr double most_points = 1 << 30;

int box_size(int n, double d, Edge edge, double padding) {
  if (edge == Edge::periodic) return n;
  if (edge == Edge::no_flux) return 2 * n;
  const double cells = n + 2 * std::ceil(padding / d);
  if (cells > most_points)
    throw InputError(
        fmt::format("padding = {} m is {:.3g} cells (more than the box can hold): "
                    "give a smaller padding",
                    padding, padding / d));
  return fft_size(static_cast<int>(cells));
}

BoxAxis make_axis(const char* name, int n, double d, bool periodic, Edge edge, double padding) {
  if (edge == Edge::periodic && !periodic)
    throw InputError(
        fmt::format("the diffusive field's edges along {} are periodic but the grid is not "
                    "(periodic edges need "
                    "a periodic grid): make the grid periodic, or the edges no_flux or infinite",
                    name));
  return {n, box_size(n, d, edge, padding), d, edge};
}

}  // namespace

FilmBox make_film_box(const Grid& grid, const Diffusion& diffusion) {
  if (!(diffusion.padding >= 0 && std::isfinite(diffusion.padding)))
    throw InputError(
        fmt::format("padding = {} m (must be finite and not negative)", diffusion.padding));
  if (diffusion.D == 0)  // every cell for itself: the film alone will do
    return {{grid.nx, grid.nx, grid.dx, Edge::periodic},
            {grid.ny, grid.ny, grid.dy, Edge::periodic}};
  const FilmBox box{
      make_axis("x", grid.nx, grid.dx, grid.periodic_x, diffusion.edge_x, diffusion.padding),
      make_axis("y", grid.ny, grid.dy, grid.periodic_y, diffusion.edge_y, diffusion.padding)};
  if (static_cast<double>(box.points()) > most_points)
    throw InputError(
        fmt::format("the FFT box of the diffusive field has {} x {} points (more than "
                    "2^30): give a smaller padding",
                    box.x.p, box.y.p));
  return box;
}

}  // namespace kubomag
