#pragma once
// What drives the torques at one instant, cell by cell: the surface's psi and E', and the current
// densities that are given.
#include <cassert>

#include "field.hpp"
#include "number.hpp"

namespace kubomag {

/// The drive at one cell: psi [V] and E' = E + grad psi [V/m].
template <class Real>
struct DriveValue {
  Real psi{}, Ex{}, Ey{};
};

/// Which of a drive's numbers is a cell's. Along an axis along which nothing varies (a grating's
/// fingers) there is one for all cells.
struct DriveCells {
  bool along_x = true, along_y = true;  // whether there is more than one
  int nx = 1;                           // of the film

  KUBOMAG_HD int operator()(int cell) const {
    if (along_x && along_y) return cell;
    const int row = cell / nx;
    return along_x ? cell - row * nx : along_y ? row : 0;
  }
};

/// The drive's fields at one instant: sum_j w_j F_j, each psi [V] and E' [V/m] where `cells` says.
/// Fixed fields with weights that change in time are summed here, where they are needed, so that
/// no sum has to be written and read again; what is not used repeats the first field with weight 0.
template <class Real>
struct DriveSample {
  static constexpr int fields = 4;
  VectorView<const Real> F[fields];  // x: psi, y: E'_x, z: E'_y
  Number<Real> w[fields]{};
  DriveCells cells{};
  const Real *ones = nullptr, *zeros = nullptr;  // as many as a row has cells; on the host

  DriveSample() = default;
  KUBOMAG_HD DriveSample(VectorView<const Real> F0, VectorView<const Real> F1, Number<Real> w0,
                         Number<Real> w1)
      : F{F0, F1, F0, F0}, w{w0, w1} {}

  /// On the host, where a loop over cells must not ask where their fields are, only of a sample
  /// that has a field for every cell, such as in_row().
  KUBOMAG_HD DriveValue<Real> operator()(int cell) const {
#ifdef __CUDA_ARCH__
    return at(cells(cell));
#else
    assert(cells.along_x && cells.along_y);
    return at(cell);
#endif
  }

  /// The same on the cells of one row, of which `cell` is one.
  DriveSample in_row(int cell) const {
    if (cells.along_x && cells.along_y) return *this;
    const int start = cell - cell % cells.nx;
    DriveSample row = *this;
    row.cells = {};
    if (cells.along_x) {
      for (auto& f : row.F) f = {f.x - start, f.y - start, f.z - start};
      return row;
    }
    const DriveValue<Real> same = at(cells(cell));
    const Real *one = ones - start, *zero = zeros - start;
    row.F[0] = {one, zero, zero}, row.F[1] = {zero, one, zero}, row.F[2] = {zero, zero, one};
    row.F[3] = {zero, zero, zero};
    row.w[0] = same.psi, row.w[1] = same.Ex, row.w[2] = same.Ey, row.w[3] = Real(0);
    return row;
  }

 private:
  KUBOMAG_HD DriveValue<Real> at(int i) const {
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

  /// On the host: on the cells of one row, of which `cell` is one.
  TorqueDrives in_row(int cell) const { return {current, sheet_current, E.in_row(cell)}; }
};

}  // namespace kubomag
