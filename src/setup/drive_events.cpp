#include "setup/drive_events.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace kubomag {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// The largest n with n * interval <= t, safe against the rounding of the quotient.
double tooth_at_or_before(double interval, double t) {
  double n = std::floor(t / interval);
  while (n * interval > t) --n;
  while ((n + 1) * interval <= t) ++n;
  return n;
}

void add_knots(EventTimes& events, const Signal& signal) {
  for (const SignalTerm& term : signal.terms)
    if (term.kind == SignalTerm::Kind::table)
      for (double time : term.times) events.add(time);
}

void add_combs(EventTimes& events, const Drive& drive) {
  for (const SampledDrive& sampled : drive.sampled) events.add_comb(sampled.interval);
}

}  // namespace

void EventTimes::add(double time) {
  if (!std::isfinite(time)) return;
  const auto at = std::lower_bound(times_.begin(), times_.end(), time);
  if (at == times_.end() || *at != time) times_.insert(at, time);
}

void EventTimes::add_comb(double interval) { combs_.push_back(interval); }

double EventTimes::next(double t) const {
  const auto at = std::upper_bound(times_.begin(), times_.end(), t);
  double found = at == times_.end() ? infinity : *at;
  for (double interval : combs_)
    found = std::min(found, t < 0 ? 0 : (tooth_at_or_before(interval, t) + 1) * interval);
  return found;
}

double EventTimes::last(double t) const {
  const auto at = std::upper_bound(times_.begin(), times_.end(), t);
  double found = at == times_.begin() ? -infinity : *(at - 1);
  for (double interval : combs_)
    if (t >= 0) found = std::max(found, tooth_at_or_before(interval, t) * interval);
  return found;
}

void add_events(EventTimes& events, const Signal& signal) {
  add_knots(events, signal);
  for (const SignalTerm& term : signal.terms) {
    if (term.kind == SignalTerm::Kind::step || term.kind == SignalTerm::Kind::sine)
      events.add(term.start);
    if (term.kind == SignalTerm::Kind::pulse)
      for (double widths : {-4.0, 0.0, 4.0}) events.add(term.centre + widths * term.width);
  }
}

EventTimes signal_events(const Drive& drive) {
  EventTimes events;
  for (const SeparableDrive& d : drive.separable) add_events(events, d.signal);
  for (const PrescribedPsi& p : drive.psi) add_events(events, p.signal);
  return events;
}

EventTimes drive_events(const Drive& drive) {
  EventTimes events = signal_events(drive);
  add_combs(events, drive);
  return events;
}

EventTimes drive_knots(const Drive& drive) {
  EventTimes knots;
  add_combs(knots, drive);
  for (const SeparableDrive& d : drive.separable) add_knots(knots, d.signal);
  return knots;
}

std::vector<double> event_times(const Drive& drive, double t_begin, double t_end) {
  const EventTimes events = drive_events(drive);
  std::vector<double> times;
  double t = events.next(t_begin);
  while (t <= t_end) {
    times.push_back(t);
    t = events.next(t);
  }
  return times;
}

}  // namespace kubomag
