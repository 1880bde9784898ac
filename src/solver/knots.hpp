#pragma once
// The part of a drive that is known at knots only: tables and sampled fields,
// piecewise linear in time. Between two knots every mode is known in closed
// form (5c, docs/drive.md) from its response y at the earlier one, which is
// carried from knot to knot. Before the first knot tables hold their first
// value for ever; sampled fields begin at t = 0.
#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "setup/drive_events.hpp"
#include "setup/drive_plan.hpp"
#include "solver/rate_spectrum.hpp"
#include "solver/signals.hpp"

namespace kubomag {

/// What can be asked of the knots whatever the modes are.
class Knots {
 public:
  explicit Knots(const DrivePlan& plan) : knots_(knots_of(plan)) {}
  virtual ~Knots() = default;
  Knots(const Knots&) = delete;
  Knots& operator=(const Knots&) = delete;

  bool any() const { return !knots_.empty(); }

  /// Moves to the interval of knots that contains t_inside (its beginning
  /// included); going back starts again from the first knot, so that the result
  /// does not depend on the way. Returns whether the interval is another one
  /// than before.
  bool move_to(double t_inside);

  /// How long ago the interval began at t [s]; 0 before the first knot.
  double since(double t) const { return std::isfinite(begin_) ? t - begin_ : 0; }
  /// How long it is [s].
  double length() const {
    return std::isfinite(begin_) ? end_ - begin_ : std::numeric_limits<double>::infinity();
  }
  /// The transients of the interval and the size of what they decay to.
  virtual KnotRates rates() const = 0;

 protected:
  /// E_0 = E_1 = the field before the first knot, which is at t, and y where it
  /// has stood for ever.
  virtual void start(double t) = 0;
  /// y at the end of the interval.
  virtual void advance() = 0;
  /// E_0 and E_1 of a new interval; `inside` is a time in it.
  virtual void compose(double t_0, double t_1, double inside) = 0;

 private:
  static EventTimes knots_of(const DrivePlan& plan);

  EventTimes knots_;
  bool placed_ = false;
  double begin_ = 0, end_ = 0;
};

/// The same with the modes' values: complex numbers, or real ones where the
/// film has mirror images.
template <class Value>
class KnottedModes : public Knots {
 protected:
  using Values = std::vector<Value>;
  struct Field {
    Values Ex, Ey;
  };

  /// `plan` must outlive this object.
  KnottedModes(const DrivePlan& plan, std::size_t modes) : Knots(plan), plan_(plan) {
    if (!any()) return;
    for (const SampledDrive& drive : plan.sampled) samplers_.push_back({&drive, -2, {}, {}});
    for (Values* part : {&E_0_.Ex, &E_0_.Ey, &E_1_.Ex, &E_1_.Ey, &y_}) part->resize(modes);
  }

  /// The modes of a field at one instant.
  virtual void transform(const std::string& name, const FieldTransformer::Field& E, Field& out) = 0;
  /// out += factor times the modes of the separable drive d.
  virtual void add_separable(std::size_t d, double factor, Field& out) = 0;
  /// y = E_0's steady response.
  virtual void settle() = 0;

  static void add(Values& sum, double factor, const Values& term) {
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += factor * term[i];
  }
  static void add(Field& sum, double factor, const Field& term) {
    if (factor == 0) return;
    add(sum.Ex, factor, term.Ex);
    add(sum.Ey, factor, term.Ey);
  }

  const DrivePlan& plan_;
  Field E_0_, E_1_;
  Values y_;

 private:
  struct Sampler {
    const SampledDrive* drive;
    double index = -2;  // the knot of `before`
    Field before, after;
  };

  void start(double t) final {
    compose_at(t, -std::numeric_limits<double>::infinity(), E_0_);
    E_1_ = E_0_;
    settle();
  }
  void compose(double t_0, double t_1, double inside) final {
    compose_at(t_0, inside, E_0_);
    compose_at(t_1, inside, E_1_);
  }

  void compose_at(double t, double inside, Field& out) {
    for (Values* part : {&out.Ex, &out.Ey}) std::fill(part->begin(), part->end(), Value(0));
    for (std::size_t d = 0; d < plan_.separable.size(); ++d) {
      const double value = table_value(plan_.separable[d].signal, t);
      if (value != 0) add_separable(d, value, out);
    }
    for (Sampler& sampler : samplers_) {
      if (inside < 0) continue;
      sample(sampler, inside);
      const double weight = t / sampler.drive->interval - sampler.index;
      add(out, 1 - weight, sampler.before);
      add(out, weight, sampler.after);
    }
  }

  /// Has `before` and `after` hold the samples around t_inside.
  void sample(Sampler& sampler, double t_inside) {
    const double index = std::floor(t_inside / sampler.drive->interval);
    if (index == sampler.index) return;
    if (index == sampler.index + 1)
      std::swap(sampler.before, sampler.after);
    else
      transform_at(sampler, index, sampler.before);
    transform_at(sampler, index + 1, sampler.after);
    sampler.index = index;
  }

  void transform_at(const Sampler& sampler, double index, Field& out) {
    const double t = index * sampler.drive->interval;
    const auto& E = sampler.drive->E;
    transform(
        sampler.drive->name, [&E, t](double x, double y) { return E(x, y, t); }, out);
  }

  std::vector<Sampler> samplers_;
};

}  // namespace kubomag
