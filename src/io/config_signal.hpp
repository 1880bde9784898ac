#pragma once
// `signal = {...}` or `signal = [{...}, {...}]` of [gate], [[E]], [[psi]] and [[B_ext]].
#include "io/config_reader.hpp"
#include "kubomag/cubic_of_time.hpp"
#include "kubomag/problem.hpp"

namespace kubomag::io {

/// The sum of the pieces at key `signal` of `owner`; missing: 1 at all times. Throws InputError.
Signal read_signal(const ConfigTable& owner);

/// A vector that goes linearly through `values` at `times` [s], as up to three sources.
std::vector<FieldSource> vector_tables(const std::vector<double>& times,
                                       const std::vector<Vec3<double>>& values,
                                       const std::string& name);

enum class Interpolation { linear, cubic };

/// The cubic through the values at the ends of each interval of `times` whose slopes there are
/// those of the parabola through the knot and its two neighbours (at the ends of the table: through
/// the last three); end values held. At least two rising times.
CubicOfTime cubic_through(std::vector<double> times, std::vector<double> values);

/// A text file with the columns t [s], Bx, By, Bz [T], separated by blanks, tabs or commas, as up
/// to three sources; the end values are held. Throws InputError for other lines and for
/// times that do not rise.
std::vector<FieldSource> read_vector_file(const ConfigValue& file, const std::string& name,
                                          Interpolation interpolation);

/// The time between samples of a field that is a formula of t [s]: `interval` of its table, which
/// must be there and above 0.
double sampling_interval(const ConfigTable& table);

/// The time function of a signal that is one formula piece, with its amplitude; empty for a signal
/// of pieces with closed solutions. A formula beside other pieces is an error of `owner`.
std::function<double(double)> formula_signal(const ConfigTable& owner, const Signal& signal);

}  // namespace kubomag::io
