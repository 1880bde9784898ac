#include "cli/references.hpp"

#include <algorithm>
#include <string_view>

#include "kernels/torques.hpp"

namespace kubomag::cli {
namespace {

bool is_zero(const ScalarMap& map) { return map.min() == 0 && map.max() == 0; }

/// Whether any strength of the term differs from 0: its directions and switches are pure numbers,
/// and Msat is every film's.
bool acts(const TermDeclaration& term, const Problem& problem) {
  if (std::string_view(term.symbol) == "vcma" && problem.E_z.empty()) return false;
  return std::any_of(term.inputs.begin(), term.inputs.end(), [&](const Input& input) {
    const bool strength = std::string_view(input.unit) != "1" || term.inputs.size() == 1;
    return strength && std::string_view(input.name) != "Msat" &&
           problem.material.contains(input.name) && !is_zero(problem.material[input.name]);
  });
}

const char* const dirac_papers[] = {
    "Sokolewicz et al., arXiv letter (2018): diffusive spin-orbit torque at a surface of a "
    "topological insulator",
    "Sokolewicz et al., Phys. Rev. B 99, 214444 (2019), arXiv:1810.05828: response of the Dirac "
    "surface"};
const char* const pumping_paper =
    "Ndiaye et al., arXiv:1509.06929: charge pumped by the motion of m over a Dirac surface";
const char* const impurity_paper =
    "Veneri, Perkins and Ferreira, arXiv:2208.07296: torques with impurities of any strength";
const char* const symmetry_paper =
    "Ado, Tretiakov and Titov, arXiv:1603.07994: spin-orbit torques of an electron gas";

/// Whether a current through the film goes along z, or in the plane.
bool flows(const Problem& problem, bool along_z) {
  const auto counts = [&](const Vec3<double>& j) {
    return along_z ? j.z != 0 : j.x != 0 || j.y != 0;
  };
  return std::any_of(problem.current.begin(), problem.current.end(), [&](const FieldSource& j) {
    return counts(j.value) || std::any_of(j.map.begin(), j.map.end(), counts);
  });
}

/// Of a torque that is computed: whether it can be other than 0, and has a source of its own (that
/// of the local torque is the electrons').
bool counts(const TermDeclaration& torque, const Problem& problem) {
  const std::string_view name = torque.name;
  if (name == "zhang_li_torque") return flows(problem, false);
  if (name == "slonczewski_torque") return flows(problem, true);
  return name != "local_torque";
}

void add_electrons(const io::RunConfig& config, std::vector<std::string>& list) {
  if (config.surface) list.insert(list.end(), std::begin(dirac_papers), std::end(dirac_papers));
  if (config.surface && config.surface->local) list.emplace_back(pumping_paper);
  if (!config.local) return;
  if (config.local->model != "rashba") list.emplace_back(impurity_paper);
  list.emplace_back(symmetry_paper);
}

}  // namespace

std::vector<std::string> references(const io::RunConfig& config) {
  std::vector<std::string> list;
  const auto add = [&](const TermDeclaration& term) {
    if (*term.source) list.push_back(std::string(term.name) + ": " + term.source);
  };
  add_electrons(config, list);
  for (const TermDeclaration& term : term_declarations())
    if (acts(term, config.problem)) add(term);
  if (config.problem.demag.enabled)
    list.emplace_back("demag: Newell, Williams and Dunlop, J. Geophys. Res. 98, 9551 (1993)");
  const std::vector<TermDeclaration> torques = torque_declarations();
  const std::vector<bool> acting = acting_torques(config.problem);
  for (std::size_t i = 0; i < torques.size(); ++i)
    if (acting[i] && counts(torques[i], config.problem)) add(torques[i]);
  return list;
}

}  // namespace kubomag::cli
