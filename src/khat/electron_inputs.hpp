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

/// What is wrong with a number that only a forgotten unit explains: an energy above 100 eV, a
/// spin-orbit coupling above 100 eV nm. Empty if nothing is.
std::string implausible(const Input& input, double value);

/// How impurities scatter; the first is the default.
enum class ImpurityScheme {
  T_matrix,   // all orders in their strength, leading order in their density
  full,       // the same at the density given (self-consistent)
  first_born  // T = u
};

/// The models that make_electrons knows: those that numbers alone describe.
const std::vector<std::string>& electron_models();

/// The schemes of a model ("dirac" and "rashba" have none). Throws like electron_inputs.
const std::vector<ImpurityScheme>& electron_schemes(const std::string& model);
const char* scheme_name(ImpurityScheme scheme);
/// The scheme of that name; throws InputError that lists those of the model.
ImpurityScheme read_scheme(const std::string& model, const std::string& name);

/// The inputs of a model, fermi_energy first: key, SI unit, default (NaN: must be given), help.
/// "custom" has the inputs that go with its bands. Throws InputError that lists the models for an
/// unknown name.
std::vector<Input> electron_inputs(const std::string& model,
                                   ImpurityScheme scheme = ImpurityScheme::T_matrix);

/// The model from its numbers; inputs that are left out take their default. Throws InputError
/// "<key> is missing ..." or for a number the model does not have, and where the makers of
/// electron_models.hpp do.
std::unique_ptr<ElectronModel> make_electrons(const std::string& model, ImpurityScheme scheme,
                                              const ElectronNumbers& numbers);

}  // namespace kubomag
