#include "cli/quantities.hpp"

#include <fmt/format.h>

#include <optional>

#include "analysis/texture.hpp"
#include "io/material_keys.hpp"
#include "kubomag/error.hpp"

namespace kubomag::cli {
namespace {

std::optional<Quantity> find_parameter(const Problem& problem, const std::string& name) {
  for (const Input& input : io::material_inputs())
    if (name == input.name && problem.material.contains(name))
      return Quantity{name, input.unit, 1, input.help};
  return std::nullopt;
}

/// What is made of m here, on the host.
const Quantity charge{"charge_density", "1/m2", 1,
                      "topological charge per area, m . (dm/dx x dm/dy) / 4 pi"};

}  // namespace

Quantity find_quantity(const Problem& problem, const Engine& engine, const std::string& name) {
  if (const auto parameter = find_parameter(problem, name)) return *parameter;
  if (name == charge.name) return charge;
  std::vector<std::string> names{charge.name};
  for (const Quantity& quantity : engine.quantities()) {
    if (quantity.name == name) return quantity;
    names.push_back(quantity.name);
  }
  throw InputError(
      fmt::format("there is no quantity '{}' in this run; there are {}, and the inputs of "
                  "[material]",
                  name, fmt::join(names, ", ")));
}

std::vector<double> values_of(const Problem& problem, Engine& engine, const std::string& name) {
  if (name == charge.name) {
    const std::vector<double> m = engine.m();
    return charge_density({problem.grid, m});
  }
  if (!find_parameter(problem, name)) return engine.quantity(name);
  const ScalarMap& map = problem.material[name];
  std::vector<double> values;
  for (std::size_t i = 0; i < problem.grid.cells(); ++i) values.push_back(map(i));
  return values;
}

void check_quantities(const io::RunConfig& config, const Engine& engine) {
  for (const io::Placed& quantity : config.quantities) try {
      find_quantity(config.problem, engine, quantity.text);
    } catch (const InputError& error) {
      throw InputError(quantity.place + ": " + error.what());
    }
}

}  // namespace kubomag::cli
