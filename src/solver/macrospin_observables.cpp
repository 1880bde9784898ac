// Energies of a single cell, without a film: a sweep asks a million cells for them.
#include "solver/macrospin_observables.hpp"

#include <string>

#include "kernels/terms.hpp"
#include "setup/demag_tensor.hpp"
#include "setup/drive_events.hpp"
#include "solver/cell_sources.hpp"

namespace kubomag {
namespace {

/// Parameters of one cell are their values.
struct ValueUpload {
  Param<double, false> operator()(const ScalarMap& map) const { return {map(0), nullptr}; }
};

/// The energies of a list of terms per moment, in its order [T].
template <class Terms>
std::vector<double> energies_per_moment(const Problem& cell, const Vec3<double>& m) {
  ValueUpload upload;
  const Terms terms(cell.material, cell.grid, upload);
  const VectorView<const double> film{&m.x, &m.y, &m.z};
  const Neighbourhood<double> alone(film, {0, 0, 0, 0, 0});
  std::vector<double> all;
  terms.for_each([&](int, const auto& term) { all.push_back(term.energy(alone)); });
  return all;
}

}  // namespace

Vec3<double> demag_of_cell(const Problem& cell) {
  if (!cell.demag.enabled) return {};
  const DemagKernel kernel = make_demag_kernel(cell.grid);
  const double box = static_cast<double>(kernel.px) * kernel.py;  // the kernel is split over it
  return box * Vec3<double>{kernel.xx[0], kernel.yy[0], kernel.zz[0]};
}

std::vector<Observable> observe_cell(const Problem& cell, Vec3<double> demag, Vec3<double> m,
                                     double t, double max_torque) {
  const bool all_terms = needs_all_terms(cell.material);
  const double Ms = cell.material["Msat"](0), moment = Ms * cell.grid.cell_volume();
  std::vector<double> per_moment = all_terms
                                       ? energies_per_moment<AllTerms<double, false>>(cell, m)
                                       : energies_per_moment<BasicTerms<double, false>>(cell, m);
  const Vec3<double> B_demag{-Ms * demag.x * m.x, -Ms * demag.y * m.y, -Ms * demag.z * m.z};
  per_moment.push_back(-0.5 * dot(m, B_demag));
  EventTimes unused;
  per_moment.push_back(-dot(m, CellSources(cell.B_ext, unused)(t, t)));

  std::vector<std::string> names;
  for (const TermDeclaration& term : energy_term_declarations(all_terms))
    names.push_back(std::string("E_") + term.symbol);
  names.insert(names.end(), {"E_demag", "E_Zeeman"});
  double total = 0;
  for (const double energy : per_moment) total += moment * energy;
  std::vector<Observable> all{
      {"mx", "", m.x}, {"my", "", m.y}, {"mz", "", m.z}, {"E_total", "J", total}};
  for (std::size_t i = 0; i < names.size(); ++i)
    all.push_back({names[i], "J", moment * per_moment[i]});
  all.push_back({"max_torque", "T", max_torque});
  return all;
}

}  // namespace kubomag
