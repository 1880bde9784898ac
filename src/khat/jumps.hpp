#pragma once
// Where a function of an angle changes sign: the angles at which a band edge crosses the Fermi
// energy.
#include <functional>
#include <vector>

namespace kubomag {

/// Ascending roots of f within (low, high), each between two of `samples` + 1 equidistant points
/// where f has opposite signs, found by bisection to rounding. f need not be continuous.
std::vector<double> sign_changes(const std::function<double(double)>& f, double low, double high,
                                 int samples);

}  // namespace kubomag
