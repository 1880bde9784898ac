#pragma once
// What drives a single cell: the sum of its sources, those that never change added up beforehand.
#include <algorithm>
#include <vector>

#include "setup/drive_events.hpp"
#include "solver/signals.hpp"

namespace kubomag {

class CellSources {
 public:
  struct Moving {
    Vec3<double> value;
    Signal signal;
  };

  /// Adds the moments at which the sources switch to `switches`.
  CellSources(const std::vector<FieldSource>& sources, EventTimes& switches) {
    for (const FieldSource& source : sources) {
      add_events(switches, source.signal);
      const Vec3<double> value = source.map.empty() ? source.value : source.map.front();
      if (constant(source.signal))
        fixed_ += signal_value(source.signal, 0, 0) * value;
      else
        moving_.push_back({value, source.signal});
    }
  }

  bool moves() const { return !moving_.empty(); }
  Vec3<double> fixed() const { return fixed_; }
  const std::vector<Moving>& moving() const { return moving_; }

  Vec3<double> operator()(double t, double t_inside) const {
    Vec3<double> sum = fixed_;
    for (const Moving& source : moving_)
      sum += signal_value(source.signal, t, t_inside) * source.value;
    return sum;
  }

 private:
  static bool constant(const Signal& signal) {
    return std::all_of(signal.terms.begin(), signal.terms.end(), [](const SignalTerm& term) {
      return term.kind == SignalTerm::Kind::constant;
    });
  }

  Vec3<double> fixed_;
  std::vector<Moving> moving_;
};

}  // namespace kubomag
