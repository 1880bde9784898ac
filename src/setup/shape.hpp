#pragma once
// Shapes in the plane and their combinations (docs/skyrmions.md, "Shapes"). Lengths in m from the
// film's centre, angles in rad, counter-clockwise.
#include <functional>
#include <utility>
#include <vector>

#include "kubomag/grid.hpp"
#include "kubomag/scalar_map.hpp"
#include "kubomag/vec3.hpp"

namespace kubomag {

/// True inside. Ellipses and rectangles own their boundary; at other shapes rounding decides.
using Shape = std::function<bool(double x, double y)>;

/// Throw InputError unless both sizes are above 0 (infinite ones are allowed).
Shape ellipse(double size_x, double size_y);
Shape rectangle(double size_x, double size_y);
/// Inside by the even-odd rule; throws InputError for fewer than three corners.
Shape polygon(std::vector<Vec2<double>> corners);

/// `shape` about every point of the lattice spanned by a and b, united where they overlap: the nine
/// lattice points around a point of the plane are looked at, so that a shape may reach one period
/// far. Throws InputError where a and b are parallel.
Shape repeated(Shape shape, Vec2<double> a, Vec2<double> b);

Shape rotated(Shape shape, double angle);
Shape shifted(Shape shape, Vec2<double> by);

Shape unite(std::vector<Shape> shapes);
Shape intersect(std::vector<Shape> shapes);
/// The first without all others.
Shape subtract(std::vector<Shape> shapes);

/// The part of every cell that is inside, from `samples` x `samples` points; 1: its centre decides.
ScalarMap covered(const Grid& grid, const Shape& shape, int samples);

}  // namespace kubomag
