#pragma once
// Local spin-orbit torque of the electrons under the film, from a microscopic model at the local m:
//   B_SOT = Delta_sd <sigma>/(Ms t),   <sigma> = K_E(m) E  or, for an imposed current,  K_J(m) J
// with K from tables (src/khat/torque_table.cpp). The torque is -gamma m x B_SOT in Gilbert form,
// for H = ... - Delta_sd m.sigma: Veneri 2022 (1), (2), (14), Ado 2017 (9), (25), with the signs of
// docs/physics-torques.md.
#include <array>

#include "drive_sample.hpp"
#include "kubomag/problem.hpp"
#include "local_table.hpp"

namespace kubomag {

template <class Real>
struct LocalTorque {
  static constexpr const char* name = "local_torque";
  static constexpr const char* symbol = "SOT";
  static constexpr const char* help =
      "spin-orbit torque of the electrons of [surface], B_SOT = Delta_sd <sigma>/(Ms t)";
  static constexpr const char* source = "Veneri 2022, (1), (2), (14); Ado 2017, (9), (25)";
  static constexpr std::array<Input, 0> inputs{};

  bool imposed_current = false;  // J instead of E
  LocalTableView<Real> tables;
  const int* table_of_cell = nullptr;  // null: the first one everywhere
  Param<Real, true> inverse_moment;    // 1/(Ms t) [1/A], 0 in vacuum

  template <class Upload>
  LocalTorque(const Problem& problem, Upload& upload) {
    if (!acts(problem)) return;
    const LocalTables& local = *problem.local;
    imposed_current = local.drive == LocalTables::Drive::J;
    tables = LocalTableView<Real>::of(local, upload);
    if (!local.table_of_cell.empty()) table_of_cell = upload.array(local.table_of_cell);
    const double thickness = problem.grid.dz;
    inverse_moment = upload(ScalarMap::combine(
        [=](double Ms) { return Ms > 0 ? 1 / (Ms * thickness) : 0.0; }, problem.material["Msat"]));
  }

  static bool acts(const Problem& problem) { return problem.local.has_value(); }

  /// B_SOT on the cell [T].
  template <class Drives>
  KUBOMAG_HD Vec3<Real> field(const Neighbourhood<Real>& c, const Drives& now) const {
    return field(c.at.i, c.m, now);
  }
  template <class Drives>
  KUBOMAG_HD Vec3<Real> field(int i, Vec3<Real> m, const Drives& now) const {
    if (!(inverse_moment(i) > 0)) return {};
    return inverse_moment(i) * table(i).spin_density(m, drive(i, now));
  }

  /// <sigma> [1/m2].
  template <class Drives>
  KUBOMAG_HD Vec3<Real> spin(const Neighbourhood<Real>& c, const Drives& now) const {
    if (!(inverse_moment(c.at.i) > 0)) return {};
    const LocalTable<Real> t = table(c.at.i);
    return (1 / t.head.Delta_sd) * t.spin_density(c.m, drive(c.at.i, now));
  }

  /// J [A/m]: sigma E, or what is imposed.
  template <class Drives>
  KUBOMAG_HD Vec2<Real> current(const Neighbourhood<Real>& c, const Drives& now) const {
    const Vec2<Real> F = drive(c.at.i, now);
    if (imposed_current) return F;
    if (!(inverse_moment(c.at.i) > 0)) return {};
    return table(c.at.i).current(c.m, F);
  }

 private:
  KUBOMAG_HD LocalTable<Real> table(int i) const {
    return {tables, table_of_cell ? table_of_cell[i] : 0};
  }

  /// E [V/m] or J [A/m].
  template <class Drives>
  KUBOMAG_HD Vec2<Real> drive(int i, const Drives& now) const {
    if (imposed_current) {
      const Vec3<Real> J = now.sheet_current(i);
      return {J.x, J.y};
    }
    const DriveValue<Real> E = now.E(i);
    return {E.Ex, E.Ey};
  }
};

}  // namespace kubomag
