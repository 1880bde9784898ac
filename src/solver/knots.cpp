#include "solver/knots.hpp"

namespace kubomag {

EventTimes Knots::knots_of(const DrivePlan& plan) {
  Drive drive;
  for (const PlannedDrive& d : plan.separable) drive.separable.push_back({d.name, {}, d.signal});
  drive.sampled = plan.sampled;
  return drive_knots(drive);
}

bool Knots::move_to(double t_inside) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (!any()) return false;
  const double begin = knots_.last(t_inside);
  if (placed_ && begin == begin_) return false;
  if (!placed_ || begin < begin_) {
    placed_ = true;
    begin_ = -infinity, end_ = knots_.next(-infinity);
    start(end_);
  }
  while (begin_ < begin) {
    advance();
    begin_ = end_, end_ = knots_.next(begin_);
    const bool last = !std::isfinite(end_);
    compose(begin_, last ? begin_ : end_, last ? begin_ : 0.5 * (begin_ + end_));
  }
  return true;
}

}  // namespace kubomag
