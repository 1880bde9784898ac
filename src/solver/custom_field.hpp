#pragma once
// A field or torque given as formulas (kernels/formula_code.hpp) on a device: a summand of the
// field that the right-hand side reads (field_map.hpp).
#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "kernels/formula_code.hpp"
#include "kubomag/custom_term.hpp"
#include "setup/formula_plan.hpp"
#include "solver/device_film.hpp"
#include "solver/late_numbers.hpp"

namespace kubomag {

/// An energy density of the film's cells, of those with material.
template <class Real>
struct MaterialDensity {
  Param<Real, true> moment;
  const Real* density;
  KUBOMAG_HD std::array<double, 1> operator()(Stencil s) const {
    return {moment(s.i) > 0 ? static_cast<double>(density[s.i]) : 0.0};
  }
};

/// The density of one cell into the first component.
template <class Energy, class Real>
struct DensityPass {
  Energy energy;
  VectorView<Real> out;
  KUBOMAG_HD void operator()(Stencil s) const { out.x[s.i] = static_cast<Real>(energy(s)[0]); }
};

template <class Backend, class Real>
class CustomField {
  using Upload = ParamUploader<Backend, Real, true>;

 public:
  /// `moment`: above 0 where there is material.
  CustomField(const CustomTerm& term, const Grid& grid, Upload& upload, Param<Real, true> moment)
      : grid_(grid), term_(term), moment_(moment), values_(term_.graph) {
    vector_ = prepare({term.vector.begin(), term.vector.end()}, upload);
    if (has_energy()) energy_ = prepare({term.energy}, upload);
  }
  CustomField(const CustomField&) = delete;
  CustomField& operator=(const CustomField&) = delete;

  const CustomTerm& term() const { return term_; }
  bool has_energy() const { return term_.energy >= 0; }

  /// Adds the field at an instant.
  template <class Adder>
  void add_to(const Instant& now, Adder& to) {
    const bool torque = term_.kind == CustomTerm::Kind::torque;
    to.runs(CustomFieldPass<Real>{at(now, vector_), moment_, {}, {}, torque});
  }

  /// Energy of the film at time t [J]; overwrites `scratch`.
  double energy(double t, VectorView<const Real> m, VectorView<Real> scratch, Backend& backend) {
    backend.for_each_run(grid_, CustomEnergyPass<Real>{at({t, t}, energy_), m, scratch});
    const auto sum = backend.template sum_over_cells<Stencil, 1>(
        grid_, MaterialDensity<Real>{moment_, scratch.x});
    return grid_.cell_volume() * sum[0];
  }

  /// The energy density at time t into the first component of `out` [J/m3].
  void write_energy(double t, VectorView<const Real> m, VectorView<Real> out, Backend& backend) {
    using Material = MaterialDensity<Real>;
    backend.for_each_run(grid_, CustomEnergyPass<Real>{at({t, t}, energy_), m, out});
    backend.template for_each_cell<Stencil>(
        grid_, DensityPass<Material, Real>{Material{moment_, out.x}, out});
  }

 private:
  bool uses_time() const {
    const auto& nodes = term_.graph.nodes;
    return std::any_of(nodes.begin(), nodes.end(),
                       [](const FormulaNode& node) { return node.op == FormulaOp::t; });
  }

  struct Prepared {
    std::vector<int> scalars;  // nodes
    FormulaCode<Real> code;
  };

  Prepared prepare(const std::vector<int>& outputs, Upload& upload) {
    const FormulaPlan plan = plan_formula(term_.graph, outputs);
    Prepared made{plan.scalars, {}};
    FormulaCode<Real>& code = made.code;
    code.steps = upload.array(plan.code);
    code.count = static_cast<int>(plan.code.size());
    code.cells = static_cast<int>(grid_.cells());
    code.maps = upload.reals(maps_of(plan));
    code.scalar_count = static_cast<int>(plan.scalars.size());
    std::copy(plan.outputs.begin(), plan.outputs.end(), code.outputs);
    return made;
  }

  std::vector<double> maps_of(const FormulaPlan& plan) {
    const std::size_t n = grid_.cells();
    std::vector<double> maps(plan.maps.size() * n);
    if (maps.empty()) return maps;
    for (std::size_t i = 0; i < n; ++i) {
      const std::vector<double>& all = values_(point_of_cell(grid_, i, 0, {}));
      for (std::size_t k = 0; k < plan.maps.size(); ++k) maps[k * n + i] = all[plan.maps[k]];
    }
    return maps;
  }

  /// The code with the numbers of an instant.
  FormulaCode<Real> at(const Instant& now, Prepared& prepared) {
    if (now.late && uses_time()) {
      FormulaCode<Real> code = prepared.code;
      code.late_scalars = now.late->formulas<Real>(now, term_.graph, prepared.scalars);
      return code;
    }
    FormulaPoint point;
    point.t = now.t;
    const std::vector<double>& all = values_(point);
    for (std::size_t k = 0; k < prepared.scalars.size(); ++k)
      prepared.code.scalars[k] = static_cast<Real>(all[prepared.scalars[k]]);
    return prepared.code;
  }

  Grid grid_;
  CustomTerm term_;
  Param<Real, true> moment_;
  FormulaValues values_;
  Prepared vector_, energy_;
};

}  // namespace kubomag
