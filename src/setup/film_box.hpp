#pragma once
// The FFT box around the film: how each kind of edge extends it.
//   periodic  the box is the film
//   no_flux   the film and its mirror image: the field's normal component is odd, the tangential
//             one and psi are even, so that no current crosses the edge (method of images)
//   infinite  the film and at least twice the padding; the film sits at index 0 ... n-1 and
//             the points beyond half of the padding belong to its other side
#include <cstddef>

#include "kubomag/grid.hpp"
#include "kubomag/problem.hpp"

namespace kubomag {

/// One axis of the box.
struct BoxAxis {
  int n = 1;     // cells of the film
  int p = 1;     // points of the box
  double d = 0;  // cell size [m]
  Edge edge = Edge::periodic;

  bool mirrored(int i) const { return edge == Edge::no_flux && i >= n; }
  /// The film's cell whose mirror image the point i is; i itself where it is none.
  int original(int i) const { return mirrored(i) ? p - 1 - i : i; }
  /// Points whose field must be asked for; the rest are images.
  int originals() const { return edge == Edge::no_flux ? n : p; }
  /// Position from the film's centre [m].
  double position(int i) const {
    const int unwrapped = i < n + (p - n) / 2 ? i : i - p;
    return (unwrapped + 0.5 - 0.5 * n) * d;
  }
};

struct FilmBox {
  BoxAxis x, y;

  std::size_t points() const { return static_cast<std::size_t>(x.p) * y.p; }
  int modes_x() const { return x.p / 2 + 1; }
  /// Complex values of a half spectrum, x fastest: modes_x() x y.p.
  std::size_t modes() const { return static_cast<std::size_t>(modes_x()) * y.p; }
};

/// Without diffusion (D = 0) the box is the film. Throws InputError for periodic edges on a grid
/// that is not periodic there, and for a padding that is negative or leads beyond 2^30 points.
FilmBox make_film_box(const Grid& grid, const Diffusion& diffusion);

}  // namespace kubomag
