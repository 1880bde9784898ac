#pragma once
// Energy terms and torques that few films have, each a summand of the field that the right-hand
// side reads (field_map.hpp): voltage control of anisotropy, and what the user gives as formulas.
#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kernels/vcma.hpp"
#include "kubomag/engine.hpp"
#include "solver/custom_field.hpp"
#include "solver/source_sum.hpp"

namespace kubomag {

inline bool has_vcma(const Problem& problem) {
  if (problem.E_z.empty() || !problem.material.contains("xi_VCMA")) return false;
  const ScalarMap& xi = problem.material["xi_VCMA"];
  return xi.min() != 0 || xi.max() != 0;
}

/// Whether a film has any of these.
inline bool has_added_terms(const Problem& problem) {
  return has_vcma(problem) || !problem.custom.empty();
}

/// What they show of themselves as fields.
inline std::vector<Quantity> added_quantities(const Problem& problem) {
  std::vector<Quantity> all;
  if (has_vcma(problem)) all.push_back({"B_vcma", "T", 3, Vcma<double>::help});
  for (const CustomTerm& term : problem.custom)
    all.push_back({"B_" + term.name, "T", 3,
                   term.kind == CustomTerm::Kind::field
                       ? "the field of a [[custom_field]]"
                       : "m x torque of a [[custom_torque]], its equivalent field"});
  return all;
}

/// The symbols of their energies, in the order of AddedTerms::energies.
inline std::vector<std::string> added_energies(const Problem& problem) {
  std::vector<std::string> all;
  if (has_vcma(problem)) all.emplace_back("vcma");
  for (const CustomTerm& term : problem.custom)
    if (term.energy >= 0) all.push_back(term.name);
  return all;
}

template <class Real, class Source>
struct VcmaSummand {
  Vcma<Real> vcma;
  Source E_z;
  KUBOMAG_HD Vec3<Real> operator()(const Neighbourhood<Real>& c) const {
    return vcma.field(c.at.i, c.m, E_z);
  }
};

template <class Real, class Source>
struct VcmaEnergyPass {
  Vcma<Real> vcma;
  Source E_z;
  VectorView<const Real> m;
  Param<Real, true> Ms;
  KUBOMAG_HD std::array<double, 1> operator()(Stencil s) const {
    const double moment = Ms(s.i);
    return {moment * vcma.energy(s.i, m.template load<Real>(s.i), E_z)};
  }
};

template <class Backend, class Real>
class AddedTerms {
 public:
  /// Adds the moments at which E_z switches to `switches`.
  AddedTerms(const Problem& problem, const Backend& backend, EventTimes& switches)
      : backend_(backend),
        grid_(problem.grid),
        upload_(backend, grid_.cells()),
        E_z_(backend, grid_, problem.E_z, switches) {
    if (!has_added_terms(problem)) return;
    Ms_ = upload_(problem.material["Msat"]);
    if (has_vcma(problem)) vcma_ = std::make_unique<Vcma<Real>>(problem.material, grid_, upload_);
    for (const CustomTerm& term : problem.custom)
      custom_.push_back(std::make_unique<CustomField<Backend, Real>>(term, grid_, upload_, Ms_));
  }

  /// Whether what was added at one instant is still valid at the next.
  bool held() const { return !vcma_ || E_z_.held(); }

  /// Adds the fields of the energy terms.
  template <class Adder>
  void add_fields(const Instant& now, Adder& to) {
    if (vcma_) add_vcma(now, to);
    for (auto& term : custom_)
      if (term->term().kind == CustomTerm::Kind::field) term->add_to(now, to);
  }

  /// Adds the fields of the torques without an energy.
  template <class Adder>
  void add_torques(const Instant& now, Adder& to) {
    for (auto& term : custom_)
      if (term->term().kind == CustomTerm::Kind::torque) term->add_to(now, to);
  }

  /// Writes the field `name` at time t into `out`; false: it is none of these.
  bool write(std::string_view name, double t, VectorView<const Real> m, VectorView<Real> out) {
    const bool vcma = vcma_ && name == "B_vcma";
    const auto found = std::find_if(custom_.begin(), custom_.end(), [&](const auto& term) {
      return name == "B_" + term->term().name;
    });
    if (!vcma && found == custom_.end()) return false;
    write_summands<Backend, Real>(backend_, grid_, m, out, [&](auto& to) {
      vcma ? add_vcma({t, t}, to) : (*found)->add_to({t, t}, to);
    });
    return true;
  }

  /// Energies at time t [J]; `scratch` is overwritten.
  std::vector<Observable> energies(double t, VectorView<const Real> m, VectorView<Real> scratch,
                                   Backend& backend) {
    std::vector<Observable> all;
    if (vcma_) {
      const auto sum = with_vcma_energy(t, m, [&](const auto& pass) {
        return backend.template sum_over_cells<Stencil, 1>(grid_, pass);
      });
      all.push_back({"E_vcma", "J", grid_.cell_volume() * sum[0]});
    }
    for (auto& term : custom_)
      if (term->has_energy())
        all.push_back({"E_" + term->term().name, "J", term->energy(t, m, scratch, backend)});
    return all;
  }

  /// Writes the energy density `symbol`, one of added_energies, at time t into the first component
  /// of `out` [J/m3].
  void write_energy(std::string_view symbol, double t, VectorView<const Real> m,
                    VectorView<Real> out, Backend& backend) {
    if (vcma_ && symbol == "vcma") {
      with_vcma_energy(t, m, [&]<class Pass>(const Pass& pass) {
        backend.template for_each_cell<Stencil>(grid_, DensityPass<Pass, Real>{pass, out});
      });
      return;
    }
    for (auto& term : custom_)
      if (term->has_energy() && term->term().name == symbol) term->write_energy(t, m, out, backend);
  }

  std::size_t bytes() const { return upload_.bytes() + E_z_.bytes(); }

 private:
  template <class F>
  auto with_vcma_energy(double t, VectorView<const Real> m, F f) {
    return with_source<Backend>(E_z_.sample({t, t}), [&]<class Source>(const Source& E_z) {
      return f(VcmaEnergyPass<Real, Source>{*vcma_, E_z, m, Ms_});
    });
  }

  template <class Adder>
  void add_vcma(const Instant& now, Adder& to) {
    with_source<Backend>(E_z_.sample(now), [&]<class Source>(const Source& E_z) {
      to.cells(VcmaSummand<Real, Source>{*vcma_, E_z});
    });
  }

  const Backend& backend_;
  Grid grid_;
  ParamUploader<Backend, Real, true> upload_;
  SourceSum<Backend, Real> E_z_;
  Param<Real, true> Ms_;
  std::unique_ptr<Vcma<Real>> vcma_;
  std::vector<std::unique_ptr<CustomField<Backend, Real>>> custom_;
};

}  // namespace kubomag
