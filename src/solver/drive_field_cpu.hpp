#pragma once
// The drive on the CPU: the general path is DriveEvaluator; a harmonic drive past its transient
// is a sum of fixed fields.
#include <limits>
#include <optional>
#include <vector>

#include "backend/cpu_backend.hpp"
#include "solver/basis_sum.hpp"
#include "solver/device_film.hpp"
#include "solver/drive_evaluator.hpp"
#include "solver/drive_field.hpp"

namespace kubomag {

template <class Real>
class DriveField<CpuBackend, Real> {
 public:
  DriveField(const Problem& problem, const CpuBackend& backend)
      : grid_(problem.grid),
        events_(drive_events(problem.drive)),
        evaluator_(
            make_drive_plan(problem.grid, problem.diffusion, problem.drive, backend.threads()),
            backend.threads()),
        basis_(backend, grid_, evaluator_.plan(), backend.threads()),
        values_(3 * grid_.cells()),
        now_(backend, grid_.cells()),
        backend_(backend) {}

  DriveSample<Real> sample(double t, double t_inside) {
    if (basis_.covers(t)) return basis_.at({t, t}, now_);
    const std::size_t n = grid_.cells();
    evaluator_.evaluate(t, t_inside, values_.data(), values_.data() + n, values_.data() + 2 * n);
    now_.upload(backend_, values_);
    return whole(now_);
  }

  DriveSample<Real> silence() const {
    const auto view = now_.view();
    return {view, view, Real(0), Real(0)};
  }

  /// Where the surface's charge screens the gate this is the field before screening.
  std::vector<double> electric_field(double t) {
    std::vector<double> E(2 * grid_.cells());
    evaluator_.external_E(t, E.data(), E.data() + grid_.cells());
    return E;
  }

  double next_event(double t) const { return events_.next(t); }
  std::size_t bytes() const { return basis_.bytes() + now_.bytes() + values_.size() * 8; }

 private:
  Grid grid_;
  EventTimes events_;
  DriveEvaluator evaluator_;
  BasisSum<CpuBackend, Real> basis_;
  std::vector<double> values_;
  VectorBuffer<CpuBackend, Real> now_;
  const CpuBackend& backend_;
};

}  // namespace kubomag
