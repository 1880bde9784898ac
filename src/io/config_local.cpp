#include "io/config_local.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <limits>
#include <map>

#include "io/band_formula.hpp"
#include "io/config_drive.hpp"
#include "io/units.hpp"
#include "khat/electron_models.hpp"
#include "kubomag/error.hpp"

namespace kubomag::io {
namespace {

constexpr std::size_t most_tables = 512;

/// One parameter of a model: its key and unit; which values are allowed.
struct Key {
  enum class Sign { positive, not_zero, any };
  const char* name;
  const char* unit;
  Sign sign;
};
constexpr Key fermi_energy{"fermi_energy", "J", Key::Sign::any};
constexpr Key effective_mass{"effective_mass", "1", Key::Sign::positive};
constexpr Key alpha_R{"alpha_R", "J m", Key::Sign::not_zero};
constexpr Key alpha_D{"alpha_D", "J m", Key::Sign::not_zero};
constexpr Key Delta_sd{"Delta_sd", "J", Key::Sign::not_zero};
constexpr Key impurity_strength{"impurity_strength", "J m2", Key::Sign::not_zero};
constexpr Key impurity_density{"impurity_density", "1/m2", Key::Sign::positive};
constexpr Key cutoff{"cutoff", "1/m", Key::Sign::positive};
constexpr Key tau{"tau", "s", Key::Sign::positive};

using Values = std::vector<double>;  // one per key
using MakeModel = std::function<std::unique_ptr<ElectronModel>(const Values&)>;

/// What a model is made of.
struct Recipe {
  std::vector<Key> keys;  // the Fermi energy first
  MakeModel make;
};

ScalarMap read_parameter(const ConfigValue& value, const Key& key, const Grid& grid) {
  const bool infinite = std::string_view(key.name) == impurity_strength.name && value.is_text() &&
                        value.text() == "inf";
  ScalarMap map = infinite ? ScalarMap(std::numeric_limits<double>::infinity())
                           : read_map(value, key.unit, grid);
  const auto refused = [&](double number) {
    if (key.sign == Key::Sign::positive) return !(number > 0);
    return key.sign == Key::Sign::not_zero && number == 0;
  };
  const std::vector<double> one = {map(0)}, &all = map.uniform() ? one : map.cells();
  const auto bad = std::find_if(all.begin(), all.end(), refused);
  if (bad != all.end())
    value.fail(
        fmt::format("{} {}; {} is expected", *bad, key.unit,
                    key.sign == Key::Sign::positive ? "a value above 0" : "a value other than 0"));
  return map;
}

class LocalReader {
 public:
  LocalReader(const ConfigTable& table, const std::vector<Region>& regions, const Grid& grid)
      : table_(table), grid_(grid) {
    for (const Region& region : regions)
      if (const auto overrides = region.table.table("surface"))
        overrides_.push_back({&region, *overrides});
  }

  ScalarMap map(const Key& key) const {
    if (!table_.has(key.name)) table_.quantity(key.name, key.unit);
    ScalarMap map = read_parameter(table_[key.name], key, grid_);
    for (const auto& [region, overrides] : overrides_)
      if (const auto other = overrides.find(key.name))
        map = override_map(map, *region, read_parameter(*other, key, grid_));
    return map;
  }

