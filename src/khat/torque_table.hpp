#pragma once
// From an ElectronModel to the table that the local torque interpolates, and from the electrons of
// every cell to the set of tables of a film.
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "khat/electron_model.hpp"
#include "kubomag/local_tables.hpp"

namespace kubomag {

/// One table, and how exact it is.
struct TorqueTable {
  LocalTables data;        // of one table
  double model_error = 0;  // largest estimate of the model's own numerics, relative ...
  Eigen::Vector3d model_error_at = Eigen::Vector3d::UnitZ();  // ... and where
  Eigen::Vector3d sharpest = Eigen::Vector3d::UnitZ();        // where the error was found largest
  /// Rectangles around places where curves of jumps meet hold one value: the largest side of one
  /// [rad], and where.
  double meeting_width = 0;
  Eigen::Vector3d meeting = Eigen::Vector3d::UnitZ();
};

/// The table of one model, interpolated to `tolerance` of its largest element (spin and charge
/// each), or to what its numerics leave. Throws InputError where the model does, where its jumps go
/// round none of its axes (but see ElectronModel::jump_curves), and for an error above 1 %.
/// `report` is told, while the table is made, which part of the work is done (estimated, 0 to 1).
TorqueTable make_torque_table(const ElectronModel& model, LocalTables::Drive drive,
                              double tolerance,
                              const std::function<void(double part)>& report = {});

struct TableProgress {
  std::size_t done = 0, tables = 0;
  double part = 0;  // of all the work, estimated, 0 to 1
};
/// Called from any thread, one at a time.
using TableReport = std::function<void(const TableProgress&)>;

/// The tables of all models, built in parallel; table_of_cell is left empty. `warnings`, if given,
/// receives a line for the user where numerics or interpolation are less exact than asked. Throws
/// like make_torque_table, and names the model by its number where there are several.
LocalTables make_local_tables(const std::vector<std::shared_ptr<const ElectronModel>>& models,
                              LocalTables::Drive drive, double tolerance = 1e-6,
                              std::vector<std::string>* warnings = nullptr,
                              const TableReport& report = {});

}  // namespace kubomag
