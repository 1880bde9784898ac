#include "setup/uniform_axes.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace kubomag {
namespace {

/// What varies by less than rounding is uniform: cos(90 deg) is not quite 0.
constexpr double rounding = 1e-14;

double largest(const std::vector<double>& values) {
  double out = 0;
  for (double v : values) out = std::max(out, std::abs(v));
  return out;
}

/// Values on nx points along x for each along y.
bool uniform_along(bool x, int nx, const std::vector<double>& values, double bound) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::size_t column = i % static_cast<std::size_t>(nx);
    if (!(std::abs(values[i] - values[x ? i - column : column]) <= bound)) return false;
  }
  return true;
}

/// An axis of the film and what bounds it.
struct Axis {
  bool x;
  Edge edge;
};

/// A field that does not change in time, at the points of the box that are no mirror images [V/m].
struct StillField {
  std::vector<double> Ex, Ey;
  int nx;

  template <class Field>
  StillField(const FilmBox& box, const Field& field) : nx(box.x.originals()) {
    for (int iy = 0; iy < box.y.originals(); ++iy)
      for (int ix = 0; ix < nx; ++ix) {
        const Vec2<double> E = field(box.x.position(ix), box.y.position(iy));
        Ex.push_back(E.x), Ey.push_back(E.y);
      }
  }

  bool varies(const Axis& axis) const {
    const double bound = rounding * std::max(largest(Ex), largest(Ey));
    if (!std::isfinite(bound)) return true;  // the transform says where
    if (axis.edge == Edge::no_flux && largest(axis.x ? Ex : Ey) > bound) return true;
    return !uniform_along(axis.x, nx, Ex, bound) || !uniform_along(axis.x, nx, Ey, bound);
  }
};

bool varies(const Axis& axis, const FieldTraits& may) {
  if (axis.edge == Edge::no_flux && (axis.x ? may.has_x : may.has_y)) return true;
  return axis.x ? may.varies_along_x : may.varies_along_y;
}

}  // namespace

UniformAxes uniform_axes(const Grid& grid, const Diffusion& diffusion, const Drive& drive) {
  if (drive.empty()) return {true, true};
  const FilmBox box = make_film_box(grid, diffusion);
  std::vector<StillField> still;
  std::vector<FieldTraits> changing;
  for (const SeparableDrive& d : drive.separable) still.emplace_back(box, d.E);
  for (const SampledDrive& d : drive.sampled)
    if (d.signal)
      still.emplace_back(box, [&](double x, double y) { return d.E(x, y, 0); });
    else
      changing.push_back(d.traits);
  std::vector<std::vector<double>> potentials;
  for (const PrescribedPsi& p : drive.psi) {
    potentials.emplace_back(grid.cells());
    for (std::size_t i = 0; i < grid.cells(); ++i) potentials.back()[i] = p.psi(i);
  }
  const auto uniform = [&](const Axis& axis) {
    return std::none_of(still.begin(), still.end(),
                        [&](const StillField& field) { return field.varies(axis); }) &&
           std::none_of(changing.begin(), changing.end(),
                        [&](const FieldTraits& may) { return varies(axis, may); }) &&
           std::all_of(potentials.begin(), potentials.end(), [&](const auto& psi) {
             return uniform_along(axis.x, grid.nx, psi, rounding * largest(psi));
           });
  };
  return {uniform({true, box.x.edge}), uniform({false, box.y.edge})};
}

}  // namespace kubomag
