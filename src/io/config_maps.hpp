#pragma once
// Values over the film: numbers, quantities, formulas and files; regions.
#include <memory>
#include <string_view>
#include <vector>

#include "io/config_reader.hpp"
#include "io/config_shape.hpp"
#include "io/formula.hpp"
#include "io/ovf.hpp"
#include "kubomag/formula_graph.hpp"
#include "kubomag/grid.hpp"
#include "kubomag/scalar_map.hpp"
#include "kubomag/vec3.hpp"

namespace kubomag::io {

/// A number or a formula, in SI.
class Expression {
 public:
  explicit Expression(double value) : value_(value) {}
  explicit Expression(const Formula& formula);

  double operator()(double x, double y, double t = 0) const;
  bool uses_t() const { return uses_t_; }
  bool uses_x() const { return uses_x_; }
  bool uses_y() const { return uses_y_; }
  bool uniform() const { return !uses_t_ && !uses_x_ && !uses_y_; }

 private:
  double value_ = 0;
  bool uses_t_ = false, uses_x_ = false, uses_y_ = false;
  // of a formula: many times as fast as the parser that has checked it
  std::shared_ptr<const FormulaGraph> graph_;
  int node_ = 0;
};

/// A number, a quantity in the dimension of `unit`, or a formula that gives SI.
Expression read_expression(const ConfigValue& value, std::string_view unit);

/// A number in SI, or a text with any unit.
double read_any_quantity(const ConfigValue& value);

/// The value of every cell from a number, a quantity, a formula of x and y, {ovf = "file"}, {npy =
/// "file"} or {png = "file", range = [black, white]}.
/// Throws InputError for a formula of t, a value that is NaN or infinite, a file of another size.
ScalarMap read_map(const ConfigValue& value, std::string_view unit, const Grid& grid);

/// The field of an OVF file that must have `components`, all finite.
OvfField read_ovf_field(const ConfigValue& file, int components);

/// The same with the film's cells, in `unit`: values whose own unit the file names are converted
/// (A/m to T, too); without one they are taken to be in SI.
OvfField read_film_ovf(const ConfigValue& file, const Grid& grid, int components,
                       std::string_view unit);

/// Fails unless the field has as many cells as the film.
void check_cells(const ConfigValue& file, const OvfField& field, const Grid& grid);

/// Three (or two, z = 0) numbers, or formulas of x and y, per cell; one element if uniform.
std::vector<Vec3<double>> read_vectors(const ConfigValue& value, std::string_view unit,
                                       const Grid& grid, int components = 3);

/// Three quantities.
Vec3<double> read_vector(const ConfigValue& value, std::string_view unit);

/// Like read_vectors, normalised to 1; a zero vector is an error.
std::vector<Vec3<double>> read_directions(const ConfigValue& value, const Grid& grid);

/// [[region]]: the cells whose centres lie in its shape or where its formula is true, and its
/// overrides.
struct Region {
  std::vector<char> inside;  // per cell
  ConfigTable table;
};
std::vector<Region> read_regions(const ConfigTable& root, const Grid& grid, Shapes& shapes);

/// `map`, with the values of `other` inside the region.
ScalarMap override_map(const ScalarMap& map, const Region& region, const ScalarMap& other);

}  // namespace kubomag::io
