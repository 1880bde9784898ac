#include "solver/knots.hpp"

#include <algorithm>

namespace kubomag {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

EventTimes table_knots(const DrivePlan& plan) {
  Drive drive;
  for (const PlannedDrive& d : plan.separable) drive.separable.push_back({d.name, {}, d.signal});
  return drive_knots(drive);
}

/// All sampled fields together are sampled as often as the one that changes
/// fastest.
double shortest_interval(const DrivePlan& plan) {
  double shortest = infinity;
  for (const SampledDrive& drive : plan.sampled) shortest = std::min(shortest, drive.interval);
  return plan.sampled.empty() ? 0 : shortest;
}

}  // namespace

Knots::Knots(const DrivePlan& plan)
    : tables_(table_knots(plan)), interval_(shortest_interval(plan)) {
  if (interval_ > 0) comb_.add_comb(interval_);
  any_ = interval_ > 0 || !tables_.empty();
}

bool Knots::move_to(double t_inside) {
  if (!any() || (placed_ && begin_ <= t_inside && t_inside < end_)) return false;
  if (!placed_ || t_inside < begin_) {
    placed_ = true;
    begin_ = -infinity, end_ = std::min(tables_.next(-infinity), comb_.next(-infinity));
    nodes_ = {};
    start(end_);
  }
  while (end_ <= t_inside) {
    advance();
    begin_ = end_, end_ = tables_.next(begin_);
    nodes_ = {};
    if (interval_ > 0) end_ = std::min(end_, begin_ < 0 ? 0 : place_samples());
    compose();
  }
  return true;
}

/// Which samples the field goes through from begin_ on, and until when [s].
double Knots::place_samples() {
  const double index = std::round(comb_.last(begin_) / interval_);
  const double span = std::floor(index / intervals);
  if (span != span_) {
    smooth_ = load(span, span == span_ + 1);
    span_ = span;
  }
  nodes_ = {0, samples};
  if (!smooth_) nodes_ = {static_cast<int>(index - intervals * span), 2};
  return (intervals * span + nodes_.first + nodes_.count - 1) * interval_;
}

}  // namespace kubomag
