#pragma once
// Single cells side by side on a device: what the right-hand side needs of each, as maps over the
// row, and the demagnetising field of a cell.
#include <vector>

#include "kernels/rhs.hpp"
#include "kernels/torques.hpp"
#include "solver/device_film.hpp"

namespace kubomag {

/// The demagnetising field of a cell itself, B = -mu_0 Ms N m [T].
template <class Real>
struct CellDemag {
  Param<Real, true> x, y, z;

  KUBOMAG_HD Vec3<Real> field(int i, Vec3<Real> m) const {
    return {-x(i) * m.x, -y(i) * m.y, -z(i) * m.z};
  }
};

template <class Backend, class Real, class F>
struct MacrospinRow {
  /// `row` is of row_of_cells, `demag_of_cell` of one of them (solver/macrospin_observables.hpp).
  MacrospinRow(const Problem& row, Vec3<double> demag_of_cell, const Backend& backend)
      : upload(backend, row.grid.cells()),
        scene(make_scene(row)),
        torques(row, upload),
        acting(acting_torques(row)),
        demag(make_demag(row, demag_of_cell)) {}

  ParamUploader<Backend, Real, true> upload;
  Scene<Real, F> scene;
  TorqueTerms<Real> torques;
  std::vector<bool> acting;  // of the torques, in their order
  CellDemag<Real> demag;

 private:
  Scene<Real, F> make_scene(const Problem& row) {
    const auto one_if = [](bool wanted) { return wanted ? 1.0 : 0.0; };
    const Parameters& film = row.material;
    Scene<Real, F> made{FieldTerms<Real, true, F::all_terms>(film, row.grid, upload)};
    if constexpr (F::all_terms) made.terms.edges_x = made.terms.edges_y = 0;  // a cell has none
    made.alpha = upload(film["alpha"]);
    made.moment =
        upload(ScalarMap::combine([&](double Ms) { return one_if(Ms > 0); }, film["Msat"]));
    made.mobile = upload(
        ScalarMap::combine([&](double frozen) { return one_if(!(frozen > 0)); }, film["frozen"]));
    if constexpr (F::surface)
      made.surface = SurfaceDirac<Real, true>(row.surface.value_or(DiracSurface{}), upload);
    made.gamma = static_cast<Real>(row.GammaLL);
    return made;
  }

  CellDemag<Real> make_demag(const Problem& row, Vec3<double> of_cell) {
    const auto per_m = [&](double N) {
      return upload(ScalarMap::combine([=](double Ms) { return N * Ms; }, row.material["Msat"]));
    };
    return {per_m(of_cell.x), per_m(of_cell.y), per_m(of_cell.z)};
  }
};

}  // namespace kubomag
