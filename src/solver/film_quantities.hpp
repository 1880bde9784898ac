#pragma once
// What can be asked of a running film: fields by name.
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kubomag/engine.hpp"
#include "solver/film_energies.hpp"
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
inline std::vector<Quantity> quantities(const Problem& problem) {
  std::vector<Quantity> all{{"m", "", 3, "direction of the magnetisation"},
                            {"B_eff", "T", 3, "sum of all energy terms' fields and B_ext"},
                            {"B_ext", "T", 3, "applied field"},
                            {"B_demag", "T", 3, "demagnetising field"},
                            {"torque", "T", 3, "dm/dt / gamma"}};
  for (const TermDeclaration& term : energy_term_declarations(needs_all_terms(problem.material)))
    all.push_back({std::string("B_") + term.symbol, "T", 3, term.help});
  add_torque_quantities(problem, all);
  for (Quantity& added : added_quantities(problem)) all.push_back(std::move(added));
  for (Quantity& density : energy_quantities(problem)) all.push_back(std::move(density));
  if (problem.surface) {
    all.push_back({"psi", "V", 1, "diffusive potential, delta n = -e nu psi"});
    all.push_back({"E", "V/m", 2, "in-plane electric field at the surface"});
    all.push_back({"E_prime", "V/m", 2, "electrochemical field E + grad psi"});
    all.push_back({"J", "A/m", 2, "sheet current density (conduction and diffusion)"});
    all.push_back({"J_pump", "A/m", 2, "sheet current density pumped by dm/dt, sigma E_m"});
    all.push_back({"J_total", "A/m", 2, "J + J_pump"});
    all.push_back({"s", "1/m2", 3, "spin density <sigma> of J_total and psi"});
    all.push_back({"B_FL", "T", 3, "field-like spin-orbit field"});
    all.push_back({"B_diff", "T", 3, "diffusive spin-orbit field"});
    all.push_back({"torque_FL", "T", 3, "-m x B_FL"});
    all.push_back({"torque_diff", "T", 3, "-m x B_diff"});
    all.push_back({"torque_damping", "T", 3, "the surface's damping torque / gamma"});
  } else if (problem.local) {
    if (problem.local->drive == LocalTables::Drive::E)
      all.push_back({"E", "V/m", 2, "in-plane electric field on the electrons"});
    all.push_back({"J", "A/m", 2, "sheet current density: sigma E, or the imposed one"});
    all.push_back({"s", "1/m2", 3, "spin density <sigma>"});
    all.push_back({"torque_SOT", "T", 3, "-m x B_SOT of the electrons"});
  }
  if (problem.diffusion.local)
    all.push_back({"D", "m2/s", 1, "diffusion constant at the local mz"});
  return all;
}

enum class FieldKind {
  B_eff,
  B_ext,
  torque,
  term,
  potentials,
  J,
  J_pump,
  J_total,
  spin,
  B_FL,
  B_diff,
  torque_FL,
  torque_diff,
  torque_damping
};

/// The kind of the quantities that have one of their own; `term` for all others.
inline FieldKind kind_of(std::string_view name) {
  using enum FieldKind;
  constexpr std::pair<std::string_view, FieldKind> kinds[] = {{"B_eff", B_eff},
                                                              {"B_ext", B_ext},
                                                              {"torque", torque},
                                                              {"psi", potentials},
                                                              {"E_prime", potentials},
                                                              {"J", J},
                                                              {"J_pump", J_pump},
                                                              {"J_total", J_total},
                                                              {"s", spin},
                                                              {"B_FL", B_FL},
                                                              {"B_diff", B_diff},
                                                              {"torque_FL", torque_FL},
                                                              {"torque_diff", torque_diff},
                                                              {"torque_damping", torque_damping}};
  for (const auto& [key, kind] : kinds)
    if (name == key) return kind;
  return term;
}

/// Writes one field of the scene, cell by cell.
template <class Real, class F>
struct QuantityPass {
  Scene<Real, F> f;
  VectorView<const Real> m, added;
  VectorView<Real> out;
  FieldKind kind;
  int term;

  QuantityPass in_row(Stencil first, Stencil last) const requires(Scene<Real, F>::by_row) {
    return pass_in_row(*this, m, first, last);
  }

  KUBOMAG_HD void operator()(Stencil s) const { out.store(s.i, value(Neighbourhood<Real>(m, s))); }

  KUBOMAG_HD Vec3<Real> value(const Neighbourhood<Real>& c) const {
    switch (kind) {
      case FieldKind::B_eff:
        return f.B_eff(c);
      case FieldKind::B_ext:
        return f.B_uniform() + added.load(c.at.i);
      case FieldKind::torque:
        return (1 / f.gamma) * f(c);
      case FieldKind::term: {
        Vec3<Real> B{};
        f.terms.for_each([&](int index, const auto& t) {
          if (index == term) B = t.field(c);
        });
        return B;
      }
      default:
        if constexpr (F::surface) return of_surface(c);
        return {};
    }
  }

  KUBOMAG_HD Vec3<Real> of_surface(const Neighbourhood<Real>& c) const {
    if constexpr (F::surface) {
      const int i = c.at.i;
      const DriveValue<Real> drive = f.drive(i);
      const LongitudinalHall<Real> sigma = f.surface.conductivity(i, c.m.z);
      const Vec3<Real> B_FL = f.surface.field_like(i, sigma, drive);
      const Vec3<Real> B_diff = f.surface.diffusive(i, c.m.z, drive);
      switch (kind) {
        case FieldKind::potentials:
          return {drive.psi, drive.Ex, drive.Ey};
        case FieldKind::B_FL:
          return B_FL;
        case FieldKind::B_diff:
          return B_diff;
        case FieldKind::torque_FL:
          return cross(B_FL, c.m);
        case FieldKind::torque_diff:
          return cross(B_diff, c.m);
        default:
          return of_moving_surface(c, sigma, drive);
      }
    }
    return {};
  }

