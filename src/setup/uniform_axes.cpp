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

/// A field of t, of which its traits are known.
struct ChangingField {
  FieldTraits may;

  bool varies(const Axis& axis) const {
    if (axis.edge == Edge::no_flux && (axis.x ? may.has_x : may.has_y)) return true;
    return axis.x ? may.varies_along_x : may.varies_along_y;
  }
};

/// Given on the film's cells [V].
struct Potential {
  std::vector<double> psi;
  int nx;

  Potential(const Grid& grid, const ScalarMap& map) : psi(grid.cells()), nx(grid.nx) {
    for (std::size_t i = 0; i < psi.size(); ++i) psi[i] = map(i);
  }
  bool varies(const Axis& axis) const {
    return !uniform_along(axis.x, nx, psi, rounding * largest(psi));
  }
};

}  // namespace

UniformAxes uniform_axes(const Grid& grid, const Diffusion& diffusion, const Drive& drive) {
  UniformAxes found{true, true};
  if (drive.empty()) return found;
  const FilmBox box = make_film_box(grid, diffusion);
  const Axis x{true, box.x.edge}, y{false, box.y.edge};
  // one after the other, as long as it matters: the fields are large
  const auto see = [&](const auto& make_field) {
    if (!found.x && !found.y) return;
    const auto field = make_field();
    found.x = found.x && !field.varies(x);
    found.y = found.y && !field.varies(y);
  };
  for (const SampledDrive& d : drive.sampled)
    if (!d.signal) see([&] { return ChangingField{d.traits}; });
  for (const SeparableDrive& d : drive.separable) see([&] { return StillField(box, d.E); });
  for (const SampledDrive& d : drive.sampled)
    if (d.signal)
      see([&] {
        return StillField(box, [&](double at_x, double at_y) { return d.E(at_x, at_y, 0); });
      });
  for (const PrescribedPsi& p : drive.psi) see([&] { return Potential(grid, p.psi); });
  return found;
}

}  // namespace kubomag
