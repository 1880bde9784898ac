#pragma once
// Coordinates between jumps: u = k + (s - s_k)/(s_k+1 - s_k) across them and v along them, and the
// rectangles of u and v on which the response is smooth.
#include "khat/electron_model.hpp"
#include "khat/patch_tree.hpp"
#include "khat/table_frame.hpp"

namespace kubomag {

struct TableSheet {
  const TableFrame& frame;
  int segments = 1;
  double v_1 = 1;  // v from 0
  /// The segments + 1 ends at v, ascending.
  std::function<void(double v, std::vector<double>& ends)> ends;
  /// Polar angle about the frame's axis and azimuth, in turns, of s and v.
  std::function<Eigen::Vector2d(double s, double v)> angles;
  bool first = false, last = false;  // jumps at the beginning of the first, the end of the last one
  double nearest = 0;                // closest to a jump that is of interest [rad]

  Eigen::Vector3d direction(double u, double v) const;
  /// Angles per unit of u and, at a fixed s, of v.
  Eigen::Vector2d lengths(double u, double v) const;
};

/// The jumps round the axis of the frame.
TableSheet sheet_about_axis(const FrameWithJumps& where);

/// The elements at the places of a sheet.
PatchFunction patch_function(const ElectronModel& model, LocalTables::Drive drive,
                             const TableSheet& sheet);

/// Ranges of u with logarithms beside the jumps, and constant ones closest to them, where the model
/// has no answer or the jump is not known well enough. Throws InputError where the model has none
/// at 1e-2 of a segment either.
std::vector<PatchRange> ranges_of(const ElectronModel& model, LocalTables::Drive drive,
                                  const TableSheet& sheet);

}  // namespace kubomag
