#pragma once
// The torques without an energy (kernels/torques.hpp) on a device: each that acts is a summand of
// the field that the right-hand side reads (field_map.hpp), by itself, so that the fused pass is
// free of branches and the number of compiled engines small (docs/decisions/006).
#include <memory>
#include <type_traits>

#include "kernels/torques.hpp"
#include "solver/device_film.hpp"
#include "solver/drive_field.hpp"
#include "solver/source_sum.hpp"

namespace kubomag {

/// B_tau of one torque.
template <class Torque, class Drives>
struct TorqueSummand {
  Torque torque;
  Drives drives;

  TorqueSummand in_row(int cell) const { return {torque, drives.in_row(cell)}; }

  template <class Real>
  KUBOMAG_HD Vec3<Real> operator()(const Neighbourhood<Real>& c) const {
    return torque.field(c, drives);
  }
};

/// What local electrons show of themselves.
enum class ElectronField { spin, J, torque_SOT };

template <class Real, class Drives>
struct ElectronSummand {
  LocalTorque<Real> electrons;
  Drives drives;
  ElectronField field;

  ElectronSummand in_row(int cell) const { return {electrons, drives.in_row(cell), field}; }

  KUBOMAG_HD Vec3<Real> operator()(const Neighbourhood<Real>& c) const {
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
      : upload_(backend, problem.grid.cells()),
        current_(backend, problem.grid, problem.current, switches),
        sheet_current_(backend, problem.grid, problem.sheet_current, switches),
        driven_by_E_(problem.local && problem.local->drive == LocalTables::Drive::E),
        acting_(acting_torques(problem)) {
    if (any()) torques_ = std::make_unique<TorqueTerms<Real>>(problem, upload_);
  }

  /// Whether currents that were set are still valid when others have been.
  bool held() const { return !any() || (current_.held() && sheet_current_.held()); }
  /// Whether the torques need psi's E'.
  bool driven_by_E() const { return any() && driven_by_E_; }
  bool any() const { return std::find(acting_.begin(), acting_.end(), true) != acting_.end(); }

  /// Brings what drives the torques to an instant.
  void set_time(const Instant& now, DriveField<Backend, Real>& drive) {
    if (!any()) return;
    drives_.current = current_.sample(now);
    drives_.sheet_current = sheet_current_.sample(now);
    if (driven_by_E_) drives_.E = sample<Backend, Real>(drive, now);
    if constexpr (Backend::arrays_for_all_parameters) {  // both with a map, or neither
      give_map(drives_.current, drives_.sheet_current);
      give_map(drives_.sheet_current, drives_.current);
    }
  }

  /// Adds the acting torques whose bit is set in `chosen` (in the list's order).
  template <class Adder>
  void add_to(Adder& to, unsigned chosen = ~0u) const {
    if (!any()) return;
    torques_->for_each([&](int index, const auto& torque) {
      using Torque = std::remove_cvref_t<decltype(torque)>;
      if (acting_[index] && (chosen >> index & 1))
        with_drives([&]<class Drives>(const Drives& drives) {
          to.cells(TorqueSummand<Torque, Drives>{torque, drives});
        });
    });
  }

  /// Adds a field of the local electrons, which must be there.
  template <class Adder>
  void add_electrons(Adder& to, ElectronField field) const {
    with_drives([&]<class Drives>(const Drives& drives) {
      to.cells(ElectronSummand<Real, Drives>{*torques_, drives, field});
    });
  }

  std::size_t bytes() const { return upload_.bytes() + current_.bytes() + sheet_current_.bytes(); }

 private:
  /// A map with the weight 0 for a source that has none.
  static void give_map(SourceSample<Real>& to, const SourceSample<Real>& other) {
    if (!to.map.x) to.map = other.map, to.weight = Real(0);
  }

  /// visit(drives); on the CPU drives without maps are of a type of their own.
  template <class Visit>
  void with_drives(const Visit& visit) const {
    if constexpr (Backend::arrays_for_all_parameters)
      if (!drives_.current.map.x)
        return visit(TorqueDrives<Real, false>{
            {drives_.current.uniform}, {drives_.sheet_current.uniform}, drives_.E});
    visit(drives_);
  }

  ParamUploader<Backend, Real, true> upload_;
  SourceSum<Backend, Real> current_, sheet_current_;
  bool driven_by_E_;  // the local torque
  std::vector<bool> acting_;
  std::unique_ptr<TorqueTerms<Real>> torques_;
  TorqueDrives<Real> drives_;
};

}  // namespace kubomag
