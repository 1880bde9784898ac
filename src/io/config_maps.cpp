#include "io/config_maps.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

#include "io/film_files.hpp"
#include "io/formula_graph.hpp"
#include "io/units.hpp"
#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"
#include "setup/formula_plan.hpp"

namespace kubomag::io {
namespace {

void refuse_time(const ConfigValue& value, bool uses_t) {
  if (uses_t) value.fail("depends on t; a formula of x and y is expected (signals bring the time)");
}

double finite(const ConfigValue& value, double number, const Grid& grid, int ix, int iy) {
  if (std::isfinite(number)) return number;
  value.fail(fmt::format("gives {} at x = {}, y = {}; a finite number is expected", number,
                         format_quantity(grid.x(ix), "m"), format_quantity(grid.y(iy), "m")));
}

/// What takes the values of an OVF file, in the unit that it names, to SI and `unit`. Other
/// programs write "None" for no unit, and magnetic fields in A/m.
double ovf_factor(const ConfigValue& file, const std::string& given, std::string_view unit) {
  if (given.empty() || given == "None" || given == "none") return 1;
  const auto own = file.located([&] { return parse_unit(given); });
  const Dimension wanted = parse_unit(unit).dimension;
  if (own.dimension == wanted) return own.factor;
  if (unit == "T" && own.dimension == parse_unit("A/m").dimension)
    return own.factor * constants::mu_0;
  file.fail(fmt::format("the file's values are in {}; values in {} are expected", given, unit));
}

std::vector<double> read_file_map(const ConfigTable& table, std::string_view unit,
                                  const Grid& grid) {
  if (const auto file = table.find("npy")) return read_film_npy(*file, grid);
  const auto file = table.find("png");
  if (!file) return read_film_ovf(table["ovf"], grid, 1, unit).values;
  const ConfigValue range = table["range"];
  const std::vector<ConfigValue> ends = range.elements(2);
  const double black = ends[0].quantity(unit), white = ends[1].quantity(unit);
  if (!std::isfinite(black) || !std::isfinite(white)) range.fail("two finite values are expected");
  std::vector<double> values = read_film_png(*file, grid);
  for (double& value : values) value = black + (white - black) * value;
  return values;
}

template <class F>
auto over_cells(const Grid& grid, F f) {
  std::vector<decltype(f(0, 0))> cells;
  cells.reserve(grid.cells());
  for (int iy = 0; iy < grid.ny; ++iy)
    for (int ix = 0; ix < grid.nx; ++ix) cells.push_back(f(ix, iy));
  return cells;
}

}  // namespace

Expression::Expression(const Formula& formula)
    : uses_t_(formula.uses_t()), uses_x_(formula.uses_x()), uses_y_(formula.uses_y()) {
  const Parameters no_film;
  FormulaGraphBuilder builder({}, no_film);
  node_ = builder.add(formula.text());
  graph_ = std::make_shared<const FormulaGraph>(builder.graph());
}

double Expression::operator()(double x, double y, double t) const {
  if (!graph_) return value_;
  thread_local std::vector<double> values;
  evaluate_nodes(*graph_, {x, y, t, {}, 0}, values);
  return values[static_cast<std::size_t>(node_)];
}

Expression read_expression(const ConfigValue& value, std::string_view unit) {
  if (!value.is_text() || is_quantity(value.text())) return Expression(value.quantity(unit));
  return value.located([&] { return Expression(Formula(value.text())); });
}

double read_any_quantity(const ConfigValue& value) {
  if (!value.is_text()) return value.quantity("1");
  const std::string text = value.text();
  return value.located([&] {
    char* unit = nullptr;
    const double number = std::strtod(text.c_str(), &unit);
    if (unit == text.c_str() || !std::isfinite(number))
      throw InputError("'" + text +
                       "'; a finite number with a unit, such as \"17 meV nm\", is "
                       "expected");
    while (*unit == ' ') ++unit;
    return *unit == 0 ? number : number * parse_unit(unit).factor;
  });
}

OvfField read_ovf_field(const ConfigValue& file, int components) {
  OvfField field = file.located([&] { return read_ovf(file.file()); });
  if (field.components != components)
    file.fail(fmt::format("the file has {} components per cell; {} expected", field.components,
                          components));
  for (const double number : field.values)
    if (!std::isfinite(number)) file.fail("the file holds values that are not finite numbers");
  return field;
}

void check_cells(const ConfigValue& file, const OvfField& field, const Grid& grid) {
  if (field.nx != grid.nx || field.ny != grid.ny || field.nz != 1)
    file.fail(fmt::format("the file has {} x {} x {} cells; the film has {} x {} x 1", field.nx,
                          field.ny, field.nz, grid.nx, grid.ny));
}

OvfField read_film_ovf(const ConfigValue& file, const Grid& grid, int components,
                       std::string_view unit) {
  OvfField field = read_ovf_field(file, components);
  check_cells(file, field, grid);
  for (std::size_t c = 0; c < field.units.size(); ++c) {
    const double factor = ovf_factor(file, field.units[c], unit);
    for (std::size_t i = 0; i < grid.cells(); ++i) field.values[c * grid.cells() + i] *= factor;
  }
  return field;
}

ScalarMap read_map(const ConfigValue& value, std::string_view unit, const Grid& grid) {
  if (value.is_table()) return ScalarMap(read_file_map(value.table(), unit, grid));
  const Expression expression = read_expression(value, unit);
  refuse_time(value, expression.uses_t());
  if (expression.uniform()) return {finite(value, expression(0, 0), grid, 0, 0)};
  return ScalarMap(over_cells(grid, [&](int ix, int iy) {
    return finite(value, expression(grid.x(ix), grid.y(iy)), grid, ix, iy);
  }));
}

std::vector<Vec3<double>> read_vectors(const ConfigValue& value, std::string_view unit,
                                       const Grid& grid, int components) {
  std::vector<Expression> parts;
  bool uniform = true;
  for (const ConfigValue& element : value.elements(static_cast<std::size_t>(components))) {
    parts.push_back(read_expression(element, unit));
    refuse_time(element, parts.back().uses_t());
    uniform = uniform && parts.back().uniform();
  }
  const auto at = [&](int ix, int iy) {
    const auto part = [&](int c) {
      return finite(value, parts[c](grid.x(ix), grid.y(iy)), grid, ix, iy);
    };
    return Vec3<double>{part(0), part(1), components == 3 ? part(2) : 0};
  };
  if (uniform) return {at(0, 0)};
  return over_cells(grid, at);
}

Vec3<double> read_vector(const ConfigValue& value, std::string_view unit) {
  const std::vector<ConfigValue> parts = value.elements(3);
  Vec3<double> vector{parts[0].quantity(unit), parts[1].quantity(unit), parts[2].quantity(unit)};
  if (!std::isfinite(norm(vector))) value.fail("three finite numbers are expected");
  return vector;
}

std::vector<Vec3<double>> read_directions(const ConfigValue& value, const Grid& grid) {
  std::vector<Vec3<double>> directions = read_vectors(value, "1", grid);
  for (Vec3<double>& u : directions) {
    const double length = norm(u);
    if (length == 0)
      value.fail("a direction of length 0; at least one component must differ from 0");
    u = (1 / length) * u;
  }
  return directions;
}

std::vector<Region> read_regions(const ConfigTable& root, const Grid& grid, Shapes& shapes) {
  std::vector<Region> regions;
  for (const ConfigTable& table : root.tables("region")) {
    const Shape shape = shapes.read(table["where"]);
    const auto inside = [&](int ix, int iy) -> char { return shape(grid.x(ix), grid.y(iy)); };
    regions.push_back({over_cells(grid, inside), table});
  }
  return regions;
}

ScalarMap override_map(const ScalarMap& map, const Region& region, const ScalarMap& other) {
  std::vector<double> cells(region.inside.size());
  for (std::size_t i = 0; i < cells.size(); ++i) cells[i] = (region.inside[i] ? other : map)(i);
  return ScalarMap(std::move(cells));
}

}  // namespace kubomag::io
