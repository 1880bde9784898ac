#include "io/config_material.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "io/units.hpp"
#include "kubomag/constants.hpp"

namespace kubomag::io {
namespace {

/// "anisU" for anisU_x where the three inputs of a direction are declared, else nothing.
std::string direction_key(const std::string& name, const std::vector<Input>& inputs) {
  if (!name.ends_with("_x")) return "";
  const std::string key = name.substr(0, name.size() - 2);
  const auto declared = [&](const std::string& wanted) {
    return std::any_of(inputs.begin(), inputs.end(),
                       [&](const Input& input) { return input.name == wanted; });
  };
  return declared(key + "_y") && declared(key + "_z") ? key : "";
}

ScalarMap read_scalar(const ConfigValue& value, const Input& input, const Grid& grid) {
  // Negative values of these have no meaning: the energy would be unbounded below, or time run
  // back.
  static const std::set<std::string> non_negative = {"Msat", "Aex", "alpha", "Temp",
                                                     "FreeLayerThickness"};
  ScalarMap map = read_map(value, input.unit, grid);
  if (non_negative.contains(input.name) && map.min() < 0)
    value.fail(fmt::format("{} {}; a value of at least 0 is expected", map.min(), input.unit));
  return map;
}

std::vector<std::string_view> split(std::string_view words) {
  std::vector<std::string_view> all;
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    all.push_back(words.substr(0, end));
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return all;
}

/// c3 = c1 x c2 completes the axes of the cubic anisotropy only if these are perpendicular.
void refuse_oblique_axes(const ConfigTable& table, const Parameters& film) {
  if (!film.contains("anisC1_x")) return;
  const auto oblique = [](double ux, double uy, double uz, double vx, double vy, double vz) {
    return std::abs(ux * vx + uy * vy + uz * vz);
  };
  const double worst =
      ScalarMap::combine(oblique, film["anisC1_x"], film["anisC1_y"], film["anisC1_z"],
                         film["anisC2_x"], film["anisC2_y"], film["anisC2_z"])
          .max();
  if (worst <= 1e-6) return;
  const std::string message = fmt::format(
      "anisC1 and anisC2 are not perpendicular (their product reaches {:.3g}); two perpendicular "
      "directions are expected",
      worst);
  for (const char* key : {"anisC2", "anisC1"})
    if (const auto value = table.find(key)) value->fail(message);
  table.fail(message);
}

class MaterialReader {
 public:
  MaterialReader(ConfigTable table, const std::vector<Input>& inputs,
                 const std::vector<Region>& regions, const Grid& grid)
      : table_(std::move(table)), inputs_(inputs), grid_(grid) {
    for (const Region& region : regions)
      if (const auto overrides = region.table.table("material"))
        overrides_.emplace_back(&region, *overrides);
  }

  void scalar(const Input& input, Parameters& parameters) const {
    const auto value = table_.find(input.name);
    if (!value && std::isnan(input.default_value)) table_.quantity(input.name, input.unit);
    ScalarMap map = value ? read_scalar(*value, input, grid_) : ScalarMap(input.default_value);
    for (const auto& [region, overrides] : overrides_)
      if (const auto other = overrides.find(input.name))
        map = override_map(map, *region, read_scalar(*other, input, grid_));
    parameters.set(input.name, std::move(map));
  }

  /// One of the input's words for the whole film.
  void word(const Input& input, Parameters& parameters) const {
    for (const auto& [region, overrides] : overrides_)
      if (const auto other = overrides.find(input.name))
        other->fail("is one for the whole film; give it in [material]");
    const auto value = table_.find(input.name);
    parameters.set(input.name, value ? static_cast<double>(value->choice(split(input.words)))
                                     : input.default_value);
  }

  void direction(const std::string& key, Parameters& parameters) const {
    std::vector<ScalarMap> maps;
    for (const char* axis : {"_x", "_y", "_z"})
      for (const Input& input : inputs_)
        if (input.name == key + axis) maps.emplace_back(input.default_value);
    if (const auto value = table_.find(key)) maps = components(*value);
    for (const auto& [region, overrides] : overrides_)
      if (const auto other = overrides.find(key)) {
        const std::vector<ScalarMap> inside = components(*other);
        for (int c = 0; c < 3; ++c) maps[c] = override_map(maps[c], *region, inside[c]);
      }
    for (int c = 0; c < 3; ++c) parameters.set(key + "_" + "xyz"[c], std::move(maps[c]));
  }

 private:
  std::vector<ScalarMap> components(const ConfigValue& value) const {
    std::vector<double> x, y, z;
    for (const Vec3<double>& u : read_directions(value, grid_)) {
      x.push_back(u.x);
      y.push_back(u.y);
      z.push_back(u.z);
    }
    return {ScalarMap(std::move(x)), ScalarMap(std::move(y)), ScalarMap(std::move(z))};
  }

  ConfigTable table_;
  const std::vector<Input>& inputs_;
  const Grid& grid_;
  std::vector<std::pair<const Region*, ConfigTable>> overrides_;
};

}  // namespace

Parameters read_material(const ConfigTable& root, const std::vector<Input>& inputs,
                         const std::vector<Region>& regions, const Grid& grid) {
  const ConfigTable table = root["material"].table();
  const MaterialReader reader(table, inputs, regions, grid);
  Parameters parameters;
  std::set<std::string> part_of_direction;
  for (const Input& input : inputs) {
    const std::string key = direction_key(input.name, inputs);
    if (key.empty()) continue;
    reader.direction(key, parameters);
    for (const char* axis : {"_x", "_y", "_z"}) part_of_direction.insert(key + axis);
  }
  for (const Input& input : inputs)
    if (*input.words)
      reader.word(input, parameters);
    else if (!part_of_direction.contains(input.name))
      reader.scalar(input, parameters);
  refuse_oblique_axes(table, parameters);
  if (parameters.contains("Msat") && parameters["Msat"].max() <= 0) {
    if (!table.has("Msat")) table.quantity("Msat", "A/m");
    table["Msat"].fail("no cell is magnetic; " + expectation("A/m") + " somewhere in the film");
  }
  return parameters;
}

double read_GammaLL(const ConfigTable& root) {
  const auto table = root.table("material");
  const auto value = table ? table->find("GammaLL") : std::nullopt;
  if (!value) return constants::GammaLL;
  const double GammaLL = value->quantity("rad/(T s)");
  if (!(GammaLL > 0) || std::isinf(GammaLL))
    value->fail(
        fmt::format("{}; a positive gyromagnetic ratio, such as 1.7595e11, is expected", GammaLL));
  return GammaLL;
}

}  // namespace kubomag::io
