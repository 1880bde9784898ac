#pragma once
// The field that varies over the film on a GPU: only what is computed for the whole film is a map;
// the passes themselves add the summands (device_summands.hpp).
#include "backend/cuda_backend.cuh"
#include "solver/device_summands.hpp"
#include "solver/field_map.hpp"

namespace kubomag {

template <class Real>
class FieldMap<CudaBackend, Real> {
 public:
  FieldMap(const CudaBackend& backend, const Grid& grid, bool computed, bool many)
      : backend_(backend), grid_(grid), computed_(computed), many_(many) {
    if (computed || many) B_ = VectorBuffer<CudaBackend, Real>(backend, grid.cells());
  }

  void begin(VectorView<const Real> m) {
    m_ = m;
    summands_ = {};
    map_is_read_ = computed_;
  }
  template <class Ms>
  void compute(Convolution<CudaBackend, Real>& field, const StageState<Real>& state, Ms Msat) {
    field(state, Msat, B_.view());
  }
  template <class Summand>
  void cells(const Summand& summand) {
    const bool beforehand = is_of_electrons<Summand> && many_;
    if (beforehand || !summands_.take(summand)) into_map().cells(summand);
  }
  template <class Pass>
  void runs(const Pass& pass) {
    if (!summands_.take(pass)) into_map().runs(pass);
  }

  /// The scene has what was added so far.
  template <class F>
  void show(Scene<Real, F>& scene) const {
    scene.B_map = map_is_read_ ? B_.view() : VectorView<const Real>{};
    if constexpr (F::sums) scene.summands = summands_;
  }

  std::size_t bytes() const { return B_.bytes(); }

 private:
  FilmAdder<CudaBackend, Real> into_map() {
    if (!map_is_read_) backend_.for_each_cell<Stencil>(grid_, ZeroPass<Real>{B_.view()});
    map_is_read_ = true;
    return {backend_, grid_, m_, B_.view()};
  }

  const CudaBackend& backend_;
  Grid grid_;
  bool computed_, many_, map_is_read_ = false;
  VectorView<const Real> m_;
  VectorBuffer<CudaBackend, Real> B_;  // with a computed field, or too many summands
  ElectronSummands<Real> summands_;
};

}  // namespace kubomag
