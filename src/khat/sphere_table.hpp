#pragma once
// The torque table of a model without rotation symmetry: Frame::sphere of LocalTables.
#include "khat/torque_table.hpp"

namespace kubomag {

/// Throws InputError where the model does, and where its jumps go round none of its axes.
TorqueTable make_sphere_table(const ElectronModel& model, LocalTables::Drive drive,
                              double tolerance);

}  // namespace kubomag
