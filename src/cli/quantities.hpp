#pragma once
// The quantities of a run by name: those of the engine, what is made of m, the inputs of
// [material].
#include <string>
#include <vector>

#include "io/config.hpp"
#include "kubomag/engine.hpp"

namespace kubomag::cli {

/// Throws InputError with the names that there are if this is none of them.
Quantity find_quantity(const Problem& problem, const Engine& engine, const std::string& name);

/// Its values, component after component; inputs as shapes, regions, grains and files make them.
std::vector<double> values_of(const Problem& problem, Engine& engine, const std::string& name);

/// Throws InputError, with file, line and key, if the output names something that is no quantity.
void check_quantities(const io::RunConfig& config, const Engine& engine);

}  // namespace kubomag::cli
