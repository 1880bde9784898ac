#include "analysis/skyrmions.hpp"

#include <algorithm>
#include <complex>
#include <optional>

#include "analysis/texture.hpp"
#include "kubomag/constants.hpp"

namespace kubomag {
namespace {

using Cells = std::vector<std::size_t>;

struct Domain {
  Cells cells;
  bool at_edge = false;
};

double background_of(const FilmView& film) {
  const auto sum = sum_over_film<1>(film.grid, [&](int ix, int iy) -> std::array<double, 1> {
    return {film[film.grid.index(ix, iy)].z};
  });
  return sum[0] < 0 ? -1 : 1;
}

/// Cells connected along x and y whose mz has not the background's sign.
std::vector<Domain> find_domains(const FilmView& film, double background) {
  const Grid& grid = film.grid;
  std::vector<char> waiting(grid.cells());
  for (std::size_t cell = 0; cell < waiting.size(); ++cell)
    waiting[cell] = background * film[cell].z < 0;
  std::vector<Domain> domains;
  for (std::size_t first = 0; first < waiting.size(); ++first) {
    if (!waiting[first]) continue;
    Domain core;
    core.cells.push_back(first);
    waiting[first] = 0;
    for (std::size_t k = 0; k < core.cells.size(); ++k) {
      const int ix = static_cast<int>(core.cells[k] % static_cast<std::size_t>(grid.nx));
      const int iy = static_cast<int>(core.cells[k] / static_cast<std::size_t>(grid.nx));
      for (const std::size_t next : {film.find(ix - 1, iy), film.find(ix + 1, iy),
                                     film.find(ix, iy - 1), film.find(ix, iy + 1)}) {
        if (next == FilmView::none) core.at_edge = true;
        if (next == FilmView::none || !waiting[next]) continue;
        waiting[next] = 0;
        core.cells.push_back(next);
      }
    }
    domains.push_back(std::move(core));
  }
  return domains;
}

/// The part of a triangle where the linear function with these corner values is negative.
double negative_part(double a, double b, double c) {
  const int negative = (a < 0) + (b < 0) + (c < 0);
  if (negative == 0 || negative == 3) return negative / 3;
  if (negative == 2) return 1 - negative_part(-a, -b, -c);
  if (b < 0) std::swap(a, b);
  if (c < 0) std::swap(a, c);
  return a * a / ((a - b) * (a - c));
}

/// Lower left cells of all squares with a corner in the core, each once.
std::vector<std::pair<int, int>> squares_of(const FilmView& film, const Domain& core) {
  const Grid& grid = film.grid;
  std::vector<std::pair<int, int>> squares;
  for (const std::size_t cell : core.cells) {
    const int ix = static_cast<int>(cell % static_cast<std::size_t>(grid.nx));
    const int iy = static_cast<int>(cell / static_cast<std::size_t>(grid.nx));
    for (const int dx : {-1, 0})
      for (const int dy : {-1, 0})
        squares.emplace_back(grid.periodic_x ? (ix + dx + grid.nx) % grid.nx : ix + dx,
                             grid.periodic_y ? (iy + dy + grid.ny) % grid.ny : iy + dy);
  }
  std::sort(squares.begin(), squares.end());
  squares.erase(std::unique(squares.begin(), squares.end()), squares.end());
  return squares;
}

/// Centre of |mz|, polarity, radius; nothing if the core carries no charge or touches an edge.
std::optional<SkyrmionCore> measure_core(const FilmView& film, const Domain& core,
                                         double background) {
  if (core.at_edge) return std::nullopt;
  const Grid& grid = film.grid;
  double charge = 0, area = 0;
  for (const auto& [ix, iy] : squares_of(film, core)) {
    charge += charge_of_square(film, ix, iy);
    const auto value = [&](int dx, int dy) {
      return background * film[film.find(ix + dx, iy + dy)].z;
    };
    const double diagonal[] = {value(0, 0), value(1, 1)};
    area += 0.5 * (negative_part(diagonal[0], value(1, 0), diagonal[1]) +
                   negative_part(diagonal[0], diagonal[1], value(0, 1)));
  }
  if (std::abs(charge) < 0.25) return std::nullopt;
  const auto position = [&](std::size_t cell) -> Vec2<double> {
    return {grid.x(static_cast<int>(cell % static_cast<std::size_t>(grid.nx))),
            grid.y(static_cast<int>(cell / static_cast<std::size_t>(grid.nx)))};
  };
  const Vec2<double> origin = position(core.cells.front());
  Vec2<double> moment;
  double weight = 0;
  for (const std::size_t cell : core.cells) {
    const Vec2<double> r = position(cell);
    const Vec2<double> from_origin = film.shortest({r.x - origin.x, r.y - origin.y});
    const double w = std::abs(film[cell].z);
    moment.x += w * from_origin.x, moment.y += w * from_origin.y, weight += w;
  }
  SkyrmionCore shape;
  shape.centre = film.shortest({origin.x + moment.x / weight, origin.y + moment.y / weight});
  shape.polarity = background < 0 ? 1 : -1;
  shape.radius = std::sqrt(area * grid.dx * grid.dy / constants::pi);
  shape.charge = charge;
  return shape;
}

double square(Vec2<double> r) { return r.x * r.x + r.y * r.y; }

/// 1 within twice the radius, 0 from three times on, smooth between: what is further away (tilted
/// edges, thermal noise) is not the skyrmion's.
double nearness(double r, double radius) {
  const double x = std::clamp(r / radius - 2, 0.0, 1.0);
  return 1 - x * x * (3 - 2 * x);
}

}  // namespace

std::vector<SkyrmionCore> find_skyrmions(const FilmView& film) {
  const double background = background_of(film);
  std::vector<SkyrmionCore> cores;
  for (const Domain& domain : find_domains(film, background))
    if (const auto core = measure_core(film, domain, background)) cores.push_back(*core);
  return cores;
}

SkyrmionShape measure_skyrmion(const FilmView& film, const std::vector<SkyrmionCore>& cores,
                               std::size_t own) {
  const Grid& grid = film.grid;
  const SkyrmionCore& core = cores[own];
  const auto from = [&](const SkyrmionCore& c, double x, double y) {
    return film.shortest({x - c.centre.x, y - c.centre.y});
  };
  const auto is_nearest = [&](Vec2<double> r, double x, double y) {
    return std::none_of(cores.begin(), cores.end(), [&](const SkyrmionCore& c) {
      return &c != &core && square(from(c, x, y)) < square(r);
    });
  };
  const double winding = core.charge * core.polarity > 0 ? 1 : -1;
  const auto sums = sum_over_film<6>(grid, [&](int ix, int iy) -> std::array<double, 6> {
    const double x = grid.x(ix), y = grid.y(iy);
    const double middle_x = x + 0.5 * grid.dx, middle_y = y + 0.5 * grid.dy;
    std::array<double, 6> terms{};
    const Vec2<double> middle = from(core, middle_x, middle_y), r = from(core, x, y);
    if (is_nearest(middle, middle_x, middle_y)) {
      const double q = charge_of_square(film, ix, iy);
      const double near = q * nearness(std::hypot(middle.x, middle.y), core.radius);
      terms[0] = near, terms[1] = near * middle.x, terms[2] = near * middle.y, terms[5] = q;
    }
    const double rho = std::hypot(r.x, r.y);
    if (rho > 0 && rho < 2 * core.radius && is_nearest(r, x, y)) {
      const Vec3<double> m = film[grid.index(ix, iy)];
      const std::complex<double> turned =
          std::complex<double>(m.x, m.y) * std::complex<double>(r.x, -winding * r.y) / rho;
      terms[3] = turned.real(), terms[4] = turned.imag();
    }
    return terms;
  });
  return {film.shortest({core.centre.x + sums[1] / sums[0], core.centre.y + sums[2] / sums[0]}),
          sums[5], std::atan2(sums[4], sums[3])};
}

}  // namespace kubomag
