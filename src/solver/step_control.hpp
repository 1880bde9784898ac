#pragma once
// Step size from the error of the last two steps: the PI rule of Gustafsson (Hairer and Wanner,
// Solving ODEs II, IV.2): dt_new = dt * 0.9 r^(-0.7/p) r_old^(0.4/p) with r = error / MaxErr and
// p the order of the error estimate, kept between 1/5 and 5 times dt.
#include <algorithm>
#include <cmath>

#include "kubomag/host_device.hpp"

namespace kubomag {

struct StepControl {
  double dt = 0;
  double previous_ratio = 1;

  KUBOMAG_HD static double ratio(double error, double MaxErr) {
    return std::max(error / MaxErr, 1e-10);
  }

  KUBOMAG_HD void accept(double dt_taken, double error, double MaxErr, double order, double MaxDt) {
    const double r = ratio(error, MaxErr);
    const double factor = 0.9 * std::pow(r, -0.7 / order) * std::pow(previous_ratio, 0.4 / order);
    const double proposal = dt_taken * std::clamp(factor, 0.2, 5.0);
    // A step cut short to end at an output time says little about the next one.
    dt = std::min(dt_taken < dt ? std::max(dt, proposal) : proposal, MaxDt);
    previous_ratio = r;
  }

  KUBOMAG_HD void reject(double dt_taken, double error, double MaxErr, double order) {
    const double factor = 0.9 * std::pow(ratio(error, MaxErr), -1.0 / order);
    dt = dt_taken * std::clamp(factor, 0.1, 0.9);
  }
};

}  // namespace kubomag
