#pragma once
// `signal = {...}` or `signal = [{...}, {...}]` of [gate], [[E]], [[psi]] and [[B_ext]].
#include "io/config_reader.hpp"
#include "kubomag/signal.hpp"

namespace kubomag::io {

/// The sum of the pieces at key `signal` of `owner`; missing: 1 at all times. Throws InputError.
Signal read_signal(const ConfigTable& owner);

/// The time function of a signal that is one formula piece, with its amplitude; empty for a signal
/// of pieces with closed solutions. A formula beside other pieces is an error of `owner`.
std::function<double(double)> formula_signal(const ConfigTable& owner, const Signal& signal);

}  // namespace kubomag::io
