#pragma once
// The part of a drive that is known at knots only: tables and sampled fields, piecewise linear in
// time. Between two knots every mode is known in closed form (5c, docs/drive.md) from its response
// y at the earlier one; this class carries y from knot to knot. Before the first knot tables hold
// their first value for ever; sampled fields begin at t = 0.
#include <complex>
#include <vector>

#include "kernels/diffusion_mode.hpp"
#include "setup/drive_events.hpp"
#include "setup/drive_plan.hpp"

namespace kubomag {

class KnottedDrive {
 public:
  /// `plan` must outlive this object.
  KnottedDrive(const DrivePlan& plan, int threads);

  bool any() const { return !knots_.empty(); }

  /// Moves to the interval of knots that contains t_inside (its beginning included); going back
  /// starts again from the first knot, so that the result does not depend on the way. Returns
  /// whether the interval is another one than before, in which case copies of the spectra are
  /// stale.
  bool move_to(double t_inside);

  /// The spectra of the interval, seen at time t. Null pointers where there is no such drive.
  KnottedSpectrum at(double t);

 private:
  struct Sampler {
    const SampledDrive* drive;
    double index = -2;  // the knot of `before`
    FieldSpectrum before, after;
  };

  void restart();
  void next_interval();
  void compose(double t, double t_inside, FieldSpectrum& out);
  void sample(Sampler& sampler, double t_inside);
  void transform(const Sampler& sampler, double index, FieldSpectrum& out);
  template <class F>
  void for_each_mode(const F& f);

  const DrivePlan& plan_;
  int threads_;
  ModeBox box_;
  EventTimes knots_;
  FieldTransformer transform_;
  std::vector<Sampler> samplers_;
  FieldSpectrum E_0_, E_1_;
  std::vector<std::complex<double>> y_;
  bool placed_ = false;
  double begin_ = 0, end_ = 0;
};

/// What sets the rates of the plan's modes.
ModeBox mode_box(const DrivePlan& plan);

}  // namespace kubomag
