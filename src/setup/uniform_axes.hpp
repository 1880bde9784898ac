#pragma once
// Axes along which nothing of a drive varies (a grating's fingers): one cell stands for all.
#include "setup/film_box.hpp"

namespace kubomag {

struct UniformAxes {
  bool x = false, y = false;

  /// The film with one cell along each of them.
  Grid fields(Grid film) const {
    if (x) film.nx = 1;
    if (y) film.ny = 1;
    return film;
  }
  FilmBox box(FilmBox film) const {
    const auto collapsed = [](const BoxAxis& axis) {
      return BoxAxis{1, 1, axis.d, Edge::periodic};
    };
    if (x) film.x = collapsed(film.x);
    if (y) film.y = collapsed(film.y);
    return film;
  }
};

/// Of all fields of a drive, to rounding. A field that points at an axis's no_flux edges does vary
/// along it (it is screened there). Evaluates the fields on all cells and, with infinite edges,
/// beyond; those that depend on t are taken for what their traits say.
UniformAxes uniform_axes(const Grid& grid, const Diffusion& diffusion, const Drive& drive);

}  // namespace kubomag
