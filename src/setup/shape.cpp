#include "setup/shape.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "kubomag/error.hpp"

namespace kubomag {
namespace {

void require_size(double size_x, double size_y) {
  if (!(size_x > 0 && size_y > 0))
    throw InputError(
        fmt::format("size = [{} m, {} m]: two lengths above 0 are allowed", size_x, size_y));
}

}  // namespace

Shape ellipse(double size_x, double size_y) {
  require_size(size_x, size_y);
  return [=](double x, double y) {
    const double u = 2 * x / size_x, v = 2 * y / size_y;
    return u * u + v * v <= 1;
  };
}

Shape rectangle(double size_x, double size_y) {
  require_size(size_x, size_y);
  return [=](double x, double y) { return 2 * std::abs(x) <= size_x && 2 * std::abs(y) <= size_y; };
}

Shape polygon(std::vector<Vec2<double>> corners) {
  if (corners.size() < 3)
    throw InputError(
        fmt::format("a polygon of {} corners; at least 3 are expected", corners.size()));
  return [corners = std::move(corners)](double x, double y) {
    bool inside = false;
    Vec2<double> a = corners.back();
    for (const Vec2<double>& b : corners) {
      // an edge crosses the ray to the right of (x, y)
      if ((a.y > y) != (b.y > y) && x < a.x + (y - a.y) * (b.x - a.x) / (b.y - a.y))
        inside = !inside;
      a = b;
    }
    return inside;
  };
}

Shape repeated(Shape shape, Vec2<double> a, Vec2<double> b) {
  const double area = a.x * b.y - a.y * b.x;
  if (!(std::abs(area) > 0) || std::isinf(area))
    throw InputError("a lattice needs two periods above 0");
  return [=, shape = std::move(shape)](double x, double y) {
    const double i = std::round((x * b.y - y * b.x) / area);
    const double j = std::round((a.x * y - a.y * x) / area);
    for (double k = i - 1; k <= i + 1; ++k)
      for (double l = j - 1; l <= j + 1; ++l)
        if (shape(x - k * a.x - l * b.x, y - k * a.y - l * b.y)) return true;
    return false;
  };
}

Shape rotated(Shape shape, double angle) {
  return [=, shape = std::move(shape), c = std::cos(angle), s = std::sin(angle)](
             double x, double y) { return shape(c * x + s * y, c * y - s * x); };
}

Shape shifted(Shape shape, Vec2<double> by) {
  return [=, shape = std::move(shape)](double x, double y) { return shape(x - by.x, y - by.y); };
}

Shape unite(std::vector<Shape> shapes) {
  return [shapes = std::move(shapes)](double x, double y) {
    return std::any_of(shapes.begin(), shapes.end(), [&](const Shape& s) { return s(x, y); });
  };
}

Shape intersect(std::vector<Shape> shapes) {
  return [shapes = std::move(shapes)](double x, double y) {
    return std::all_of(shapes.begin(), shapes.end(), [&](const Shape& s) { return s(x, y); });
  };
}

Shape subtract(std::vector<Shape> shapes) {
  if (shapes.empty()) throw InputError("a difference of nothing; at least one shape is expected");
  return [shapes = std::move(shapes)](double x, double y) {
    return shapes.front()(x, y) &&
           std::none_of(shapes.begin() + 1, shapes.end(), [&](const Shape& s) { return s(x, y); });
  };
}

ScalarMap covered(const Grid& grid, const Shape& shape, int samples) {
  std::vector<double> parts;
  parts.reserve(grid.cells());
  const auto offset = [&](int k) { return (k + 0.5) / samples - 0.5; };
  for (int iy = 0; iy < grid.ny; ++iy)
    for (int ix = 0; ix < grid.nx; ++ix) {
      int inside = 0;
      for (int ky = 0; ky < samples; ++ky)
        for (int kx = 0; kx < samples; ++kx)
          inside += shape(grid.x(ix) + offset(kx) * grid.dx, grid.y(iy) + offset(ky) * grid.dy);
      parts.push_back(static_cast<double>(inside) / (samples * samples));
    }
  return ScalarMap(std::move(parts));
}

}  // namespace kubomag
