#pragma once
// The numbers of the stabilised bi-conjugate gradient method (solver/bicgstab.hpp): what the passes
// over cells need, and what decides over them. The same functions on the host and on a device.
#include <cmath>

#include "kubomag/host_device.hpp"

namespace kubomag {

struct KrylovState {
  // What is asked for:
  double tolerance = 0;  // of the residual, relative to b
  int most = 0;          // iterations
  double A[2] = {};      // numbers that A needs
  // What was found:
  double squares = 0, left = 0;  // |b|^2, |r|^2
  double rho = 0, shadow = 0;    // r_0.r, |r_0|^2 with the shadow residual r_0
  double alpha = 0, omega = 0;   // lengths of the two parts of an iteration
  double minus_alpha = 0, minus_omega = 0;
  double beta = 0, of_v = 0;  // the next direction is r + beta p + of_v v, or
  bool restart = true;        // r, which is then the shadow residual, too
  int iterations = 0;
  bool go = false;  // there is one more to come

  enum class Sums { of_b, of_start, of_first_part, of_second_part, of_end };

  KUBOMAG_HD bool converged() const { return squares == 0 || left <= goal(); }

  /// What two sums over the cells make of it.
  KUBOMAG_HD void settle(Sums which, double first, double second) {
    switch (which) {
      case Sums::of_b:  // b.b
        squares = first;
        return;
      case Sums::of_start:  // r.r
        rho = shadow = left = first;
        decide();
        return;
      case Sums::of_first_part:  // r_0.v
        alpha = rho / first, minus_alpha = -alpha;
        return;
      case Sums::of_second_part:  // t.r, t.t
        omega = second > 0 ? first / second : 0, minus_omega = -omega;
        return;
      case Sums::of_end:  // r_0.r, r.r
        left = second;
        ++iterations;
        restart = omega == 0 || !(std::abs(first) > lost * std::sqrt(left * shadow));
        if (restart) {
          rho = shadow = left;
        } else {
          beta = first / rho * (alpha / omega), of_v = -beta * omega;
          rho = first;
        }
        decide();
        return;
    }
  }

 private:
  static constexpr double lost = 1e-12;  // shadow and residual that are so nearly orthogonal

  KUBOMAG_HD double goal() const { return tolerance * tolerance * squares; }
  KUBOMAG_HD void decide() { go = squares != 0 && left > goal() && iterations < most; }
};

}  // namespace kubomag
