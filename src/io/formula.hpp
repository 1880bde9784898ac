#pragma once
// Formulas of x, y and t typed by the user (muParser).
#include <memory>
#include <string>

namespace kubomag::io {

/// A formula of x, y [m, from the film's centre] and t [s] with + - * / ^, comparisons, && || and
/// a ? b : c, the usual functions (sin, exp, sqrt, atan2, erf, min, ...), pi and units as factors
/// (nm, ps, GHz, mT, ...: unit_constants()).
/// Copies share one parser; evaluation is safe from several threads, one at a time.
class Formula {
 public:
  /// Throws InputError with the formula, the place and the reason.
  explicit Formula(std::string text);

  double operator()(double x, double y, double t = 0) const;

  bool uses_t() const;
  bool uses_x() const;
  bool uses_y() const;
  bool uses_xy() const { return uses_x() || uses_y(); }
  const std::string& text() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace kubomag::io
