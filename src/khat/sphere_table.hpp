#pragma once
// The torque table of a model without rotation symmetry: Frame::none of LocalTables.
#include "khat/torque_table.hpp"

namespace kubomag {

/// Throws InputError where the model does, where the polar angles of its jumps do not go round the
/// film normal, and where the response varies by more than 1 % of its largest element between 64
/// and 128 azimuths.
TorqueTable make_sphere_table(const ElectronModel& model, LocalTables::Drive drive,
                              double tolerance);

}  // namespace kubomag
