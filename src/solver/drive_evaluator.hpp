#pragma once
// psi and E' = E + grad psi on the film at any time, from the closed solution
// of every mode and an inverse transform: the general path of the CPU engine,
// and the reference of the CUDA engine. Exact in time; in space exact for
// fields that the grid resolves (docs/drive.md, "Accuracy").
#include <complex>
#include <memory>
#include <vector>

#include "kernels/diffusion_mode.hpp"
#include "setup/drive_plan.hpp"
#include "solver/drive_signals.hpp"
#include "solver/knotted_drive.hpp"

namespace kubomag {

class MirrorModes;

class DriveEvaluator {
 public:
  /// threads: 0 for OpenMP's choice; results do not depend on it.
  DriveEvaluator(DrivePlan plan, int threads);
  ~DriveEvaluator();
  DriveEvaluator(const DriveEvaluator&) = delete;
  DriveEvaluator& operator=(const DriveEvaluator&) = delete;

  const DrivePlan& plan() const { return plan_; }
  /// Whether something is known at knots only.
  bool has_knots() const { return has_knots_; }
  Knots& knots();
  /// At the interval that contains t_inside.
  const Knots& knots(double t_inside);

  /// psi [V] and E' [V/m] at time t, nx x ny values each. Signals are on or
  /// off, and knots taken from the interval, by t_inside: the midpoint of the
  /// step that is being integrated, or t itself.
  void evaluate(double t, double t_inside, double* psi, double* Ex, double* Ey);
  void evaluate(double t, double t_inside, float* psi, float* Ex, float* Ey);

  /// The given field alone, without grad psi and, where the charge screens,
  /// without its field: nx x ny values each [V/m]. For output: sampled fields
  /// are what their functions give, not what the samples make of them.
  void external_E(double t, double* Ex, double* Ey) const;

 private:
  class BoxModes;

  void prepare();
  template <class Real>
  void add_prescribed(double t, double t_inside, Real* psi, Real* Ex, Real* Ey) const;

  DrivePlan plan_;
  int threads_;
  bool has_knots_;
  // made when they are first asked for
  std::unique_ptr<MirrorModes> mirrored_;  // where all edges are closed
  std::unique_ptr<BoxModes> box_;          // else
  std::vector<double> values_;             // of the box, where floats are asked for
};

}  // namespace kubomag
