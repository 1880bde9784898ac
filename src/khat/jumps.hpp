#pragma once
// Where a piecewise constant function of an angle changes: the angles at which a band edge crosses
// the Fermi energy.
#include <functional>
#include <vector>

namespace kubomag {

/// Ascending places within (low, high) where `label` changes, each between two of `samples` + 1
/// equidistant points that it tells apart, found by bisection to `resolution`. Changes within 1e-6
/// of each other are one.
std::vector<double> label_changes(const std::function<int(double)>& label, double low, double high,
                                  int samples, double resolution);

}  // namespace kubomag
