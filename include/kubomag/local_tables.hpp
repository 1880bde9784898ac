#pragma once
// Spin density and current of the electrons under the film as tables over the direction of m: plain
// data, from src/khat/torque_tables.cpp to the local torque of the right-hand side.
#include <vector>

namespace kubomag {

/// Every table is a piecewise cubic in one coordinate u, on intervals of any length (short ones
/// beside a jump, and none across it), of the elements
///   spin:    Delta_sd times K, the density of the Pauli vector per field [J/(V m)] or, for J, per
///            sheet current density [J/(A m)]: K_xx, K_xy, K_yx, K_yy, K_zx, K_zy
///   charge:  the sheet conductivity [1/Ohm]: sigma_xx, sigma_xy, sigma_yx, sigma_yy
/// With Frame::rotation and swapped_rotation (ElectronModel::Symmetry) they are those of
/// m = (sqrt(1 - u^2), 0, u), K_zx and K_zy divided by m_x, which makes all of them smooth at the
/// poles. `even`: the film's normal is a mirror axis; u = |m_z|, and K_xx, K_yy, K_zy, sigma_xy and
/// sigma_yx change sign with m_z.
/// With Frame::none they are those of the laboratory frame at `azimuths` equidistant azimuths of m
/// from 0 on, and u = k + (theta - theta_k)/(theta_k+1 - theta_k), theta_k the polar angle of the
/// k-th jump at that azimuth (theta_0 = 0, the last one pi).
struct LocalTables {
  enum class Drive { E, J };
  enum class Frame { rotation, swapped_rotation, none };

  struct Table {
    Frame frame = Frame::rotation;
    bool even = false;
    int azimuths = 1;
    int jumps = 0;        // per azimuth, Frame::none only
    int intervals = 0;    // of u
    int buckets = 0;      // equal parts of the range of u, to find the interval
    int first_break = 0;  // in `breaks`; the other arrays follow from the tables before
    int first_bucket = 0, first_jump = 0;
    int first_cubic = 0;  // in units of (interval, azimuth)
    double u_begin = 0, u_end = 1;
    double Delta_sd = 0;  // [J]
  };

  Drive drive = Drive::E;
  std::vector<Table> tables;
  std::vector<int> table_of_cell;   // empty: the first one everywhere
  std::vector<double> breaks;       // per table: intervals + 1, ascending
  std::vector<int> buckets;         // per table: buckets + 1, the interval at each one's beginning
  std::vector<double> jump_angles;  // per table: azimuths x jumps [rad]
  std::vector<double> spin;         // per (interval, azimuth): 6 x 4, c0 + c1 w + c2 w^2 + c3 w^3
  std::vector<double> charge;       // the same, 4 x 4; w from 0 to 1 over the interval
  double error = 0;                 // largest interpolation error, of the largest element
};

}  // namespace kubomag
