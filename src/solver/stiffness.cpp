#include <algorithm>
#include <cmath>

#include "solver/film_quantities.hpp"

namespace kubomag {

double stiffest_field(const Problem& problem) {
  const Grid& grid = problem.grid;
  const Parameters& film = problem.material;
  const double curvature =
      (grid.nx > 1 ? 4 / (grid.dx * grid.dx) : 0) + (grid.ny > 1 ? 4 / (grid.dy * grid.dy) : 0);
  const auto largest = [&](auto per_cell) {
    return ScalarMap::combine([&](double x, double Ms) { return Ms > 0 ? per_cell(x, Ms) : 0.0; },
                              film[per_cell.key], film["Msat"])
        .max();
  };
  struct Exchange {
    const char* key;
    double curvature;
    double operator()(double Aex, double Ms) const { return 2 * std::abs(Aex) / Ms * curvature; }
  };
  struct Anisotropy {
    const char* key;
    double factor;
    double operator()(double K, double Ms) const { return factor * std::abs(K) / Ms; }
  };
  const double per_length = (grid.nx > 1 ? 2 / grid.dx : 0) + (grid.ny > 1 ? 2 / grid.dy : 0);
  double exchange = largest(Exchange{"Aex", curvature});
  for (const char* bonds : {"Aex_x", "Aex_y"})  // across interfaces it may be stronger
    if (film.contains(bonds)) exchange = std::max(exchange, largest(Exchange{bonds, curvature}));
  double B = exchange + largest(Anisotropy{"Ku1", 2}) + largest(Anisotropy{"Ku2", 4}) +
             largest(Anisotropy{"Kc1", 2}) + largest(Anisotropy{"Kc2", 2}) +
             largest(Anisotropy{"Kc3", 4}) + largest(Anisotropy{"Dind", per_length}) +
             largest(Anisotropy{"Dbulk", per_length});
  if (problem.demag.enabled) B += constants::mu_0 * film["Msat"].max();
  for (const FieldSource& source : problem.B_ext) {
    double strongest = norm(source.value);
    for (const Vec3<double>& value : source.map) strongest = std::max(strongest, norm(value));
    B += strongest;
  }
  return B > 0 ? B : 1;
}

}  // namespace kubomag
