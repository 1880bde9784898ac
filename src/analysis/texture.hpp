#pragma once
// Numbers of a texture: topological charge, largest angle, position of a wall (docs/skyrmions.md,
// "Analysis"). All results are the same to the bit for any number of threads.
#include <array>
#include <vector>

#include "analysis/film_view.hpp"

namespace kubomag {

/// Q = (1/4 pi) int m . (dm/dx x dm/dy) dx dy by central differences, one-sided at edges and next
/// to vacuum. +1 for a skyrmion with mz = +1 in its core that winds once.
double charge_by_differences(const FilmView& film);

/// Its density in every cell, (1/4 pi) m . (dm/dx x dm/dy) [1/m2].
std::vector<double> charge_density(const FilmView& film);

/// Q as the sum of the signed solid angles of the triangles that neighbouring m span on the sphere,
/// over 4 pi: an integer wherever the film is periodic or m is uniform at its edges. Berg and
/// Luescher, Nucl. Phys. B 190, 412 (1981), eq. 1 to 3.
double charge_on_lattice(const FilmView& film);

/// The same of the square between the centres of the cells (ix, iy) and (ix + 1, iy + 1); of one
/// triangle where one of the four is missing, 0 where more are.
double charge_of_square(const FilmView& film, int ix, int iy);

/// Largest angle between the m of neighbouring cells [rad].
double largest_angle(const FilmView& film);

struct Wall {
  double x = 0;      // its mean position, from the film's centre [m]; NaN where there is none
  double angle = 0;  // azimuth of m within the wall [rad]
};

/// A wall across x that parts the film into two domains of opposite mz: x is where the mean mz of
/// the columns passes zero; the angle is that of sum (1 - mz^2) (mx, my).
Wall find_wall(const FilmView& film);

}  // namespace kubomag
