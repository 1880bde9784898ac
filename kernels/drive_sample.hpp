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

/// The drive's fields at one instant: sum_j w_j F_j, each psi [V] and E' [V/m] per cell. Fixed
/// fields with weights that change in time are summed here, where they are needed, so that no sum
/// has to be written and read again; what is not used repeats the first field with weight 0.
template <class Real>
struct DriveSample {
  static constexpr int fields = 4;
  VectorView<const Real> F[fields];  // x: psi, y: E'_x, z: E'_y
  Number<Real> w[fields]{};

  DriveSample() = default;
  KUBOMAG_HD DriveSample(VectorView<const Real> F0, VectorView<const Real> F1, Number<Real> w0,
                         Number<Real> w1)
      : F{F0, F1, F0, F0}, w{w0, w1} {}

  KUBOMAG_HD DriveValue<Real> operator()(int i) const {
    const Real first = w[0]();
    DriveValue<Real> value{first * F[0].x[i], first * F[0].y[i], first * F[0].z[i]};
    for (int j = 1; j < fields; ++j) {
      const Real weight = w[j]();
      value.psi += weight * F[j].x[i];
      value.Ex += weight * F[j].y[i];
      value.Ey += weight * F[j].z[i];
    }
    return value;
  }
};

/// A sum of vector sources at one instant: a uniform part and, if Mapped, `weight` times one per
/// cell. On a GPU there need not be a map; on the host, where that branch would keep loops over
/// cells from being vectorised, there must.
template <class Real, bool Mapped = true>
struct SourceSample {
  Number<Vec3<Real>> uniform{};
  VectorView<const Real> map{};
  Number<Real> weight = Real(1);

  KUBOMAG_HD Vec3<Real> operator()(int i) const {
    const Vec3<Real>& same = uniform();
    Vec3<Real> value{same.x, same.y, same.z};  // a copy of the whole is not vectorised
    if constexpr (Mapped) {
#ifdef __CUDA_ARCH__
      if (!map.x) return value;
#endif
      value += weight() * map.load(i);
    }
    return value;
  }
};

/// Everything that torques without an energy are driven by. A torque reads what it needs.
template <class Real, bool Mapped = true>
struct TorqueDrives {
  SourceSample<Real, Mapped> current;        // j, current density through the layers [A/m2]
  SourceSample<Real, Mapped> sheet_current;  // J, imposed on the surface [A/m]; z is not used
  DriveSample<Real> E;                       // only with LocalTables::Drive::E
};

}  // namespace kubomag
