#pragma once
// The thermal field of the present time step on a device (kernels/thermal.hpp).
#include <cmath>

#include "kernels/thermal.hpp"
#include "kubomag/problem.hpp"
#include "solver/device_film.hpp"
#include "solver/source_sum.hpp"

namespace kubomag {

template <class Backend, class Real, bool Mapped>
class ThermalField {
 public:
  template <class Upload>
  ThermalField(const Problem& problem, const Backend& backend, Upload& upload)
      : backend_(backend), grid_(problem.grid), seed_(problem.integrator.seed) {
    const Parameters& film = problem.material;
    if (film["Temp"].max() <= 0) return;
    const double per_cell = 2 * constants::k_B / (problem.GammaLL * grid_.cell_volume());
    const auto strength = [per_cell](double T, double alpha, double Ms) {
      return Ms > 0 ? std::sqrt(per_cell * T * alpha / Ms) : 0.0;
    };
    strength_ = upload(ScalarMap::combine(strength, film["Temp"], film["alpha"], film["Msat"]));
    B_ = VectorBuffer<Backend, Real>(backend, grid_.cells());
  }

  /// Whether the film has a temperature.
  bool any() const { return B_.bytes() > 0; }

  /// The field of the given step, dt long, acts from now on, until `drop`.
  void draw(std::uint64_t step, double dt) {
    backend_.template for_each_cell<Stencil>(
        grid_, ThermalPass<Real, Mapped>{strength_, static_cast<Real>(1 / std::sqrt(dt)), seed_,
                                         step, B_.view()});
    acts_ = true;
  }
  void drop() { acts_ = false; }

  /// B += the field that acts.
  void add_to(VectorView<Real> B) const {
    if (acts_)
      backend_.template for_each_cell<Stencil>(grid_, AddFieldPass<Real>{B_.view(), B, Real(1)});
  }

  std::size_t bytes() const { return B_.bytes(); }

 private:
  const Backend& backend_;
  Grid grid_;
  std::uint64_t seed_;
  Param<Real, Mapped> strength_;  // [T s^(1/2)]
  VectorBuffer<Backend, Real> B_;
  bool acts_ = false;
};

}  // namespace kubomag
