#pragma once
// What drives the torques at one instant, cell by cell: the surface's psi and E', and the current
// densities that are given.
#include "field.hpp"
#include "number.hpp"

namespace kubomag {

/// The drive at one cell: psi [V] and E' = E + grad psi [V/m].
template <class Real>
struct DriveValue {
  Real psi{}, Ex{}, Ey{};
};

/// The drive's fields at one instant: w0 F0 + w1 F1, each psi [V] and E' [V/m] per cell. A
/// harmonic drive past its transient needs exactly these two; everything else has w1 = 0.
template <class Real>
struct DriveSample {
  VectorView<const Real> F0, F1;  // x: psi, y: E'_x, z: E'_y
  Number<Real> w0{}, w1{};

  KUBOMAG_HD DriveValue<Real> operator()(int i) const {
    const Real a = w0(), b = w1();
    return {a * F0.x[i] + b * F1.x[i], a * F0.y[i] + b * F1.y[i], a * F0.z[i] + b * F1.z[i]};
  }
};

/// A sum of vector sources at one instant: a uniform part and, where `map` is set, one per cell.
template <class Real>
struct SourceSample {
  Number<Vec3<Real>> uniform{};
  VectorView<const Real> map{};

  KUBOMAG_HD Vec3<Real> operator()(int i) const {
    Vec3<Real> value = uniform();
    if (map.x) value += map.load(i);
    return value;
  }
};

/// Everything that torques without an energy are driven by. A torque reads what it needs.
template <class Real>
struct TorqueDrives {
  SourceSample<Real> current;        // j, current density through the layers [A/m2]
  SourceSample<Real> sheet_current;  // J, imposed on the surface [A/m]; z is not used
  DriveSample<Real> E;               // only with LocalTables::Drive::E
};

}  // namespace kubomag
