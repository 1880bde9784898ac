#include "io/config_thiele.hpp"

#include <cmath>
#include <numeric>
#include <string>

#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"

namespace kubomag::io {
namespace {

/// The film's value of an input; 0 where no term of it has this input.
double uniform(const Problem& problem, const std::string& name) {
  if (!problem.material.contains(name)) return 0;
  const ScalarMap& map = problem.material[name];
  if (!map.uniform())
    throw InputError("material." + name +
                     " differs from place to place; Thiele's equation is for a uniform film");
  return map(0);
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

int read_polarity(const ConfigValue& value) {
  const long polarity = value.integer();
  if (polarity != 1 && polarity != -1) value.fail("1 or -1 is expected");
  return static_cast<int>(polarity);
}

/// The core points against most of the film.
int core_of(const Problem& problem) {
  const auto mz = problem.m.begin() + static_cast<std::ptrdiff_t>(2 * problem.grid.cells());
  return std::accumulate(mz, problem.m.end(), 0.0) < 0 ? 1 : -1;
}

}  // namespace

ThieleConfig thiele_config(const Problem& problem) {
  ThieleConfig config;
  config.Aex = uniform(problem, "Aex");
  config.Dind = uniform(problem, "Dind"), config.Dbulk = uniform(problem, "Dbulk");
  config.alpha = uniform(problem, "alpha");
  const double Msat = uniform(problem, "Msat");
  config.K = uniform(problem, "Ku1");
  if (problem.demag.enabled) config.K -= 0.5 * constants::mu_0 * Msat * Msat;
  if (config.K > 0 && std::abs(uniform(problem, "anisU_z")) != 1)
    throw InputError(
        "material.anisU is not along z; the profile is that of a film with its easy axis along z");
  if (uniform(problem, "Ku2") != 0)
    throw InputError("material.Ku2 is not 0; the profile knows Ku1 only");
  config.polarity = core_of(problem);
  return config;
}

std::optional<ThieleConfig> read_thiele(const ConfigTable& root, const Problem& problem) {
  const auto table = root.table("thiele");
  if (!table) return std::nullopt;
  ThieleConfig config = root["thiele"].located([&] { return thiele_config(problem); });
  if (const auto Dind = table->find("Dind")) config.Dind = Dind->quantity("J/m2");
  if (const auto polarity = table->find("polarity")) config.polarity = read_polarity(*polarity);
  if (const auto helicity = table->find("helicity")) config.helicity = helicity->quantity("rad");
  config.direction = table->quantity("direction", "rad", 0);
  config.dresselhaus = table->choice("symmetry", {"rashba", "dresselhaus"}) == 1;
  constexpr const char* names[] = {"a", "b", "c", "d"};
  std::array<std::array<double, 2>, 4> torque{};
  bool any = false;
  for (std::size_t k = 0; k < 4; ++k) {
    any = any || table->has(names[k]);
    torque[k] = read_coefficient(*table, names[k]);
  }
  if (any) config.torque = torque;
  return config;
}

}  // namespace kubomag::io
