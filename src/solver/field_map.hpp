#pragma once
// The field that varies over the film: one summand computed for the whole film, the demagnetising
// field, and others that are added cell by cell: sources with a map, torques without an energy,
// voltage control, formulas, noise. A summand gives the field on a cell,
//   Vec3 operator()(const Neighbourhood&) const,
// and of the film's arrays reads no other cell's. Formulas are a pass over runs of cells instead,
// with views `m` and `B` to be set (kernels/formula_code.hpp).
//
// Here each summand is a pass over the film that adds to a map. On the CPU they are kept and
// evaluated row by row where the map is read (field_map_cpu.hpp).
#include "kernels/rhs.hpp"
#include "solver/convolution.hpp"
#include "solver/device_film.hpp"

namespace kubomag {

template <class Real>
struct ZeroPass {
  VectorView<Real> field;
  KUBOMAG_HD void operator()(Stencil s) const { field.store(s.i, {}); }
};

/// B += a summand.
template <class Real, class Summand>
struct AddPass {
  Summand summand;
  VectorView<const Real> m;
  VectorView<Real> B;

  KUBOMAG_HD void operator()(Stencil s) const {
    const Vec3<Real> field = summand(Neighbourhood<Real>(m, s));
    B.store(s.i, B.template load<Real>(s.i) + field);
  }
};

/// Adds summands for m to B, each at once and for the whole film.
template <class Backend, class Real>
class FilmAdder {
 public:
  FilmAdder(const Backend& backend, const Grid& grid, VectorView<const Real> m, VectorView<Real> B)
      : backend_(backend), grid_(grid), m_(m), B_(B) {}

  template <class Summand>
  void cells(const Summand& summand) {
    backend_.template for_each_cell<Stencil>(grid_, AddPass<Real, Summand>{summand, m_, B_});
  }
  template <class Pass>
  void runs(Pass pass) {
    pass.m = m_, pass.B = B_;
    backend_.for_each_run(grid_, pass);
  }

 private:
  const Backend& backend_;
  const Grid& grid_;
  VectorView<const Real> m_;
  VectorView<Real> B_;
};

/// What `add(adder)` adds for m, alone, into `out`.
template <class Backend, class Real, class Add>
void write_summands(const Backend& backend, const Grid& grid, VectorView<const Real> m,
                    VectorView<Real> out, const Add& add) {
  backend.template for_each_cell<Stencil>(grid, ZeroPass<Real>{out});
  FilmAdder<Backend, Real> adder(backend, grid, m, out);
  add(adder);
}

/// Of one backend each (field_map_cpu.hpp, field_map_cuda.cuh):
///   FieldMap(backend, grid, computed, many)  `computed`: whether there is a summand for the whole
///                      film; `many`: has_many_summands
///   begin(m)           another instant begins, at which the film is m
///   compute(field, state, Msat)  the computed summand
///   cells(summand), runs(pass)   adds one
///   show(scene)        lets the scene read what was added: holds until the next instant begins
///   bytes()            that it holds
template <class Backend, class Real>
class FieldMap;

}  // namespace kubomag
