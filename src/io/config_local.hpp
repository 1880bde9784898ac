#pragma once
// [surface] of docs/config.md for electrons whose torque is local (every model but "dirac"), and
// [[J]], the sheet current density that may drive them.
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "io/config_maps.hpp"
#include "khat/electron_model.hpp"
#include "khat/torque_table.hpp"
#include "kubomag/local_tables.hpp"
#include "kubomag/problem.hpp"

namespace kubomag::io {

struct LocalConfig {
  std::string model;
  LocalTables::Drive drive = LocalTables::Drive::E;
  std::vector<std::shared_ptr<const ElectronModel>> models;  // one per distinct set of parameters
  std::vector<int> table_of_cell;                            // empty: one set for the whole film
  double quantised_by = 0;            // half a level of the Fermi energy [J], 0: not quantised
  std::string description;            // every input of the tables, to the last bit
  std::vector<std::string> cautions;  // small parameters that are not
  std::vector<std::string> warnings;  // where the tables are less exact than 1e-6

  // To vary them: a model from numbers by name, those of `models`, and the numbers of custom bands
  // besides the inputs ([surface.parameters], SI).
  std::function<std::unique_ptr<ElectronModel>(const std::map<std::string, double>&)> make;
  std::vector<Input> inputs;
  std::vector<std::map<std::string, double>> numbers;
  std::map<std::string, double> parameters;
};

/// Whether [surface] is there and names another model than "dirac".
bool has_local_surface(const ConfigTable& root);

/// Reads [surface] and its overrides in [[region]]; vacuum (Msat = 0) needs no parameters of its
/// own. Throws InputError for missing or impossible parameters, and for more than 512 distinct sets
/// of them.
LocalConfig read_local_surface(const ConfigTable& root, const ScalarMap& Msat,
                               const std::vector<Region>& regions, const Grid& grid);

/// problem.local of these electrons, and config.warnings. The last few are kept: replicas that
/// differ in nothing that the tables are made from share the work. Throws like make_local_tables,
/// at the key of [surface] that the message begins with.
LocalTables tables_of(const ConfigTable& root, LocalConfig& config);

/// What is told of tables while they are made, in the whole process; nothing at first.
void set_table_report(TableReport report);

/// The sources of [[J]] [A/m], z = 0. Throws InputError.
std::vector<FieldSource> read_sheet_currents(const ConfigTable& root, const Grid& grid);

}  // namespace kubomag::io
