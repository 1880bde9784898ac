#pragma once
// The part of a drive that is known at knots only: tables, piecewise linear in
// time, and fields that are sampled every `interval` from t = 0 on. Eight
// intervals are a span; where the field is smooth in a span it is the polynomial
// through the nine samples, else it is linear from sample to sample. Between two
// knots every mode is known in closed form (5c, docs/drive.md) from its response
// y at the earlier one, which is carried from knot to knot. Before the first
// knot tables hold their first value for ever.
#include <cmath>
#include <limits>

#include "kernels/diffusion_mode.hpp"
#include "setup/drive_events.hpp"
#include "setup/drive_plan.hpp"
#include "solver/rate_spectrum.hpp"

namespace kubomag {

/// What can be asked of the knots whatever the modes are.
class Knots {
 public:
  static constexpr int intervals = KnottedSpectrum::most - 1;  // of a span
  static constexpr int samples = intervals + 1;

  explicit Knots(const DrivePlan& plan);
  virtual ~Knots() = default;
  Knots(const Knots&) = delete;
  Knots& operator=(const Knots&) = delete;

  bool any() const { return any_; }

  /// Moves to the interval of knots that contains t_inside (its beginning
  /// included); going back starts again from the first knot, so that the result
  /// does not depend on the way. Returns whether the interval may be another one
  /// than before.
  bool move_to(double t_inside);

  /// Where the interval begins and ends [s]; infinite before the first knot and
  /// after the last.
  double begin() const { return begin_; }
  double end() const { return end_; }
  /// How long ago it began at t [s]; 0 before the first knot.
  double since(double t) const { return std::isfinite(begin_) ? t - begin_ : 0; }
  /// How long it is [s].
  double length() const { return end_ - begin_; }
  /// The functions of time of the interval and the size of their sum.
  virtual KnotRates rates() const = 0;

 protected:
  /// The samples of a span that the field goes through in the interval; none
  /// before t = 0.
  struct Nodes {
    int first = 0, count = 0;
  };
  const Nodes& nodes() const { return nodes_; }
  /// The time between samples [s]; 0: nothing is sampled.
  double interval() const { return interval_; }
  /// A time in samples of the span that was loaded last.
  double in_samples(double t) const { return t / interval_ - intervals * span_; }

  /// The field before the first knot, which is at t, and y where it has stood
  /// for ever.
  virtual void start(double t) = 0;
  /// y at the end of the interval.
  virtual void advance() = 0;
  /// The polynomial of the interval.
  virtual void compose() = 0;
  /// The samples `intervals` * span ... that + `intervals`; `next` where the
  /// last span was the one before. Returns whether the field is smooth there.
  virtual bool load(double span, bool next) = 0;

 private:
  double place_samples();

  bool any_;
  EventTimes tables_, comb_;
  double interval_;
  bool placed_ = false;
  double begin_ = 0, end_ = 0;
  Nodes nodes_;
  double span_ = -2;
  bool smooth_ = false;
};

}  // namespace kubomag
