#pragma once
// The torque table of a model without rotation symmetry: Frame::sphere of LocalTables.
#include <functional>

#include "khat/torque_table.hpp"

namespace kubomag {

/// Throws InputError where the model does, and where its jumps go round none of its axes and it
/// does not know the sides of its edges. `report` is told which part of the work is done, 0 to 1.
TorqueTable make_sphere_table(const ElectronModel& model, LocalTables::Drive drive,
                              double tolerance,
                              const std::function<void(double part)>& report = {});

}  // namespace kubomag
