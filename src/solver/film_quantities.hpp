#pragma once
// What can be asked of a running film: averages and energies for the table, fields by name.
#include <algorithm>
#include <string>
#include <vector>

#include "kubomag/engine.hpp"
#include "solver/film_fields.hpp"

namespace kubomag {

/// B_<symbol> of the torques that act; those of one symbol are one field.
inline void add_torque_quantities(const Problem& problem, std::vector<Quantity>& all) {
  const std::vector<TermDeclaration> torques = torque_declarations();
  const std::vector<bool> acts = acting_torques(problem);
  for (std::size_t i = 0; i < torques.size(); ++i) {
    const std::string name = std::string("B_") + torques[i].symbol;
    const bool known = std::any_of(all.begin(), all.end(),
                                   [&](const Quantity& quantity) { return quantity.name == name; });
    if (acts[i] && !known) all.push_back({name, "T", 3, torques[i].help});
  }
}

/// Names, units and help of every field that `evaluate_quantity` knows.
inline std::vector<Quantity> quantities(const Problem& problem, bool all_terms) {
  std::vector<Quantity> all{{"m", "", 3, "direction of the magnetisation"},
                            {"B_eff", "T", 3, "sum of all energy terms' fields and B_ext"},
                            {"B_ext", "T", 3, "applied field"},
                            {"B_demag", "T", 3, "demagnetising field"},
                            {"torque", "T", 3, "dm/dt / gamma"}};
  for (const TermDeclaration& term : energy_term_declarations(all_terms))
    all.push_back({std::string("B_") + term.symbol, "T", 3, term.help});
  add_torque_quantities(problem, all);
  if (problem.surface) {
    all.push_back({"psi", "V", 1, "diffusive potential, delta n = -e nu psi"});
    all.push_back({"E", "V/m", 2, "in-plane electric field at the surface"});
    all.push_back({"E_prime", "V/m", 2, "electrochemical field E + grad psi"});
    all.push_back({"J", "A/m", 2, "sheet current density (conduction and diffusion)"});
    all.push_back({"B_FL", "T", 3, "field-like spin-orbit field"});
    all.push_back({"B_diff", "T", 3, "diffusive spin-orbit field"});
  }
  if (problem.diffusion.local)
    all.push_back({"D", "m2/s", 1, "diffusion constant at the local mz"});
  return all;
}

enum class FieldKind { B_eff, B_ext, torque, term, drive, current, B_FL, B_diff, B_tau };

/// Writes one field of the scene, cell by cell.
template <class Real, class F>
struct QuantityPass {
  Scene<Real, F> f;
  VectorView<const Real> m, added;
  VectorView<Real> out;
  FieldKind kind;
  int term;
  unsigned torques;  // B_tau: which ones

  KUBOMAG_HD void operator()(Stencil s) const { out.store(s.i, value(Neighbourhood<Real>(m, s))); }

  KUBOMAG_HD Vec3<Real> value(const Neighbourhood<Real>& c) const {
    switch (kind) {
      case FieldKind::B_eff:
        return f.B_eff(c);
      case FieldKind::B_ext:
        return f.B_uniform + added.load(c.at.i);
      case FieldKind::torque:
        return (1 / f.gamma) * f(c);
      case FieldKind::term: {
        Vec3<Real> B{};
        f.terms.for_each([&](int index, const auto& t) {
          if (index == term) B = t.field(c);
        });
        return B;
      }
      case FieldKind::B_tau:
        if constexpr (F::torques) return f.torques.field(c, torques);
        return {};
      default:
        return of_surface(c);
    }
  }

  KUBOMAG_HD Vec3<Real> of_surface(const Neighbourhood<Real>& c) const {
    if constexpr (F::surface) {
      const DriveValue<Real> drive = f.drive(c.at.i);
      const LongitudinalHall<Real> sigma = f.surface.conductivity(c.at.i, c.m.z);
      const Vec2<Real> J = f.surface.current(sigma, drive);
      if (kind == FieldKind::drive) return {drive.psi, drive.Ex, drive.Ey};
      if (kind == FieldKind::current) return {J.x, J.y, Real(0)};
      if (kind == FieldKind::B_FL) return f.surface.field_like(c.at.i, sigma, drive);
      return f.surface.diffusive(c.at.i, c.m.z, drive);
    }
    return {};
  }
};

/// m, energies per magnetic moment [A m^2 T -> J when multiplied by Ms V], per cell.
template <class Real, class F>
struct ObservePass {
  static constexpr int terms = FieldTerms<Real, F::mapped, F::all_terms>::count;
  static constexpr std::size_t count = 4 + terms + 2;
  Scene<Real, F> f;
  Param<Real, F::mapped> Ms;
  VectorView<const Real> m, B_demag, B_sources;

