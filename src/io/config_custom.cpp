#include "io/config_custom.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <set>
#include <string>

#include "io/config_maps.hpp"
#include "io/formula_graph.hpp"
#include "io/units.hpp"
#include "kernels/torques.hpp"
#include "setup/formula_plan.hpp"

namespace kubomag::io {
namespace {

/// Names of outputs that are there already.
std::set<std::string> taken_names() {
  std::set<std::string> names{"eff", "ext", "demag", "FL", "diff", "Zeeman", "total", "psi"};
  for (const TermDeclaration& term : term_declarations()) names.insert(term.symbol);
  for (const TermDeclaration& torque : torque_declarations()) names.insert(torque.symbol);
  return names;
}

std::string read_name(const ConfigTable& table, const std::string& fallback,
                      std::set<std::string>& taken) {
  std::string name = table.text("name", fallback);
  const bool fits = !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_';
  });
  if (!fits) table["name"].fail("letters, digits and _ are expected: it becomes part of B_<name>");
  if (!taken.insert(name).second) {
    const std::string message =
        fmt::format("B_{} is there already; another name is expected", name);
    if (const auto value = table.find("name")) value->fail(message);
    table.fail(message);
  }
  return name;
}

int read_formula(const ConfigValue& value, FormulaGraphBuilder& builder, const char* unit) {
  if (!value.is_text() || is_quantity(value.text()))
    return builder.add(fmt::format("{:.17g}", value.quantity(unit)));
  return value.located([&] { return builder.add(value.text()); });
}

/// Directions without symmetry; the first six along the axes.
const std::vector<Vec3<double>>& directions() {
  static const std::vector<Vec3<double>> all = [] {
    std::vector<Vec3<double>> list{{1, 0, 0},  {-1, 0, 0}, {0, 1, 0},
                                   {0, -1, 0}, {0, 0, 1},  {0, 0, -1}};
    for (int k = 0; k < 6; ++k) {  // a spiral over the sphere
      const double z = -0.83 + 0.31 * k, phi = 0.4 + 2.4 * k, r = std::sqrt(1 - z * z);
      list.push_back({r * std::cos(phi), r * std::sin(phi), z});
    }
    return list;
  }();
  return all;
}

std::string place(const FormulaPoint& at) {
  return fmt::format("x = {}, y = {}, t = {}, m = ({:.3g}, {:.3g}, {:.3g})",
                     format_quantity(at.x, "m"), format_quantity(at.y, "m"),
                     format_quantity(at.t, "s"), at.m.x, at.m.y, at.m.z);
}

/// f(point) for magnetic cells all over the film, at the beginning and later.
template <class F>
void for_some_points(const Problem& problem, F f) {
  const std::size_t cells = problem.grid.cells();
  const std::size_t stride = std::max<std::size_t>(1, cells / 97);
  std::size_t turn = 0;
  for (std::size_t cell = 0; cell < cells; cell += stride) {
    if (!(problem.material["Msat"](cell) > 0)) continue;
    const Vec3<double> m = directions()[turn++ % directions().size()];
    for (const double t : {0.0, 0.37e-9}) f(point_of_cell(problem.grid, cell, t, m));
  }
}

void refuse_not_finite(const ConfigValue& value, const CustomTerm& term, const Problem& problem) {
  FormulaValues values(term.graph);
  for_some_points(problem, [&](const FormulaPoint& at) {
    const std::vector<double>& all = values(at);
    for (const int component : term.vector)
      if (!std::isfinite(all[component]))
        value.fail(
            fmt::format("gives {} at {}; finite numbers are expected", all[component], place(at)));
  });
}

/// -dw/dm/Ms along the unit vector u across m [T], by central differences of fourth order.
double slope(FormulaValues& values, const CustomTerm& term, FormulaPoint at, Vec3<double> u,
             double Ms) {
  const Vec3<double> m = at.m;
  const auto energy = [&](double angle) {
    at.m = std::cos(angle) * m + std::sin(angle) * u;
    return values(at)[term.energy];
  };
  const double h = 2e-3;
  const double slope = (8 * (energy(h) - energy(-h)) - (energy(2 * h) - energy(-2 * h))) / (12 * h);
  return -slope / Ms;
}

