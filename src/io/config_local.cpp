#include "io/config_local.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <deque>
#include <functional>
#include <limits>
#include <map>
#include <mutex>
#include <set>

#include "io/band_formula.hpp"
#include "io/config_drive.hpp"
#include "io/table_cache.hpp"
#include "io/units.hpp"
#include "khat/electron_inputs.hpp"
#include "khat/electron_scales.hpp"
#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"

namespace kubomag::io {
namespace {

constexpr std::size_t most_tables = 512;

using Values = std::vector<double>;  // one per input
using MakeModel = std::function<std::unique_ptr<ElectronModel>(const ElectronNumbers&)>;

/// What a model is made of.
struct Recipe {
  std::vector<Input> inputs;  // the Fermi energy first
  MakeModel make;
  ElectronNumbers parameters;  // of custom bands
};

/// `mixed`: of two couplings, one of which may be 0 (the model refuses both).
ScalarMap read_parameter(const ConfigValue& value, const Input& input, const Grid& grid,
                         bool mixed) {
  static const std::set<std::string> positive{"effective_mass", "impurity_density", "cutoff",
                                              "tau"};
  static const std::set<std::string> couplings{"alpha_R", "alpha_D"};
  static const std::set<std::string> not_zero{"alpha_R", "alpha_D", "Delta_sd",
                                              "impurity_strength"};
  const std::string name = input.name;
  const bool infinite = name == "impurity_strength" && value.is_text() && value.text() == "inf";
  ScalarMap map = infinite ? ScalarMap(std::numeric_limits<double>::infinity())
                           : read_map(value, input.unit, grid);
  const auto refused = [&](double number) {
    if (positive.contains(name)) return !(number > 0);
    return number == 0 && not_zero.contains(name) && !(mixed && couplings.contains(name));
  };
  for (const double worst : {map.min(), map.max()})
    if (const std::string fault = implausible(input, worst); !fault.empty()) value.fail(fault);
  const std::vector<double> one = {map(0)}, &all = map.uniform() ? one : map.cells();
  const auto bad = std::find_if(all.begin(), all.end(), refused);
  if (bad != all.end())
    value.fail(fmt::format("{} {}; {} is expected", *bad, input.unit,
                           positive.contains(name) ? "a value above 0" : "a value other than 0"));
  return map;
}

class LocalReader {
 public:
  LocalReader(const ConfigTable& table, const std::vector<Region>& regions, const Grid& grid)
      : table_(table), grid_(grid), mixed_(table.text("model", "") == "rashba_dresselhaus") {
    for (const Region& region : regions)
      if (const auto overrides = region.table.table("surface"))
        overrides_.emplace_back(&region, *overrides);
  }

  ScalarMap map(const Input& input) const {
    if (!table_.has(input.name)) table_.quantity(input.name, input.unit);
    ScalarMap map = read_parameter(table_[input.name], input, grid_, mixed_);
    for (const auto& [region, overrides] : overrides_)
      if (const auto other = overrides.find(input.name))
        map = override_map(map, *region, read_parameter(*other, input, grid_, mixed_));
    return map;
  }