 private:
  ConfigTable table_;
  const Grid& grid_;
  std::vector<std::pair<const Region*, ConfigTable>> overrides_;
};

ParabolicElectrons parabolic(double energy, double mass, double alpha, double Delta) {
  return {energy, kinetic_constant(mass), alpha, Delta};
}

Recipe rashba_recipe() {
  return {{fermi_energy, effective_mass, alpha_R, Delta_sd, tau}, [](const Values& v) {
            return make_rashba({parabolic(v[0], v[1], v[2], v[3]), v[4]});
          }};
}

/// How the impurities scatter: T = u, or to all orders in u at leading order or at any density.
struct ImpurityScheme {
  bool first_born = false;
  DensityScheme density = DensityScheme::dilute;
};

ImpurityScheme read_scheme(const ConfigTable& table) {
  const std::size_t choice = table.choice("scheme", {"T_matrix", "full", "first_born"});
  return {choice == 2, choice == 1 ? DensityScheme::full : DensityScheme::dilute};
}

/// Point impurities: strength, density and, unless T = u, a cutoff.
Recipe impurity_recipe(const ConfigTable& table, SpinOrbit kind) {
  const ImpurityScheme scheme = read_scheme(table);
  Recipe recipe{
      {fermi_energy, effective_mass, kind == SpinOrbit::rashba ? alpha_R : alpha_D, Delta_sd,
       impurity_strength, impurity_density},
      [=](const Values& v) {
        const Impurities impurities{v[4], scheme.first_born ? 0 : v[6], scheme.first_born};
        return make_tmatrix(
            {kind, parabolic(v[0], v[1], v[2], v[3]), impurities, v[5], scheme.density});
      }};
  if (!scheme.first_born) recipe.keys.push_back(cutoff);
  return recipe;
}

Recipe rashba_dresselhaus_recipe(const ConfigTable& table) {
  const bool first_born = table.choice("scheme", {"T_matrix", "first_born"}) == 1;
  return {{fermi_energy, effective_mass, alpha_R, Delta_sd, impurity_strength, impurity_density,
           cutoff, alpha_D},
          [=](const Values& v) {
            return make_rashba_dresselhaus({parabolic(v[0], v[1], v[2], v[3]), v[7],
                                            Impurities{v[4], v[6], first_born}, v[5]});
          }};
}

/// A number in SI, or a text with any unit.
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

std::map<std::string, double> read_parameters(const ConfigTable& table) {
  std::map<std::string, double> parameters;
  const auto section = table.table("parameters");
  if (!section) return parameters;
  for (const std::string& name : section->keys())
    parameters[name] = read_any_quantity((*section)[name]);
  return parameters;
}

Recipe custom_recipe(const ConfigTable& table) {
  const bool first_born = table.choice("scheme", {"T_matrix", "first_born"}) == 1;
  const std::vector<ConfigValue> h = table["h"].elements(3);
  const BandFormula bands = table["h"].located([&] {
    const std::string texts[3] = {h[0].text(), h[1].text(), h[2].text()};
    return BandFormula(table["h0"].text(), texts, read_parameters(table));
  });
  return {{fermi_energy, Delta_sd, impurity_strength, impurity_density, cutoff},
          [=](const Values& v) {
            return make_custom(
                {BandModel{bands, {}, v[0], v[1], v[4]}, Impurities{v[2], v[4], first_born}, v[3]});
          }};
}

Recipe recipe_of(const ConfigTable& table, const std::string& model) {
  if (model == "rashba") return rashba_recipe();
  if (model == "rashba_dresselhaus") return rashba_dresselhaus_recipe(table);
  if (model == "custom") return custom_recipe(table);
  return impurity_recipe(table,
                         model == "dresselhaus" ? SpinOrbit::dresselhaus : SpinOrbit::rashba);
}

/// The nearest of `levels` equidistant values between the smallest and the largest.
ScalarMap quantised(const ScalarMap& map, long levels, double& half_step) {
  const double low = map.min(), step = (map.max() - low) / static_cast<double>(levels - 1);
  if (!(step > 0)) return map;
  half_step = 0.5 * step;
  return ScalarMap::combine(
      [=](double value) { return low + step * std::round((value - low) / step); }, map);
}

/// Finds the distinct sets of parameters; their number, and the one of each cell.
std::vector<Values> distinct_sets(const std::vector<ScalarMap>& maps, const ScalarMap& Msat,
                                  std::size_t cells, std::vector<int>& set_of_cell) {
  std::map<Values, int> known;
  std::vector<Values> sets;
  set_of_cell.assign(cells, 0);
  Values values(maps.size());
  for (std::size_t i = 0; i < cells; ++i) {
    if (!(Msat(i) > 0)) continue;
    for (std::size_t k = 0; k < maps.size(); ++k) values[k] = maps[k](i);
    const auto [found, fresh] = known.try_emplace(values, static_cast<int>(sets.size()));
    if (fresh) sets.push_back(values);
    set_of_cell[i] = found->second;
  }
  if (sets.size() == 1) set_of_cell.clear();
  return sets;
}

ScalarMap read_fermi_energy(const ConfigTable& table, const LocalReader& reader,
                            LocalConfig& config) {
  ScalarMap map = reader.map(fermi_energy);
  const auto levels = table.find("levels");
  if (!levels) return map;
  const long count = levels->integer();
  if (count < 2 || count > static_cast<long>(most_tables))
    levels->fail(fmt::format("a whole number from 2 to {} is expected", most_tables));
  return quantised(map, count, config.quantised_by);
}

void make_models(const ConfigTable& table, const Recipe& recipe, const std::vector<Values>& sets,
                 LocalConfig& config) {
  for (const Values& values : sets) try {
      config.models.push_back(recipe.make(values));
    } catch (const InputError& error) {
      table.fail(error.what());
    }
}

}  // namespace

bool has_local_surface(const ConfigTable& root) {
  const auto table = root.table("surface");
  return table && table->text("model", "dirac") != "dirac";
}

LocalConfig read_local_surface(const ConfigTable& root, const ScalarMap& Msat,
                               const std::vector<Region>& regions, const Grid& grid) {
  const ConfigTable table = *root.table("surface");
  table.choice("model", {"dirac", "rashba_tmatrix", "rashba", "dresselhaus", "rashba_dresselhaus",
                         "custom"});
  LocalConfig config;
  config.model = table.text("model", "");
  if (!table.has("drive"))
    table.fail(
        "drive is missing: \"E\" for a given electric field ([[E]], gates), \"J\" for an imposed "
        "sheet current density ([[J]]); they differ by the Hall angle (docs/physics-torques.md)");
  config.drive =
      table.choice("drive", {"E", "J"}) == 1 ? LocalTables::Drive::J : LocalTables::Drive::E;
  const LocalReader reader(table, regions, grid);
  const Recipe recipe = recipe_of(table, config.model);
  std::vector<ScalarMap> maps{read_fermi_energy(table, reader, config)};
  for (std::size_t k = 1; k < recipe.keys.size(); ++k) maps.push_back(reader.map(recipe.keys[k]));
  const std::vector<Values> sets = distinct_sets(maps, Msat, grid.cells(), config.table_of_cell);
  if (sets.size() > most_tables)
    table.fail(fmt::format(
        "the maps make {} distinct sets of electrons (at most {}: each needs a torque table); "
        "levels = 256 takes the Fermi energy at the nearest of 256 equidistant values, other maps "
        "should have few values",
        sets.size(), most_tables));
  make_models(table, recipe, sets, config);
  return config;
}

std::vector<FieldSource> read_sheet_currents(const ConfigTable& root, const Grid& grid) {
  std::vector<FieldSource> sources;
  for (const ConfigTable& table : root.tables("J"))
    sources.push_back(
        read_source(table, fmt::format("J{}", sources.size() + 1), "J", "A/m", 2, grid));
  return sources;
}

}  // namespace kubomag::io
