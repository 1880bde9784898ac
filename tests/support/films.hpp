#pragma once
// Small films for tests, and arithmetic on component-major fields.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <vector>

#include "kernels/torques.hpp"
#include "kubomag/engine.hpp"
#include "kubomag/problem.hpp"

namespace kubomag::test {

/// A film with every parameter at its default, no demag, m along z.
inline Problem plain_film(int nx, int ny, double dx = 4e-9, double dy = 4e-9, double dz = 3e-9) {
  Problem p;
  p.grid = {nx, ny, dx, dy, dz, false, false};
  for (const TermDeclaration& term : term_declarations())
    for (const Input& input : term.inputs) p.material.set(input.name, input.default_value);
  for (const TermDeclaration& torque : torque_declarations())
    for (const Input& input : torque.inputs) p.material.set(input.name, input.default_value);
  p.material.set("Msat", 8e5);
  p.demag.enabled = false;
  p.m.assign(3 * p.grid.cells(), 0.0);
  std::fill(p.m.begin() + static_cast<std::ptrdiff_t>(2 * p.grid.cells()), p.m.end(), 1.0);
  return p;
}

/// m(x, y) of every cell, normalised.
inline std::vector<double> texture(const Grid& grid,
                                   const std::function<Vec3<double>(double x, double y)>& m) {
  std::vector<double> out(3 * grid.cells());
  for (int iy = 0; iy < grid.ny; ++iy)
    for (int ix = 0; ix < grid.nx; ++ix) {
      Vec3<double> v = m(grid.x(ix), grid.y(iy));
      v = (1 / norm(v)) * v;
      const std::size_t i = grid.index(ix, iy);
      out[i] = v.x, out[grid.cells() + i] = v.y, out[2 * grid.cells() + i] = v.z;
    }
  return out;
}

/// Directions that differ from cell to cell without any pattern; the same in every run.
inline std::vector<double> scrambled(const Grid& grid, std::uint64_t seed = 1) {
  std::uint64_t s = seed * 0x9e3779b97f4a7c15ull;
  const auto next = [&s] {
    s = s * 6364136223846793005ull + 1442695040888963407ull;
    return static_cast<double>(s >> 11) * 0x1p-53 - 0.5;
  };
  return texture(grid, [&](double, double) {
    const double x = next(), y = next(), z = next();
    return Vec3<double>{x, y, z + 1e-3};
  });
}

/// Smooth, without symmetry: every term has a field everywhere.
inline std::vector<double> wavy(const Grid& grid) {
  const double kx = 4.1 / (grid.nx * grid.dx), ky = 3.3 / (grid.ny * grid.dy);
  return texture(grid, [=](double x, double y) {
    return Vec3<double>{0.3 + std::sin(kx * x + 0.4), std::cos(ky * y - 0.2),
                        0.8 + 0.5 * std::sin(kx * x - ky * y)};
  });
}

inline Vec3<double> at(const std::vector<double>& field, const Grid& grid, std::size_t cell) {
  return {field[cell], field[grid.cells() + cell], field[2 * grid.cells() + cell]};
}

inline double largest(const std::vector<double>& field) {
  double out = 0;
  for (double x : field) out = std::max(out, std::abs(x));
  return out;
}

/// Largest difference, relative to the largest value of `expected`; infinite for fields of other
/// sizes and where a value is no number.
inline double relative_difference(const std::vector<double>& got,
                                  const std::vector<double>& expected) {
  double out = got.size() == expected.size() ? 0 : HUGE_VAL;
  for (std::size_t i = 0; i < std::min(got.size(), expected.size()); ++i) {
    const double difference = std::abs(got[i] - expected[i]);
    out = std::max(out, std::isnan(difference) ? HUGE_VAL : difference);
  }
  return out / std::max(largest(expected), 1e-300);
}

/// A GPU is not asked after each step: tests would spend their time waiting for it.
inline void run_to(Engine& engine, double t) {
  while (engine.time() < t) engine.advance(t, 1000);
}

inline double observable(const std::vector<Observable>& all, const std::string& name) {
  for (const Observable& o : all)
    if (o.name == name) return o.value;
  return NAN;
}

}  // namespace kubomag::test
