#pragma once
// The Fermi contour of linear_bands.hpp on straight lines through a point k0. On k = k0 + p e the
// condition (eps - k^2)^2 = |B|^2 is a real quartic in p: its roots are the states on both sides of
// k0 and its residues give the local Green function. k0 is a minimum of a band. Just below eps
// that of E_+ has a contour of its own around it: with eps - E_+(k0) given, its digits are kept
// however small it is.
#include <array>
#include <complex>
#include <optional>
#include <utility>

#include "khat/contour.hpp"
#include "khat/linear_bands.hpp"
#include "kubomag/error.hpp"

namespace kubomag {

/// The lines do not meet every contour once on either side.
struct NotStarShaped : InputError {
  using InputError::InputError;
};

/// Four roots of a real quartic: `real` (ascending) and the upper one of each complex pair.
struct QuarticRoots {
  int reals = 0, pairs = 0;
  std::array<double, 4> real{};
  std::array<std::complex<double>, 2> upper{};
};

/// What one line adds, per radian of its direction (both of its rays together).
struct ContourLine {
  QuarticRoots roots;
  std::vector<FermiState> states;
  std::vector<int> bands;  // +1 or -1, of the states
  Eigen::Vector4d Re_g0 = Eigen::Vector4d::Zero();

  void append_to(FermiContour& out, double weight) const;
};

class QuarticContour {
 public:
  /// cutoff: of |k|, 0 for none (Re g0 is then left 0).
  QuarticContour(LinearBands bands, StationaryPoint centre, double cutoff)
      : bands_(std::move(bands)), centre_(std::move(centre)), cutoff_(cutoff) {}

  /// The line in the direction phi, 0 <= phi < pi; `guess`: roots of a line nearby.
  /// Throws NotStarShaped where a ray has no state, or another number of them than the first one
  /// had, and InputError for a cutoff inside the contour.
  ContourLine line(double phi, const QuarticRoots* guess);
  /// The same with any number of states on either ray.
  ContourLine any_line(double phi, const QuarticRoots* guess) const;
  /// Of the quartic: 0 where the line touches a contour, and its number of states changes.
  double discriminant(double phi) const;

 private:
  LinearBands bands_;
  StationaryPoint centre_;
  double cutoff_;
  int per_ray_ = 0;
};

/// Trapezoid rule over 32, 64, 128, ... rays, equal angles apart; the old lines are kept.
class TrapezoidContour {
 public:
  explicit TrapezoidContour(QuarticContour contour) : contour_(std::move(contour)) {}

  /// The contour with twice as many rays as before (32 at first). Throws like QuarticContour.
  FermiContour refined();
  int rays() const { return 2 * int(lines_.size()); }

 private:
  QuarticContour contour_;
  std::vector<ContourLine> lines_;
};

}  // namespace kubomag
