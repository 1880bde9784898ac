#pragma once
// Vector sources value(x, y) s(t) on a device: those of B_ext and of the current densities.
#include <vector>

#include "kernels/drive_sample.hpp"
#include "setup/drive_events.hpp"
#include "solver/device_film.hpp"
#include "solver/signals.hpp"

namespace kubomag {

/// sum += weight * source at every cell.
template <class Real>
struct AddFieldPass {
  VectorView<const Real> source;
  VectorView<Real> sum;
  Real weight;
  KUBOMAG_HD void operator()(Stencil s) const {
    sum.store(s.i, sum.template load<Real>(s.i) + weight * source.template load<Real>(s.i));
  }
};

template <class Real>
struct ZeroPass {
  VectorView<Real> field;
  KUBOMAG_HD void operator()(Stencil s) const { field.store(s.i, {}); }
};

/// The sum of several sources at any time t; `t_inside` is a time inside the interval that is being
/// integrated and decides which side of a switching moment is meant.
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
  Vec3<double> uniform(double t, double t_inside) const {
    Vec3<double> sum{};
    for (const UniformSource& source : uniform_)
      sum += signal_value(source.signal, t, t_inside) * source.value;
    return sum;
  }

  bool mapped() const { return !mapped_.empty(); }

  /// `sum` += the sources that vary over the film.
  void add_mapped(double t, double t_inside, VectorView<Real> sum) const {
    for (const MappedSource& source : mapped_)
      backend_.template for_each_cell<Stencil>(
          grid_, AddFieldPass<Real>{source.map.view(), sum,
                                    static_cast<Real>(signal_value(source.signal, t, t_inside))});
  }

  /// Both, with the map in a buffer of its own.
  SourceSample<Real> sample(double t, double t_inside) {
    SourceSample<Real> now{cast<Real>(uniform(t, t_inside)), {}};
    if (mapped_.empty()) return now;
    if (sum_.bytes() == 0) sum_ = VectorBuffer<Backend, Real>(backend_, grid_.cells());
    backend_.template for_each_cell<Stencil>(grid_, ZeroPass<Real>{sum_.view()});
    add_mapped(t, t_inside, sum_.view());
    now.map = std::as_const(sum_).view();
    return now;
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
