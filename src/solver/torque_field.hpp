#pragma once
// The torques without an energy (kernels/torques.hpp) on a device: each that acts adds its field to
// the map that the right-hand side reads. A pass of its own for each keeps the fused pass free of
// branches, so that it is vectorised, and the number of compiled engines small
// (docs/performance.md).
#include <memory>
#include <type_traits>

#include "kernels/torques.hpp"
#include "solver/device_film.hpp"
#include "solver/drive_field.hpp"
#include "solver/source_sum.hpp"

namespace kubomag {

/// B += B_tau of one torque.
template <class Real, class Torque>
struct TorquePass {
  Torque torque;
  TorqueDrives<Real> drives;
  VectorView<const Real> m;
  VectorView<Real> B;

  KUBOMAG_HD void operator()(Stencil s) const {
    const Vec3<Real> B_tau = torque.field(Neighbourhood<Real>(m, s), drives);
    B.store(s.i, B.template load<Real>(s.i) + B_tau);
  }
};

/// What local electrons show of themselves.
enum class ElectronField { spin, J, torque_SOT };

template <class Real>
struct ElectronPass {
  LocalTorque<Real> electrons;
  TorqueDrives<Real> drives;
  VectorView<const Real> m;
  VectorView<Real> out;
  ElectronField field;

  KUBOMAG_HD void operator()(Stencil s) const { out.store(s.i, value(Neighbourhood<Real>(m, s))); }

  KUBOMAG_HD Vec3<Real> value(const Neighbourhood<Real>& c) const {
    if (field == ElectronField::spin) return electrons.spin(c, drives);
    if (field == ElectronField::torque_SOT) return cross(electrons.field(c, drives), c.m);
    const Vec2<Real> J = electrons.current(c, drives);
    return {J.x, J.y, Real(0)};
  }
};

template <class Backend, class Real>
class TorqueField {
 public:
  /// Adds the moments at which the currents switch to `switches`.
  TorqueField(const Problem& problem, const Backend& backend, EventTimes& switches)
      : backend_(backend),
        grid_(problem.grid),
        upload_(backend, grid_.cells()),
        current_(backend, grid_, problem.current, switches),
        sheet_current_(backend, grid_, problem.sheet_current, switches),
        driven_by_E_(problem.local && problem.local->drive == LocalTables::Drive::E),
        acting_(acting_torques(problem)) {
    if (any()) torques_ = std::make_unique<TorqueTerms<Real>>(problem, upload_);
  }

  bool any() const { return std::find(acting_.begin(), acting_.end(), true) != acting_.end(); }

  /// Brings what drives the torques to an instant.
  void set_time(const Instant& now, DriveField<Backend, Real>& drive) {
    if (!any()) return;
    drives_.current = current_.sample(now);
    drives_.sheet_current = sheet_current_.sample(now);
    if (driven_by_E_) drives_.E = sample<Backend, Real>(drive, now);
  }

  /// B += the fields of the acting torques whose bit is set in `chosen` (in the list's order).
  void add_to(VectorView<const Real> m, VectorView<Real> B, unsigned chosen = ~0u) const {
    if (!any()) return;
    torques_->for_each([&](int index, const auto& torque) {
      using Torque = std::remove_cvref_t<decltype(torque)>;
      if (acting_[index] && (chosen >> index & 1))
        backend_.template for_each_cell<Stencil>(grid_,
                                                 TorquePass<Real, Torque>{torque, drives_, m, B});
    });
  }

  /// A field of the local electrons, which must be there.
  void electrons(VectorView<const Real> m, VectorView<Real> out, ElectronField field) const {
    backend_.template for_each_cell<Stencil>(grid_,
                                             ElectronPass<Real>{*torques_, drives_, m, out, field});
  }

  std::size_t bytes() const { return upload_.bytes() + current_.bytes() + sheet_current_.bytes(); }

 private:
  const Backend& backend_;
  Grid grid_;
  ParamUploader<Backend, Real, true> upload_;
  SourceSum<Backend, Real> current_, sheet_current_;
  bool driven_by_E_;  // the local torque
  std::vector<bool> acting_;
  std::unique_ptr<TorqueTerms<Real>> torques_;
  TorqueDrives<Real> drives_;
};

}  // namespace kubomag
