#pragma once
// `signal = {...}` or `signal = [{...}, {...}]` of [gate], [[E]], [[psi]] and [[B_ext]].
#include "io/config_reader.hpp"
#include "kubomag/problem.hpp"

namespace kubomag::io {

/// The sum of the pieces at key `signal` of `owner`; missing: 1 at all times. Throws InputError.
Signal read_signal(const ConfigTable& owner);

/// A vector that goes linearly through `values` at `times` [s], as up to three sources.
std::vector<FieldSource> vector_tables(const std::vector<double>& times,
                                       const std::vector<Vec3<double>>& values,
                                       const std::string& name);

/// A text file with the columns t [s], Bx, By, Bz [T], separated by blanks, tabs or commas, as up
/// to three sources: linear in time, the end values held. Throws InputError for other lines and for
/// times that do not rise.
std::vector<FieldSource> read_vector_file(const ConfigValue& file, const std::string& name);

/// The time function of a signal that is one formula piece, with its amplitude; empty for a signal
/// of pieces with closed solutions. A formula beside other pieces is an error of `owner`.
std::function<double(double)> formula_signal(const ConfigTable& owner, const Signal& signal);

}  // namespace kubomag::io