  /// What depends on dm/dt.
  KUBOMAG_HD Vec3<Real> of_moving_surface(const Neighbourhood<Real>& c,
                                          const LongitudinalHall<Real>& sigma,
                                          DriveValue<Real> drive) const {
    const int i = c.at.i;
    const Vec3<Real> dm_dt = f(c);
    if (kind == FieldKind::torque_damping) {
      const LongitudinalHall<Real> A = f.surface.damping(i, sigma);
      const Vec3<Real> damping{A.longitudinal * dm_dt.x + A.hall * dm_dt.y,
                               A.longitudinal * dm_dt.y - A.hall * dm_dt.x, Real(0)};
      return (1 / f.gamma) * cross(c.m, damping);
    }
    const Real unit = Real(constants::e2_over_h);
    const Vec2<Real> driven = f.surface.current(sigma, drive);
    const Vec2<Real> pumped = f.surface.current(sigma, f.surface.motive(i, dm_dt));
    const Vec2<Real> total{unit * (driven.x + pumped.x), unit * (driven.y + pumped.y)};
    if (kind == FieldKind::J) return {unit * driven.x, unit * driven.y, Real(0)};
    if (kind == FieldKind::J_pump) return {unit * pumped.x, unit * pumped.y, Real(0)};
    if (kind == FieldKind::J_total) return {total.x, total.y, Real(0)};
    return f.surface.spin(i, c.m.z, total, drive.psi);
  }
};

/// Writes what a torque without an energy, or the local electrons, show under `name` into `out`.
/// False: `name` is something else.
template <class Backend, class Real, class F>
bool write_torque(const std::string& name, const Backend& backend, const Problem& problem,
                  FilmFields<Backend, Real, F>& fields, VectorView<const Real> m,
                  VectorView<Real> out, double t) {
  TorqueField<Backend, Real>& torques = fields.torques();
  torques.set_time({t, t}, fields.drive());
  const unsigned chosen =
      name.starts_with("B_") ? torques_of_symbol(std::string_view(name).substr(2)) : 0;
  if (chosen) {
    write_summands<Backend, Real>(backend, problem.grid, m, out,
                                  [&](auto& to) { torques.add_to(to, chosen); });
    return true;
  }
  constexpr std::pair<std::string_view, ElectronField> electrons[] = {
      {"s", ElectronField::spin},
      {"J", ElectronField::J},
      {"torque_SOT", ElectronField::torque_SOT}};
  for (const auto& [key, field] : electrons)
    if (problem.local && name == key) {
      write_summands<Backend, Real>(backend, problem.grid, m, out,
                                    [&](auto& to) { torques.add_electrons(to, field); });
      return true;
    }
  return false;
}

/// Field `name` at time t, component after component.
template <class Backend, class Real, class F>
std::vector<double> evaluate_quantity(const std::string& name, Backend& backend,
                                      const Problem& problem, FilmFields<Backend, Real, F>& fields,
                                      const VectorBuffer<Backend, Real>& m,
                                      std::array<VectorBuffer<Backend, Real>, 2>& scratch,
                                      double t) {
  const auto known = quantities(problem);
  const auto found =
      std::find_if(known.begin(), known.end(), [&](const Quantity& q) { return q.name == name; });
  if (found == known.end()) {
    std::string names;
    for (const Quantity& q : known) names += (names.empty() ? "" : ", ") + q.name;
    throw InputError("there is no quantity '" + name + "' here; there are " + names);
  }
  if (constexpr std::string_view density = "Edens_"; name.starts_with(density))
    return energy_density(name.substr(density.size()), backend, problem, fields, m, scratch, t);
  if (name == "B_demag") {
    fields.demag(m.view(), scratch[0].view());
    return scratch[0].download(backend);
  }
  if (name == "E")
    return fields.local() ? fields.local()->electric_field(t) : fields.drive().electric_field(t);
  if (name == "D") return fields.local()->diffusion_constant(m.view());
  if (fields.added().write(name, t, m.view(), scratch[0].view()))
    return scratch[0].download(backend);
  if (write_torque(name, backend, problem, fields, m.view(), scratch[0].view(), t))
    return scratch[0].download(backend, found->components);
  const Scene<Real, F>& scene =
      name == "B_eff" ? fields.conservative({t, t}, m.view()) : fields.at({t, t}, m.view());
  QuantityPass<Real, F> pass{scene, m.view(), {}, scratch[0].view(), kind_of(name), 0};
  if (name == "B_ext") {
    fields.mapped_sources({t, t}, scratch[1].view());
    pass.added = std::as_const(scratch[1]).view();
  }
  for (const TermDeclaration& term : energy_term_declarations(needs_all_terms(problem.material))) {
    if (name == std::string("B_") + term.symbol) break;
    ++pass.term;
  }
  backend.template for_each_cell<Stencil>(problem.grid, pass);
  auto values = scratch[0].download(backend);
  const std::size_t n = problem.grid.cells();
  if (name == "E_prime")
    values.erase(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(n));
  values.resize(n * static_cast<std::size_t>(found->components));
  return values;
}

/// Upper bound of the field that drives the fastest mode [T]: exchange at the Brillouin-zone
/// corner, demagnetising and anisotropy fields. gamma times it is the stiffest rate.
double stiffest_field(const Problem& problem);

}  // namespace kubomag
