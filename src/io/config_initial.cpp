#include "io/config_initial.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "io/film_files.hpp"
#include "io/units.hpp"
#include "setup/texture_state.hpp"

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

/// Directions, in whatever unit. With `resample` each cell takes those of the file's cell at the
/// same part of the film's length and width.
StateFunction read_ovf_state(const ConfigTable& table, const Grid& grid) {
  const ConfigValue file = table["file"];
  const auto field = std::make_shared<const OvfField>(read_ovf_field(file, 3));
  if (!table.boolean("resample", false))
    check_cells(file, *field, grid);
  else if (field->nz != 1)
    file.fail(fmt::format("the file has {} layers of cells; one is expected", field->nz));
  const auto scaled = [](int i, int from, int to) {
    return static_cast<std::size_t>((2L * i + 1) * to / (2L * from));
  };
  return [field, scaled, nx = grid.nx, ny = grid.ny](std::size_t cell, double,
                                                     double) -> Vec3<double> {
    const int ix = static_cast<int>(cell % static_cast<std::size_t>(nx));
    const int iy = static_cast<int>(cell / static_cast<std::size_t>(nx));
    const std::size_t at =
        scaled(iy, ny, field->ny) * static_cast<std::size_t>(field->nx) + scaled(ix, nx, field->nx);
    return {field->value(0, at), field->value(1, at), field->value(2, at)};
  };
}

StateFunction read_numpy_state(const ConfigTable& table, const Grid& grid) {
  const auto values =
      std::make_shared<const std::vector<double>>(read_film_npy_vectors(table["file"], grid));
  const std::size_t cells = grid.cells();
  return [values, cells](std::size_t cell, double, double) -> Vec3<double> {
    return {(*values)[cell], (*values)[cells + cell], (*values)[2 * cells + cell]};
  };
}

/// The position as two lengths; the film's centre if it is not given.
Vec2<double> read_position(const ConfigTable& table) {
  const auto value = table.find("position");
  if (!value) return {};
  const std::vector<ConfigValue> parts = value->elements(2);
  return {parts[0].quantity("m"), parts[1].quantity("m")};
}

/// A skyrmion that the film does not have a part of, or nothing but a part of.
void refuse_misplaced(const ConfigTable& table, const Skyrmion& skyrmion, const Grid& grid) {
  const double diagonal = std::hypot(grid.size_x(), grid.size_y());
  if (skyrmion.radius >= 0.5 * diagonal)
    table["radius"].fail(
        fmt::format("{} covers the film of {} x {}; a radius below half its diagonal is expected",
                    format_quantity(skyrmion.radius, "m"), format_quantity(grid.size_x(), "m"),
                    format_quantity(grid.size_y(), "m")));
  const auto outside = [&](double at, double size, bool periodic) {
    return !periodic && !(std::abs(at) < 0.5 * size + skyrmion.radius);
  };
  if (outside(skyrmion.position.x, grid.size_x(), grid.periodic_x) ||
      outside(skyrmion.position.y, grid.size_y(), grid.periodic_y))
    table["position"].fail(fmt::format(
        "the skyrmion lies outside of the film, which reaches from {} to {} along x and "
        "from {} to {} along y",
        format_quantity(-0.5 * grid.size_x(), "m"), format_quantity(0.5 * grid.size_x(), "m"),
        format_quantity(-0.5 * grid.size_y(), "m"), format_quantity(0.5 * grid.size_y(), "m")));
}

Skyrmion read_skyrmion(const ConfigTable& table) {
  Skyrmion skyrmion;
  skyrmion.position = read_position(table);
  skyrmion.radius = table.quantity("radius", "m");
  skyrmion.width = table.quantity("width", "m", 0.5 * skyrmion.radius);
  skyrmion.helicity = table.quantity("helicity", "rad", 0);
  skyrmion.polarity = table.has("polarity") ? sign_of(table, "polarity") : -1;
  skyrmion.charge =
      static_cast<int>(std::clamp<long>(table.integer("charge", skyrmion.polarity), -1000, 1000));
  return skyrmion;
}

SkyrmionLattice read_lattice(const ConfigTable& table) {
  SkyrmionLattice lattice{read_skyrmion(table), table.quantity("period", "m")};
  lattice.direction = table.quantity("direction", "rad", 0);
  lattice.hexagonal = table.choice("lattice", {"hexagonal", "square"}) == 0;
  return lattice;
}

