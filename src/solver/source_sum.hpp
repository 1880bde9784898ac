#pragma once
// Vector sources value(x, y) s(t) on a device: those of B_ext and of the current densities.
#include <vector>

#include "kernels/drive_sample.hpp"
#include "setup/drive_events.hpp"
#include "solver/device_film.hpp"
#include "solver/late_numbers.hpp"
#include "solver/signals.hpp"

namespace kubomag {

/// sum += weight * source at every cell.
template <class Real>
struct AddFieldPass {
  VectorView<const Real> source;
  VectorView<Real> sum;
  Number<Real> weight;
  KUBOMAG_HD void operator()(Stencil s) const {
    sum.store(s.i, sum.template load<Real>(s.i) + weight() * source.template load<Real>(s.i));
  }
};

template <class Real>
struct ZeroPass {
  VectorView<Real> field;
  KUBOMAG_HD void operator()(Stencil s) const { field.store(s.i, {}); }
};

/// A signal at an instant.
template <class Real>
Number<Real> value_at(const Instant& now, const Signal& signal) {
  if (now.late) return now.late->signal<Real>(now, signal);
  return static_cast<Real>(signal_value(signal, now.t, now.t_inside));
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
      sum += signal_value(source.signal, now.t, now.t_inside) * source.value;
    return cast<Real>(sum);
  }

  bool mapped() const { return !mapped_.empty(); }

  /// `sum` += the sources that vary over the film.
  void add_mapped(const Instant& now, VectorView<Real> sum) const {
    for (const MappedSource& source : mapped_)
      backend_.template for_each_cell<Stencil>(
          grid_, AddFieldPass<Real>{source.map.view(), sum, value_at<Real>(now, source.signal)});
  }

  /// Both, with the map in a buffer of its own.
  SourceSample<Real> sample(const Instant& now) {
    SourceSample<Real> all{uniform(now), {}};
    if (mapped_.empty()) return all;
    if (sum_.bytes() == 0) sum_ = VectorBuffer<Backend, Real>(backend_, grid_.cells());
    backend_.template for_each_cell<Stencil>(grid_, ZeroPass<Real>{sum_.view()});
    add_mapped(now, sum_.view());
    all.map = std::as_const(sum_).view();
    return all;
  }

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
