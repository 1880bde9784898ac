#include "io/config_shape.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "io/formula.hpp"
#include "io/png_read.hpp"
#include "setup/grains.hpp"

namespace kubomag::io {
namespace {

/// Cells with less than this are vacuum: a sliver would only cost time steps.
constexpr double least_part = 0.01;

Vec2<double> read_pair(const ConfigValue& value) {
  const std::vector<ConfigValue> parts = value.elements(2);
  return {parts[0].quantity("m"), parts[1].quantity("m")};
}

Vec2<double> finite_pair(const ConfigValue& value) {
  const Vec2<double> pair = read_pair(value);
  if (!std::isfinite(pair.x) || !std::isfinite(pair.y))
    value.fail("two finite lengths are expected");
  return pair;
}

bool is_identifier(const std::string& text) {
  return !text.empty() && std::isalpha(static_cast<unsigned char>(text.front())) != 0 &&
         std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
}

Shape read_formula(const ConfigValue& value) {
  const Formula formula = value.located([&] { return Formula(value.text()); });
  if (formula.uses_t())
    value.fail("depends on t; a formula of x and y is expected (signals bring the time)");
  return [formula, value](double x, double y) {
    const double number = formula(x, y);
    if (!std::isfinite(number))
      value.fail(
          fmt::format("gives {} at x = {} m, y = {} m; true or false is expected", number, x, y));
    return number != 0;
  };
}

/// Stretched over `size` about the origin; outside is outside.
Shape read_image(const ConfigTable& table, const Grid& grid) {
  const ConfigValue file = table["file"];
  const auto image =
      std::make_shared<const GreyImage>(file.located([&] { return read_grey_png(file.file()); }));
  Vec2<double> size{grid.size_x(), grid.size_y()};
  if (const auto value = table.find("size")) size = finite_pair(*value);
  if (!(size.x > 0 && size.y > 0)) table["size"].fail("two lengths above 0 are expected");
  const double threshold = table.quantity("threshold", "1", 0.5);
  return [=](double x, double y) {
    const double column = (x / size.x + 0.5) * image->width;
    const double row = (y / size.y + 0.5) * image->height;
    if (!(column >= 0 && column < image->width && row >= 0 && row < image->height)) return false;
    return image->at(static_cast<int>(column), static_cast<int>(row)) > threshold;
  };
}

Shape read_polygon(const ConfigTable& table) {
  const ConfigValue value = table["points"];
  std::vector<Vec2<double>> corners;
  for (const ConfigValue& corner : value.elements(0)) corners.push_back(finite_pair(corner));
  return value.located([&] { return polygon(std::move(corners)); });
}

}  // namespace

Shapes::Shapes(const ConfigTable& root, const Grid& grid) : grid_(grid) {
  const auto section = root.table("shape");
  if (!section) return;
  for (const std::string& name : section->keys()) {
    const ConfigValue value = (*section)[name];
    if (!is_identifier(name) || name == "x" || name == "y" || name == "t")
      value.fail("letters, digits and _ are expected in the name of a shape, and not x, y or t");
    tables_.emplace(name, value);
  }
  for (const auto& [name, value] : tables_) named(name, value);
}

Shape Shapes::named(const std::string& name, const ConfigValue& place) {
  const auto known = known_.find(name);
  if (known != known_.end()) return known->second;
  if (!open_.insert(name).second) place.fail(fmt::format("the shape '{}' is made of itself", name));
  const Shape shape = read_table(tables_.at(name).table());
  open_.erase(name);
  return known_[name] = shape;
}

Shape Shapes::read(const ConfigValue& value) {
  if (value.is_table()) return read_table(value.table());
  const std::string text = value.text();
  if (tables_.contains(text)) return named(text, value);
  if (!is_identifier(text) || text == "x" || text == "y") return read_formula(value);
  std::vector<std::string> names;
  for (const auto& [name, table] : tables_) names.push_back(name);
  value.fail(fmt::format(
      "there is no [shape.{}]; the name of a shape ({}), a table, or a formula "
      "of x and y is expected",
      text, names.empty() ? "there are none" : fmt::format("{}", fmt::join(names, ", "))));
}

Shape Shapes::read_table(const ConfigTable& table) {
  Shape shape = read_plain(table);
  if (const auto angle = table.find("rotate")) shape = rotated(shape, angle->quantity("rad"));
  if (const auto by = table.find("shift")) shape = shifted(shape, finite_pair(*by));
  return shape;
}

Shape Shapes::read_plain(const ConfigTable& table) {
  if (const auto list = table.find("union")) return unite(read_list(*list));
  if (const auto list = table.find("intersection")) return intersect(read_list(*list));
  if (const auto list = table.find("difference")) return subtract(read_list(*list));
  const auto sized = [&](Shape (*make)(double, double)) {
    const ConfigValue size = table["size"];
    const Vec2<double> pair = read_pair(size);
    return size.located([&] { return make(pair.x, pair.y); });
  };
  if (!table.has("kind"))
    table.fail("kind, union, intersection or difference is missing; such as kind = \"ellipse\"");
  switch (
      table.choice("kind", {"ellipse", "rectangle", "polygon", "lattice", "image", "formula"})) {
    case 0:
      return sized(ellipse);
    case 1:
      return sized(rectangle);
    case 2:
      return read_polygon(table);
    case 3:
      return read_lattice(table);
    case 4:
      return read_image(table, grid_);
    default:
      return read_formula(table["inside"]);
  }
}

Shape Shapes::read_lattice(const ConfigTable& table) {
  const Shape motif = read(table["of"]);
  const ConfigValue value = table["period"];
  const bool hexagonal = table.choice("lattice", {"square", "hexagonal"}) == 1;
  if (hexagonal && value.is_array()) value.fail("one length is expected for a hexagonal lattice");
  const Vec2<double> period = value.is_array()
                                  ? finite_pair(value)
                                  : Vec2<double>{value.quantity("m"), value.quantity("m")};
  return value.located([&] {
    return repeated(motif, {period.x, 0},
                    hexagonal ? Vec2<double>{0.5 * period.x, std::sqrt(0.75) * period.x}
                              : Vec2<double>{0, period.y});
  });
}

std::vector<Shape> Shapes::read_list(const ConfigValue& value) {
  std::vector<Shape> shapes;
  for (const ConfigValue& element : value.elements(0)) shapes.push_back(read(element));
  if (shapes.empty()) value.fail("an empty list; at least one shape is expected");
  return shapes;
}

ScalarMap read_geometry(const ConfigTable& root, Shapes& shapes, const Grid& grid) {
  const auto table = root.table("geometry");
  if (!table) return {1};
  const ConfigValue value = (*table)["shape"];
  const Shape shape = shapes.read(value);
  const long smooth = table->integer("edge_smooth", 0);
  if (smooth < 0 || smooth > 64)
    (*table)["edge_smooth"].fail("0, or samples per axis of a cell up to 64, is expected");
  ScalarMap part =
      ScalarMap::combine([](double p) { return p < least_part ? 0.0 : p; },
                         covered(grid, shape, std::max<int>(1, static_cast<int>(smooth))));
  if (part.max() == 0)
    value.fail("no cell lies inside the shape; lengths are from the film's centre");
  return part;
}

void fill_cells(Parameters& parameters, const std::vector<Input>& inputs, const ScalarMap& part) {
  static const std::set<std::string> of_the_magnet = {"A/m",  "A/m2", "J/m",
                                                      "J/m2", "J/m3", "J/(V m)"};
  // The strength of the currents' torques: pure numbers, but what they give is divided by Msat.
  static const std::set<std::string> of_its_torques = {"theta_SH", "Pol", "EpsilonPrime"};
  if (part.uniform() && part(0) == 1) return;
  for (const Input& input : inputs)
    if (of_the_magnet.contains(input.unit) || of_its_torques.contains(input.name))
      parameters.set(input.name,
                     ScalarMap::combine([](double value, double p) { return value * p; },
                                        parameters[input.name], part));
}

std::vector<GrainName> read_grains(const ConfigTable& root, const Grid& grid,
                                   const std::vector<Input>& inputs, Parameters& parameters) {
  const auto table = root.table("grains");
  if (!table) return {};
  const long seed = table->integer("seed", 1);
  if (seed < 0) (*table)["seed"].fail("a whole number of at least 0 is expected");
  const Grains grains{table->quantity("size", "m"), static_cast<std::uint64_t>(seed)};
  std::vector<GrainName> names =
      (*table)["size"].located([&] { return grain_of_cells(grid, grains); });
  const bool coupled = table->has("exchange_scale") || table->has("DMI_scale");
  if (coupled && !table->has("spread")) return names;
  const ConfigTable spreads = (*table)["spread"].table();
  for (const Input& input : inputs) {
    const auto value = spreads.find(input.name);
    if (!value) continue;
    const double spread = value->quantity("1");
    if (!(spread >= 0 && spread <= 1.0 / 3))
      value->fail(
          "a relative standard deviation from 0 to 1/3 is expected, so that no grain's "
          "value changes its sign");
    std::vector<double> cells(grid.cells());
    for (std::size_t i = 0; i < cells.size(); ++i)
      cells[i] = parameters[input.name](i) * grain_factor(names[i], grains, input.name, spread);
    parameters.set(input.name, ScalarMap(std::move(cells)));
  }
  return names;
}

}  // namespace kubomag::io
