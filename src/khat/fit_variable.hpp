#pragma once
// The variable in which a function is smooth beside a point where it is singular.
#include <cmath>

namespace kubomag {

/// u as a function of the variable s: u itself, or with s the logarithm of the distance to a
/// singular end.
struct FitVariable {
  enum class Kind { plain, from_begin, from_end } kind = Kind::plain;
  double end = 0;

  double u(double s) const {
    if (kind == Kind::plain) return s;
    return kind == Kind::from_begin ? end + std::exp(s) : end - std::exp(s);
  }
  double s(double u) const { return kind == Kind::plain ? u : std::log(std::abs(u - end)); }
};

/// The cubic c0 + c1 w + c2 w^2 + c3 w^3 through values at w = 0, 1/4, 3/4, 1 (close to Chebyshev's
/// nodes, with both ends), in place.
inline void to_cubic(double& f0, double& f1, double& f3, double& f4) {
  const double d1 = 4 * (f1 - f0), d3 = 2 * (f3 - f1), d4 = 4 * (f4 - f3);
  const double e1 = (d3 - d1) / 0.75, e3 = (d4 - d3) / 0.75, g = e3 - e1;
  // Newton's form f0 + w (d1 + (w - 1/4)(e1 + (w - 3/4) g)), multiplied out
  f1 = d1 - 0.25 * e1 + 0.1875 * g, f3 = e1 - g, f4 = g;
}
constexpr double cubic_nodes[] = {0, 0.25, 0.75, 1};
constexpr double cubic_checks[] = {0.1, 0.5, 0.9};  // where the error of such a cubic is largest

}  // namespace kubomag
