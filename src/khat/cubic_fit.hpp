#pragma once
// A smooth vector function of one variable as a piecewise cubic: few evaluations of the function
// (Chebyshev polynomials on as few pieces as they converge on), then as many cubics as the
// tolerance asks for.
#include <functional>
#include <vector>

namespace kubomag {

/// Continuous within a segment; intervals in ascending order.
struct CubicPieces {
  std::vector<double> breaks;        // intervals + 1
  std::vector<double> coefficients;  // per interval and component 4, of the powers of w in [0, 1]
  double error = 0;                  // largest found, in units of the components' scales
  double error_at = 0;               // the u where it was found
  long evaluations = 0;
};

struct FitSegment {
  double begin = 0, end = 1;
  bool singular_begin = false, singular_end = false;  // logarithmic there (a band edge)
  int nodes =
      16;  // evaluations per polynomial: few where they are cheap, so that pieces stay local
};

/// Fills `out` (one value per component) at u. Never called at the ends of a segment.
using VectorFunction = std::function<void(double u, std::vector<double>& out)>;

/// Appends the segment to `pieces`; scales: what the tolerance is relative to, per component. At a
/// singular end the intervals shrink geometrically down to 1e-6 of the segment (or where `f` still
/// has a value: it throws InputError closer by), and the last one is constant.
/// pieces.error says what was reached; it exceeds the tolerance where the function is too sharp.
void fit_cubics(const VectorFunction& f, const std::vector<double>& scales, FitSegment segment,
                double tolerance, CubicPieces& pieces);

}  // namespace kubomag
