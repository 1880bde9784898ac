#include "khat/electron_inputs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"

namespace kubomag {
namespace {

constexpr double required = std::numeric_limits<double>::quiet_NaN();

constexpr Input fermi_energy{"fermi_energy", "J", required,
                             "from the Dirac point, or from the bottom of the kinetic energy"};
constexpr Input Delta_sd{"Delta_sd", "J", required, "coupling of m to sigma, signed"};
constexpr Input effective_mass{"effective_mass", "1", required, "in electron masses"};
constexpr Input alpha_R{"alpha_R", "J m", required, "Rashba coupling, signed"};
constexpr Input alpha_D{"alpha_D", "J m", required, "Dresselhaus coupling, signed"};
constexpr Input impurity_strength{"impurity_strength", "J m2", required,
                                  "u of a point impurity, signed, inf allowed"};
constexpr Input impurity_density{"impurity_density", "1/m2", required, "n of point impurities"};
constexpr Input cutoff{"cutoff", "1/m", required, "largest wave number of the band"};

struct Description {
  std::string model;
  std::vector<ImpurityScheme> schemes;
  std::vector<Input> inputs;
  std::unique_ptr<ElectronModel> (*make)(ImpurityScheme,
                                         const ElectronNumbers&);  // null: bands are needed
};

ParabolicElectrons parabolic(const ElectronNumbers& n, const char* coupling) {
  return {n.at("fermi_energy"), kinetic_constant(n.at("effective_mass")), n.at(coupling),
          n.at("Delta_sd")};
}

Impurities impurities(ImpurityScheme scheme, const ElectronNumbers& n) {
  const auto largest = n.find(cutoff.name);
  return {n.at("impurity_strength"), largest == n.end() ? 0 : largest->second,
          scheme == ImpurityScheme::first_born};
}

template <SpinOrbit Kind>
std::unique_ptr<ElectronModel> point_impurities(ImpurityScheme scheme, const ElectronNumbers& n) {
  return make_tmatrix(
      {Kind, parabolic(n, Kind == SpinOrbit::rashba ? "alpha_R" : "alpha_D"), impurities(scheme, n),
       n.at("impurity_density"),
       scheme == ImpurityScheme::full ? DensityScheme::full : DensityScheme::dilute});
}

std::unique_ptr<ElectronModel> dirac(ImpurityScheme, const ElectronNumbers& n) {
  return make_dirac({{n.at("fermi_energy"), n.at("velocity"), n.at("Delta_sd"), n.at("disorder")},
                     HallParts::full});
}

std::unique_ptr<ElectronModel> rashba(ImpurityScheme, const ElectronNumbers& n) {
  return make_rashba({parabolic(n, "alpha_R"), n.at("tau")});
}

/// One of the couplings alone is a model of its own, with the symmetry that its table makes use of.
std::unique_ptr<ElectronModel> rashba_dresselhaus(ImpurityScheme scheme, const ElectronNumbers& n) {
  if (n.at("alpha_R") == 0 && n.at("alpha_D") == 0)
    throw InputError("alpha_R and alpha_D are both 0; one of them other than 0 is expected");
  if (n.at("alpha_D") == 0) return point_impurities<SpinOrbit::rashba>(scheme, n);
  if (n.at("alpha_R") == 0) return point_impurities<SpinOrbit::dresselhaus>(scheme, n);
  return make_rashba_dresselhaus(
      {parabolic(n, "alpha_R"), n.at("alpha_D"), impurities(scheme, n), n.at("impurity_density")});
}

const std::vector<Description>& descriptions() {
  const std::vector<ImpurityScheme> all_schemes{ImpurityScheme::T_matrix, ImpurityScheme::full,
                                                ImpurityScheme::first_born},
      dilute{ImpurityScheme::T_matrix, ImpurityScheme::first_born};
  static const std::vector<Description> all{
      {"dirac",
       {},
       {fermi_energy,
        {"velocity", "m/s", required, "its sign is the helicity"},
        Delta_sd,
        {"disorder", "1", required, "alpha"}},
       dirac},
      {"rashba",
       {},
       {fermi_energy,
        effective_mass,
        alpha_R,
        Delta_sd,
        {"tau", "s", required, "momentum relaxation time with both bands occupied"}},
       rashba},
      {"rashba_tmatrix",
       all_schemes,
       {fermi_energy, effective_mass, alpha_R, Delta_sd, impurity_strength, impurity_density,
        cutoff},
       point_impurities<SpinOrbit::rashba>},
      {"dresselhaus",
       all_schemes,
       {fermi_energy, effective_mass, alpha_D, Delta_sd, impurity_strength, impurity_density,
        cutoff},
       point_impurities<SpinOrbit::dresselhaus>},
      {"rashba_dresselhaus",
       dilute,
       {fermi_energy, effective_mass, alpha_R, alpha_D, Delta_sd, impurity_strength,
        impurity_density, cutoff},
       rashba_dresselhaus},
      {"custom",
       dilute,
       {fermi_energy, Delta_sd, impurity_strength, impurity_density, cutoff},
       nullptr},
  };
  return all;
}

const Description& description(const std::string& model) {
  const auto& all = descriptions();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& d) { return d.model == model; });
  if (found == all.end())
    throw InputError(fmt::format("there is no model '{}'; there are {}", model,
                                 fmt::join(electron_models(), ", ")));
  return *found;
}

