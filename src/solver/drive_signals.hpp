#pragma once
// The analytic signals of a plan's drives at one instant, in the order of the
// plan.
#include <vector>

#include "setup/drive_plan.hpp"
#include "solver/signals.hpp"

namespace kubomag {

class DriveSignals {
 public:
  explicit DriveSignals(const DrivePlan& plan) {
    for (const PlannedDrive& drive : plan.separable) {
      first_.push_back(static_cast<int>(pieces_.size()));
      for (const SignalPiece& piece : analytic_pieces(drive.signal)) pieces_.push_back(piece);
    }
    first_.push_back(static_cast<int>(pieces_.size()));
    at_.resize(pieces_.size());
  }

  /// at()[first(d)] ... at()[first(d + 1) - 1] belong to drive d.
  int first(std::size_t drive) const { return first_[drive]; }
  const std::vector<SignalPiece>& pieces() const { return pieces_; }
  const std::vector<SignalAt>& at(double t, double t_inside) {
    for (std::size_t i = 0; i < pieces_.size(); ++i) at_[i] = signal_at(pieces_[i], t, t_inside);
    return at_;
  }

 private:
  std::vector<SignalPiece> pieces_;
  std::vector<int> first_;
  std::vector<SignalAt> at_;
};

}  // namespace kubomag
