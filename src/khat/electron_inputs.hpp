#pragma once
// The microscopic models by name, each made from numbers by name: what [surface] of a configuration
// and the options of `kubomag khat` are read into. One list of inputs per model, so that keys,
// units, scans and maps over the film are the same everywhere.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "khat/electron_models.hpp"
#include "kubomag/parameters.hpp"

namespace kubomag {

/// SI values by the names of the model's inputs.
using ElectronNumbers = std::map<std::string, double>;

/// The names that make_electrons knows.
const std::vector<std::string>& electron_models();

/// The inputs of a model: key, SI unit, default (NaN: must be given), help.
/// Throws InputError that lists the models for an unknown name.
const std::vector<Input>& electron_inputs(const std::string& model);

/// The model from its numbers; inputs that are left out take their default. Throws InputError
/// "<key> is missing ..." or for a number the model does not have, and where the makers of
/// electron_models.hpp do.
std::unique_ptr<ElectronModel> make_electrons(const std::string& model,
                                              const ElectronNumbers& numbers);

}  // namespace kubomag
