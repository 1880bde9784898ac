#pragma once
#include "kernels/rhs.hpp"
#include "setup/drive_plan.hpp"
#include "solver/instant.hpp"

namespace kubomag {

/// The drive's psi and E' on a backend at any instant; specialised for each in
/// drive_field_cpu.hpp and drive_field_cuda.cuh:
///   DriveField(const Problem&, const Backend&)
///   DriveSample<Real> sample(double t, double t_inside);   psi, E' on the film at t
///   DriveSample<Real> sample(const Instant&);            the same, recorded; on a backend that
///                                                        steps by itself
///   DriveSample<Real> silence();                         zero
///   bool always_held() const;                            whether samples of all instants hold at
///                                                        once; on a backend that does not step by
///                                                        itself, and so the next
///   bool held(double t, double end, double t_inside);    the same from t to end
///   std::vector<double> electric_field(double t);        E [V/m], two components per cell
///   double next_event(double t);                         a moment no step may straddle
///   std::size_t bytes() const;
template <class Backend, class Real>
class DriveField;

/// Which of the plan's fields are whose.
inline DriveCells drive_cells(const DrivePlan& plan) {
  return {plan.fields.nx == plan.grid.nx, plan.fields.ny == plan.grid.ny, plan.grid.nx};
}

template <class Backend, class Real>
DriveSample<Real> sample(DriveField<Backend, Real>& drive, const Instant& now) {
  if constexpr (Backend::steps_by_itself)
    if (now.late) return drive.sample(now);
  return drive.sample(now.t, now.t_inside);
}

}  // namespace kubomag
