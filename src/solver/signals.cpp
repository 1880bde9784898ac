#include "solver/signals.hpp"

#include <algorithm>
#include <cmath>

#include "kubomag/constants.hpp"

namespace kubomag {
namespace {

double table_value(const SignalTerm& term, double t) {
  const auto& times = term.times;
  if (t <= times.front()) return term.values.front();
  if (t >= times.back()) return term.values.back();
  const auto after = std::upper_bound(times.begin(), times.end(), t);
  const auto k = static_cast<std::size_t>(after - times.begin());
  const double fraction = (t - times[k - 1]) / (times[k] - times[k - 1]);
  return term.values[k - 1] + fraction * (term.values[k] - term.values[k - 1]);
}

double term_value(const SignalTerm& term, double t, double t_side) {
  const bool on = t_side >= term.start;
  switch (term.kind) {
    case SignalTerm::Kind::constant:
      return 1;
    case SignalTerm::Kind::step:
      return on ? 1 : 0;
    case SignalTerm::Kind::sine:
      return on ? std::cos(2 * constants::pi * term.frequency * t + term.phase) : 0;
    case SignalTerm::Kind::pulse: {
      const double u = (t - term.centre) / term.width;
      return std::exp(-0.5 * u * u);
    }
    case SignalTerm::Kind::table:
      return table_value(term, t);
    case SignalTerm::Kind::formula:
      return term.formula(t);
  }
  return 0;
}

}  // namespace

double signal_value(const Signal& signal, double t, double t_side) {
  double sum = 0;
  for (const SignalTerm& term : signal.terms) sum += term.amplitude * term_value(term, t, t_side);
  return sum;
}

double next_event(const Signal& signal, double t) {
  double next = std::numeric_limits<double>::infinity();
  for (const SignalTerm& term : signal.terms) {
    const bool switches =
        term.kind == SignalTerm::Kind::step || term.kind == SignalTerm::Kind::sine;
    if (switches && term.start > t) next = std::min(next, term.start);
    if (term.kind != SignalTerm::Kind::table) continue;
    const auto knot = std::upper_bound(term.times.begin(), term.times.end(), t);
    if (knot != term.times.end()) next = std::min(next, *knot);
  }
  return next;
}

}  // namespace kubomag
