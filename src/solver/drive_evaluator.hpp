#pragma once
// psi and E' = E + grad psi on the film at any time, from the closed solution of every mode and an
// inverse transform: the general path of the CPU engine, and the reference of the CUDA engine.
// Exact in time; in space exact for fields that the grid resolves (docs/drive.md, "Accuracy").
#include <complex>
#include <vector>

#include "kernels/diffusion_mode.hpp"
#include "setup/drive_plan.hpp"
#include "solver/knotted_drive.hpp"

namespace kubomag {

/// The analytic signals of a plan's drives at one instant, in the order of the plan.
class DriveSignals {
 public:
  explicit DriveSignals(const DrivePlan& plan);

  /// signals()[first(d)] ... signals()[first(d + 1) - 1] belong to drive d.
  int first(std::size_t drive) const { return first_[drive]; }
  const std::vector<SignalAt>& at(double t, double t_inside);
  const std::vector<SignalPiece>& pieces() const { return pieces_; }

 private:
  std::vector<SignalPiece> pieces_;
  std::vector<int> first_;
  std::vector<SignalAt> at_;
};

class DriveEvaluator {
 public:
  /// threads: 0 for OpenMP's choice; results do not depend on it.
  DriveEvaluator(DrivePlan plan, int threads);
  DriveEvaluator(const DriveEvaluator&) = delete;
  DriveEvaluator& operator=(const DriveEvaluator&) = delete;

  const DrivePlan& plan() const { return plan_; }

  /// psi [V] and E' [V/m] at time t, nx x ny values each. Signals are on or off, and knots taken
  /// from the interval, by t_inside: the midpoint of the step that is being integrated, or t
  /// itself.
  void evaluate(double t, double t_inside, double* psi, double* Ex, double* Ey);

  /// The given field alone, without grad psi and, where the charge screens, without its field: nx x
  /// ny values each [V/m]. For output: sampled fields are evaluated by their functions.
  void external_E(double t, double* Ex, double* Ey) const;

 private:
  DriveSpectra spectra_at(double t, double t_inside);
  void add_prescribed(double t, double t_inside, double* psi, double* Ex, double* Ey);

  DrivePlan plan_;
  int threads_;
  ModeBox box_;
  DriveSignals signals_;
  KnottedDrive knotted_;
  FilmTransform transform_;
  std::vector<DriveSpectrum> drives_;
  std::vector<std::complex<double>> work_[3];
};

}  // namespace kubomag