 private:
  ConfigTable table_;
  const Grid& grid_;
  bool mixed_;
  std::vector<std::pair<const Region*, ConfigTable>> overrides_;
};

std::map<std::string, double> read_parameters(const ConfigTable& table) {
  std::map<std::string, double> parameters;
  const auto section = table.table("parameters");
  if (!section) return parameters;
  for (const std::string& name : section->keys())
    parameters[name] = read_any_quantity((*section)[name]);
  return parameters;
}

/// Whether the name stands in a formula.
bool mentions(const std::string& formula, const std::string& name) {
  const auto in_name = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
  };
  for (auto at = formula.find(name); at != formula.npos; at = formula.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    if ((at == 0 || !in_name(formula[at - 1])) && (end == formula.size() || !in_name(formula[end])))
      return true;
  }
  return false;
}

void refuse_unused(const ConfigTable& table, const std::vector<std::string>& formulas,
                   const ElectronNumbers& parameters) {
  for (const auto& [name, value] : parameters)
    if (std::none_of(formulas.begin(), formulas.end(),
                     [key = name](const std::string& one) { return mentions(one, key); }))
      (*table.table("parameters"))[name].fail(
          "no formula of h0 and h uses it; leave it out, or use it");
}

/// A parameter in a wrong unit makes bands that no electrons have.
void check_bands(const BandFormula& bands, double cutoff) {
  constexpr double most = 1e6;  // eV
  for (const auto& [kx, ky] : {std::pair{cutoff, 0.0}, std::pair{0.0, cutoff}}) {
    const BandPoint at = bands(kx, ky);
    const double energy = (std::abs(at.h0) + at.h.norm()) / constants::e_abs;
    if (energy > most)
      throw InputError(fmt::format(
          "h: the bands reach {:.2g} eV at the cutoff of {:g} 1/m (at most {:g} eV is plausible); "
          "do all [surface.parameters] have the right unit, such as \"329 meV nm\" for a velocity "
          "times hbar?",
          energy, cutoff, most));
  }
}

MakeModel custom_bands(const ConfigTable& table, ImpurityScheme scheme,
                       const ElectronNumbers& parameters) {
  const std::vector<ConfigValue> h = table["h"].elements(3);
  const std::vector<std::string> texts{table["h0"].text(), h[0].text(), h[1].text(), h[2].text()};
  const auto formula = [texts](const ElectronNumbers& values) {
    return BandFormula(texts[0], {texts[1], texts[2], texts[3]}, values);
  };
  refuse_unused(table, texts, parameters);
  const BandFormula as_given = table["h"].located([&] { return formula(parameters); });
  return [=](const ElectronNumbers& n) {
    ElectronNumbers values = parameters;
    for (auto& [name, value] : values)
      if (const auto other = n.find(name); other != n.end()) value = other->second;
    const BandFormula bands = values == parameters ? as_given : formula(values);
    const double cutoff = n.at("cutoff");
    check_bands(bands, cutoff);
    const auto gradient = [bands](double kx, double ky) { return bands.gradient(kx, ky); };
    const auto points = [bands](std::span<const double> kx, std::span<const double> ky) {
      return bands.at(kx, ky);
    };
    return make_custom(
        {BandModel{bands, gradient, n.at("fermi_energy"), n.at("Delta_sd"), cutoff, points},
         Impurities{n.at("impurity_strength"), cutoff, scheme == ImpurityScheme::first_born},
         n.at("impurity_density")});
  };
}

Recipe recipe_of(const ConfigTable& table, const std::string& model) {
  ImpurityScheme scheme = ImpurityScheme::T_matrix;
  if (!electron_schemes(model).empty())
    if (const auto name = table.find("scheme"))
      scheme = name->located([&] { return read_scheme(model, name->text()); });
  Recipe recipe{electron_inputs(model, scheme), {}, {}};
  if (model == "custom") {
    recipe.parameters = read_parameters(table);
    recipe.make = custom_bands(table, scheme, recipe.parameters);
  } else {
    recipe.make = [=](const ElectronNumbers& numbers) {
      return make_electrons(model, scheme, numbers);
    };
  }
  return recipe;
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

ScalarMap read_fermi_energy(const ConfigTable& table, const LocalReader& reader, const Input& input,
                            LocalConfig& config) {
  ScalarMap map = reader.map(input);
  const auto levels = table.find("levels");
  if (!levels) return map;
  const long count = levels->integer();
  if (count < 2 || count > static_cast<long>(most_tables))
    levels->fail(fmt::format("a whole number from 2 to {} is expected", most_tables));
  return quantised(map, count, config.quantised_by);
}

/// At the key that the message is about.
[[noreturn]] void fail_at_key(const ConfigTable& surface, const std::string& message) {
  const std::string first = message.substr(0, message.find_first_of(" :"));
  const auto value = surface.find(first == "u" ? "impurity_strength" : first);
  if (!value) surface.fail(message);
  const bool label = message.starts_with(first + ": ");
  value->fail(label ? message.substr(first.size() + 2) : message);
}

void make_models(const ConfigTable& table, const Recipe& recipe, const std::vector<Values>& sets,
                 LocalConfig& config) {
  config.make = recipe.make;
  config.inputs = recipe.inputs;
  config.parameters = recipe.parameters;
  for (const Values& values : sets) try {
      ElectronNumbers numbers;
      for (std::size_t k = 0; k < values.size(); ++k) numbers[recipe.inputs[k].name] = values[k];
      config.models.push_back(recipe.make(numbers));
      config.numbers.push_back(std::move(numbers));
    } catch (const InputError& error) {
      fail_at_key(table, error.what());
    }
}

/// Model, scheme, formulas and their parameters, drive, and every set of numbers.
std::string describe(const ConfigTable& table, const Recipe& recipe,
                     const std::vector<Values>& sets, const LocalConfig& config) {
  const bool custom = config.model == "custom";
  std::string out = fmt::format("model {}\nscheme {}\ndrive {}\n", config.model,
                                table.text("scheme", "default"), int(config.drive));
  if (custom) {
    out += fmt::format("h0 {}\n", table["h0"].text());
    for (const ConfigValue& h : table["h"].elements(3)) out += fmt::format("h {}\n", h.text());
    for (const auto& [name, value] : read_parameters(table))
      out += fmt::format("{} {:a}\n", name, value);
  }
  for (const Input& input : recipe.inputs) out += fmt::format("{} ", input.name);
  for (const Values& values : sets) {
    out += '\n';
    for (const double value : values) out += fmt::format("{:a} ", value);
  }
  return out;
}

/// What is not so small in the first set of electrons where anything is not, with m along z or in
/// the plane; of many sets every few are asked.
std::vector<std::string> cautions_of(const LocalConfig& config) {
  constexpr std::size_t most = 16;
  std::vector<std::string> out;
  const std::size_t stride = (config.models.size() + most - 1) / most;
  for (std::size_t i = 0; i < config.models.size(); i += stride)
    for (const Eigen::Vector3d& m : {Eigen::Vector3d(0, 0, 1), Eigen::Vector3d(1, 0, 0)}) try {
        const auto surface = config.models[i]->fermi_surface(m);
        if (!surface) continue;
        for (const std::string& caution : scale_cautions(*surface, config.models[i]->Delta_sd()))
          out.push_back("surface: " + caution);
        if (!out.empty()) return out;
      } catch (const InputError&) {
        continue;  // the tables tell where there is no answer
      }
  return out;
}

std::mutex report_mutex;
TableReport table_report;

void report_tables(const TableProgress& progress) {
  const std::lock_guard lock(report_mutex);
  if (table_report) table_report(progress);
}

}  // namespace

void set_table_report(TableReport report) {
  const std::lock_guard lock(report_mutex);
  table_report = std::move(report);
}

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
  std::vector<ScalarMap> maps{read_fermi_energy(table, reader, recipe.inputs[0], config)};
  for (std::size_t k = 1; k < recipe.inputs.size(); ++k)
    maps.push_back(reader.map(recipe.inputs[k]));
  const std::vector<Values> sets = distinct_sets(maps, Msat, grid.cells(), config.table_of_cell);
  if (sets.size() > most_tables)
    table.fail(fmt::format(
        "the maps make {} distinct sets of electrons (at most {}: each needs a torque table); "
        "levels = 256 takes the Fermi energy at the nearest of 256 equidistant values, other maps "
        "should have few values",
        sets.size(), most_tables));
  make_models(table, recipe, sets, config);
  config.description = describe(table, recipe, sets, config);
  config.cautions = cautions_of(config);
  return config;
}

