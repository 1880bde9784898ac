#pragma once
// The given electric field on the device at any time, in double: separable drives are maps with a
// number in time, sampled ones are linear between two maps.
#include <cmath>
#include <utility>
#include <vector>

#include "setup/drive_plan.hpp"
#include "solver/device_film.hpp"
#include "solver/signals.hpp"

namespace kubomag {

/// to = keep * to + weight * from, at every cell.
struct AddVectorPass {
  VectorView<const double> from;
  VectorView<double> to;
  double keep, weight;
  KUBOMAG_HD void operator()(Stencil s) const {
    to.store(s.i, keep * to.load<double>(s.i) + weight * from.load<double>(s.i));
  }
};

template <class Backend>
class ExternalField {
  using Buffer = VectorBuffer<Backend, double>;

 public:
  /// `plan` must outlive this object.
  ExternalField(const DrivePlan& plan, const Backend& backend)
      : backend_(backend), grid_(plan.grid) {
    for (const PlannedDrive& drive : plan.separable)
      separable_.push_back({make_map(drive.Ex, drive.Ey), &drive.signal});
    for (const SampledDrive& drive : plan.sampled)
      sampled_.push_back(
          {&drive, -2, Buffer(backend, grid_.cells()), Buffer(backend, grid_.cells())});
  }

  /// E at time t [V/m], x and y of `out`; signals are on or off by t_inside (solver/signals.hpp).
  void operator()(double t, double t_inside, Buffer& out) {
    add(out, 0, out, 0);
    for (const Separable& drive : separable_)
      add(out, 1, drive.E, signal_value(*drive.signal, t, t_inside));
    for (Sampler& sampler : sampled_) {
      if (t_inside < 0) continue;
      sample(sampler, std::floor(t_inside / sampler.drive->interval));
      const double weight = t / sampler.drive->interval - sampler.index;
      add(out, 1, sampler.before, 1 - weight);
      add(out, 1, sampler.after, weight);
    }
  }

  std::size_t bytes() const {
    return 3 * sizeof(double) * grid_.cells() * (separable_.size() + 2 * sampled_.size());
  }

 private:
  struct Separable {
    Buffer E;
    const Signal* signal;
  };
  struct Sampler {
    const SampledDrive* drive;
    double index;  // the knot of `before`
    Buffer before, after;
  };

  void add(Buffer& out, double keep, const Buffer& from, double weight) {
    backend_.template for_each_cell<Stencil>(grid_,
                                             AddVectorPass{from.view(), out.view(), keep, weight});
  }

  Buffer make_map(const std::vector<double>& Ex, const std::vector<double>& Ey) const {
    std::vector<double> parts = Ex;
    parts.insert(parts.end(), Ey.begin(), Ey.end());
    parts.resize(3 * grid_.cells());
    Buffer map(backend_, grid_.cells());
    map.upload(backend_, parts);
    return map;
  }

  /// Has `before` and `after` hold the knots `index` and the next.
  void sample(Sampler& sampler, double index) {
    if (index == sampler.index) return;
    if (index == sampler.index + 1)
      std::swap(sampler.before, sampler.after);
    else
      sampler.before = at_knot(sampler, index);
    sampler.after = at_knot(sampler, index + 1);
    sampler.index = index;
  }
  Buffer at_knot(const Sampler& sampler, double index) const {
    std::vector<double> Ex, Ey;
    for (int iy = 0; iy < grid_.ny; ++iy)
      for (int ix = 0; ix < grid_.nx; ++ix) {
        const Vec2<double> E =
            sampler.drive->at(grid_.x(ix), grid_.y(iy), index * sampler.drive->interval);
        Ex.push_back(E.x), Ey.push_back(E.y);
      }
    return make_map(Ex, Ey);
  }

  const Backend& backend_;
  Grid grid_;
  std::vector<Separable> separable_;
  std::vector<Sampler> sampled_;
};

}  // namespace kubomag