/// The energy belongs to the field if B = -(1/Ms) dw/dm across m. Energies that depend on m through
/// steps of a condition may miss that at a few points by chance, and are refused there.
void refuse_other_energy(const ConfigValue& value, const CustomTerm& term, const Problem& problem) {
  FormulaValues values(term.graph);
  double largest = 0;
  for_some_points(problem, [&](const FormulaPoint& at) {
    const std::vector<double>& all = values(at);
    for (const int component : term.vector) largest = std::max(largest, std::abs(all[component]));
  });
  for_some_points(problem, [&](const FormulaPoint& at) {
    const std::vector<double> all = values(at);
    const Vec3<double> B{all[term.vector[0]], all[term.vector[1]], all[term.vector[2]]};
    const Vec3<double> aside =
        std::abs(at.m.z) < 0.9 ? Vec3<double>{0, 0, 1} : Vec3<double>{1, 0, 0};
    const Vec3<double> across = cross(at.m, aside), u = (1 / norm(across)) * across;
    for (const Vec3<double> direction : {u, cross(at.m, u)}) {
      const double expected = slope(values, term, at, direction, problem.material["Msat"](at.cell));
      const double given = dot(B, direction);
      const double scale = std::max({largest, std::abs(expected), 1e-12});
      if (!(std::abs(given - expected) <= 1e-6 * scale))
        value.fail(fmt::format(
            "its derivative is not B: at {} the field along ({:.3g}, {:.3g}, {:.3g}) is {:.6g} T "
            "but -(1/Msat) dw/dm is {:.6g} T; an energy density w [J/m3] with B = -(1/Msat) dw/dm, "
            "or none, is expected",
            place(at), direction.x, direction.y, direction.z, given, expected));
    }
  });
}

std::map<std::string, double> read_parameters(const ConfigTable& table) {
  std::map<std::string, double> numbers;
  if (const auto section = table.table("parameters"))
    for (const std::string& name : section->keys())
      numbers[name] = read_any_quantity((*section)[name]);
  return numbers;
}

CustomTerm read_term(const ConfigTable& table, CustomTerm::Kind kind, const std::string& name,
                     const Problem& problem) {
  CustomTerm term;
  term.kind = kind;
  term.name = name;
  const auto numbers = read_parameters(table);
  const auto parameters = table.find("parameters");
  FormulaGraphBuilder builder =
      parameters
          ? parameters->located([&] { return FormulaGraphBuilder(numbers, problem.material); })
          : FormulaGraphBuilder(numbers, problem.material);
  const ConfigValue vector = table[kind == CustomTerm::Kind::field ? "B" : "torque"];
  const std::vector<ConfigValue> parts = vector.elements(3);
  std::vector<int> outputs;
  for (std::size_t c = 0; c < 3; ++c) {
    term.vector[c] = read_formula(parts[c], builder, "T");
    outputs.push_back(term.vector[c]);
  }
  const auto energy = kind == CustomTerm::Kind::field ? table.find("energy") : std::nullopt;
  if (energy) term.energy = read_formula(*energy, builder, "J/m3");
  term.graph = builder.graph();
  vector.located([&] { plan_formula(term.graph, outputs); });
  refuse_not_finite(vector, term, problem);
  if (energy) {
    energy->located([&] { plan_formula(term.graph, {term.energy}); });
    refuse_other_energy(*energy, term, problem);
  }
  return term;
}

}  // namespace

void read_custom_terms(const ConfigTable& root, CustomTerm::Kind kind, Problem& problem) {
  const std::string key = kind == CustomTerm::Kind::field ? "custom_field" : "custom_torque";
  std::set<std::string> taken = taken_names();
  for (const CustomTerm& term : problem.custom) taken.insert(term.name);
  int count = 0;
  for (const ConfigTable& table : root.tables(key)) {
    const std::string name = read_name(table, fmt::format("{}{}", key, ++count), taken);
    problem.custom.push_back(read_term(table, kind, name, problem));
  }
}

}  // namespace kubomag::io
