#include "io/config_interface.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include "kubomag/bonds.hpp"

namespace kubomag::io {
namespace {

/// What an interface does to the bonds across it.
struct Coupling {
  double scale = 1;           // of the exchange
  std::optional<double> Aex;  // in its place [J/m]
  double DMI_scale = 1;
};

/// A coupling between the regions number `a` and `b`; 0 is what lies in no region.
struct Interface {
  std::size_t a, b;
  Coupling coupling;
  ConfigTable table;
  bool met = false;
};

double finite(const ConfigTable& table, const char* key, const char* unit, double fallback) {
  const double value = table.quantity(key, unit, fallback);
  if (!std::isfinite(value)) table[key].fail("a finite value is expected");
  return value;
}

double not_negative(const ConfigTable& table, const char* key) {
  const double value = finite(table, key, "1", 1);
  if (value < 0) table[key].fail(fmt::format("{}; a factor of at least 0 is expected", value));
  return value;
}

std::vector<std::string> region_names(const std::vector<Region>& regions) {
  std::vector<std::string> names{outside_regions};
  for (const Region& region : regions) {
    const auto value = region.table.find("name");
    const std::string name = value ? value->text() : "";
    if (!name.empty() && std::find(names.begin(), names.end(), name) != names.end())
      value->fail(fmt::format("'{}' is taken{}; another name is expected", name,
                              name == outside_regions ? " (the cells in no region have it)" : ""));
    names.push_back(name);
  }
  return names;
}

std::size_t region_number(const ConfigValue& value, const std::vector<std::string>& names) {
  const std::string name = value.text();
  const auto found = std::find(names.begin(), names.end(), name);
  if (!name.empty() && found != names.end()) return static_cast<std::size_t>(found - names.begin());
  std::vector<std::string> known;
  for (const std::string& other : names)
    if (!other.empty()) known.push_back(other);
  value.fail(fmt::format(
      "there is no region '{}'; expected is one of {} ([[region]] with that name; '{}' are the "
      "cells in none)",
      name, fmt::join(known, ", "), outside_regions));
}

Interface read_interface(const ConfigTable& table, const std::vector<std::string>& names) {
  const ConfigValue regions = table["regions"];
  const std::vector<ConfigValue> pair = regions.elements(2);
  Interface one{region_number(pair[0], names), region_number(pair[1], names), {}, table};
  if (one.a == one.b) regions.fail("the same region twice; two regions that meet are expected");
  if (table.has("scale") && table.has("Aex"))
    table["Aex"].fail("scale is given too; give one of them");
  if (!table.has("scale") && !table.has("Aex") && !table.has("DMI_scale"))
    table.fail("scale, Aex or DMI_scale is expected: how the two regions are coupled");
  one.coupling.scale = finite(table, "scale", "1", 1);
  if (table.has("Aex")) one.coupling.Aex = finite(table, "Aex", "J/m", 0);
  one.coupling.DMI_scale = not_negative(table, "DMI_scale");
  return one;
}

/// The last region that holds each cell.
std::vector<std::size_t> region_of_cells(const Grid& grid, const std::vector<Region>& regions) {
  std::vector<std::size_t> number(grid.cells(), 0);
  for (std::size_t r = 0; r < regions.size(); ++r)
    for (std::size_t i = 0; i < number.size(); ++i)
      if (regions[r].inside[i]) number[i] = r + 1;
  return number;
}

class Bonds {
 public:
  Bonds(const ConfigTable& root, const Grid& grid, const std::vector<Region>& regions,
        const std::vector<GrainName>& grains)
      : grid_(grid), grains_(grains), region_(region_of_cells(grid, regions)) {
    const std::vector<std::string> names = region_names(regions);
    for (const ConfigTable& table : root.tables("interface"))
      interfaces_.push_back(read_interface(table, names));
    if (const auto table = root.table("grains")) {
      between_grains_.scale = finite(*table, "exchange_scale", "1", 1);
      between_grains_.DMI_scale = not_negative(*table, "DMI_scale");
    }
  }

  bool any() const {
    return !interfaces_.empty() || between_grains_.scale != 1 || between_grains_.DMI_scale != 1;
  }

  void set(Axis axis, const ScalarMap& part, Parameters& material) {
    const ScalarMap Aex = material["Aex"], Ms = material["Msat"];
    const auto coupled = [&](std::size_t i, std::size_t j) {
      return Ms(i) > 0 && Ms(j) > 0 ? across(i, j) : Coupling{};
    };
    const auto stiffness = [&](std::size_t i, std::size_t j) {
      const Coupling bond = coupled(i, j);
      return bond.scale * (bond.Aex ? *bond.Aex * harmonic_mean(part(i), part(j))
                                    : harmonic_mean(Aex(i), Aex(j)));
    };
    const auto DMI = [&](std::size_t i, std::size_t j) { return coupled(i, j).DMI_scale; };
    material.set(bond_key("Aex", axis), ScalarMap(over_bonds(grid_, axis, stiffness)));
    material.set(bond_key("DMI", axis), ScalarMap(over_bonds(grid_, axis, DMI)));
  }

  void refuse_unmet() const {
    for (const Interface& one : interfaces_)
      if (!one.met)
        one.table["regions"].fail(
            "no magnetic cells of these two are neighbours; regions that touch each other are "
            "expected (a cell belongs to the last region that holds it)");
  }

 private:
  Coupling across(std::size_t i, std::size_t j) {
    Coupling bond;
    for (Interface& one : interfaces_)
      if ((region_[i] == one.a && region_[j] == one.b) ||
          (region_[i] == one.b && region_[j] == one.a)) {
        bond = one.coupling;
        one.met = true;
      }
    if (!grains_.empty() && !(grains_[i] == grains_[j])) {
      bond.scale *= between_grains_.scale;
      bond.DMI_scale *= between_grains_.DMI_scale;
    }
    return bond;
  }

  const Grid& grid_;
  const std::vector<GrainName>& grains_;
  std::vector<std::size_t> region_;
  std::vector<Interface> interfaces_;
  Coupling between_grains_;
};

}  // namespace

void read_bonds(const ConfigTable& root, const Grid& grid, const std::vector<Region>& regions,
                const std::vector<GrainName>& grains, const ScalarMap& part, Parameters& material) {
  Bonds bonds(root, grid, regions, grains);
  if (!bonds.any()) return;
  for (const Axis axis : {Axis::x, Axis::y}) bonds.set(axis, part, material);
  bonds.refuse_unmet();
}

}  // namespace kubomag::io
