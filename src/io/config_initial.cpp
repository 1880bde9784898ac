#include "io/config_initial.hpp"

#include <fmt/format.h>

#include <functional>
#include <memory>

#include "setup/initial_state.hpp"

namespace kubomag::io {
namespace {

int sign_of(const ConfigTable& table, const std::string& key) {
  const long sign = table.integer(key, 1);
  if (sign != 1 && sign != -1) table[key].fail("1 or -1 is expected");
  return static_cast<int>(sign);
}

Vec3<double> direction(const ConfigTable& table, const std::string& key, Vec3<double> fallback) {
  const auto value = table.find(key);
  return value ? read_vector(*value, "1") : fallback;
}

StateFunction read_two_domain(const ConfigTable& table, const Grid& grid) {
  return two_domain_state(grid, direction(table, "left", {0, 0, 1}),
                          direction(table, "wall", {1, 0, 0}),
                          direction(table, "right", {0, 0, -1}));
}

StateFunction read_random(const ConfigTable& table) {
  const long seed = table.integer("seed", 1);
  if (seed < 0) table["seed"].fail("a whole number of at least 0 is expected");
  return random_state(static_cast<std::uint64_t>(seed));
}

StateFunction read_formulas(const ConfigTable& table) {
  std::vector<Expression> parts;
  for (const ConfigValue& element : table["m"].elements(3)) {
    parts.push_back(read_expression(element, "1"));
    if (parts.back().uses_t()) element.fail("depends on t; a formula of x and y is expected");
  }
  const auto plane = [](const Expression& part) -> PlaneFunction {
    return [part](double x, double y) { return part(x, y); };
  };
  return formula_state(plane(parts[0]), plane(parts[1]), plane(parts[2]));
}

StateFunction read_file_state(const ConfigTable& table, const Grid& grid) {
  const auto field = std::make_shared<const OvfField>(read_film_ovf(table["file"], grid, 3));
  return [field](std::size_t cell, double, double) -> Vec3<double> {
    return {field->value(0, cell), field->value(1, cell), field->value(2, cell)};
  };
}

StateFunction read_state(const ConfigTable& table, const Grid& grid) {
  switch (table.choice("kind", {"uniform", "random", "vortex", "two_domain", "formula", "ovf"})) {
    case 0:
      return uniform_state(direction(table, "m", {0, 0, 1}));
    case 1:
      return read_random(table);
    case 2:
      return vortex_state(grid, sign_of(table, "circulation"), sign_of(table, "polarity"));
    case 3:
      return read_two_domain(table, grid);
    case 4:
      return read_formulas(table);
    default:
      return read_file_state(table, grid);
  }
}

}  // namespace

std::vector<double> read_initial(const ConfigTable& root, const Grid& grid, const ScalarMap& Msat) {
  const auto value = root.find("initial");
  if (!value) return make_initial_state(grid, Msat, uniform_state({0, 0, 1}));
  return value->located(
      [&] { return make_initial_state(grid, Msat, read_state(value->table(), grid)); });
}

}  // namespace kubomag::io