StateFunction read_walls(const ConfigTable& table) {
  Walls walls{{0}, table.quantity("width", "m")};
  if (const auto position = table.find("position")) {
    walls.positions.clear();
    if (position->is_array())
      for (const ConfigValue& wall : position->elements(0))
        walls.positions.push_back(wall.quantity("m"));
    else
      walls.positions.push_back(position->quantity("m"));
  }
  walls.direction = table.quantity("direction", "rad", 0);
  walls.helicity = table.quantity("helicity", "rad", 0);
  walls.polarity = sign_of(table, "polarity");
  return wall_state(walls);
}

StateFunction read_helix(const ConfigTable& table) {
  return helix_state({table.quantity("period", "m"), table.quantity("direction", "rad", 0),
                      table.quantity("helicity", "rad", 0), table.quantity("phase", "rad", 0)});
}

/// One [[initial]]: either everything that was there before is replaced, or something is added.
struct Layer {
  StateFunction replaces;
  StateLayer adds;
  int polarity = 1;  // of what is added: the film below the first one has the opposite
  Shape where;       // empty: everywhere
};

Layer skyrmions_layer(const Skyrmion& skyrmion, StateLayer adds) {
  Layer layer;
  layer.adds = std::move(adds);
  layer.polarity = skyrmion.polarity;
  return layer;
}

Layer state_layer(StateFunction replaces) {
  Layer layer;
  layer.replaces = std::move(replaces);
  return layer;
}

Layer read_layer(const ConfigTable& table, const Grid& grid) {
  switch (table.choice("kind", {"uniform", "random", "vortex", "two_domain", "formula", "ovf",
                                "numpy", "wall", "helix", "skyrmion", "skyrmion_lattice"})) {
    case 0:
      return state_layer(uniform_state(direction(table, "m", {0, 0, 1})));
    case 1:
      return state_layer(read_random(table));
    case 2:
      return state_layer(
          vortex_state(grid, sign_of(table, "circulation"), sign_of(table, "polarity")));
    case 3:
      return state_layer(read_two_domain(table, grid));
    case 4:
      return state_layer(read_formulas(table));
    case 5:
      return state_layer(read_ovf_state(table, grid));
    case 6:
      return state_layer(read_numpy_state(table, grid));
    case 7:
      return state_layer(read_walls(table));
    case 8:
      return state_layer(read_helix(table));
    case 9: {
      const Skyrmion skyrmion = read_skyrmion(table);
      refuse_misplaced(table, skyrmion, grid);
      return skyrmions_layer(skyrmion, skyrmion_layer(grid, skyrmion));
    }
    default: {
      const SkyrmionLattice lattice = read_lattice(table);
      return skyrmions_layer(lattice.motif, skyrmion_lattice_layer(lattice));
    }
  }
}

/// The layers from the first to the last.
StateFunction stack(std::vector<Layer> layers) {
  const Vec3<double> ground{0, 0, layers.front().adds ? -1.0 * layers.front().polarity : 1.0};
  return [layers = std::move(layers), ground](std::size_t cell, double x, double y) {
    Vec3<double> m = ground;
    for (const Layer& layer : layers) {
      if (layer.where && !layer.where(x, y)) continue;
      m = layer.adds ? layer.adds(m, x, y) : layer.replaces(cell, x, y);
    }
    return m;
  };
}

}  // namespace

std::vector<double> read_initial(const ConfigTable& root, const Grid& grid, const ScalarMap& Msat,
                                 Shapes& shapes) {
  const auto value = root.find("initial");
  if (!value) return make_initial_state(grid, Msat, uniform_state({0, 0, 1}));
  return value->located([&] {
    std::vector<Layer> layers;
    for (const ConfigTable& table : root.tables("initial")) {
      layers.push_back(read_layer(table, grid));
      if (const auto where = table.find("where")) layers.back().where = shapes.read(*where);
    }
    if (layers.empty()) value->fail("an empty list; leave the key out for m along z");
    return make_initial_state(grid, Msat, stack(std::move(layers)));
  });
}

}  // namespace kubomag::io
