#pragma once
// The axis of a torque table on the sphere, the symmetry about it, and the jumps that go round it.
#include "khat/cubic_fit.hpp"
#include "khat/electron_model.hpp"
#include "khat/table_elements.hpp"

namespace kubomag {

/// Polar coordinates of m about an axis, with the operations of the crystal that turn m about it.
struct TableFrame {
  Eigen::Matrix3d R = Eigen::Matrix3d::Identity();  // takes m to where the axis is z
  bool turned = false;                              // R is not 1
  int fold = 1;  // turns of m and <sigma> by 2 pi/fold leave the crystal, with the field turned ...
  Eigen::Matrix2d field = Eigen::Matrix2d::Identity();  // ... by this

  Eigen::Vector3d axis() const { return R.row(2); }
  Eigen::Vector3d direction(double theta, double v) const;
  /// The elements at m turned `turns` times from those at m.
  void turn(int turns, const double* elements, double* out) const;
};

/// theta_k(v) of the jumps round the axis of a frame.
struct JumpCurves {
  int count = 0;
  CubicPieces pieces;                          // of v from 0 to 1, `count` components
  bool first_pole = false, last_pole = false;  // the response jumps at theta = 0, at pi

  /// 0, the jumps at v, pi.
  void angles(double v, std::vector<double>& out) const;
};

struct FrameWithJumps {
  TableFrame frame;
  JumpCurves curves;
  bool in_charts = false;  // jumps go round no axis: no curves here, but jump_regions.hpp
};

/// The first of the model's axes round which all jumps go, each once; where there is none, the film
/// normal, if the model knows the curves of its jumps (ElectronModel::jump_curves) and none of them
/// is at the normal itself. Throws InputError otherwise, and where the model does.
FrameWithJumps frame_of(const ElectronModel& model, LocalTables::Drive drive);

}  // namespace kubomag
