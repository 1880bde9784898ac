#pragma once
// Times that the integrator must not step across: where a signal is switched on, the knots of
// tables and of sampled drives; and, so that no step jumps over a pulse unseen, a pulse's centre
// and the points four widths before and after it.
#include <vector>

#include "kubomag/problem.hpp"

namespace kubomag {

/// A sorted list of times and any number of combs n * interval, n >= 0.
class EventTimes {
 public:
  void add(double time);           // times that are not finite are left out
  void add_comb(double interval);  // [s], > 0

  /// The first event later than t, infinity if there is none.
  double next(double t) const;
  /// The last event at or before t, -infinity if there is none.
  double last(double t) const;
  bool empty() const { return times_.empty() && combs_.empty(); }

 private:
  std::vector<double> times_, combs_;
};

/// Adds the events of one signal.
void add_events(EventTimes& events, const Signal& signal);

/// The events of its signals: separable and prescribed parts, tables among them.
EventTimes signal_events(const Drive& drive);

/// These and the times at which fields are sampled.
EventTimes drive_events(const Drive& drive);

/// The knots alone: tables of separable drives and sampled drives.
EventTimes drive_knots(const Drive& drive);

/// The events in (t_begin, t_end], in order.
std::vector<double> event_times(const Drive& drive, double t_begin, double t_end);

}  // namespace kubomag
