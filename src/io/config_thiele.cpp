#include "io/config_thiele.hpp"

#include <cmath>
#include <string>

#include "kubomag/constants.hpp"

namespace kubomag::io {
namespace {

double uniform(const ConfigTable& table, const Problem& problem, const std::string& name) {
  const ScalarMap& map = problem.material[name];
  if (!map.uniform())
    table.fail("material." + name +
               " differs from place to place; Thiele's equation is for a "
               "uniform film");
  return map(0);
}

double read_Dind(const ConfigTable& table, const Problem& problem) {
  if (const auto value = table.find("Dind")) return value->quantity("J/m2");
  if (problem.material.contains("Dind")) return uniform(table, problem, "Dind");
  return table.quantity("Dind", "J/m2");
}

/// "5 mT", or ["5 mT", "1 mT"] for 5 mT + 1 mT (1 - mz^2).
std::array<double, 2> read_coefficient(const ConfigTable& table, const std::string& key) {
  const auto value = table.find(key);
  if (!value) return {0, 0};
  std::array<double, 2> fields{};
  if (value->is_array()) {
    const std::vector<ConfigValue> parts = value->elements(2);
    fields = {parts[0].quantity("T"), parts[1].quantity("T")};
  } else {
    fields = {value->quantity("T"), 0};
  }
  if (!std::isfinite(fields[0]) || !std::isfinite(fields[1]))
    value->fail("finite fields are expected");
  return fields;
}

}  // namespace

std::optional<ThieleConfig> read_thiele(const ConfigTable& root, const Problem& problem) {
  const auto table = root.table("thiele");
  if (!table) return std::nullopt;
  ThieleConfig config;
  config.Aex = uniform(*table, problem, "Aex");
  config.Dind = read_Dind(*table, problem);
  config.alpha = uniform(*table, problem, "alpha");
  const double Msat = uniform(*table, problem, "Msat");
  config.K = uniform(*table, problem, "Ku1");
  if (problem.demag.enabled) config.K -= 0.5 * constants::mu_0 * Msat * Msat;
  if (config.K > 0 && std::abs(uniform(*table, problem, "anisU_z")) != 1)
    table->fail(
        "material.anisU is not along z; the profile is that of a film with its easy axis "
        "along z");
  if (uniform(*table, problem, "Ku2") != 0)
    table->fail("material.Ku2 is not 0; the profile knows Ku1 only");
  const long polarity = table->integer("polarity", -1);
  if (polarity != 1 && polarity != -1) (*table)["polarity"].fail("1 or -1 is expected");
  config.polarity = static_cast<int>(polarity);
  if (const auto helicity = table->find("helicity")) config.helicity = helicity->quantity("rad");
  config.direction = table->quantity("direction", "rad", 0);
  config.dresselhaus = table->choice("symmetry", {"rashba", "dresselhaus"}) == 1;
  constexpr const char* names[] = {"a", "b", "c", "d"};
  for (std::size_t k = 0; k < 4; ++k) config.torque[k] = read_coefficient(*table, names[k]);
  return config;
}

}  // namespace kubomag::io
