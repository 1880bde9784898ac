#pragma once
// [shape.<name>], [geometry] and [grains] of docs/config.md.
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "io/config_reader.hpp"
#include "kubomag/parameters.hpp"
#include "setup/grains.hpp"
#include "setup/shape.hpp"

namespace kubomag::io {

/// The named shapes of a configuration, and every value that is one.
class Shapes {
 public:
  /// Reads every [shape.<name>]. Throws InputError for a wrong one and for circles.
  Shapes(const ConfigTable& root, const Grid& grid);

  /// A table with `kind`, `union`, `intersection` or `difference`; the name of a shape; or a
  /// formula of x and y that is true (not 0) inside. Throws InputError.
  Shape read(const ConfigValue& value);

 private:
  Shape named(const std::string& name, const ConfigValue& place);
  Shape read_table(const ConfigTable& table);
  Shape read_plain(const ConfigTable& table);
  Shape read_lattice(const ConfigTable& table);
  std::vector<Shape> read_list(const ConfigValue& value);

  Grid grid_;
  std::map<std::string, ConfigValue> tables_;
  std::map<std::string, Shape> known_;
  std::set<std::string> open_;  // being read
};

/// [geometry]: the part of every cell that is magnetic; 1 without the section.
ScalarMap read_geometry(const ConfigTable& root, Shapes& shapes, const Grid& grid);

/// Multiplies what counts per volume or area of the magnet (Msat and every stiffness, anisotropy or
/// current density: the inputs in A/m, A/m2, J/m, J/m2, J/m3, J/(V m)) by the magnetic part of each
/// cell.
void fill_cells(Parameters& parameters, const std::vector<Input>& inputs, const ScalarMap& part);

/// [grains]: multiplies the parameters of `spread` by the factor of each grain. The grain of every
/// cell; nothing without the section.
std::vector<GrainName> read_grains(const ConfigTable& root, const Grid& grid,
                                   const std::vector<Input>& inputs, Parameters& parameters);

}  // namespace kubomag::io