  KUBOMAG_HD std::array<double, count> operator()(Stencil s) const {
    const Neighbourhood<Real> c(m, s);
    const double moment = Ms(s.i);
    std::array<double, count> sums{f.moment(s.i), c.m.x, c.m.y, c.m.z};
    f.terms.for_each([&](int index, const auto& t) { sums[4 + index] = moment * t.energy(c); });
    const Vec3<Real> B_ext = f.B_uniform + B_sources.load(s.i);
    sums[4 + terms] = -0.5 * moment * dot(c.m, B_demag.load(s.i));
    sums[5 + terms] = -moment * dot(c.m, B_ext);
    return sums;
  }
};

template <class Backend, class Real, class F>
std::vector<Observable> observe(Backend& backend, const Problem& problem,
                                FilmFields<Backend, Real, F>& fields,
                                const VectorBuffer<Backend, Real>& m,
                                std::array<VectorBuffer<Backend, Real>, 2>& scratch, double t) {
  using Pass = ObservePass<Real, F>;
  const Scene<Real, F> scene = fields.at(t, t, m.view());
  fields.demag(m.view(), scratch[0].view());
  fields.mapped_sources(t, t, scratch[1].view());
  const Pass pass{scene, fields.Ms(), m.view(), std::as_const(scratch[0]).view(),
                  std::as_const(scratch[1]).view()};
  const auto sums = backend.template sum_over_cells<Stencil, Pass::count>(problem.grid, pass);
  const double cells = std::max(sums[0], 1.0), volume = problem.grid.cell_volume();
  std::vector<Observable> all{
      {"mx", "", sums[1] / cells}, {"my", "", sums[2] / cells}, {"mz", "", sums[3] / cells}};
  std::vector<Observable> energies;
  for (const TermDeclaration& term : energy_term_declarations(F::all_terms))
    energies.push_back({std::string("E_") + term.symbol, "J", volume * sums[4 + energies.size()]});
  energies.push_back({"E_demag", "J", volume * sums[4 + Pass::terms]});
  energies.push_back({"E_Zeeman", "J", volume * sums[5 + Pass::terms]});
  double total = 0;
  for (const Observable& energy : energies) total += energy.value;
  all.push_back({"E_total", "J", total});
  all.insert(all.end(), energies.begin(), energies.end());
  return all;
}

/// Field `name` at time t, component after component.
template <class Backend, class Real, class F>
std::vector<double> evaluate_quantity(const std::string& name, Backend& backend,
                                      const Problem& problem, FilmFields<Backend, Real, F>& fields,
                                      const VectorBuffer<Backend, Real>& m,
                                      std::array<VectorBuffer<Backend, Real>, 2>& scratch,
                                      double t) {
  const auto known = quantities(problem, F::all_terms);
  const auto found =
      std::find_if(known.begin(), known.end(), [&](const Quantity& q) { return q.name == name; });
  if (found == known.end()) {
    std::string names;
    for (const Quantity& q : known) names += (names.empty() ? "" : ", ") + q.name;
    throw InputError("there is no quantity '" + name + "' here; there are " + names);
  }
  if (name == "B_demag") {
    fields.demag(m.view(), scratch[0].view());
    return scratch[0].download(backend);
  }
  if (name == "E")
    return fields.local() ? fields.local()->electric_field(t) : fields.drive().electric_field(t);
  if (name == "D") return fields.local()->diffusion_constant(m.view());
  QuantityPass<Real, F> pass{fields.at(t, t, m.view()), m.view(), {}, scratch[0].view(),
                             FieldKind::term,           0,        0};
  if (name == "B_ext") {
    fields.mapped_sources(t, t, scratch[1].view());
    pass.added = std::as_const(scratch[1]).view();
  }
  for (const TermDeclaration& term : energy_term_declarations(F::all_terms)) {
    if (name == std::string("B_") + term.symbol) break;
    ++pass.term;
  }
  const std::pair<const char*, FieldKind> kinds[] = {
      {"B_eff", FieldKind::B_eff}, {"B_ext", FieldKind::B_ext},   {"torque", FieldKind::torque},
      {"psi", FieldKind::drive},   {"E_prime", FieldKind::drive}, {"J", FieldKind::current},
      {"B_FL", FieldKind::B_FL},   {"B_diff", FieldKind::B_diff}};
  for (const auto& [key, kind] : kinds)
    if (name == key) pass.kind = kind;
  if (name.starts_with("B_")) pass.torques = torques_of_symbol(std::string_view(name).substr(2));
  if (pass.torques) pass.kind = FieldKind::B_tau;
  backend.template for_each_cell<Stencil>(problem.grid, pass);
  auto values = scratch[0].download(backend);
  const std::size_t n = problem.grid.cells();
  if (name == "E_prime")
    values.erase(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(n));
  if (name == "J")
    for (double& J : values) J *= constants::e2_over_h;
  values.resize(n * static_cast<std::size_t>(found->components));
  return values;
}

/// Upper bound of the field that drives the fastest mode [T]: exchange at the Brillouin-zone
/// corner, demagnetising and anisotropy fields. gamma times it is the stiffest rate.
double stiffest_field(const Problem& problem);

}  // namespace kubomag
