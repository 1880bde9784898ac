#pragma once
// From an ElectronModel to the table that the local torque interpolates, and from the electrons of
// every cell to the set of tables of a film.
#include <memory>
#include <vector>

#include "khat/cubic_fit.hpp"
#include "khat/electron_model.hpp"
#include "kubomag/local_tables.hpp"

namespace kubomag {

/// One table before it is packed: the elements of LocalTables, 6 of spin and 4 of charge, per
/// azimuth.
struct TorqueTable {
  LocalTables::Table head;
  std::vector<double> jump_angles;
  CubicPieces cubics;  // components: azimuths x (6 + 4)
};

/// The table of one model, interpolated to `tolerance` of its largest element (spin and charge
/// each). Throws InputError where the model does, where the polar angles of its jumps do not go
/// round the film normal (some azimuths have one and others do not), and where the response varies
/// too sharply for a table (an error above 100 tolerances).
TorqueTable make_torque_table(const ElectronModel& model, LocalTables::Drive drive,
                              double tolerance);

/// The tables of all models, built in parallel; table_of_cell is left empty. Throws like
/// make_torque_table.
LocalTables make_local_tables(const std::vector<std::shared_ptr<const ElectronModel>>& models,
                              LocalTables::Drive drive, double tolerance = 1e-6);

}  // namespace kubomag
