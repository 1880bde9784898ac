#pragma once
// Vector sources value(x, y) s(t) on a device: those of B_ext and of the current densities.
#include <vector>

#include "kernels/drive_sample.hpp"
#include "setup/drive_events.hpp"
#include "solver/field_map.hpp"
#include "solver/late_numbers.hpp"
#include "solver/signals.hpp"

namespace kubomag {

/// A field with a map, times a number.
template <class Real>
struct MapSummand {
  VectorView<const Real> map;
  Number<Real> weight = Real(1);
  KUBOMAG_HD Vec3<Real> operator()(const Neighbourhood<Real>& c) const {
    return weight() * map.load(c.at.i);
  }
};

/// A signal at an instant whose time is known.
inline double value_now(const Instant& now, const Signal& signal) {
  return now.resting ? resting_value(signal, now.t) : signal_value(signal, now.t, now.t_inside);
}

/// A signal at an instant.
template <class Real>
Number<Real> value_at(const Instant& now, const Signal& signal) {
  if (now.late) return now.late->signal<Real>(now, signal);
  return static_cast<Real>(value_now(now, signal));
}

/// visit(sample), which on the CPU is of a type of its own where there is no map.
template <class Backend, class Real, class Visit>
auto with_source(const SourceSample<Real>& sample, const Visit& visit) {
  if constexpr (Backend::arrays_for_all_parameters)
    if (!sample.map.x) return visit(SourceSample<Real, false>{sample.uniform});
  return visit(sample);
}

/// The sum of several sources at any instant.
template <class Backend, class Real>
class SourceSum {
 public:
  /// Adds the moments at which the sources switch to `switches`.
  SourceSum(const Backend& backend, const Grid& grid, const std::vector<FieldSource>& sources,
            EventTimes& switches)
      : backend_(backend), grid_(grid) {
    for (const FieldSource& source : sources) {
      add_events(switches, source.signal);
      if (source.map.empty())
        uniform_.push_back({source.value, source.signal});
      else
        add_mapped_source(source);
    }
  }

  /// The sources without a map.
  Number<Vec3<Real>> uniform(const Instant& now) const {
    if (now.late) return now.late->sum<Real>(now, uniform_sources());
    Vec3<double> sum{};
    for (const UniformSource& source : uniform_)
      sum += value_now(now, source.signal) * source.value;
    return cast<Real>(sum);
  }

  /// Adds the sources that vary over the film.
  template <class Adder>
  void add_mapped(const Instant& now, Adder& to) const {
    for (const MappedSource& source : mapped_)
      to.cells(MapSummand<Real>{source.map.view(), value_at<Real>(now, source.signal)});
  }

  /// Both; several maps are summed into a buffer first.
  SourceSample<Real> sample(const Instant& now) {
    SourceSample<Real> all{uniform(now), {}};
    if (mapped_.empty()) return all;
    if (held()) {
      all.map = std::as_const(mapped_.front().map).view();
      all.weight = value_at<Real>(now, mapped_.front().signal);
      return all;
    }
    if (sum_.bytes() == 0) sum_ = VectorBuffer<Backend, Real>(backend_, grid_.cells());
    all.map = std::as_const(sum_).view();
    write_summands<Backend, Real>(backend_, grid_, all.map, sum_.view(),
                                  [&](auto& sum) { add_mapped(now, sum); });
    return all;
  }
  /// Whether a sample is still valid when the next one has been taken.
  bool held() const { return mapped_.size() <= 1; }

  std::size_t bytes() const {
    std::size_t bytes = sum_.bytes();
    for (const MappedSource& source : mapped_) bytes += source.map.bytes();
    return bytes;
  }

 private:
  struct UniformSource {
    Vec3<double> value;
    Signal signal;
  };
  struct MappedSource {
    VectorBuffer<Backend, Real> map;
    Signal signal;
  };

  std::vector<LateNumbers::Source> uniform_sources() const {
    std::vector<LateNumbers::Source> all;
    for (const UniformSource& source : uniform_) all.push_back({source.value, &source.signal});
    return all;
  }

  void add_mapped_source(const FieldSource& source) {
    const std::size_t n = grid_.cells();
    std::vector<double> parts(3 * n);
    for (std::size_t i = 0; i < n; ++i) {
      parts[i] = source.map[i].x;
      parts[n + i] = source.map[i].y;
      parts[2 * n + i] = source.map[i].z;
    }
    mapped_.push_back({VectorBuffer<Backend, Real>(backend_, n), source.signal});
    mapped_.back().map.upload(backend_, parts);
  }

  const Backend& backend_;
  Grid grid_;
  std::vector<UniformSource> uniform_;
  std::vector<MappedSource> mapped_;
  VectorBuffer<Backend, Real> sum_;  // made when it is first asked for
};

}  // namespace kubomag
