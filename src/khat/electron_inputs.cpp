#include "khat/electron_inputs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

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
  std::vector<Input> inputs;
  std::unique_ptr<ElectronModel> (*make)(const ElectronNumbers&);
};

ParabolicElectrons parabolic(const ElectronNumbers& n, const char* coupling) {
  return {n.at("fermi_energy"), kinetic_constant(n.at("effective_mass")), n.at(coupling),
          n.at("Delta_sd")};
}

std::unique_ptr<ElectronModel> tmatrix(const ElectronNumbers& n, SpinOrbit kind) {
  const char* coupling = kind == SpinOrbit::rashba ? "alpha_R" : "alpha_D";
  return make_tmatrix({kind,
                       parabolic(n, coupling),
                       {n.at("impurity_strength"), n.at("cutoff"), false},
                       n.at("impurity_density")});
}

const std::vector<Description>& descriptions() {
  static const std::vector<Description> all{
      {"dirac",
       {fermi_energy,
        {"velocity", "m/s", required, "its sign is the helicity"},
        Delta_sd,
        {"disorder", "1", required, "alpha"}},
       [](const ElectronNumbers& n) {
         return make_dirac(
             {{n.at("fermi_energy"), n.at("velocity"), n.at("Delta_sd"), n.at("disorder")},
              HallParts::full});
       }},
      {"rashba",
       {fermi_energy,
        effective_mass,
        alpha_R,
        Delta_sd,
        {"tau", "s", required, "momentum relaxation time with both bands occupied"}},
       [](const ElectronNumbers& n) {
         return make_rashba({parabolic(n, "alpha_R"), n.at("tau")});
       }},
      {"rashba_tmatrix",
       {fermi_energy, effective_mass, alpha_R, Delta_sd, impurity_strength, impurity_density,
        cutoff},
       [](const ElectronNumbers& n) { return tmatrix(n, SpinOrbit::rashba); }},
      {"dresselhaus",
       {fermi_energy, effective_mass, alpha_D, Delta_sd, impurity_strength, impurity_density,
        cutoff},
       [](const ElectronNumbers& n) { return tmatrix(n, SpinOrbit::dresselhaus); }},
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

const std::vector<std::string>& electron_models() {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> out;
    for (const Description& d : descriptions()) out.push_back(d.model);
    return out;
  }();
  return all;
}

const std::vector<Input>& electron_inputs(const std::string& model) {
  return description(model).inputs;
}

std::unique_ptr<ElectronModel> make_electrons(const std::string& model,
                                              const ElectronNumbers& numbers) {
  const Description& d = description(model);
  ElectronNumbers all = numbers;
  for (const Input& input : d.inputs) {
    const double value = all.try_emplace(input.name, input.default_value).first->second;
    if (std::isnan(value))
      throw InputError(
          fmt::format("{} is missing for the model '{}' ({})", input.name, model, input.help));
  }
  if (all.size() > d.inputs.size())
    for (const auto& [name, value] : numbers)
      if (std::none_of(d.inputs.begin(), d.inputs.end(),
                       [&](const Input& input) { return name == input.name; }))
        throw InputError(
            fmt::format("the model '{}' has no '{}'; it has {}", model, name, names(d.inputs)));
  return d.make(all);
}

}  // namespace kubomag
