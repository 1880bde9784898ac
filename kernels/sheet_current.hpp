#pragma once
// Currents of a surface state whose conductivities vary from cell to cell
// (docs/physics-texture.md, "In space"). A cell has four quadrants; each sees the potential's
// difference to the neighbour on its side along x and along y, and the cell's own conductivities
// and fields:
//   J = sigma_0 E' + sigma_H E' x z,   E' = E + grad u + E_m
// and div is minus the adjoint of these gradients, so that the current through a face is the mean
// of what the cells on its two sides have for it. Beyond a wall there is nothing to take a
// difference to: there E + grad u = 0, and no current crosses.
#include "field.hpp"

namespace kubomag {

/// The surface state at one instant. The third components are not used.
struct Sheet {
  VectorView<const double> conductivity;  // x: sigma_0, y: sigma_H [S]
  VectorView<const double> E;             // the given field [V/m]
  VectorView<const double> emf;           // E_m, of the moving magnetisation [V/m]
  double inverse_dx = 0, inverse_dy = 0;  // [1/m]
  bool periodic_x = false, periodic_y = false;
};

/// Which fields beside grad u are part of E'.
enum class Driving { none, E, E_and_emf };

/// One component of E' on the two sides of a cell [V/m].
struct Sides {
  double before = 0, after = 0;
  KUBOMAG_HD double mean() const { return 0.5 * (before + after); }
  KUBOMAG_HD double squares() const { return 0.5 * (before * before + after * after); }
};

/// E' of the cells for the potential u [V].
template <Driving driving>
struct SheetCurrent {
  Sheet sheet;
  const double* u = nullptr;

  KUBOMAG_HD Sides field_x(int i, int left, int right) const {
    return sides(i, left, right, sheet.inverse_dx, sheet.periodic_x, sheet.E.x, sheet.emf.x);
  }
  KUBOMAG_HD Sides field_y(int i, int down, int up) const {
    return sides(i, down, up, sheet.inverse_dy, sheet.periodic_y, sheet.E.y, sheet.emf.y);
  }

  /// div J of a cell [A/m^2]. An axis of one cell has no divergence.
  KUBOMAG_HD double divergence(Stencil s) const {
    const double right = s.right == s.i ? 0 : through_x(s.i, s.right, s.down - s.i, s.up - s.i);
    const double left = s.left == s.i ? 0 : through_x(s.left, s.i, s.down - s.i, s.up - s.i);
    const double up = s.up == s.i ? 0 : through_y(s.i, s.up, s.left - s.i, s.right - s.i);
    const double down = s.down == s.i ? 0 : through_y(s.down, s.i, s.left - s.i, s.right - s.i);
    return sheet.inverse_dx * (right - left) + sheet.inverse_dy * (up - down);
  }

 private:
  KUBOMAG_HD static double own(const double* E, const double* emf, int i) {
    if constexpr (driving == Driving::E_and_emf)
      return E[i] + emf[i];
    else if constexpr (driving == Driving::E)
      return E[i];
    else
      return 0;
  }
  KUBOMAG_HD static double at_wall(const double* emf, int i) {
    if constexpr (driving == Driving::E_and_emf)
      return emf[i];
    else
      return 0;
  }

  KUBOMAG_HD Sides sides(int i, int before, int after, double inverse_d, bool periodic,
                         const double* E, const double* emf) const {
    const double mine = own(E, emf, i);
    const bool wall_before = before == i && !periodic, wall_after = after == i && !periodic;
    return {wall_before ? at_wall(emf, i) : mine + inverse_d * (u[i] - u[before]),
            wall_after ? at_wall(emf, i) : mine + inverse_d * (u[after] - u[i])};
  }

  /// J_x through the face between cell a and its right neighbour b [A/m]. `down`, `up`: from a cell
  /// of their row to the rows beside it.
  KUBOMAG_HD double through_x(int a, int b, int down, int up) const {
    const double slope = sheet.inverse_dx * (u[b] - u[a]);
    const VectorView<const double>& sigma = sheet.conductivity;
    const double along_a = sigma.x[a] * (slope + own(sheet.E.x, sheet.emf.x, a));
    const double along_b = sigma.x[b] * (slope + own(sheet.E.x, sheet.emf.x, b));
    const double hall_a = sigma.y[a] * field_y(a, a + down, a + up).mean();
    const double hall_b = sigma.y[b] * field_y(b, b + down, b + up).mean();
    return 0.5 * (along_a + along_b) + 0.5 * (hall_a + hall_b);
  }

  /// J_y through the face between cell a and its upper neighbour b [A/m].
  KUBOMAG_HD double through_y(int a, int b, int left, int right) const {
    const double slope = sheet.inverse_dy * (u[b] - u[a]);
    const VectorView<const double>& sigma = sheet.conductivity;
    const double along_a = sigma.x[a] * (slope + own(sheet.E.y, sheet.emf.y, a));
    const double along_b = sigma.x[b] * (slope + own(sheet.E.y, sheet.emf.y, b));
    const double hall_a = sigma.y[a] * field_x(a, a + left, a + right).mean();
    const double hall_b = sigma.y[b] * field_x(b, b + left, b + right).mean();
    return 0.5 * (along_a + along_b) - 0.5 * (hall_a + hall_b);
  }
};

/// Power of a cell per area [W/m^2].
struct SheetPower {
  double joule = 0;  // sum over quadrants of sigma_0 E'^2
  double drive = 0;  // J.E: what the given field puts in
};

/// With u, E and emf of one instant. At walls E does no work: the potential balances it there.
KUBOMAG_HD SheetPower sheet_power(const SheetCurrent<Driving::E_and_emf>& current, Stencil s) {
  const Sheet& sheet = current.sheet;
  const Sides x = current.field_x(s.i, s.left, s.right), y = current.field_y(s.i, s.down, s.up);
  const double sigma = sheet.conductivity.x[s.i], hall = sheet.conductivity.y[s.i];
  const double Ex = 0.5 * sheet.E.x[s.i], Ey = 0.5 * sheet.E.y[s.i];
  SheetPower power{sigma * (x.squares() + y.squares()), 0};
  if (s.left != s.i || sheet.periodic_x) power.drive += Ex * (sigma * x.before + hall * y.mean());
  if (s.right != s.i || sheet.periodic_x) power.drive += Ex * (sigma * x.after + hall * y.mean());
  if (s.down != s.i || sheet.periodic_y) power.drive += Ey * (sigma * y.before - hall * x.mean());
  if (s.up != s.i || sheet.periodic_y) power.drive += Ey * (sigma * y.after - hall * x.mean());
  return power;
}

}  // namespace kubomag