LocalTables tables_of(const ConfigTable& root, LocalConfig& config) try {
  struct Known {
    std::string description;
    BuiltTables built;
  };
  constexpr std::size_t most = 32;
  static std::mutex mutex;
  static std::deque<Known> known;
  const std::lock_guard lock(mutex);
  auto found = std::find_if(known.begin(), known.end(), [&](const Known& one) {
    return one.description == config.description;
  });
  if (found == known.end()) {
    known.push_front({config.description, cached_tables(config.description, [&] {
                        BuiltTables fresh;
                        fresh.tables = make_local_tables(config.models, config.drive, 1e-6,
                                                         &fresh.warnings, report_tables);
                        return fresh;
                      })});
    if (known.size() > most) known.pop_back();
    found = known.begin();
  }
  config.warnings = found->built.warnings;
  LocalTables tables = found->built.tables;
  tables.table_of_cell = config.table_of_cell;
  return tables;
} catch (const InputError& error) {
  fail_at_key(*root.table("surface"), error.what());
}

std::vector<FieldSource> read_sheet_currents(const ConfigTable& root, const Grid& grid) {
  std::vector<FieldSource> sources;
  for (const ConfigTable& table : root.tables("J"))
    sources.push_back(
        read_source(table, fmt::format("J{}", sources.size() + 1), "J", "A/m", 2, grid));
  return sources;
}

}  // namespace kubomag::io
