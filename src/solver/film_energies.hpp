#pragma once
// The averages and energies of a film for the table, and the energy densities as fields.
#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "kubomag/engine.hpp"
#include "solver/film_fields.hpp"

namespace kubomag {

/// The energies that every film has, in the order of ObservePass.
inline std::vector<std::string> energy_symbols(const Problem& problem) {
  std::vector<std::string> all;
  for (const TermDeclaration& term : energy_term_declarations(needs_all_terms(problem.material)))
    all.emplace_back(term.symbol);
  all.insert(all.end(), {"demag", "Zeeman"});
  return all;
}

/// The densities that a film shows as fields.
inline std::vector<Quantity> energy_quantities(const Problem& problem) {
  std::vector<Quantity> all{{"Edens_total", "J/m3", 1, "sum of all energy densities"}};
  for (const std::string& symbol : energy_symbols(problem))
    all.push_back({"Edens_" + symbol, "J/m3", 1, "energy density, E_" + symbol + " per volume"});
  for (const std::string& symbol : added_energies(problem))
    all.push_back({"Edens_" + symbol, "J/m3", 1, "energy density, E_" + symbol + " per volume"});
  return all;
}

/// Of a cell: 1 where it is magnetic, m, and its energy densities [J/m3].
template <class Real, class F>
struct ObservePass {
  static constexpr int terms = FieldTerms<Real, F::mapped, F::all_terms>::count;
  static constexpr std::size_t count = 4 + terms + 2;
  Scene<Real, F> f;
  Param<Real, F::mapped> Ms;
  VectorView<const Real> m, B_demag, B_sources;

  KUBOMAG_HD std::array<double, count> operator()(Stencil s) const {
    const Neighbourhood<Real> c(m, s);
    const double density = Ms(s.i);  // of the moment [A/m]
    std::array<double, count> sums{f.moment(s.i), c.m.x, c.m.y, c.m.z};
    f.terms.for_each([&](int index, const auto& t) { sums[4 + index] = density * t.energy(c); });
    const Vec3<Real> B_ext = f.B_uniform() + B_sources.load(s.i);
    sums[4 + terms] = -0.5 * density * dot(c.m, B_demag.load(s.i));
    sums[5 + terms] = -density * dot(c.m, B_ext);
    return sums;
  }
};

/// One of them, or their sum (energy < 0), into the first component.
template <class Real, class F>
struct EnergyDensityPass {
  ObservePass<Real, F> cell;
  VectorView<Real> out;
  int energy;

  KUBOMAG_HD void operator()(Stencil s) const {
    const std::array<double, ObservePass<Real, F>::count> all = cell(s);
    double density = 0;
    for (std::size_t i = 4; i < all.size(); ++i)
      if (energy < 0 || i == std::size_t(4 + energy)) density += all[i];
    out.store(s.i, {Real(density), Real(0), Real(0)});
  }
};

/// The pass over the cells at time t; `scratch` holds what it reads.
template <class Backend, class Real, class F>
ObservePass<Real, F> observe_pass(FilmFields<Backend, Real, F>& fields, VectorView<const Real> m,
                                  std::array<VectorBuffer<Backend, Real>, 2>& scratch, double t) {
  const Scene<Real, F> scene = fields.at({t, t}, m);
  fields.demag(m, scratch[0].view());
  fields.mapped_sources({t, t}, scratch[1].view());
  return {scene, fields.Ms(), m, std::as_const(scratch[0]).view(),
          std::as_const(scratch[1]).view()};
}

template <class Backend, class Real, class F>
std::vector<Observable> observe(Backend& backend, const Problem& problem,
                                FilmFields<Backend, Real, F>& fields,
                                const VectorBuffer<Backend, Real>& m,
                                std::array<VectorBuffer<Backend, Real>, 2>& scratch, double t) {
  using Pass = ObservePass<Real, F>;
  const Pass pass = observe_pass(fields, m.view(), scratch, t);
  const auto sums = backend.template sum_over_cells<Stencil, Pass::count>(problem.grid, pass);
  const double cells = std::max(sums[0], 1.0), volume = problem.grid.cell_volume();
  std::vector<Observable> all{
      {"mx", "", sums[1] / cells}, {"my", "", sums[2] / cells}, {"mz", "", sums[3] / cells}};
  std::vector<Observable> energies;
  for (const std::string& symbol : energy_symbols(problem))
    energies.push_back({"E_" + symbol, "J", volume * sums[4 + energies.size()]});
  for (Observable& energy : fields.added().energies(t, m.view(), scratch[0].view(), backend))
    energies.push_back(std::move(energy));
  double total = 0;
  for (const Observable& energy : energies) total += energy.value;
  all.push_back({"E_total", "J", total});
  all.insert(all.end(), energies.begin(), energies.end());
  return all;
}

/// The field Edens_<symbol> at time t [J/m3]: of one energy, or of "total".
template <class Backend, class Real, class F>
std::vector<double> energy_density(const std::string& symbol, Backend& backend,
                                   const Problem& problem, FilmFields<Backend, Real, F>& fields,
                                   const VectorBuffer<Backend, Real>& m,
                                   std::array<VectorBuffer<Backend, Real>, 2>& scratch, double t) {
  const std::size_t n = problem.grid.cells();
  std::vector<double> sum(n);
  const auto add_scratch = [&] {
    const std::vector<double> part = scratch[0].download(backend, 1);
    for (std::size_t i = 0; i < n; ++i) sum[i] += part[i];
  };
  const std::vector<std::string> own = energy_symbols(problem);
  const auto found = std::find(own.begin(), own.end(), symbol);
  const bool total = symbol == "total";
  if (total || found != own.end()) {
    const int energy = total ? -1 : static_cast<int>(found - own.begin());
    // what is read of a cell in the first scratch is replaced by what is written there
    backend.template for_each_cell<Stencil>(
        problem.grid, EnergyDensityPass<Real, F>{observe_pass(fields, m.view(), scratch, t),
                                                 scratch[0].view(), energy});
    add_scratch();
  }
  for (const std::string& added : added_energies(problem))
    if (total || added == symbol) {
      fields.added().write_energy(added, t, m.view(), scratch[0].view(), backend);
      add_scratch();
    }
  return sum;
}

}  // namespace kubomag
