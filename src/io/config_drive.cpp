#include "io/config_drive.hpp"

#include <fmt/format.h>

#include <cmath>
#include <memory>

#include "io/config_signal.hpp"
#include "io/units.hpp"
#include "setup/oersted.hpp"

namespace kubomag::io {
namespace {

using FieldFunction = std::function<Vec2<double>(double x, double y, double t)>;

/// An E(x, y, t) as read, before its signal.
struct FieldPattern {
  FieldFunction E;
  bool uses_t = false;
  FieldTraits traits = {};
};

/// A field per cell as a function: constant within a cell, repeated along periodic axes, 0 beyond
/// open edges.
FieldFunction cell_field(const Grid& grid, std::vector<double> values) {
  const auto shared = std::make_shared<const std::vector<double>>(std::move(values));
  return [grid, shared](double x, double y, double) -> Vec2<double> {
    auto ix = static_cast<long>(std::floor(x / grid.dx + 0.5 * grid.nx));
    auto iy = static_cast<long>(std::floor(y / grid.dy + 0.5 * grid.ny));
    if (grid.periodic_x) ix = (ix % grid.nx + grid.nx) % grid.nx;
    if (grid.periodic_y) iy = (iy % grid.ny + grid.ny) % grid.ny;
    if (ix < 0 || ix >= grid.nx || iy < 0 || iy >= grid.ny) return {};
    const std::size_t cell = grid.index(static_cast<int>(ix), static_cast<int>(iy));
    return {(*shared)[cell], (*shared)[cell + grid.cells()]};
  };
}

FieldPattern read_components(const ConfigValue& value) {
  const std::vector<ConfigValue> parts = value.elements(2);
  const Expression Ex = read_expression(parts[0], "V/m");
  const Expression Ey = read_expression(parts[1], "V/m");
  const auto nonzero = [](const Expression& e) { return !e.uniform() || e(0, 0) != 0; };
  return {[Ex, Ey](double x, double y, double t) {
            return Vec2<double>{Ex(x, y, t), Ey(x, y, t)};
          },
          Ex.uses_t() || Ey.uses_t(),
          {Ex.uses_x() || Ey.uses_x(), Ex.uses_y() || Ey.uses_y(), nonzero(Ex), nonzero(Ey)}};
}

FieldPattern read_potential(const ConfigValue& value, const Grid& grid) {
  if (value.is_table()) {
    const OvfField phi = read_film_ovf(value.table()["ovf"], grid, 1, "V");
    return {cell_field(grid, minus_gradient(phi.values, grid))};
  }
  const Expression phi = read_expression(value, "V");
  return {[phi, grid](double x, double y, double t) {
            return minus_gradient([&](double a, double b) { return phi(a, b, t); }, x, y, grid);
          },
          phi.uses_t(),
          {phi.uses_x(), phi.uses_y(), phi.uses_x(), phi.uses_y()}};
}

FieldPattern read_pattern(const ConfigTable& table, const Grid& grid) {
  const auto E = table.find("E"), ovf = table.find("ovf"), potential = table.find("potential");
  const int given = E.has_value() + ovf.has_value() + potential.has_value();
  if (given != 1)
    table.fail(fmt::format("{} of E, ovf and potential are given; one of them is expected", given));
  if (E) return read_components(*E);
  if (ovf) return {cell_field(grid, read_film_ovf(*ovf, grid, 2, "V/m").values)};
  return read_potential(*potential, grid);
}

void refuse_bad_values(const ConfigTable& table, const FieldPattern& pattern, const Grid& grid) {
  for (int iy = 0; iy < grid.ny; ++iy)
    for (int ix = 0; ix < grid.nx; ++ix) {
      const Vec2<double> E = pattern.E(grid.x(ix), grid.y(iy), 0);
      if (!std::isfinite(E.x) || !std::isfinite(E.y))
        table.fail(fmt::format("the field is not a finite number at x = {}, y = {}",
                               format_quantity(grid.x(ix), "m"), format_quantity(grid.y(iy), "m")));
    }
}

void read_E(const ConfigTable& table, const std::string& fallback_name, const Grid& grid,
            Drive& drive) {
  const std::string name = table.text("name", fallback_name);
  const FieldPattern pattern = read_pattern(table, grid);
  refuse_bad_values(table, pattern, grid);
  if (pattern.uses_t && table.has("signal"))
    table["signal"].fail("the field depends on t already; leave the signal out");
  const Signal signal = read_signal(table);
  const auto formula = formula_signal(table, signal);
  if (pattern.uses_t) {
    drive.sampled.push_back({name, pattern.E, sampling_interval(table), {}, pattern.traits});
  } else if (formula) {
    drive.sampled.push_back({name, pattern.E, sampling_interval(table), formula});
  } else {
    const auto still = [E = pattern.E](double x, double y) { return E(x, y, 0); };
    drive.separable.push_back({name, still, signal});
  }
}

/// The conductor may lie beside the film, above or below it, not in it.
void refuse_overlap(const ConfigTable& table, const StripCurrent& strip, const Grid& grid) {
  const double least = 0.5 * (strip.thickness + grid.dz);
  const double half = 0.5 * (grid.size_x() * std::abs(std::sin(strip.direction)) +
                             grid.size_y() * std::abs(std::cos(strip.direction)));
  const bool beside = std::abs(strip.offset) >= half + 0.5 * strip.width;
  if (beside || std::abs(strip.distance) >= least * (1 - 1e-9)) return;
  table["distance"].fail(fmt::format(
      "{} from mid-plane to mid-plane puts the conductor of {} into the film of {}; at least {} is "
      "expected, negative above the film",
      format_quantity(strip.distance, "m"), format_quantity(strip.thickness, "m"),
      format_quantity(grid.dz, "m"), format_quantity(least, "m")));
}

StripCurrent read_strip(const ConfigTable& table, const Grid& grid) {
  StripCurrent strip;
  strip.current = table.quantity("current", "A");
  strip.width = table.quantity("width", "m");
  strip.thickness = table.quantity("thickness", "m");
  strip.direction = table.quantity("direction", "rad", 0);
  strip.offset = table.quantity("offset", "m", 0);
  strip.distance = table.quantity("distance", "m");
  for (const char* key : {"width", "thickness"})
    if (const double length = table.quantity(key, "m"); !(length > 0) || std::isinf(length))
      table[key].fail("a finite length above 0, such as \"100 nm\", is expected");
  for (const double number : {strip.current, strip.direction, strip.offset, strip.distance})
    if (!std::isfinite(number)) table.fail("finite numbers are expected");
  refuse_overlap(table, strip, grid);
  return strip;
}

/// d/du of f at 0 by sixth-order central differences with step h.
template <class F>
double slope(F f, double h) {
  return (45 * (f(h) - f(-h)) - 9 * (f(2 * h) - f(-2 * h)) + (f(3 * h) - f(-3 * h))) / (60 * h);
}

/// -d phi/du along one axis, cell `i` of `n`; `at(k)` is phi of the k-th cell of this row.
template <class At>
double minus_slope(At at, int i, int n, double step, bool periodic) {
  if (n == 1) return 0;
  if (periodic) return -(at((i + 1) % n) - at((i + n - 1) % n)) / (2 * step);
  if (n == 2) return -(at(1) - at(0)) / step;
  if (i == 0) return -(-3 * at(0) + 4 * at(1) - at(2)) / (2 * step);
  if (i == n - 1) return -(3 * at(n - 1) - 4 * at(n - 2) + at(n - 3)) / (2 * step);
  return -(at(i + 1) - at(i - 1)) / (2 * step);
}

}  // namespace

Vec2<double> minus_gradient(const std::function<double(double x, double y)>& phi, double x,
                            double y, const Grid& grid) {
  return {-slope([&](double h) { return phi(x + h, y); }, grid.dx / 16),
          -slope([&](double h) { return phi(x, y + h); }, grid.dy / 16)};
}

std::vector<double> minus_gradient(const std::vector<double>& phi, const Grid& grid) {
  std::vector<double> E(2 * grid.cells());
  for (int iy = 0; iy < grid.ny; ++iy)
    for (int ix = 0; ix < grid.nx; ++ix) {
      const std::size_t cell = grid.index(ix, iy);
      const auto along_x = [&](int k) { return phi[grid.index(k, iy)]; };
      const auto along_y = [&](int k) { return phi[grid.index(ix, k)]; };
      E[cell] = minus_slope(along_x, ix, grid.nx, grid.dx, grid.periodic_x);
      E[cell + grid.cells()] = minus_slope(along_y, iy, grid.ny, grid.dy, grid.periodic_y);
    }
  return E;
}

FieldSource read_source(const ConfigTable& table, const std::string& fallback_name,
                        const std::string& key, const char* unit, int components,
                        const Grid& grid) {
  FieldSource source;
  source.name = table.text("name", fallback_name);
  const auto ovf = table.find("ovf");
  const auto oersted = key == "B" ? table.find("oersted") : std::nullopt;
  const int given = table.has(key) + ovf.has_value() + oersted.has_value();
  if (given > 1)
    table.fail(fmt::format("{} of {} are given; one of them is expected", given,
                           key == "B" ? "B, ovf and oersted" : key + " and ovf"));
  if (oersted) {
    const StripCurrent strip = read_strip(oersted->table(), grid);
    for (int iy = 0; iy < grid.ny; ++iy)
      for (int ix = 0; ix < grid.nx; ++ix)
        source.map.push_back(oersted_field(strip, grid.x(ix), grid.y(iy)));
  } else if (ovf) {
    const OvfField field = read_film_ovf(*ovf, grid, components, unit);
    for (std::size_t i = 0; i < grid.cells(); ++i)
      source.map.push_back(
          {field.value(0, i), field.value(1, i), components == 3 ? field.value(2, i) : 0});
  } else {
    source.map = read_vectors(table[key], unit, grid, components);
    source.value = source.map.front();
    if (source.map.size() == 1) source.map.clear();
  }
  source.signal = read_signal(table);
  return source;
}

Drive read_drive(const ConfigTable& root, const Grid& grid) {
  Drive drive;
  int count = 0;
  for (const ConfigTable& table : root.tables("E"))
    read_E(table, fmt::format("E{}", ++count), grid, drive);
  count = 0;
  for (const ConfigTable& table : root.tables("psi")) {
    const std::string name = table.text("name", fmt::format("psi{}", ++count));
    drive.psi.push_back({name, read_map(table["psi"], "V", grid), read_signal(table)});
  }
  return drive;
}

std::vector<FieldSource> read_field_sources(const ConfigTable& root, const Grid& grid) {
  std::vector<FieldSource> sources;
  int count = 0;
  for (const ConfigTable& table : root.tables("B_ext")) {
    const std::string name = fmt::format("B_ext{}", ++count);
    const auto file = table.find("file");
    if (!file) {
      sources.push_back(read_source(table, name, "B", "T", 3, grid));
      continue;
    }
    for (const char* key : {"B", "ovf", "oersted", "signal"})
      if (table.has(key)) table[key].fail("the file gives the field and its time; leave this out");
    const auto interpolation = table.choice("interpolation", {"linear", "cubic"}) == 0
                                   ? Interpolation::linear
                                   : Interpolation::cubic;
    for (FieldSource& source : read_vector_file(*file, table.text("name", name), interpolation))
      sources.push_back(std::move(source));
  }
  return sources;
}

std::vector<FieldSource> read_normal_fields(const ConfigTable& root, const Grid& grid) {
  std::vector<FieldSource> sources;
  for (const ConfigTable& table : root.tables("E_z")) {
    const bool electrode = table.has("voltage");
    if (electrode == table.has("E_z"))
      table.fail("one of E_z [V/m] and voltage (of an electrode above a dielectric) is expected");
    ScalarMap E_z = read_map(table[electrode ? "voltage" : "E_z"], electrode ? "V" : "V/m", grid);
    if (electrode) {
      const double thickness = table.quantity("dielectric", "m");
      if (!(thickness > 0) || std::isinf(thickness))
        table["dielectric"].fail("a finite thickness above 0, such as \"2 nm\", is expected");
      E_z = ScalarMap::combine([=](double V) { return -V / thickness; }, E_z);
    }
    FieldSource source;
    source.name = table.text("name", fmt::format("E_z{}", sources.size() + 1));
    source.value = {0, 0, E_z(0)};
    for (const double value : E_z.cells()) source.map.push_back({0, 0, value});
    source.signal = read_signal(table);
    sources.push_back(std::move(source));
  }
  return sources;
}

std::vector<FieldSource> read_currents(const ConfigTable& root, const Grid& grid) {
  std::vector<FieldSource> sources;
  for (const ConfigTable& table : root.tables("current"))
    sources.push_back(
        read_source(table, fmt::format("current{}", sources.size() + 1), "j", "A/m2", 3, grid));
  return sources;
}

}  // namespace kubomag::io