std::string names(const std::vector<Input>& inputs) {
  std::string out;
  for (const Input& input : inputs) out += (out.empty() ? "" : ", ") + std::string(input.name);
  return out;
}

}  // namespace

std::string implausible(const Input& input, double value) {
  constexpr double most = 100;  // ten times the width of any band
  const std::string_view unit = input.unit;
  const double one = constants::e_abs * (unit == "J m" ? 1e-9 : 1);
  if ((unit != "J" && unit != "J m") || !(std::abs(value) > most * one)) return {};
  const char* name = unit == "J" ? "eV" : "eV nm";
  return fmt::format(
      "{0:g} {1} is {2:.3g} {3} (at most {4} {3} is plausible); a number without a unit is in {1}: "
      "did you mean \"{0:g} {3}\"?",
      value, unit, value / one, name, most);
}

const std::vector<std::string>& electron_models() {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> out;
    for (const Description& d : descriptions())
      if (d.make) out.push_back(d.model);
    return out;
  }();
  return all;
}

const std::vector<ImpurityScheme>& electron_schemes(const std::string& model) {
  return description(model).schemes;
}

const char* scheme_name(ImpurityScheme scheme) {
  switch (scheme) {
    case ImpurityScheme::T_matrix:
      return "T_matrix";
    case ImpurityScheme::full:
      return "full";
    case ImpurityScheme::first_born:
      return "first_born";
  }
  throw Error("unknown ImpurityScheme");
}

ImpurityScheme read_scheme(const std::string& model, const std::string& name) {
  std::string known;
  for (const ImpurityScheme scheme : electron_schemes(model)) {
    if (name == scheme_name(scheme)) return scheme;
    known += (known.empty() ? "" : ", ") + std::string(scheme_name(scheme));
  }
  throw InputError(known.empty() ? fmt::format("the model '{}' has no schemes", model)
                                 : fmt::format("'{}'; one of {} is expected", name, known));
}

std::vector<Input> electron_inputs(const std::string& model, ImpurityScheme scheme) {
  std::vector<Input> inputs = description(model).inputs;
  // With quartic rays T = u needs no cutoff; the general contour is searched for within one.
  const bool own_contour = model == "rashba_tmatrix" || model == "dresselhaus";
  if (own_contour && scheme == ImpurityScheme::first_born) inputs.pop_back();
  return inputs;
}

std::unique_ptr<ElectronModel> make_electrons(const std::string& model, ImpurityScheme scheme,
                                              const ElectronNumbers& numbers) {
  const Description& d = description(model);
  if (!d.make) throw InputError(fmt::format("the model '{}' needs its bands", model));
  const std::vector<Input> inputs = electron_inputs(model, scheme);
  ElectronNumbers all = numbers;
  for (const Input& input : inputs) {
    const double value = all.try_emplace(input.name, input.default_value).first->second;
    if (std::isnan(value))
      throw InputError(
          fmt::format("{} is missing for the model '{}' ({})", input.name, model, input.help));
    if (const std::string fault = implausible(input, value); !fault.empty())
      throw InputError(fmt::format("{}: {}", input.name, fault));
  }
  for (const auto& [name, value] : numbers)
    if (std::none_of(inputs.begin(), inputs.end(),
                     [key = name](const Input& input) { return key == input.name; }))
      throw InputError(
          fmt::format("the model '{}' has no '{}'; it has {}", model, name, names(inputs)));
  return d.make(scheme, all);
}

}  // namespace kubomag
