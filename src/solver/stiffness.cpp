#include <algorithm>
#include <cmath>

#include "solver/film_quantities.hpp"

namespace kubomag {
namespace {

/// Of what runs in passes of its own. The slope of a custom field over m is not known: twice its
/// size in several directions, which is exact for a field linear in m, stands for it.
double added_stiffness(const Problem& problem) {
  const Parameters& film = problem.material;
  double E_z = 0, B = 0;
  for (const FieldSource& source : problem.E_z) {
    double strongest = std::abs(source.value.z);
    for (const Vec3<double>& value : source.map) strongest = std::max(strongest, std::abs(value.z));
    E_z += strongest;
  }
  if (has_vcma(problem))
    B += ScalarMap::combine(
             [&](double xi, double Ms) {
               return Ms > 0 ? 2 * std::abs(xi) * E_z / (Ms * problem.grid.dz) : 0.0;
             },
             film["xi_VCMA"], film["Msat"])
             .max();
  constexpr Vec3<double> directions[] = {{1, 0, 0},     {0, 1, 0},     {0, 0, 1},
                                         {-1, 0, 0},    {0, -1, 0},    {0, 0, -1},
                                         {0.6, 0.8, 0}, {0, 0.6, 0.8}, {0.8, 0, 0.6}};
  for (const CustomTerm& term : problem.custom) {
    if (term.kind != CustomTerm::Kind::field) continue;
    FormulaValues values(term.graph);
    double strongest = 0;
    for (std::size_t i = 0; i < problem.grid.cells(); ++i) {
      if (!(film["Msat"](i) > 0)) continue;
      for (const Vec3<double>& m : directions) {
        const std::vector<double>& all = values(point_of_cell(problem.grid, i, 0, m));
        const auto [x, y, z] = term.vector;
        strongest = std::max(strongest, norm(Vec3<double>{all[x], all[y], all[z]}));
      }
    }
    B += 2 * strongest;
  }
  return B;
}

}  // namespace

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
  B += added_stiffness(problem);
  return B > 0 ? B : 1;
}

}  // namespace kubomag
